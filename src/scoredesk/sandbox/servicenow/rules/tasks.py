"""What all tasks have in common, and the names of the rules that abort a write."""

from __future__ import annotations

from scoredesk.sandbox.servicenow.database.usual import USUAL
from scoredesk.sandbox.servicenow.instance import Caller, Instance
from scoredesk.sandbox.servicenow.state import Record

CHECK_TRANSITION = "Change Model: Check State Transition"
RESTRICT_STANDARD = "Restrict fields from Standard Change"
# Rules have fixed sys_ids on every instance; these are the sandbox's own.
RULE_IDS = {
    CHECK_TRANSITION: "c7a3e1d05f0011eda1b2000000000001",
    "": "c7a3e1d05f0011eda1b2000000000002",
    RESTRICT_STANDARD: "c7a3e1d05f0011eda1b2000000000004",
}
# The rules of the switch `business_rules`; another table's is the one without a row above.
SWITCH_RULES = {
    "incident": "c7a3e1d05f0011eda1b2000000000007",
    "change_request": "c7a3e1d05f0011eda1b2000000000008",
}
# The data policies that demand a code and notes of what is closed, as rows of sys_data_policy2.
CLOSING_POLICIES = {
    "incident": "c7a3e1d05f0011eda1b2000000000005",
    "change_request": "c7a3e1d05f0011eda1b2000000000006",
}
TASK_DEFAULTS = USUAL["task"]
# Closed Complete, Closed Incomplete, Closed Skipped.
ENDED = {"3", "4", "7"}
LOOKUP, LOWEST = "dl_u_priority", "5"
# Priority from impact and urgency by the stock rows of the data lookup (servicenow-api 6.2).
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
    """The priority of the stock data lookup; outside the table it gives the lowest."""
    return PRIORITY.get((impact, urgency), LOWEST)


def look_up_priority(instance: Instance, record: Record) -> None:
    """Overwrite the priority by the rows of `dl_u_priority`; without any row it is free (6.2).

    An administrator changes the matrix there, or retires it.
    """
    rows = instance.store.find_all(LOOKUP, active="true")
    if not rows:
        fill(record, {"priority": LOWEST})
        return
    asked = (record.get("impact", ""), record.get("urgency", ""))
    fitting = [row for row in rows if (row.get("impact", ""), row.get("urgency", "")) == asked]
    found = min(fitting, key=order_of, default=None)
    record["priority"] = found.get("priority", LOWEST) if found else LOWEST


def order_of(row: Record) -> int:
    """Where a rule or map stands among others; what an administrator left empty stands at 100."""
    given = row.get("order", "")
    return int(given) if given.isascii() and given.isdecimal() else 100


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


def demands_closing(instance: Instance, table: str) -> tuple[str, ...]:
    """Fields of the stock policy in a sandbox that was made before its policies were rows."""
    known = instance.store.get("sys_data_policy2", CLOSING_POLICIES[table])
    return () if known else ("close_code", "close_notes")


def stands(instance: Instance, rule: str) -> bool:
    """Whether a stock rule is active; an administrator may stop it in its row of `sys_script`."""
    found = instance.store.get("sys_script", RULE_IDS[rule])
    return found is None or found[1].get("active") == "true"


def scripted_rule(sys_id: str, name: str, table: str) -> Record:
    """A rule whose script, which is not run, aborts; the 403 names its sys_id (12.7)."""
    return {
        "sys_id": sys_id,
        "name": name,
        "collection": table,
        "active": "true",
        "when": "before",
        "order": "100",
        "advanced": "true",
        "action_insert": "true",
        "action_update": "true",
    }


def close_or_open(instance: Instance, caller: Caller, *, old: Record, record: Record) -> None:
    """A task with the states of the parent table is active until one of them ends it."""
    if not changed(old, record, "state"):
        return
    ended = record.get("state") in ENDED
    record["active"] = "false" if ended else "true"
    if ended:
        fill(record, {"closed_at": instance.stamp(), "closed_by": caller.sys_id})
