"""Business rules of incidents (servicenow-api 6)."""

from __future__ import annotations

from scoredesk.sandbox.servicenow import errors
from scoredesk.sandbox.servicenow.database.usual import USUAL
from scoredesk.sandbox.servicenow.instance import Caller, Instance
from scoredesk.sandbox.servicenow.rules.tasks import (
    TASK_DEFAULTS,
    changed,
    count_up,
    demands_closing,
    fill,
    look_up_priority,
)
from scoredesk.sandbox.servicenow.state import Record

INCIDENT_DEFAULTS = {"state": "1", **USUAL["incident"]}
NEW, IN_PROGRESS, ON_HOLD, RESOLVED, CLOSED, CANCELLED = "1", "2", "3", "6", "7", "8"
AWAITING_CALLER = "1"


def before_insert(instance: Instance, caller: Caller, *, record: Record) -> None:
    """Defaults, priority and state of a new incident; ACL refusal if the state is not allowed."""
    record["state"] = record.get("incident_state") or record.get("state", "")
    fill(record, {**TASK_DEFAULTS, **INCIDENT_DEFAULTS})
    look_up_priority(instance, record)
    _enter_state(instance, caller, old={}, record=record)


def before_update(instance: Instance, caller: Caller, *, old: Record, record: Record) -> None:
    """What follows from a change; ACL refusal if the caller may not close."""
    if changed(old, record, "incident_state"):
        record["state"] = record.get("incident_state", "")
    if changed(old, record, "impact", "urgency"):
        look_up_priority(instance, record)
    _heed_callers_answer(caller, old=old, record=record)
    _enter_state(instance, caller, old=old, record=record)


def mandatory(instance: Instance, *, old: Record, record: Record) -> tuple[str, ...]:
    """Fields that the instance's own data policies demand in this write (6.4)."""
    state = record.get("state")
    if state in {RESOLVED, CLOSED}:
        return demands_closing(instance, "incident")
    awaiting = state == ON_HOLD and record.get("hold_reason") == AWAITING_CALLER
    if (
        awaiting
        and changed(old, record, "state", "hold_reason")
        and instance.on("comments_for_awaiting_caller")
    ):
        return ("comments",)
    return ()


def _heed_callers_answer(caller: Caller, *, old: Record, record: Record) -> None:
    """A comment of the caller ends the waiting for the caller (6.4)."""
    waiting = old.get("state") == ON_HOLD and old.get("hold_reason") == AWAITING_CALLER
    answered = record.get("comments") and record.get("caller_id") == caller.sys_id
    if waiting and answered and not changed(old, record, "state"):
        record.update(state=IN_PROGRESS, hold_reason="")


def _enter_state(instance: Instance, caller: Caller, *, old: Record, record: Record) -> None:
    state = record.get("state", "")
    record["incident_state"] = state
    # An off-list resolution code is stored empty and then missed (servicenow-api 2.5).
    code = record.get("close_code")
    moved = code and changed(old, record, "close_code")
    if moved and code not in instance.offered("incident", "close_code"):
        record["close_code"] = ""
    if not changed(old, record, "state"):
        return
    now = instance.stamp()
    if state == CLOSED and instance.on("close_needs_itil_admin") and not caller.has("itil_admin"):
        raise errors.acl("Update" if old else "Insert")
    if state in {RESOLVED, CLOSED}:
        fill(record, {"resolved_at": now, "resolved_by": caller.sys_id})
    if state == CLOSED:
        fill(record, {"closed_at": now, "closed_by": caller.sys_id})
    record["active"] = "false" if state in {CLOSED, CANCELLED} else "true"
    if old.get("state") == RESOLVED and state in {NEW, IN_PROGRESS, ON_HOLD}:
        count_up(record, "reopen_count")
        record.update(reopened_time=now, reopened_by=caller.sys_id, resolved_at="", resolved_by="")
