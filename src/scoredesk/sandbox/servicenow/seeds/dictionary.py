"""Rows of sys_db_object, sys_dictionary and sys_glide_object, made of the schema (12)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from scoredesk.sandbox.servicenow.database.schema import (
    CHOICE,
    JOURNAL,
    REFERENCE,
    TABLES,
    Field,
    Table,
)
from scoredesk.sandbox.servicenow.state import Record

FixedId = Callable[..., str]

# Choices whose values are numbers, and fields with a class of their own.
NUMBERS = {"state", "priority", "impact", "urgency", "severity", "escalation", "incident_state"}
NUMBERS |= {"hold_reason", "notify", "risk", "scope", "problem_state", "operational_status"}
CLASSES = {
    "sys_id": "GUID",
    "sys_class_name": "sys_class_name",
    "sys_domain": "domain_id",
    "sys_domain_path": "domain_path",
    "watch_list": "glide_list",
    "work_notes_list": "glide_list",
    "additional_assignee_list": "glide_list",
    "group_list": "glide_list",
    "comments_and_work_notes": "journal_list",
    "user_password": "password",
    "client_secret": "password2",
    "jwt_secret": "password2",
    "email": "email",
    "conditions": "conditions",
    "filter_condition": "conditions",
    "script": "script_plain",
}
# The form insists on these; REST does not (servicenow-api 2.5).
MANDATORY = {("incident", "caller_id"), ("sys_user", "user_name")}
LONGEST_LABEL = 80


def dictionary_rows(fixed_id: FixedId) -> Iterator[tuple[str, list[Record]]]:
    """Tables with their first rows; `fixed_id` makes the same sys_ids in every sandbox."""
    yield "sys_db_object", [_table(fixed_id, table) for table in TABLES.values()]
    entries = [entry for table in TABLES.values() for entry in _entries(fixed_id, table)]
    yield "sys_dictionary", entries
    classes = sorted({entry["internal_type"] for entry in entries})
    yield (
        "sys_glide_object",
        [
            {"sys_id": fixed_id("sys_glide_object", name), "name": name, "label": _label(name)}
            for name in classes
        ],
    )


def internal_type(found: Field) -> str:
    """The name of a field's class, as the dictionary has it."""
    if found.name in CLASSES and found.kind != REFERENCE:
        return CLASSES[found.name]
    if found.name == "sys_domain":
        return CLASSES["sys_domain"]
    if found.kind == CHOICE:
        return "integer" if found.name in NUMBERS else "string"
    return found.kind


def _table(fixed_id: FixedId, table: Table) -> Record:
    return {
        "sys_id": fixed_id("sys_db_object", table.name),
        "name": table.name,
        "label": table.label,
        "sys_name": table.label,
        "super_class": fixed_id("sys_db_object", table.parent) if table.parent else "",
        "is_extendable": "true" if table.children else "false",
        "ws_access": "true",
        "read_access": "true",
        "access": "public",
        "sys_scope": "global",
    }


def _entries(fixed_id: FixedId, table: Table) -> Iterator[Record]:
    """The table itself, and every column that it does not inherit."""
    yield _entry(fixed_id, table.name, "", label=table.label, kind="collection")
    inherited = TABLES[table.parent].fields if table.parent else {}
    for found in table.fields.values():
        if found.name in inherited:
            continue
        entry = _entry(
            fixed_id, table.name, found.name, label=found.label, kind=internal_type(found)
        )
        entry["max_length"] = "32" if found.kind == REFERENCE else str(found.length)
        entry["reference"] = found.target
        entry["choice"] = "1" if found.kind == CHOICE else ""
        entry["mandatory"] = "true" if (table.name, found.name) in MANDATORY else "false"
        entry["display"] = "true" if found.name == table.display else "false"
        entry["unique"] = "true" if found.name == "sys_id" else "false"
        entry["read_only"] = "true" if found.kind == JOURNAL and "and" in found.name else "false"
        entry["dependent"] = "category" if found.name == "subcategory" else ""
        yield entry


def _entry(fixed_id: FixedId, table: str, element: str, *, label: str, kind: str) -> Record:
    return {
        "sys_id": fixed_id("sys_dictionary", table, element),
        "name": table,
        "element": element,
        "column_label": label[:LONGEST_LABEL],
        "sys_name": label,
        "internal_type": kind,
        "active": "true",
    }


def _label(name: str) -> str:
    return name.replace("_", " ").capitalize()
