"""What the instance does around every write: the door to all rules.

Each function takes the record as it would be stored and changes it, or raises the refusal. The
order is that of the platform: the tables' own rules, an administrator's business rules, then the
data policies.
"""

from __future__ import annotations

from scoredesk.sandbox.servicenow import errors
from scoredesk.sandbox.servicenow.instance import Caller, Instance
from scoredesk.sandbox.servicenow.rules import (
    approvals,
    business,
    change_tasks,
    changes,
    incidents,
    plain_tasks,
    policies,
    problems,
)
from scoredesk.sandbox.servicenow.rules.tasks import changed, count_up, fill
from scoredesk.sandbox.servicenow.state import Record

# Every task of these tables has an opener and a number that is shown everywhere.
NOUNS = {
    "incident": incidents,
    "change_request": changes,
    "change_task": change_tasks,
    "problem": problems,
    "task": plain_tasks,
}


def before_insert(instance: Instance, caller: Caller, *, table: str, record: Record) -> None:
    """What the instance fills in, computes and refuses when a record is created."""
    if table in NOUNS:
        NOUNS[table].before_insert(instance, caller, record=record)
        fill(record, {"opened_at": record["sys_created_on"], "opened_by": caller.sys_id})
        record["task_effective_number"] = record["number"]
    business.run(instance, table, action=business.INSERT, old={}, record=record)
    _check_policies(instance, table, old={}, record=record)


def before_update(
    instance: Instance, caller: Caller, *, table: str, old: Record, record: Record
) -> None:
    """What the instance computes and refuses when a record is changed."""
    if table in NOUNS:
        NOUNS[table].before_update(instance, caller, old=old, record=record)
    if table == approvals.TABLE and changed(old, record, "state"):
        _check_approver(caller, old)
    business.run(instance, table, action=business.UPDATE, old=old, record=record)
    _check_policies(instance, table, old=old, record=record)
    if old.get("assignment_group") and changed(old, record, "assignment_group"):
        count_up(record, "reassignment_count")


def after_update(
    instance: Instance, caller: Caller, *, table: str, old: Record, record: Record
) -> None:
    """What follows once the record is stored."""
    if table == "change_request":
        changes.after_update(instance, old=old, record=record)
    decided = record.get("state") in {"approved", "rejected"}
    if table == approvals.TABLE and decided and changed(old, record, "state"):
        change = instance.store.get("change_request", record.get("sysapproval", ""))
        if change:
            approvals.decide(instance, record, change[1], by=caller.user_name)


def before_delete(instance: Instance, *, table: str, record: Record) -> None:
    """An administrator's rules may abort a deletion too."""
    business.run(instance, table, action=business.DELETE, old=record, record=record)


def _check_policies(instance: Instance, table: str, *, old: Record, record: Record) -> None:
    own: tuple[str, ...] = ()
    if table == "incident":
        own = incidents.mandatory(instance, old=old, record=record)
    elif table == "change_request":
        own = changes.mandatory(instance, old=old, record=record)
    policies.check(instance, table, old=old, record=record, own=own)


def _check_approver(caller: Caller, row: Record) -> None:
    """Nobody but the approver answers an approval; an administrator may for others."""
    if row.get("approver") != caller.sys_id and not caller.has():
        raise errors.acl("Update")
