"""The Import Set API: rows into a staging table, transformed into records (servicenow-api 5.4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from scoredesk.sandbox.servicenow import errors
from scoredesk.sandbox.servicenow.apis.bodies import json_object, json_value
from scoredesk.sandbox.servicenow.apis.call import Call
from scoredesk.sandbox.servicenow.database.schema import TABLES
from scoredesk.sandbox.servicenow.replies import json_reply
from scoredesk.sandbox.servicenow.rules.conditions import met
from scoredesk.sandbox.servicenow.rules.tasks import order_of
from scoredesk.sandbox.servicenow.state import Record, new_sys_id, stamped
from scoredesk.sandbox.servicenow.tables import records

LOADERS = ("itil", "import_set_loader", "import_transformer", "import_admin")
# A staging table is one that keeps which import set its rows came with.
MARK = "sys_import_set"


@dataclass(frozen=True)
class Outcome:
    """What one map made of a row."""

    map: Record
    status: str
    target_id: str = ""
    message: str = ""


async def answer(call: Call) -> Response:
    """`POST /api/now/import/{staging}` and `GET /api/now/import/{staging}/{sys_id}`."""
    staging, sys_id = _staging(call), call.request.path_params.get("sys_id", "")
    if sys_id and call.request.method in {"GET", "HEAD"}:
        return _shown_again(call, staging, sys_id)
    if sys_id or call.request.method != "POST":
        raise errors.Refusal(405, "Method not supported")
    _check_loader(call)
    sent = await json_object(call.request)
    import_set = _new_set(call, staging)
    row, outcomes = _import_row(call, staging, import_set=import_set, sent=sent)
    content = _content(call, staging, import_set=import_set, outcomes=outcomes)
    link = f"{call.base_url}/api/now/import/{staging}/{row['sys_id']}"
    return json_reply(call.instance, content, status=201, headers={"Location": link})


async def answer_many(call: Call) -> Response:
    """`POST /api/now/import/{staging}/insertMultiple` with `{"records": [...]}`."""
    staging = _staging(call)
    if call.request.method != "POST":
        raise errors.Refusal(405, "Method not supported")
    _check_loader(call)
    sent = await json_value(call.request)
    rows = sent.get("records") if isinstance(sent, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise errors.unreadable_body("records must be a list of rows")
    import_set = _new_set(call, staging)
    fields = call.instance.schema.tables[staging].fields
    by_label = {field.label: name for name, field in fields.items()}
    for row in rows:
        named = {by_label.get(name, name): value for name, value in row.items()}
        _import_row(call, staging, import_set=import_set, sent=named)
    content = {"import_set_id": import_set["sys_id"], "multi_import_set_id": new_sys_id()}
    return json_reply(call.instance, content, status=201)


def _staging(call: Call) -> str:
    table = str(call.request.path_params["staging"])
    if table not in TABLES or MARK not in TABLES[table].fields:
        raise errors.invalid_table(table)
    return table


def _check_loader(call: Call) -> None:
    if not call.caller.has(*LOADERS):
        raise errors.acl("Insert")


def _new_set(call: Call, staging: str) -> Record:
    made: Record = {
        "sys_id": new_sys_id(),
        "number": call.instance.store.next_number("ISET"),
        "table_name": staging,
        "state": "processed",
        "mode": "synchronous",
        **stamped(call.instance.stamp(), call.caller.user_name),
    }
    call.instance.store.insert("sys_import_set", made)
    return made


def _import_row(
    call: Call, staging: str, *, import_set: Record, sent: dict[str, Any]
) -> tuple[Record, list[Outcome]]:
    """Store the row, carry out every active map of the table, keep the first outcome in the row."""
    fields = call.instance.schema.tables[staging].fields
    row: Record = {
        **{name: as_string(value) for name, value in sent.items() if name in fields},
        "sys_id": new_sys_id(),
        MARK: import_set["sys_id"],
        "sys_import_state": "pending",
        **stamped(call.instance.stamp(), call.caller.user_name),
    }
    maps = call.instance.store.find_all("sys_transform_map", source_table=staging, active="true")
    maps.sort(key=order_of)
    outcomes = [_transform(call, each, row=row) for each in maps]
    for outcome in outcomes[:1]:
        row["sys_import_state"] = outcome.status
        row["sys_import_state_comment"] = outcome.message
        row["sys_target_table"] = outcome.map.get("target_table", "")
        row["sys_target_sys_id"] = outcome.target_id
        row["sys_transform_map"] = outcome.map["sys_id"]
    call.instance.store.insert(staging, row)
    return row, outcomes


def _transform(call: Call, each: Record, *, row: Record) -> Outcome:
    """Insert or update the record that a map makes of a row; a refusal becomes its message."""
    target = each.get("target_table", "")
    if target not in TABLES:
        return Outcome(each, "error", message=f"Invalid table {target}")
    if not met(each.get("condition", ""), row):
        return Outcome(each, "skipped", message="Row skipped by the condition of the map")
    rows = call.instance.store.find_all("sys_transform_entry", map=each["sys_id"])
    entries = [entry for entry in rows if entry.get("target_field")]
    values = {
        entry["target_field"]: row.get(entry.get("source_field", ""), "") for entry in entries
    }
    if each.get("copy_empty_fields") != "true":
        values = {name: value for name, value in values.items() if value}
    keys = [entry["target_field"] for entry in entries if entry.get("coalesce") == "true"]
    found = _coalesced(call, target, {key: values.get(key, "") for key in keys})
    # A transform runs with the rights of the map, and resolves names as a person types them.
    writing = records.Writing(call.instance, call.caller, input_display=True)
    try:
        if found is None:
            made = records.create(writing, target, sent=values)
            return Outcome(each, "inserted", made["sys_id"])
        _, kept = records.update(writing, target, sys_id=found["sys_id"], sent=values)
    except errors.Refusal as refusal:
        return Outcome(each, "error", message=f"{refusal.message}: {refusal.detail}")
    same = kept["sys_mod_count"] == found["sys_mod_count"]
    status, message = ("ignored", "No field values changed") if same else ("updated", "")
    return Outcome(each, status, kept["sys_id"], message)


def _coalesced(call: Call, target: str, keys: dict[str, str]) -> Record | None:
    """The record with the same values in all coalesce fields; none if one of them is empty."""
    if not keys or not all(keys.values()):
        return None
    return call.instance.store.find(target, **keys)


def _shown_again(call: Call, staging: str, sys_id: str) -> Response:
    found = call.instance.store.get(staging, sys_id)
    if found is None or not call.caller.has(*LOADERS):
        raise errors.not_found()
    row = found[1]
    import_set = call.instance.store.get("sys_import_set", row.get(MARK, ""))
    each = call.instance.store.get("sys_transform_map", row.get("sys_transform_map", ""))
    outcomes = []
    if each is not None:
        comment = row.get("sys_import_state_comment", "")
        target = row.get("sys_target_sys_id", "")
        outcomes.append(Outcome(each[1], row.get("sys_import_state", ""), target, comment))
    made = import_set[1] if import_set else {"sys_id": "", "number": ""}
    return json_reply(call.instance, _content(call, staging, import_set=made, outcomes=outcomes))


def _content(
    call: Call, staging: str, *, import_set: Record, outcomes: list[Outcome]
) -> dict[str, Any]:
    return {
        "import_set": import_set.get("number", ""),
        "staging_table": staging,
        "result": [_result(call, outcome) for outcome in outcomes],
    }


def _result(call: Call, outcome: Outcome) -> dict[str, str]:
    """The outcome as a caller sees it; a row that was refused has a message and no record."""
    target = outcome.map.get("target_table", "")
    shown = {"transform_map": outcome.map.get("name", ""), "table": target}
    found = call.instance.store.get(target, outcome.target_id) if target in TABLES else None
    if found is not None:
        display = TABLES[target].display
        shown |= {
            "display_name": display,
            "display_value": found[1].get(display, ""),
            "record_link": f"{call.base_url}/api/now/table/{target}/{outcome.target_id}",
        }
    shown["status"] = outcome.status
    if outcome.status == "error":
        shown["error_message"] = outcome.message
    elif outcome.message:
        shown["status_message"] = outcome.message
    if found is not None:
        shown["sys_id"] = outcome.target_id
    return shown


def as_string(value: Any) -> str:
    """Values must be strings; what is none is kept as Java writes it: `{"a": "b"}` as `{a=b}`."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}={as_string(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(as_string(one) for one in value) + "]"
    return str(value)
