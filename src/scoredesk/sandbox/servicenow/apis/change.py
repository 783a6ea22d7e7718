"""The Change Management API `/api/sn_chg_rest` (servicenow-api 7.5).

Fields come as pairs of value and display value, unknown fields are named in `__meta`, and errors
carry their whole text in `message`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.responses import Response

from scoredesk.sandbox.servicenow import errors
from scoredesk.sandbox.servicenow.apis.bodies import json_object
from scoredesk.sandbox.servicenow.apis.call import Call
from scoredesk.sandbox.servicenow.apis.change_fields import pairs_of
from scoredesk.sandbox.servicenow.apis.table import conditions
from scoredesk.sandbox.servicenow.database import sql
from scoredesk.sandbox.servicenow.replies import json_reply
from scoredesk.sandbox.servicenow.rules import approvals, changes, models
from scoredesk.sandbox.servicenow.rules.conditions import pairs
from scoredesk.sandbox.servicenow.state import Record
from scoredesk.sandbox.servicenow.tables import access, records

CHANGE, MODEL, TEMPLATE, TASK = (
    "change_request",
    "chg_model",
    "std_change_record_producer",
    "change_task",
)
KINDS = ("normal", "standard", "emergency")
READERS = ("change_manager", "itil", "sn_change_read", "sn_change_write")
WRITERS = ("change_manager", "itil", "sn_change_write")
DEFAULT_LIMIT = 500
Handler = Callable[[Call], Awaitable[Response]]


def _plugin(handler: Handler) -> Handler:
    """The handler while the plugin is there; what it refuses is worded as this API words it."""

    async def answered(call: Call) -> Response:
        if not call.instance.on("change_api"):
            raise errors.no_such_resource()
        try:
            return await handler(call)
        except errors.Refusal as refusal:
            raise errors.of_change_api(call.request.method, refusal) from refusal

    return answered


async def changes_answer(call: Call) -> Response:
    """`/change` and `/change/{normal, standard, emergency}`: list and create."""
    kind = str(call.request.path_params.get("kind", ""))
    if call.request.method in {"GET", "HEAD"}:
        return _list(call, CHANGE, extra=f"type={kind}" if kind else "")
    if call.request.method != "POST" or kind == "standard":
        raise errors.Refusal(405, "Method not supported")
    sent = await _sent(call)
    preset = {"type": kind} if kind else {}
    return _created(call, {**sent, **preset})


async def change_answer(call: Call) -> Response:
    """`/change/{sys_id}` and `/change/{type}/{sys_id}`: read, update, delete."""
    method = call.request.method
    change = _change(call)
    if method in {"GET", "HEAD"}:
        return json_reply(call.instance, {"result": pairs_of(call, CHANGE, change)})
    if method == "PATCH":
        sent = await _sent(call)
        _check_role(call, WRITERS, "Update")
        _, stored = records.update(_writing(call), CHANGE, sys_id=change["sys_id"], sent=sent)
        return json_reply(call.instance, {"result": _with_meta(call, stored, sent)})
    if method == "DELETE":
        _check_role(call, ("change_manager",), "Delete")
        shown = pairs_of(call, CHANGE, change)
        records.delete(_writing(call), CHANGE, sys_id=change["sys_id"])
        return json_reply(call.instance, {"result": shown})
    raise errors.Refusal(405, "Method not supported")


async def from_template(call: Call) -> Response:
    """`POST /change/standard/{template}`: a standard change as its template has it."""
    if call.request.method != "POST":
        return await change_answer(call)
    found = call.instance.store.get(TEMPLATE, call.request.path_params["sys_id"])
    if found is None or found[1].get("active") != "true":
        raise errors.not_found()
    sent = await _sent(call)
    ignored = [name for name in changes.RESTRICTED if name in sent]
    given = {name: value for name, value in sent.items() if name not in ignored}
    values = {
        **pairs(found[1].get("template", "")),
        **given,
        "type": "standard",
        "std_change_producer_version": found[1].get("current_version", ""),
    }
    return _created(call, values, ignored=ignored)


async def next_states(call: Call) -> Response:
    """`GET /change/{sys_id}/nextstates`: where the change may go, and what is still missing."""
    _only(call, "GET", "HEAD")
    change = _change(call)
    ways = models.transitions(call.instance, change)
    states = [*dict.fromkeys(way.to_state for way in ways), change.get("state", models.NEW)]
    labels = call.instance.choices(CHANGE, "state", language=call.caller.language)
    refused = call.instance.switch("change_state_over_rest") == "refuse"
    driven = [way for way in ways if way.sys_id]
    content = {
        "available_states": states,
        "state_transitions": [
            [_transition(way, refused=refused) for way in driven if way.to_state == state]
            for state in dict.fromkeys(way.to_state for way in driven)
        ],
        "state_label": {state: labels.get(state, state) for state in states},
    }
    return json_reply(call.instance, {"result": content})


async def approve(call: Call) -> Response:
    """`PATCH /change/{sys_id}/approvals`: the caller's own approval, given or refused."""
    _only(call, "PATCH")
    change = _change(call)
    sent = await json_object(call.request)
    state, comments = str(sent.get("state") or ""), str(sent.get("comments") or "")
    if state not in {"approved", "rejected"}:
        raise errors.Refusal(400, "State must be either approved or rejected")
    if state == "rejected" and not comments:
        raise errors.Refusal(400, "Comments are required to reject a change request")
    row = approvals.of_caller(call.instance, call.caller, change_id=change["sys_id"])
    if row is None:
        raise errors.Refusal(400, "User does not have an approval to approve or reject")
    row.update(state=state, comments=comments)
    approvals.store_changed(call.instance, approvals.TABLE, row, by=call.caller.user_name)
    moved = approvals.decide(call.instance, row, change, by=call.caller.user_name)
    return json_reply(call.instance, {"result": pairs_of(call, CHANGE, moved)})


async def model_answer(call: Call) -> Response:
    """`GET /change/model` and `/change/model/{sys_id}`."""
    return _read_only(call, MODEL)


async def template_answer(call: Call) -> Response:
    """`GET /change/standard/template` and `/change/standard/template/{sys_id}`."""
    return _read_only(call, TEMPLATE)


async def task_answer(call: Call) -> Response:
    """`/change/{sys_id}/task` and `/change/{sys_id}/task/{task}`: the tasks of a change."""
    change, task_id = _change(call), str(call.request.path_params.get("task", ""))
    method = call.request.method
    if not task_id and method in {"GET", "HEAD"}:
        return _list(call, TASK, extra=f"change_request={change['sys_id']}")
    if not task_id and method == "POST":
        sent = await _sent(call)
        values = {**sent, "change_request": change["sys_id"], "parent": change["sys_id"]}
        made = records.create(_writing(call), TASK, sent=values)
        return json_reply(call.instance, {"result": _with_meta(call, made, sent, table=TASK)})
    found = call.instance.store.get(TASK, task_id)
    if found is None or found[1].get("change_request") != change["sys_id"]:
        raise errors.not_found()
    if method == "PATCH":
        sent = await _sent(call)
        _, stored = records.update(_writing(call), TASK, sys_id=task_id, sent=sent)
        return json_reply(call.instance, {"result": _with_meta(call, stored, sent, table=TASK)})
    shown = pairs_of(call, TASK, found[1])
    if method == "DELETE":
        records.delete(_writing(call), TASK, sys_id=task_id)
    elif method not in {"GET", "HEAD"}:
        raise errors.Refusal(405, "Method not supported")
    return json_reply(call.instance, {"result": shown})


def _only(call: Call, *methods: str) -> None:
    if call.request.method not in methods:
        raise errors.Refusal(405, "Method not supported")


def _check_role(call: Call, roles: tuple[str, ...], operation: str) -> None:
    if not call.caller.has(*roles):
        raise errors.acl(operation)


def _writing(call: Call) -> records.Writing:
    return records.Writing(call.instance, call.caller)


async def _sent(call: Call) -> dict[str, Any]:
    """Fields from the address and from the body, which wins; a body may be missing (7.5)."""
    named = {
        name: value
        for name, value in call.request.query_params.items()
        if not name.startswith("sysparm_")
    }
    body = await call.request.body()
    return {**named, **(await json_object(call.request) if body.strip() else {})}


def _change(call: Call) -> Record:
    _check_role(call, READERS, "Read")
    found = call.instance.store.get(CHANGE, call.request.path_params["sys_id"])
    kind = call.request.path_params.get("kind", "")
    if found is None or not access.visible(call.caller, found):
        raise errors.not_found()
    if kind and found[1].get("type") != kind:
        raise errors.not_found()
    return found[1]


def _created(call: Call, values: dict[str, Any], *, ignored: list[str] | None = None) -> Response:
    _check_role(call, WRITERS, "Insert")
    made = records.create(_writing(call), CHANGE, sent=values)
    shown = _with_meta(call, made, values, ignored=ignored or [])
    return json_reply(call.instance, {"result": shown})


def _with_meta(
    call: Call,
    stored: Record,
    sent: dict[str, Any],
    *,
    table: str = CHANGE,
    ignored: list[str] | None = None,
) -> dict[str, Any]:
    """The record, with the names of the fields that were sent in vain."""
    fields = call.instance.schema.tables[table].fields
    unknown = [name for name in sent if name not in fields]
    shown = pairs_of(call, table, stored)
    return {**shown, "__meta": {"ignoredFields": [*(ignored or []), *unknown]}}


def _transition(way: models.Transition, *, refused: bool) -> dict[str, Any]:
    return {
        "sys_id": way.sys_id,
        "display_value": way.name,
        "from_state": way.from_state,
        "to_state": way.to_state,
        "transition_available": way.open and not refused,
        "automatic_transition": way.automatic,
        "conditions": [
            {
                "passed": condition.passed,
                "condition": {
                    "name": condition.name,
                    "description": condition.description or None,
                    "sys_id": condition.sys_id,
                },
            }
            for condition in way.conditions
        ],
    }


def _read_only(call: Call, table: str) -> Response:
    _only(call, "GET", "HEAD")
    _check_role(call, READERS, "Read")
    sys_id = call.request.path_params.get("sys_id", "")
    if not sys_id:
        return _list(call, table)
    found = call.instance.store.get(table, sys_id)
    if found is None:
        raise errors.not_found()
    return json_reply(call.instance, {"result": pairs_of(call, table, found[1])})


def _list(call: Call, table: str, *, extra: str = "") -> Response:
    _check_role(call, READERS, "Read")
    params = call.request.query_params
    where, parsed = conditions(call, table)
    for name, value in pairs(extra).items():
        own = f"({where.text}) AND {sql.value_of(table, name)} = ?"
        where = sql.Where(own, [*where.params, value])
    rows = call.instance.store.select(
        where,
        sql.order_by(table, parsed, call.instance.schema),
        limit=_number(params.get("sysparm_limit", ""), DEFAULT_LIMIT),
        offset=_number(params.get("sysparm_offset", ""), 0),
    )
    shown = [
        pairs_of(call, table, record)
        for found, record in rows
        if table in {MODEL, TEMPLATE} or access.visible(call.caller, (found, record))
    ]
    headers = {"X-Total-Count": str(call.instance.store.count(where))}
    return json_reply(call.instance, {"result": shown}, headers=headers)


def _number(text: str, default: int) -> int:
    return min(int(text), 2**31) if text.isascii() and text.isdecimal() else default


# Paths below `/api/sn_chg_rest`, who answers, and what is there; the first that fits answers.
ADDRESSES: tuple[tuple[tuple[str, ...], Handler, str], ...] = (
    (("/change",), _plugin(changes_answer), "list and create changes"),
    (
        ("/change/model", "/change/model/{sys_id}"),
        _plugin(model_answer),
        "the change models",
    ),
    (
        ("/change/standard/template", "/change/standard/template/{sys_id}"),
        _plugin(template_answer),
        "the templates of standard changes",
    ),
    (
        ("/change/standard/{sys_id}",),
        _plugin(from_template),
        "a standard change from its template",
    ),
    (
        ("/change/{kind:change_kind}",),
        _plugin(changes_answer),
        "list and create changes of a type",
    ),
    (
        ("/change/{kind:change_kind}/{sys_id}", "/change/{sys_id}"),
        _plugin(change_answer),
        "read, change and delete a change",
    ),
    (
        ("/change/{sys_id}/nextstates",),
        _plugin(next_states),
        "the states a change may go to",
    ),
    (
        ("/change/{sys_id}/approvals",),
        _plugin(approve),
        "the caller's approval, given or refused",
    ),
    (
        ("/change/{sys_id}/task", "/change/{sys_id}/task/{task}"),
        _plugin(task_answer),
        "the tasks of a change",
    ),
)
