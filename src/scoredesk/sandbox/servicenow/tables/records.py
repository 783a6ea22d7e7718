"""Creating, changing and deleting records, alike for the Table API and the pages."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from scoredesk.sandbox.servicenow import errors
from scoredesk.sandbox.servicenow.database.conditions import WHOLE_NUMBER
from scoredesk.sandbox.servicenow.database.schema import (
    BOOLEAN,
    BY_NAME,
    CHOICE,
    DATETIME,
    INTEGER,
    JOURNAL,
    REFERENCE,
    TABLES,
    Field,
)
from scoredesk.sandbox.servicenow.database.zones import parse_raw
from scoredesk.sandbox.servicenow.instance import Caller, Instance, hashed, to_utc
from scoredesk.sandbox.servicenow.rules import writes as rules
from scoredesk.sandbox.servicenow.state import Record, new_sys_id, stamped
from scoredesk.sandbox.servicenow.tables import access, defaults, journal

# The instance keeps these itself; what a caller sends for them is not written.
OWN = {
    "sys_id",
    "sys_created_by",
    "sys_created_on",
    "sys_updated_by",
    "sys_updated_on",
    "sys_mod_count",
}
SYS_ID = re.compile("[0-9A-Fa-f]{32}")
# Deletions of sys_ tables leave no trace but for these (servicenow-api 9).
TRACKED = {"sys_user", "sys_user_group"}


@dataclass(frozen=True)
class Writing:
    """One write: on which instance, by whom, and how.

    `input_display`: values are typed as people see them; `silent`: no automatic system fields.
    """

    instance: Instance
    caller: Caller
    input_display: bool = False
    silent: bool = False


def create(writing: Writing, table: str, *, sent: dict[str, Any]) -> Record:
    """Store a new record; unknown fields are ignored without a word (servicenow-api 2.5)."""
    instance, caller = writing.instance, writing.caller
    access.check_insert(caller, table)
    values, notes = _accepted(writing, table, sent=sent)
    defaults.complete(instance, table, record=values)
    if table in access.TASKS:
        values["sys_domain"] = str(instance.switch("record_domain")) or caller.domain
    wanted = str(sent.get("sys_id", ""))
    free = SYS_ID.fullmatch(wanted) and not instance.store.holds(wanted)
    record: Record = {
        **values,
        "sys_id": wanted if free else new_sys_id(),
        **stamped(instance.stamp(), caller.user_name),
    }
    if record.get("sys_class_name") is None or TABLES[table].parent:
        record["sys_class_name"] = table
    if TABLES[table].prefix:
        prefixes = instance.shared.switches.get("number_prefixes")
        prefix = str(prefixes.get(table, TABLES[table].prefix))
        record["number"] = instance.store.next_number(prefix)
    # Data policies look at the journal texts too, though these are not kept in the record.
    checked = {**record, **notes}
    rules.before_insert(instance, caller, table=table, record=checked)
    record = {name: value for name, value in checked.items() if name not in notes}
    instance.store.insert(table, record)
    _journal(writing, table, sys_id=record["sys_id"], notes=notes)
    instance.was_changed("insert", table, record)
    return record


def update(
    writing: Writing, table: str, *, sys_id: str, sent: dict[str, Any]
) -> tuple[str, Record]:
    """Change a record; answers its own table and the record as it is now stored."""
    instance, caller = writing.instance, writing.caller
    table, old = _found(instance, table, sys_id)
    # Whoever may write no record of the table is told so, even of a row that they do not see.
    access.check_update(caller, table, record=old)
    if not access.visible(caller, (table, old)):
        raise errors.not_found()
    values, notes = _accepted(writing, table, sent=sent)
    checked = {**old, **values, **notes}
    rules.before_update(instance, caller, table=table, old=old, record=checked)
    record = {name: value for name, value in checked.items() if name not in notes}
    if not notes and _same(old, record):
        return table, old
    if not (writing.silent or instance.on("silent_updates")):
        record["sys_mod_count"] = str(int(old["sys_mod_count"]) + 1)
        record["sys_updated_on"] = instance.stamp()
        record["sys_updated_by"] = caller.user_name
    instance.store.replace(table, record)
    _journal(writing, table, sys_id=sys_id, notes=notes)
    rules.after_update(instance, caller, table=table, old=old, record=record)
    instance.was_changed("update", table, record)
    return table, record


def delete(writing: Writing, table: str, *, sys_id: str) -> None:
    """Delete a record and leave the trace that only an administrator sees."""
    instance, caller = writing.instance, writing.caller
    table, record = _found(instance, table, sys_id)
    access.check_delete(caller, table, record=record)
    if not access.visible(caller, (table, record)):
        raise errors.not_found()
    rules.before_delete(instance, table=table, record=record)
    instance.store.remove(table, sys_id)
    if not table.startswith("sys_") or table in TRACKED:
        _leave_trace(instance, caller, table=table, record=record)
    instance.was_changed("delete", table, record)


def _found(instance: Instance, table: str, sys_id: str) -> tuple[str, Record]:
    found = instance.store.get(table, sys_id)
    if found is None:
        raise errors.not_found()
    return found


def clean(instance: Instance, table: str, *, sys_id: str) -> bool:
    """Delete as the table cleaner does: no rights, no rules, no trace; whether it was there."""
    found = instance.store.get(table, sys_id)
    if found is None:
        return False
    instance.store.remove(found[0], sys_id)
    return True


def _leave_trace(instance: Instance, caller: Caller, *, table: str, record: Record) -> None:
    """What an administrator finds of a deleted record (servicenow-api 9)."""
    common = {
        "tablename": table,
        "documentkey": record["sys_id"],
        **stamped(instance.stamp(), caller.user_name),
    }
    kept = {
        **common,
        "sys_id": new_sys_id(),
        "display_value": record.get(TABLES[table].display, ""),
        "payload": json.dumps(record),
    }
    instance.store.insert("sys_audit_delete", kept)
    gone = {
        **common,
        "sys_id": new_sys_id(),
        "fieldname": "DELETED",
        "oldvalue": "DELETED",
        "newvalue": "DELETED",
        "user": caller.user_name,
        "record_checkpoint": str(int(record["sys_mod_count"]) + 1),
    }
    instance.store.insert("sys_audit", gone)


def _same(old: Record, record: Record) -> bool:
    names = {*old, *record}
    return all(old.get(name, "") == record.get(name, "") for name in names)


def _journal(writing: Writing, table: str, *, sys_id: str, notes: Record) -> None:
    for entry in notes.items():
        journal.write_entry(
            writing.instance, writing.caller, table=table, sys_id=sys_id, entry=entry
        )


def _accepted(writing: Writing, table: str, *, sent: dict[str, Any]) -> tuple[Record, Record]:
    """Values to store and journal texts to append."""
    values: Record = {}
    notes: Record = {}
    fields = writing.instance.schema.tables[table].fields
    for name, raw in sent.items():
        found = fields.get(name)
        text = _as_text(raw)
        if found is None or name in OWN or (name == "number" and TABLES[table].prefix):
            continue
        if name == "sys_class_name" and TABLES[table].parent:
            continue
        if found.kind == JOURNAL:
            if text:
                notes[name] = text
        else:
            values[name] = _stored(writing, table, found=found, text=text)
    return values, notes


def _as_text(raw: Any) -> str:
    """What was sent as text; half a surrogate pair, which no text can hold, becomes `?`."""
    if raw is None:
        return ""
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, dict):
        raw = raw.get("value", raw.get("display_value", ""))
    if isinstance(raw, list):
        # As Java writes it.
        return f"[{', '.join(_as_text(one) for one in raw)}]"
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    return str(raw).encode("utf-8", "replace").decode()


def _stored(writing: Writing, table: str, *, found: Field, text: str) -> str:
    """The raw value of what was sent for a field, cut to the column's length."""
    if found.kind == REFERENCE:
        stored = _referenced(writing.instance, found.target, text=text)
    elif found.name == "user_password":
        stored = hashed(text)
    elif found.kind == BOOLEAN:
        stored = "true" if text.lower() in {"true", "1"} else "false"
    elif found.kind == INTEGER:
        stored = text.strip() if WHOLE_NUMBER.fullmatch(text.strip()) else ""
    elif writing.input_display and found.kind == DATETIME:
        stored = _as_date(to_utc(text, writing.caller.zone, writing.caller.pattern))
    elif found.kind == DATETIME:
        stored = _as_date(text)
    elif writing.input_display and found.kind == CHOICE:
        labels = writing.instance.choices(table, found.name, language=writing.caller.language)
        by_label = {label.lower(): value for value, label in labels.items()}
        stored = by_label.get(text.lower(), text)
    else:
        stored = text[: found.length]
    return stored if text else ""


def _as_date(text: str) -> str:
    """A date and time; a date alone is its midnight, what is no date is not stored."""
    if parse_raw(text):
        return text
    midnight = f"{text} 00:00:00"
    return midnight if parse_raw(midnight) else ""


def _referenced(instance: Instance, target: str, *, text: str) -> str:
    """A sys_id; a name is looked up, what matches nothing stays and dangles (2.5)."""
    if target in BY_NAME or instance.store.get(target, text):
        return text
    names = [TABLES[target].display]
    if target == "sys_user":
        names += ["user_name", "email"]
    for name in names:
        found = instance.store.find(target, **{name: text})
        if found:
            return found["sys_id"]
    return text
