"""Business rules of the tasks of a change."""

from __future__ import annotations

from scoredesk.sandbox.servicenow.instance import Caller, Instance
from scoredesk.sandbox.servicenow.rules.tasks import TASK_DEFAULTS, close_or_open, fill
from scoredesk.sandbox.servicenow.state import Record

CHANGE_TASK_DEFAULTS = {
    "state": "-5",
    "priority": "4",
    "change_task_type": "implementation",
    "on_hold": "false",
}


def before_insert(instance: Instance, caller: Caller, *, record: Record) -> None:
    """Defaults of a new task; it follows its change."""
    fill(record, {**TASK_DEFAULTS, **CHANGE_TASK_DEFAULTS})
    fill(record, {"parent": record.get("change_request", "")})
    close_or_open(instance, caller, old={}, record=record)


def before_update(instance: Instance, caller: Caller, *, old: Record, record: Record) -> None:
    """What follows from a change of the task."""
    close_or_open(instance, caller, old=old, record=record)
