"""Who may do what (servicenow-api 1.10, 1.11)."""

from __future__ import annotations

from collections.abc import Iterable

from scoredesk.sandbox.servicenow import errors
from scoredesk.sandbox.servicenow.database.query import MATCHING, Query
from scoredesk.sandbox.servicenow.instance import Caller, Instance
from scoredesk.sandbox.servicenow.state import Record

TASKS = {"incident", "change_request", "task"}
WRITERS = {
    "incident": ("itil", "sn_incident_write"),
    "change_request": ("itil", "sn_change_write"),
    "change_task": ("itil", "sn_change_write"),
    "sysapproval_approver": ("itil",),
}
READERS = {
    "incident": ("itil", "sn_incident_read", "sn_incident_write"),
    "change_request": ("itil", "sn_change_read", "sn_change_write"),
    "change_task": ("itil", "sn_change_read", "sn_change_write"),
    "sysapproval_approver": ("itil",),
    "chg_model": ("itil", "sn_change_read", "sn_change_write"),
    "std_change_record_producer": ("itil", "sn_change_read", "sn_change_write"),
    "u_scoredesk_incident_import": ("itil",),
    "u_scoredesk_change_import": ("itil",),
    "task": ("itil",),
}
ANYBODY = {
    "sys_user",
    "sys_user_group",
    "sys_user_grmember",
    "sys_user_role",
    "cmdb_ci",
    "cmn_location",
    "core_company",
}
ADMIN_ONLY = {"sys_properties", "oauth_entity", "sys_audit_delete", "syslog"}


def check_table(instance: Instance, caller: Caller, *, table: str) -> bool:
    """Whether the table's rows may be read at all; False means an empty list, not an error.

    Raises the 403 where the instance is switched to refuse.
    """
    if table in ADMIN_ONLY and not caller.has("admin"):
        answer = instance.switch("unreadable_table")
    elif table == "sys_choice" and not caller.has("admin"):
        answer = instance.switch("choices_readable")
    else:
        return True
    if answer == "forbidden":
        raise errors.unreadable_table()
    return answer == "yes"


def visible(caller: Caller, found: tuple[str, Record]) -> bool:
    """Whether the caller may read this row, given with its table."""
    table, record = found
    if caller.has("admin") or table in ANYBODY or table == "sys_choice":
        return True
    if table in READERS:
        mine = {record.get("opened_by"), record.get("caller_id"), record.get("requested_by")}
        return caller.has(*READERS[table]) or caller.sys_id in mine
    if table == "sys_user_has_role":
        return record.get("user") == caller.sys_id
    return table == "sys_journal_field" and caller.has("itil")


def check_query(instance: Instance, caller: Caller, *, table: str, query: Query) -> None:
    """Refuse a query that names a field which the caller may not read or compare (3.4)."""
    if caller.has("admin"):
        return
    hidden = hidden_fields(instance, caller, table=table)
    matching_only = set(instance.shared.switches.get("range_refused_fields").get(table, []))
    for term in query.terms():
        if term.field in hidden:
            raise errors.unreadable_field()
        if term.field in matching_only and term.operator not in MATCHING:
            raise errors.unreadable_field()


def hidden_fields(instance: Instance, caller: Caller, *, table: str) -> frozenset[str]:
    """Fields left out of what this caller reads."""
    if caller.has("admin"):
        return frozenset()
    names: Iterable[str] = instance.shared.switches.get("unreadable_fields").get(table, [])
    return frozenset(names)


def check_insert(caller: Caller, table: str) -> None:
    """Raises the ACL refusal unless the caller may create records of the table."""
    if not caller.has(*WRITERS.get(table, ())):
        raise errors.acl("Insert")


def check_update(caller: Caller, table: str, *, record: Record) -> None:
    """Raises the ACL refusal unless the caller may change this record."""
    closed = table == "incident" and record.get("state") == "7"
    if not caller.has(*WRITERS.get(table, ())) or (closed and not caller.has("admin")):
        raise errors.acl("Update")


def check_delete(caller: Caller, table: str) -> None:
    """Raises the ACL refusal unless the caller may delete records of the table."""
    if not caller.has("admin"):
        raise errors.acl("Delete")
    if table in ADMIN_ONLY - {"sys_properties"}:
        raise errors.acl("Delete")
