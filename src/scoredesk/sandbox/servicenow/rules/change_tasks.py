"""Business rules of the tasks of a change."""

from __future__ import annotations

from scoredesk.sandbox.servicenow.instance import Caller, Instance
from scoredesk.sandbox.servicenow.rules.tasks import TASK_DEFAULTS, changed, fill
from scoredesk.sandbox.servicenow.state import Record

CHANGE_TASK_DEFAULTS = {
    "state": "-5",
    "priority": "4",
    "change_task_type": "implementation",
    "on_hold": "false",
}
# Closed Complete, Closed Incomplete, Closed Skipped.
ENDED = {"3", "4", "7"}


def before_insert(instance: Instance, caller: Caller, *, record: Record) -> None:
    """Defaults of a new task; it follows its change."""
    fill(record, {**TASK_DEFAULTS, **CHANGE_TASK_DEFAULTS})
    fill(record, {"parent": record.get("change_request", "")})
    _enter_state(instance, caller, old={}, record=record)


def before_update(instance: Instance, caller: Caller, *, old: Record, record: Record) -> None:
    """What follows from a change of the task."""
    _enter_state(instance, caller, old=old, record=record)


def _enter_state(instance: Instance, caller: Caller, *, old: Record, record: Record) -> None:
    if not changed(old, record, "state"):
        return
    ended = record.get("state") in ENDED
    record["active"] = "false" if ended else "true"
    if ended:
        fill(record, {"closed_at": instance.stamp(), "closed_by": caller.sys_id})
