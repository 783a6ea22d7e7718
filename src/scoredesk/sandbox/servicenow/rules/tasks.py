"""Business rules and data policies of incidents and change requests (servicenow-api 6, 7).

Each function takes the record as it would be stored and changes it, or raises the refusal.
"""

from __future__ import annotations

from scoredesk.sandbox.servicenow import errors
from scoredesk.sandbox.servicenow.database.schema import TABLES
from scoredesk.sandbox.servicenow.instance import Caller, Instance
from scoredesk.sandbox.servicenow.state import Record

CHECK_TRANSITION = "Change Model: Check State Transition"
# Rules have fixed sys_ids on every instance; these are the sandbox's own.
RULE_IDS = {
    CHECK_TRANSITION: "c7a3e1d05f0011eda1b2000000000001",
    "": "c7a3e1d05f0011eda1b2000000000002",
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
INCIDENT_DEFAULTS = {
    "state": "1",
    "category": "inquiry",
    "severity": "3",
    "notify": "1",
    "child_incidents": "0",
    "reopen_count": "0",
}
CHANGE_DEFAULTS = {
    "type": "normal",
    "priority": "4",
    "risk": "3",
    "category": "Other",
    "phase": "requested",
    "phase_state": "open",
    "on_hold": "false",
    "cab_required": "false",
    "unauthorized": "false",
    "production_system": "false",
    "outside_maintenance_schedule": "false",
    "conflict_status": "Not Run",
    "scope": "3",
}
# Priority of an incident from impact and urgency (servicenow-api 6.2).
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
# The way of a change by type (servicenow-api 7.1).
CHANGE_WAY = {
    "normal": ("-5", "-4", "-3", "-2", "-1", "0", "3"),
    "standard": ("-5", "-2", "-1", "0", "3"),
    "emergency": ("-5", "-3", "-2", "-1", "0", "3"),
}
CANCELLABLE = {"-5", "-4", "-3", "-2", "-1"}
BACK_TO_NEW = {"normal": "-4", "emergency": "-3"}
CANCELLED = "4"
APPROVAL_IN = {
    "-5": "not requested",
    "-4": "requested",
    "-3": "requested",
    "-2": "approved",
}


def priority_of(impact: str, urgency: str) -> str:
    """The priority that the data lookup gives; outside the table it gives the lowest."""
    return PRIORITY.get((impact, urgency), "5")


def next_change_states(change: Record) -> list[str]:
    """The states that a change may move to from where it is."""
    kind, state = change.get("type", "normal"), change.get("state", "-5")
    way = CHANGE_WAY.get(kind, CHANGE_WAY["normal"])
    following = []
    if state in way[:-1]:
        following.append(way[way.index(state) + 1])
    if BACK_TO_NEW.get(kind) == state:
        following.append("-5")
    if state in CANCELLABLE:
        following.append(CANCELLED)
    return following


def before_insert(instance: Instance, caller: Caller, *, table: str, record: Record) -> None:
    """What the instance fills in, computes and refuses when a record is created."""
    if table == "incident":
        _fill(record, {**TASK_DEFAULTS, **INCIDENT_DEFAULTS})
        record["state"] = record.get("incident_state") or record["state"]
        record["priority"] = priority_of(record["impact"], record["urgency"])
    elif table == "change_request":
        _fill(
            record, {**TASK_DEFAULTS, **CHANGE_DEFAULTS, "chg_model": record.get("type", "normal")}
        )
        _fill(record, {"requested_by": caller.sys_id})
        if record.get("state", "-5") != "-5" and instance.switch("change_insert_state") == "refuse":
            raise _transition()
        record["state"] = "-5"
    if table in {"incident", "change_request"}:
        _fill(record, {"opened_at": record["sys_created_on"], "opened_by": caller.sys_id})
        record["task_effective_number"] = record["number"]
    _custom_rules(instance, table, record=record)
    if table == "incident":
        _enter_incident_state(instance, caller, old={}, record=record)


def before_update(
    instance: Instance, caller: Caller, *, table: str, old: Record, record: Record
) -> None:
    """What the instance computes and refuses when a record is changed."""
    if table == "incident":
        if record.get("incident_state") != old.get("incident_state"):
            record["state"] = record.get("incident_state", "")
        if _changed(old, record, "impact", "urgency"):
            record["priority"] = priority_of(record.get("impact", ""), record.get("urgency", ""))
    _custom_rules(instance, table, record=record)
    if table == "incident":
        _enter_incident_state(instance, caller, old=old, record=record)
    elif table == "change_request":
        if old.get("state") != "-5":
            record["type"] = old.get("type", "normal")
        if _changed(old, record, "state"):
            _enter_change_state(instance, caller, old=old, record=record)
    if old.get("assignment_group") and _changed(old, record, "assignment_group"):
        record["reassignment_count"] = str(int(old.get("reassignment_count") or 0) + 1)


def _fill(record: Record, defaults: dict[str, str]) -> None:
    for name, value in defaults.items():
        if not record.get(name):
            record[name] = value


def _changed(old: Record, record: Record, *names: str) -> bool:
    return any(old.get(name, "") != record.get(name, "") for name in names)


def _transition() -> errors.Refusal:
    return errors.business_rule(
        "change_request", CHECK_TRANSITION, rule_id=RULE_IDS[CHECK_TRANSITION]
    )


def _require(table: str, record: Record, *names: str) -> None:
    missing = [TABLES[table].fields[name].label for name in names if not record.get(name)]
    if missing:
        raise errors.data_policy(missing)


def _custom_rules(instance: Instance, table: str, *, record: Record) -> None:
    """What an administrator of a customised instance added (servicenow-api 13, 65 and 98)."""
    mandatory = instance.shared.switches.get("mandatory_fields").get(table, {})
    missing = [label for name, label in mandatory.items() if not record.get(name)]
    if missing:
        raise errors.data_policy(missing)
    rule = instance.shared.switches.get("business_rules").get(table)
    if rule:
        raise errors.business_rule(table, rule, rule_id=RULE_IDS[""])


def _enter_incident_state(
    instance: Instance, caller: Caller, *, old: Record, record: Record
) -> None:
    state = record.get("state", "")
    record["incident_state"] = state
    # An off-list resolution code is stored empty and then missed (servicenow-api 2.5).
    if record.get("close_code") not in {None, "", *instance.choices("incident", "close_code")}:
        record["close_code"] = ""
    if state in {"6", "7"}:
        _require("incident", record, "close_code", "close_notes")
    if not _changed(old, record, "state"):
        return
    now = instance.stamp()
    if state == "7" and instance.on("close_needs_itil_admin") and not caller.has("itil_admin"):
        raise errors.acl("Update" if old else "Insert")
    if state == "3" and record.get("hold_reason") == "1":
        _require_comment(instance, record)
    if state in {"6", "7"}:
        _fill(record, {"resolved_at": now, "resolved_by": caller.sys_id})
    if state == "7":
        _fill(record, {"closed_at": now, "closed_by": caller.sys_id})
    record["active"] = "false" if state in {"7", "8"} else "true"
    if old.get("state") == "6" and state in {"1", "2", "3"}:
        record["reopen_count"] = str(int(old.get("reopen_count") or 0) + 1)
        record.update(reopened_time=now, reopened_by=caller.sys_id, resolved_at="", resolved_by="")


def _require_comment(instance: Instance, record: Record) -> None:
    if instance.on("comments_for_awaiting_caller"):
        _require("incident", record, "comments")


def _enter_change_state(instance: Instance, caller: Caller, *, old: Record, record: Record) -> None:
    state = record.get("state", "")
    if instance.switch("change_state_over_rest") == "refuse":
        raise _transition()
    if state not in next_change_states(old):
        raise _transition()
    leaving_new = old.get("state") == "-5" and state != CANCELLED
    if leaving_new and instance.on("change_needs_group"):
        _require("change_request", record, "assignment_group")
    if state == "3":
        _require("change_request", record, "close_code", "close_notes")
    _follow_change_state(record, instance.stamp(), caller=caller)


def _follow_change_state(record: Record, now: str, *, caller: Caller) -> None:
    """What the instance writes itself when a change reaches a state."""
    state = record.get("state", "")
    if state in {"3", CANCELLED}:
        record.update(active="false", closed_at=now, closed_by=caller.sys_id)
    record["approval"] = APPROVAL_IN.get(state, record.get("approval", ""))
    if state == "-1":
        _fill(record, {"work_start": now})
    elif state == "0":
        _fill(record, {"work_end": now})
