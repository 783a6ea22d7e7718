"""Business rules of problems: the same lookup of priority, and what resolving fills in."""

from __future__ import annotations

from scoredesk.sandbox.servicenow.instance import Caller, Instance
from scoredesk.sandbox.servicenow.rules.tasks import TASK_DEFAULTS, changed, fill, look_up_priority
from scoredesk.sandbox.servicenow.state import Record

PROBLEM_DEFAULTS = {
    "state": "101",
    "known_error": "false",
    "related_incidents": "0",
}
RESOLVED, CLOSED = "106", "107"


def before_insert(instance: Instance, caller: Caller, *, record: Record) -> None:
    """Defaults and priority of a new problem."""
    record["state"] = record.get("problem_state") or record.get("state", "")
    fill(record, {**TASK_DEFAULTS, **PROBLEM_DEFAULTS})
    look_up_priority(instance, record)
    _enter_state(instance, caller, old={}, record=record)


def before_update(instance: Instance, caller: Caller, *, old: Record, record: Record) -> None:
    """What follows from a change of a problem."""
    if changed(old, record, "problem_state"):
        record["state"] = record.get("problem_state", "")
    if changed(old, record, "impact", "urgency"):
        look_up_priority(instance, record)
    _enter_state(instance, caller, old=old, record=record)


def _enter_state(instance: Instance, caller: Caller, *, old: Record, record: Record) -> None:
    record["problem_state"] = record.get("state", "")
    if not changed(old, record, "state"):
        return
    now = instance.stamp()
    if record["state"] in {RESOLVED, CLOSED}:
        fill(record, {"resolved_at": now, "resolved_by": caller.sys_id})
    if record["state"] == CLOSED:
        fill(record, {"closed_at": now, "closed_by": caller.sys_id})
    record["active"] = "false" if record["state"] == CLOSED else "true"
