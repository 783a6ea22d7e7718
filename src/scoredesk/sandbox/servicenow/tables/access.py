"""Who may do what (servicenow-api 1.10, 1.11)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scoredesk.sandbox.servicenow import errors
from scoredesk.sandbox.servicenow.database.query import MATCHING, Query
from scoredesk.sandbox.servicenow.instance import GLOBAL, Caller, Instance
from scoredesk.sandbox.servicenow.state import Record

TASKS = {"incident", "change_request", "problem", "task"}
# Who besides an administrator creates and changes rows (servicenow-api 1.10).
WRITERS = {
    "incident": ("itil", "sn_incident_write"),
    "change_request": ("itil", "sn_change_write"),
    "change_task": ("itil", "sn_change_write"),
    "sysapproval_approver": ("itil",),
    "problem": ("itil", "sn_problem_write"),
    "task": ("itil",),
    "sys_choice": ("personalize_choices",),
    "sys_dictionary": ("personalize_dictionary",),
    "sys_rate_limit_rules": ("rate_limit_admin",),
    "oauth_entity": ("oauth_admin",),
    "sys_user": ("user_admin",),
    "sys_user_group": ("user_admin",),
    "sys_user_grmember": ("user_admin",),
    "sys_user_has_role": ("user_admin",),
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
    "problem": ("itil", "sn_problem_read", "sn_problem_write"),
    "task": ("itil",),
}
ANYBODY = {
    "sys_user",
    "sys_user_group",
    "sys_user_grmember",
    "sys_user_role",
    "sys_choice",
    "cmdb_ci",
    "cmn_location",
    "core_company",
}
DICTIONARY = {"sys_dictionary", "sys_db_object", "sys_glide_object"}
# Who besides an administrator reads these at all (servicenow-api 1.11).
RESTRICTED = {
    "sys_properties": (),
    "oauth_entity": ("oauth_admin",),
    "sys_audit": (),
    "sys_audit_delete": (),
    "syslog": (),
    "sys_data_policy2": (),
    "sys_data_policy_rule": (),
    "sys_script": (),
    "sys_trigger": (),
    "sys_rate_limit_rules": ("rate_limit_admin",),
    **dict.fromkeys(DICTIONARY, ("personalize_dictionary", "snc_read_only")),
}
# Written by the instance alone: not even an administrator edits what happened or what exists.
KEPT_BY_INSTANCE = {"sys_audit", "sys_audit_delete", "syslog", "sys_db_object", "sys_glide_object"}


def check_table(instance: Instance, caller: Caller, *, table: str) -> bool:
    """Whether the table's rows may be read at all; False means an empty list, not an error.

    Raises the 403 where the instance is switched to refuse.
    """
    if table in DICTIONARY and instance.on("dictionary_readable"):
        return True
    if table in RESTRICTED and not caller.has(*RESTRICTED[table]):
        answer = instance.switch("unreadable_table")
    elif table == "sys_choice" and not caller.has("admin"):
        answer = instance.switch("choices_readable")
    else:
        return True
    if answer == "forbidden":
        raise errors.unreadable_table()
    return answer == "yes"


def visible(caller: Caller, found: tuple[str, Record]) -> bool:
    """Whether the caller may read this row, given with its table; see `check_table` too."""
    table, record = found
    if caller.has("admin") or table in ANYBODY or table in DICTIONARY:
        return True
    if table in RESTRICTED:
        return caller.has(*RESTRICTED[table])
    if table in READERS:
        if not _in_domain(caller, record):
            return False
        mine = {record.get("opened_by"), record.get("caller_id"), record.get("requested_by")}
        return caller.has(*READERS[table]) or caller.sys_id in mine
    if table == "sys_user_has_role":
        return record.get("user") == caller.sys_id
    return caller.has("itil")


def _in_domain(caller: Caller, record: Record) -> bool:
    """Whether the caller's domain sees the row: people of the global one see all (12.10)."""
    return caller.domain == GLOBAL or record.get("sys_domain", GLOBAL) in {GLOBAL, caller.domain}


def check_query(instance: Instance, caller: Caller, *, table: str, query: Query) -> None:
    """Refuse a query that names a field which the caller may not read or compare (3.4)."""
    if caller.has("admin"):
        return
    hidden: dict[str, list[str]] = instance.shared.switches.get("unreadable_fields")
    ranged: dict[str, list[str]] = instance.shared.switches.get("range_refused_fields")
    if not hidden and not ranged:
        return
    for term in query.terms():
        for owner, name in _walk(instance, table, term.field or ""):
            refused = name in hidden.get(owner, ())
            if refused or (name in ranged.get(owner, ()) and term.operator not in MATCHING):
                raise errors.unreadable_field()


def _walk(instance: Instance, table: str, path: str) -> Iterator[tuple[str, str]]:
    """Each field of a dot-walked path, with its table."""
    for name in path.split("."):
        yield table, name
        found = instance.schema.find(table, name) if table else None
        table = found.target if found else ""


def hidden_fields(instance: Instance, caller: Caller, *, table: str) -> frozenset[str]:
    """Fields of a table left out of what this caller reads."""
    if caller.has("admin"):
        return frozenset()
    names: Iterable[str] = instance.shared.switches.get("unreadable_fields").get(table, [])
    return frozenset(names)


def check_insert(caller: Caller, table: str) -> None:
    """Raises the ACL refusal unless the caller may create records of the table."""
    if table in KEPT_BY_INSTANCE or not caller.has(*WRITERS.get(table, ())):
        raise errors.acl("Insert")


def check_update(caller: Caller, table: str, *, record: Record) -> None:
    """Raises the ACL refusal unless the caller may change this record."""
    closed = table == "incident" and record.get("state") == "7"
    allowed = table not in KEPT_BY_INSTANCE and caller.has(*WRITERS.get(table, ()))
    if not allowed or (closed and not caller.has("admin")):
        raise errors.acl("Update")


def check_delete(caller: Caller, table: str, *, record: Record | None = None) -> None:
    """Raises the ACL refusal unless the caller may delete this record of the table."""
    deleters = () if table in TASKS else WRITERS.get(table, ())
    stock = table == "sys_dictionary" and not _added(record or {})
    if table in KEPT_BY_INSTANCE or stock or not caller.has(*deleters):
        raise errors.acl("Delete")


def _added(entry: Record) -> bool:
    """Whether a row of sys_dictionary is a column that was added to the stock ones."""
    return entry.get("element", "").startswith(("u_", "x_"))
