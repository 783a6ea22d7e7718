"""Business rules of tasks that are nothing more special (servicenow-api 2.5, 8)."""

from __future__ import annotations

from scoredesk.sandbox.servicenow.instance import Caller, Instance
from scoredesk.sandbox.servicenow.rules.tasks import TASK_DEFAULTS, close_or_open, fill
from scoredesk.sandbox.servicenow.state import Record

# Open, priority Low: the stock defaults of the parent table.
PLAIN_TASK_DEFAULTS = {"state": "1", "priority": "4"}


def before_insert(instance: Instance, caller: Caller, *, record: Record) -> None:
    """Defaults of a new task."""
    fill(record, {**TASK_DEFAULTS, **PLAIN_TASK_DEFAULTS})
    close_or_open(instance, caller, old={}, record=record)


def before_update(instance: Instance, caller: Caller, *, old: Record, record: Record) -> None:
    """What follows from a change of the task."""
    close_or_open(instance, caller, old=old, record=record)
