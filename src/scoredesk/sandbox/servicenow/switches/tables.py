"""Switches of reading: rights, queries, lists (servicenow-api 1.11, 2, 3)."""

from scoredesk.sandbox.servicenow.switches.shapes import check_names
from scoredesk.sandbox.switches import Switch

TABLE_SWITCHES = {
    "unreadable_table": Switch(
        "forbidden",
        "a table without the right to read it: 403, or a list without rows",
        ("forbidden", "empty"),
    ),
    "dictionary_readable": Switch(
        False, "whether everybody reads sys_dictionary, sys_db_object and sys_glide_object"
    ),
    "inactive_users_visible": Switch(
        True, "whether others than administrators find inactive users in lists"
    ),
    "choices_readable": Switch(
        "yes", "whether others than administrators read sys_choice", ("yes", "empty", "forbidden")
    ),
    "unreadable_fields": Switch(
        {},
        'fields nobody but admin reads: `{"incident": ["urgency"]}`',
        inner=list,
        check=check_names,
    ),
    "range_refused_fields": Switch(
        {},
        'fields that may be compared with `=` but not `>=`: `{"incident": ["impact"]}`',
        inner=list,
        check=check_names,
    ),
    "invalid_query_no_rows": Switch(False, "a query with an unknown field gives no rows, not all"),
    "literal_date_zone": Switch(
        "utc",
        "dates written out in a query: UTC, or in the zone of the caller's profile",
        ("utc", "session"),
    ),
    "prev_on_first_page": Switch(
        False, "the first page of a list has a link to a previous one, with a negative offset"
    ),
    "shuffle": Switch(False, "rows without an order come in any order, another each time"),
}
