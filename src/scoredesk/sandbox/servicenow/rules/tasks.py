"""What all tasks have in common, and the names of the rules that abort a write."""

from __future__ import annotations

from scoredesk.sandbox.servicenow.state import Record

CHECK_TRANSITION = "Change Model: Check State Transition"
RESTRICT_STANDARD = "Restrict fields from Standard Change"
# Rules have fixed sys_ids on every instance; these are the sandbox's own.
RULE_IDS = {
    CHECK_TRANSITION: "c7a3e1d05f0011eda1b2000000000001",
    "": "c7a3e1d05f0011eda1b2000000000002",
    RESTRICT_STANDARD: "c7a3e1d05f0011eda1b2000000000004",
}
TASK_DEFAULTS = {
    "active": "true",
    "approval": "not requested",
    "escalation": "0",
    "knowledge": "false",
    "made_sla": "true",
    "reassignment_count": "0",
    "sys_domain": "global",
    "sys_domain_path": "/",
    "upon_approval": "proceed",
    "upon_reject": "cancel",
    "impact": "3",
    "urgency": "3",
}
# Priority from impact and urgency by data lookup (servicenow-api 6.2).
PRIORITY = {
    ("1", "1"): "1",
    ("1", "2"): "2",
    ("1", "3"): "3",
    ("2", "1"): "2",
    ("2", "2"): "3",
    ("2", "3"): "4",
    ("3", "1"): "3",
    ("3", "2"): "4",
    ("3", "3"): "5",
}


def priority_of(impact: str, urgency: str) -> str:
    """The priority that the data lookup gives; outside the table it gives the lowest."""
    return PRIORITY.get((impact, urgency), "5")


def fill(record: Record, defaults: dict[str, str]) -> None:
    """Give the record's empty fields these values."""
    for name, value in defaults.items():
        if not record.get(name):
            record[name] = value


def changed(old: Record, record: Record, *names: str) -> bool:
    """Whether one of the fields has another value than before."""
    return any(old.get(name, "") != record.get(name, "") for name in names)


def count_up(record: Record, name: str) -> None:
    """Add one to a counter; what is no number starts at nought."""
    reached = record.get(name, "")
    record[name] = str(int(reached) + 1 if reached.isdigit() else 1)
