"""Approvals of changes: requested on reaching Assess or Authorize, they move the state on.

One approval is enough; a rejection brings the change back to New (servicenow-api 7.1, 7.3).
"""

from __future__ import annotations

from scoredesk.sandbox.servicenow.instance import Caller, Instance
from scoredesk.sandbox.servicenow.rules import models, schedule
from scoredesk.sandbox.servicenow.state import Record, new_sys_id, stamped

TABLE = "sysapproval_approver"
WAITING_IN = {models.ASSESS, models.AUTHORIZE}


def open_rows(instance: Instance, change_id: str) -> list[Record]:
    """The approvals that are still asked for."""
    return instance.store.find_all(TABLE, sysapproval=change_id, state="requested")


def of_caller(instance: Instance, caller: Caller, *, change_id: str) -> Record | None:
    """The open approval that this caller may give; None if it is nobody's business of theirs."""
    for row in open_rows(instance, change_id):
        if row.get("approver") == caller.sys_id:
            return row
    return None


def follow_state(instance: Instance, record: Record) -> None:
    """Ask for approvals where the change now is; those asked for before are no longer needed."""
    for row in open_rows(instance, record["sys_id"]):
        _close(instance, row, "not_required")
    if record.get("state") in WAITING_IN:
        for approver in _approvers(instance, record):
            instance.store.insert(TABLE, _row(instance, record, approver))
        seconds = int(instance.shared.switches.get("change_approval_seconds"))
        if seconds > 0:
            document = ("change_request", record["sys_id"])
            schedule.add(instance, schedule.APPROVE, document=document, after=seconds, fields={})


def decide(instance: Instance, row: Record, change: Record, *, by: str) -> Record:
    """The change after one of its approvals was given or refused; it is stored."""
    approved = row.get("state") == "approved"
    moved = dict(change)
    for other in open_rows(instance, change["sys_id"]):
        if other["sys_id"] != row["sys_id"]:
            _close(instance, other, "not_required" if approved else "cancelled")
    if change.get("state") in WAITING_IN:
        moved["approval"] = "approved" if approved else "rejected"
        moved["state"] = models.following(instance, moved) if approved else models.NEW
        follow_state(instance, moved)
        if moved["state"] in WAITING_IN:
            moved["approval"] = "requested"
    return store_changed(instance, "change_request", moved, by=by)


def store_changed(instance: Instance, table: str, record: Record, *, by: str) -> Record:
    """Store what the instance itself changed in a record, stamped as any other update."""
    record["sys_mod_count"] = str(int(record["sys_mod_count"]) + 1)
    record["sys_updated_on"] = instance.stamp()
    record["sys_updated_by"] = by
    instance.store.replace(table, record)
    instance.was_changed("update", table, record)
    return record


def _approvers(instance: Instance, change: Record) -> list[str]:
    """In Assess the assignment group, in Authorize (or without a group) the itil_admins."""
    group = change.get("assignment_group", "")
    rows = instance.store.find_all("sys_user_grmember", group=group)
    members = [row["user"] for row in rows if row.get("user")]
    if change.get("state") == models.ASSESS and group and members:
        return members
    role = instance.store.find("sys_user_role", name="itil_admin")
    granted = instance.store.find_all("sys_user_has_role", role=role["sys_id"]) if role else []
    return [row["user"] for row in granted if row.get("user")]


def _row(instance: Instance, change: Record, approver: str) -> Record:
    return {
        "sys_id": new_sys_id(),
        "approver": approver,
        "sysapproval": change["sys_id"],
        "document_id": change["sys_id"],
        "source_table": "change_request",
        "state": "requested",
        **stamped(instance.stamp(), "system"),
    }


def _close(instance: Instance, row: Record, state: str) -> None:
    row["state"] = state
    store_changed(instance, TABLE, row, by="system")
