"""The lever on choice lists: renamed, retired, removed and added values (servicenow-api 8)."""

from __future__ import annotations

from typing import Any

from scoredesk.sandbox.servicenow.instance import Instance
from scoredesk.sandbox.servicenow.state import Record, new_sys_id, stamped

KNOWN = {"table", "element", "value", "label", "language", "inactive", "remove"}


def change_choice(instance: Instance, asked: dict[str, Any]) -> dict[str, Any]:
    """Change one value of a list: `{"table", "element", "value", "label": "Working"}`.

    `label` renames (in one `language`, `en` unless told) or adds the value, `"inactive": true`
    retires it, `"remove": true` deletes it in every language.
    """
    unknown = sorted(set(asked) - KNOWN)
    if unknown:
        raise ValueError(f"choices takes {', '.join(sorted(KNOWN))}, not {', '.join(unknown)}.")
    table, element, value = (str(asked[name]) for name in ("table", "element", "value"))
    language = str(asked.get("language", "en"))
    rows = instance.store.find_all("sys_choice", name=table, element=element, value=value)
    if asked.get("remove"):
        for row in rows:
            instance.store.remove("sys_choice", row["sys_id"])
    elif "inactive" in asked:
        for row in rows:
            _write(instance, {**row, "inactive": "true" if asked["inactive"] else "false"})
    elif "label" in asked:
        named = [row for row in rows if row.get("language") == language]
        for row in named or [_new(instance, table, element, value=value, language=language)]:
            _write(instance, {**row, "label": str(asked["label"])})
    else:
        raise ValueError("Say what becomes of the value: label, inactive or remove.")
    left = instance.store.find_all("sys_choice", name=table, element=element, value=value)
    shown = ("value", "label", "language", "inactive")
    return {"rows": [{name: row.get(name, "") for name in shown} for row in left]}


def _new(instance: Instance, table: str, element: str, *, value: str, language: str) -> Record:
    row = {
        "sys_id": new_sys_id(),
        "name": table,
        "element": element,
        "value": value,
        "label": value,
        "language": language,
        "sequence": "90",
        "inactive": "false",
        **stamped(instance.stamp(), "admin"),
    }
    instance.store.insert("sys_choice", row)
    return row


def _write(instance: Instance, row: Record) -> None:
    count = str(int(row["sys_mod_count"]) + 1)
    instance.store.replace(
        "sys_choice", {**row, "sys_mod_count": count, "sys_updated_on": instance.stamp()}
    )
