"""Change models: which states a change may go through, and under which conditions.

Since Quebec a change follows the model that its field `chg_model` names (servicenow-api 7.2). With
the property `com.snc.change_management.change_model.type_compatibility` set to true a change may
also be created without a model and then follows its type (7.1).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from scoredesk.sandbox.servicenow.instance import Instance
from scoredesk.sandbox.servicenow.rules.conditions import met, pairs
from scoredesk.sandbox.servicenow.state import Record

TYPE_COMPATIBILITY = "com.snc.change_management.change_model.type_compatibility"
NEW, ASSESS, AUTHORIZE, SCHEDULED = "-5", "-4", "-3", "-2"
IMPLEMENT, REVIEW, CLOSED, CANCELLED = "-1", "0", "3", "4"
# The way of a change by type (servicenow-api 7.1).
CHANGE_WAY = {
    "normal": (NEW, ASSESS, AUTHORIZE, SCHEDULED, IMPLEMENT, REVIEW, CLOSED),
    "standard": (NEW, SCHEDULED, IMPLEMENT, REVIEW, CLOSED),
    "emergency": (NEW, AUTHORIZE, SCHEDULED, IMPLEMENT, REVIEW, CLOSED),
}
CANCELLABLE = {NEW, ASSESS, AUTHORIZE, SCHEDULED, IMPLEMENT}
BACK_TO_NEW = {"normal": ASSESS, "emergency": AUTHORIZE}
GROUP_CONDITION = "5a1e0fa05f0011eda1b2000000000011"
APPROVAL_CONDITION = "5a1e0fa05f0011eda1b2000000000012"


@dataclass(frozen=True)
class Condition:
    """One condition of a transition, and whether the change fits it."""

    sys_id: str
    name: str
    description: str
    passed: bool


@dataclass(frozen=True)
class Transition:
    """A way from the present state to another."""

    sys_id: str
    name: str
    from_state: str
    to_state: str
    automatic: bool = False
    conditions: tuple[Condition, ...] = field(default=())

    @property
    def open(self) -> bool:
        """Whether every condition is met."""
        return all(condition.passed for condition in self.conditions)


def attach(instance: Instance, record: Record) -> None:
    """Give a new change its model and its type: each follows from the other (7.2)."""
    model = _named(instance, record.get("chg_model", ""))
    if model is not None:
        record["chg_model"] = model["sys_id"]
        record["type"] = pairs(model.get("record_preset", "")).get("type") or "normal"
        return
    record["type"] = record.get("type") or "normal"
    by_type = instance.property(TYPE_COMPATIBILITY) == "true"
    found = None if by_type else _named(instance, record["type"])
    record["chg_model"] = found["sys_id"] if found else ""


def transitions(instance: Instance, old: Record, record: Record | None = None) -> list[Transition]:
    """The ways out of the state of `old`; conditions are asked of `record`, as it would be."""
    asked = record or old
    state = old.get("state", NEW)
    found = instance.store.get("chg_model", old.get("chg_model", ""))
    if found is None:
        return _by_type(old, state)
    rows = instance.store.find_all(
        "sttrm_state_transition", sttrm_model=found[1]["sys_id"], from_state=state, active="true"
    )
    return [
        Transition(
            sys_id=row["sys_id"],
            name=row.get("name", ""),
            from_state=state,
            to_state=row.get("to_state", ""),
            automatic=row.get("automatic_transition") == "true" or _approved_only(instance, row),
            conditions=_conditions(instance, row, asked),
        )
        for row in rows
    ]


def next_states(instance: Instance, change: Record) -> list[str]:
    """The states that a change may move to from where it is."""
    return [way.to_state for way in transitions(instance, change)]


def following(instance: Instance, change: Record) -> str:
    """The state after the present one on the change's way; "" at its end."""
    for way in transitions(instance, change):
        if way.to_state not in {NEW, CANCELLED}:
            return way.to_state
    return ""


def _named(instance: Instance, wanted: str) -> Record | None:
    """The model with this sys_id or, as clients also write it, with this name (7.2)."""
    if not wanted:
        return None
    for model in instance.store.find_all("chg_model", active="true"):
        if model["sys_id"] == wanted or model.get("name", "").lower() == wanted.lower():
            return model
    return None


def _by_type(change: Record, state: str) -> list[Transition]:
    kind = change.get("type", "normal")
    way = CHANGE_WAY.get(kind, CHANGE_WAY["normal"])
    after = []
    if state in way[:-1]:
        after.append(way[way.index(state) + 1])
    if BACK_TO_NEW.get(kind) == state:
        after.append(NEW)
    if state in CANCELLABLE:
        after.append(CANCELLED)
    return [Transition("", "", state, to_state) for to_state in after]


def _approved_only(instance: Instance, row: Record) -> bool:
    """By switch Assess and Authorize end by an approval, not by hand (7.2: automatic)."""
    return (
        instance.on("change_approval_required")
        and row.get("from_state") in {ASSESS, AUTHORIZE}
        and row.get("to_state") not in {NEW, CANCELLED}
    )


def _conditions(instance: Instance, row: Record, change: Record) -> tuple[Condition, ...]:
    stored = instance.store.find_all(
        "sttrm_transition_condition", sttrm_state_transition=row["sys_id"]
    )
    asked = [
        Condition(
            sys_id=found["sys_id"],
            name=found.get("name", ""),
            description=found.get("description", ""),
            passed=met(found.get("condition", ""), change),
        )
        for found in stored
    ]
    forward = row.get("to_state") not in {NEW, CANCELLED}
    if forward and row.get("from_state") == NEW and instance.on("change_needs_group"):
        has_group = bool(change.get("assignment_group"))
        asked.append(Condition(GROUP_CONDITION, "Assignment group is set", "", has_group))
    if forward and _approved_only(instance, row):
        approved = change.get("approval") == "approved"
        asked.append(Condition(APPROVAL_CONDITION, "Change is approved", "", approved))
    return tuple(asked)
