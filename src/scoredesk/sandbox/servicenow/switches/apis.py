"""Switches of single APIs (servicenow-api 4, 5, 10)."""

from scoredesk.sandbox.servicenow.switches.shapes import check_rate_rules
from scoredesk.sandbox.switches import Switch

API_SWITCHES = {
    "rate_limit": Switch(0, "requests an hour for each user; 0: no rule, no headers"),
    "rate_rules": Switch(
        [],
        'rate rules: `[{"table": "incident", "user": "change.owner", "limit": 100}]`, with `api`, '
        "`table`, `user`, `role`; one user's rule comes before a role's, the lowest first",
        inner=dict,
        check=check_rate_rules,
    ),
    "rate_delay": Switch(0, "seconds (of up to 30) that a rate rule learns late of requests"),
    "batch_item_limit": Switch(5_242_880, "bytes that one request of a batch may bring"),
    "batch_output_limit": Switch(10_485_760, "bytes that the answer of a batch may have"),
    "batch_seconds": Switch(30, "seconds after which the rest of a batch is not serviced"),
    "url_limit": Switch(16_384, "bytes of path and query above which a proxy answers a 414 page"),
    "unknown_path": Switch(
        "501",
        "an address that is not simulated: 501 says so, real instances answer 400 or 404",
        ("501", "400", "404"),
    ),
    "gzip": Switch(
        False, "replies are compressed for who accepts it, as real ones are; costs some time"
    ),
    "attachment_touches_record": Switch(
        True, "a new attachment moves sys_updated_on and sys_mod_count of its record"
    ),
    "change_api": Switch(True, "the Change Management API is installed"),
    "change_api_typed_values": Switch(
        True, "numbers and yes-or-no values of the Change Management API are not strings"
    ),
}
