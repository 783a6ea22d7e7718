"""Levers on records: what people, scripts and jobs of the instance do behind a client's back."""

from __future__ import annotations

from typing import Any

from scoredesk.sandbox.servicenow.instance import Caller, Instance, hashed
from scoredesk.sandbox.servicenow.levers.people import caller_named, known_table, meant
from scoredesk.sandbox.servicenow.state import Record
from scoredesk.sandbox.servicenow.tables import records

KNOWN = {
    "table",
    "sys_id",
    "number",
    "query",
    "as",
    "fields",
    "create",
    "delete",
    "silently",
    "auto_sys_fields",
    "workflow",
    "audit",
}


def change_records(instance: Instance, asked: dict[str, Any]) -> dict[str, Any]:
    """Create, change or delete records as any user; answers what became of which record.

    `{"table", "number" | "sys_id" | "query", "fields": {...}, "as": "change.owner"}` changes,
    `"create": {...}` makes one, `"delete": true` deletes. `"auto_sys_fields": false` leaves
    sys_updated_on and sys_mod_count, `"workflow": false` skips rules and notifications,
    `"silently": true` is both; `"audit": false` deletes as the table cleaner does, without a
    trace (servicenow-api 9). Refusals of the instance are raised as `errors.Refusal`.
    """
    unknown = sorted(set(asked) - KNOWN)
    if unknown:
        raise ValueError(f"records takes {', '.join(sorted(KNOWN))}, not {', '.join(unknown)}.")
    table = known_table(asked.get("table", "incident"))
    caller = caller_named(instance, str(asked.get("as", "admin")))
    if "create" in asked:
        made = records.create(
            records.Writing(instance, caller), table, sent=_values(asked["create"], "create")
        )
        return {"table": table, "created": [_told(made)]}
    found = meant(instance, table, asked=asked)
    if not found:
        raise ValueError("No such record is there.")
    if asked.get("delete"):
        for owner, record in found:
            _delete(instance, caller, table=owner, record=record, audit=asked.get("audit", True))
        return {"table": table, "deleted": [_told(record) for _, record in found]}
    values = _values(asked.get("fields"), "fields")
    changed = [
        _change(instance, caller, (owner, record), values=values, asked=asked)
        for owner, record in found
    ]
    return {"table": table, "changed": [_told(record) for record in changed]}


def _change(
    instance: Instance,
    caller: Caller,
    found: tuple[str, Record],
    *,
    values: dict[str, str],
    asked: dict[str, Any],
) -> Record:
    table, record = found
    silently = bool(asked.get("silently"))
    stamped = bool(asked.get("auto_sys_fields", not silently))
    if asked.get("workflow", not silently):
        writing = records.Writing(instance, caller, silent=not stamped)
        return records.update(writing, table, sys_id=record["sys_id"], sent=dict(values))[1]
    changed = {**record, **values}
    if "user_password" in values:
        changed["user_password"] = hashed(values["user_password"])
    if stamped:
        changed["sys_mod_count"] = str(int(record["sys_mod_count"]) + 1)
        changed["sys_updated_on"] = instance.stamp()
        changed["sys_updated_by"] = caller.user_name
    instance.store.replace(table, changed)
    return changed


def _delete(
    instance: Instance, caller: Caller, *, table: str, record: Record, audit: object
) -> None:
    if audit:
        records.delete(records.Writing(instance, caller), table, sys_id=record["sys_id"])
    else:
        records.clean(instance, table, sys_id=record["sys_id"])


def _values(given: object, name: str) -> dict[str, str]:
    if not isinstance(given, dict):
        raise TypeError(f"{name} is an object of field names and values.")
    return {str(field): str(value) for field, value in given.items()}


def _told(record: Record) -> dict[str, str]:
    names = ("sys_id", "number", "sys_updated_on", "sys_mod_count")
    return {name: record.get(name, "") for name in names}
