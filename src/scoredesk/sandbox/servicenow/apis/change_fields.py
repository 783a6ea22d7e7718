"""The Change Management API's pairs of value and display value (servicenow-api 7.5)."""

from __future__ import annotations

from typing import Any

from scoredesk.sandbox.servicenow.apis.call import Call
from scoredesk.sandbox.servicenow.database.schema import (
    BOOLEAN,
    CHOICE,
    DATE,
    DATETIME,
    INTEGER,
    JOURNAL,
    Field,
)
from scoredesk.sandbox.servicenow.state import Record
from scoredesk.sandbox.servicenow.tables import access
from scoredesk.sandbox.servicenow.tables.values import Presenter, Shape


def pairs_of(call: Call, table: str, record: Record) -> dict[str, Any]:
    """Every readable field as `{"display_value", "value"}`; dates also as the instance keeps them.

    Numbers and yes-or-no values are not strings here, unless the switch says so.
    """
    hidden = access.hidden_fields(call.instance, call.caller, table=table)
    shape = Shape(f"{call.base_url}/api/now/table", display="all")
    presenter = Presenter(call.instance, call.caller, shape)
    typed = call.instance.on("change_api_typed_values")
    shown: dict[str, Any] = {}
    for name, found in call.instance.schema.tables[table].fields.items():
        if name in hidden:
            continue
        display = presenter.display(table, name, record=record)
        raw = "" if found.kind == JOURNAL else record.get(name, "")
        pair: dict[str, Any] = {
            "display_value": display,
            "value": _typed(found, raw) if typed else raw,
        }
        if found.kind in {DATE, DATETIME}:
            pair["display_value_internal"] = display
        shown[name] = pair
    return shown


def _typed(found: Field, raw: str) -> str | bool | float:
    if found.kind == BOOLEAN and raw:
        return raw == "true"
    if found.kind in {INTEGER, CHOICE} and raw:
        try:
            return float(int(raw))
        except ValueError:
            return raw
    return raw
