"""Records on demand: incidents, change requests and problems, opened evenly over a time span."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from scoredesk.sandbox.servicenow.database.schema import TABLES
from scoredesk.sandbox.servicenow.instance import TIME_FORMAT, Instance
from scoredesk.sandbox.servicenow.rules.changes import CHANGE_DEFAULTS
from scoredesk.sandbox.servicenow.rules.incidents import INCIDENT_DEFAULTS
from scoredesk.sandbox.servicenow.rules.problems import PROBLEM_DEFAULTS
from scoredesk.sandbox.servicenow.rules.tasks import TASK_DEFAULTS, priority_of
from scoredesk.sandbox.servicenow.state import Record, stamped
from scoredesk.sandbox.shared import SeedOrder

SEEDED = ("incident", "change_request", "problem")
SUBJECTS = (
    "Mailbox does not open",
    "Laptop asks for a password again",
    "Renew the certificate of the intranet",
    "Move the print server",
    "Access to the finance share",
    "Raise the disk of the build server",
)
STATES = {
    "incident": ("1", "2", "3"),
    "change_request": ("-5", "-4", "-1"),
    "problem": ("101", "102", "103"),
}
DEFAULTS = {
    "incident": INCIDENT_DEFAULTS,
    "change_request": CHANGE_DEFAULTS,
    "problem": PROBLEM_DEFAULTS,
}


# The administrator has this sys_id on every instance; PySNC's own tests ask for it.
ADMIN_ID = "6816f79cc0a8016401c5a33be04be441"


def fixed_id(*parts: str) -> str:
    """The same sys_id for the same record in every sandbox, so that scripts may rely on it."""
    if parts == ("user", "admin"):
        return ADMIN_ID
    return hashlib.blake2b(":".join(parts).encode(), digest_size=16).hexdigest()


def seed_tasks(instance: Instance, table: str, order: SeedOrder) -> int:
    """Make the records of an order, opened evenly between its start and end.

    ValueError for a field that the table has not; the order's fields come before all others.
    """
    unknown = sorted(set(order.fields) - set(TABLES[table].fields))
    if unknown:
        raise ValueError(f"The table {table} has no field {', '.join(unknown)}.")
    instance.store.insert_many(table, _tasks(instance, table, order))
    return order.count


def _tasks(instance: Instance, table: str, order: SeedOrder) -> Iterator[Record]:
    owner, opener = fixed_id("user", "change.owner"), fixed_id("user", "admin")
    affected, group = fixed_id("user", "no.roles"), fixed_id("group", "Service Desk")
    step = (order.end - order.start) / max(1, order.count)
    for index, number in enumerate(instance.store.next_numbers(TABLES[table].prefix, order.count)):
        stamp = (order.start + step * (index + 1)).strftime(TIME_FORMAT)
        record = {
            **TASK_DEFAULTS,
            **DEFAULTS.get(table, {}),
            "sys_id": fixed_id(table, number),
            "number": number,
            "task_effective_number": number,
            "sys_class_name": table,
            "short_description": SUBJECTS[index % len(SUBJECTS)],
            "description": f"{SUBJECTS[index % len(SUBJECTS)]}: seen {index % 4 + 1} times.",
            "state": STATES[table][index % 3],
            "urgency": str(index % 3 + 1),
            "assigned_to": owner if index % 2 else "",
            "assignment_group": group,
            "opened_at": stamp,
            "opened_by": opener,
            **stamped(stamp, "admin"),
            **order.fields,
        }
        if table != "change_request":
            record["priority"] = priority_of(record["impact"], record["urgency"])
        if table == "incident":
            record["incident_state"] = record["state"]
            record["caller_id"] = affected
        elif table == "problem":
            record["problem_state"] = record["state"]
        else:
            record["requested_by"] = opener
            record["type"] = record.get("type") or "normal"
            record["chg_model"] = fixed_id("chg_model", record["type"])
        yield {**record, **order.fields}
