"""Business rules of change requests (servicenow-api 7)."""

from __future__ import annotations

from scoredesk.sandbox.servicenow import errors
from scoredesk.sandbox.servicenow.database.usual import USUAL
from scoredesk.sandbox.servicenow.instance import Caller, Instance
from scoredesk.sandbox.servicenow.rules import approvals, models
from scoredesk.sandbox.servicenow.rules.tasks import (
    CHECK_TRANSITION,
    RESTRICT_STANDARD,
    RULE_IDS,
    TASK_DEFAULTS,
    changed,
    demands_closing,
    fill,
    stands,
)
from scoredesk.sandbox.servicenow.state import Record

# The type comes from the model.
CHANGE_DEFAULTS = {
    name: value
    for name, value in {"priority": "4", **USUAL["change_request"]}.items()
    if name != "type"
}
APPROVAL_IN = {
    models.NEW: "not requested",
    models.ASSESS: "requested",
    models.AUTHORIZE: "requested",
    models.SCHEDULED: "approved",
}
# States of a new change where an instance takes later ones (7.3).
INSERTED_IN = (models.ASSESS, models.AUTHORIZE, models.SCHEDULED, models.IMPLEMENT)
# What comes from the template of a standard change and stays as it was approved (7.3, 7.5).
RESTRICTED = ("description", "backout_plan", "test_plan", "implementation_plan")


def before_insert(instance: Instance, caller: Caller, *, record: Record) -> None:
    """Defaults, model and first state; the rule's 403 if a later state is refused by switch."""
    fill(record, {**TASK_DEFAULTS, **CHANGE_DEFAULTS, "requested_by": caller.sys_id})
    models.attach(instance, record)
    wanted = record.get("state") or models.NEW
    record["state"] = models.NEW
    if wanted == models.NEW or instance.switch("change_insert_state") == "new":
        return
    if instance.switch("change_insert_state") == "refuse" or wanted not in INSERTED_IN:
        raise _transition_refused()
    record["state"] = wanted
    _follow_state(record, instance.stamp(), caller=caller)


def before_update(instance: Instance, caller: Caller, *, old: Record, record: Record) -> None:
    """What follows from a change; the 403 of the rule that aborts it."""
    _restrict_standard(instance, old=old, record=record)
    if old.get("state") != models.NEW:
        record.update(type=old.get("type", "normal"), chg_model=old.get("chg_model", ""))
        if instance.on("change_ci_in_new_only"):
            record["cmdb_ci"] = old.get("cmdb_ci", "")
    elif changed(old, record, "chg_model"):
        models.attach(instance, record)
    elif changed(old, record, "type"):
        record["chg_model"] = ""
        models.attach(instance, record)
    if record.get("on_hold") != "true":
        record["on_hold_reason"] = ""
    if changed(old, record, "state"):
        _check_transition(instance, old=old, record=record)
        _follow_state(record, instance.stamp(), caller=caller)


def mandatory(instance: Instance, *, old: Record, record: Record) -> tuple[str, ...]:
    """Fields that the instance's own data policies demand in this write (7.3)."""
    state = record.get("state")
    if not changed(old, record, "state"):
        return ()
    if state == models.CLOSED:
        return demands_closing(instance, "change_request")
    leaving_new = old.get("state") == models.NEW and state != models.CANCELLED
    if leaving_new and instance.on("change_needs_group"):
        return ("assignment_group",)
    return ()


def after_update(instance: Instance, *, old: Record, record: Record) -> None:
    """Approvals follow the state."""
    if changed(old, record, "state"):
        approvals.follow_state(instance, record)


def _transition_refused() -> errors.Refusal:
    return errors.business_rule(
        "change_request", CHECK_TRANSITION, rule_id=RULE_IDS[CHECK_TRANSITION]
    )


def _restrict_standard(instance: Instance, *, old: Record, record: Record) -> None:
    standard = old.get("type") == "standard" and instance.on("standard_change_restricted")
    if standard and changed(old, record, *RESTRICTED) and stands(instance, RESTRICT_STANDARD):
        raise errors.business_rule(
            "change_request", RESTRICT_STANDARD, rule_id=RULE_IDS[RESTRICT_STANDARD]
        )


def _check_transition(instance: Instance, *, old: Record, record: Record) -> None:
    if not stands(instance, CHECK_TRANSITION):
        return
    if instance.switch("change_state_over_rest") == "refuse":
        raise _transition_refused()
    asked = {**record, "type": old.get("type", ""), "chg_model": old.get("chg_model", "")}
    for way in models.transitions(instance, old, asked):
        if way.to_state != record.get("state"):
            continue
        # An empty group is the data policy's matter, which names the field.
        others = [one for one in way.conditions if one.sys_id != models.GROUP_CONDITION]
        if not way.automatic and all(one.passed for one in others):
            return
    raise _transition_refused()


def _follow_state(record: Record, now: str, *, caller: Caller) -> None:
    """What the instance writes itself when a change reaches a state."""
    state = record.get("state", "")
    if state in {models.CLOSED, models.CANCELLED}:
        record.update(active="false", closed_at=now, closed_by=caller.sys_id)
    record["approval"] = APPROVAL_IN.get(state, record.get("approval", ""))
    if state == models.IMPLEMENT:
        fill(record, {"work_start": now})
    elif state == models.REVIEW:
        fill(record, {"work_end": now})
