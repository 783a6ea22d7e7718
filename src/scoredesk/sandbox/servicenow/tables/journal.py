"""Journal fields: written once, read as entries (servicenow-api 6.6)."""

from __future__ import annotations

from collections.abc import Sequence

from scoredesk.sandbox.servicenow.database.rows import SELECTED, from_row
from scoredesk.sandbox.servicenow.instance import Caller, Instance, in_zone
from scoredesk.sandbox.servicenow.state import Record, new_sys_id, stamped

# The same words as the partial index, or SQLite would read every journal row.
ENTRIES = (
    f"SELECT {SELECTED} FROM sn_record r WHERE tbl = 'sys_journal_field'"  # noqa: S608 # ours
    " AND json_extract(body, '$.\"element_id\"') = ? ORDER BY rowid DESC"
)
TITLES = {"work_notes": "Work notes", "comments": "Additional comments"}


def write_entry(
    instance: Instance, caller: Caller, *, table: str, sys_id: str, entry: tuple[str, str]
) -> None:
    """Append one entry `(field, text)` to a record's journal."""
    element, text = entry
    instance.store.insert(
        "sys_journal_field",
        {
            "sys_id": new_sys_id(),
            "name": table,
            "element": element,
            "element_id": sys_id,
            "value": text,
            **stamped(instance.stamp(), caller.user_name),
        },
    )


def entries(instance: Instance, sys_id: str) -> list[Record]:
    """All journal entries of a record, newest first; a row made by hand may lack its field."""
    found = (from_row(row)[1] for row in instance.store.rows(ENTRIES, [sys_id]))
    return [{"element": "", "value": "", **entry} for entry in found]


def author_of(instance: Instance, entry: Record) -> str:
    """The name of who wrote an entry; the user name of somebody who has none or is gone."""
    author = instance.store.find("sys_user", user_name=entry["sys_created_by"])
    return (author or {}).get("name") or entry["sys_created_by"]


def as_text(instance: Instance, caller: Caller, *, written: Sequence[Record], element: str) -> str:
    """One text of the `written` entries of a field, newest first, as display values show it."""
    parts = []
    for entry in written:
        if element not in {entry["element"], "comments_and_work_notes"}:
            continue
        when = in_zone(entry["sys_created_on"], caller.zone, caller.pattern)
        name = author_of(instance, entry)
        title = TITLES.get(entry["element"], entry["element"])
        parts.append(f"{when} - {name} ({title})\n{entry['value']}\n\n")
    return "".join(parts)
