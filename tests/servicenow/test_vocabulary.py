"""The facts about a ServiceNow instance as shipped."""

from __future__ import annotations

import pytest

from scoredesk.servicenow import vocabulary as v


@pytest.mark.parametrize("priority", list(v.Priority))
def test_the_impact_and_urgency_sent_bring_about_the_priority(priority: v.Priority) -> None:
    assert v.priority_from(*v.impact_and_urgency(priority)) is priority


def test_a_priority_off_the_scale_is_refused() -> None:
    with pytest.raises(ValueError, match="6"):
        v.impact_and_urgency(6)
    assert v.priority_from(9, 9) is None


@pytest.mark.parametrize(
    ("table", "state", "phase"),
    [
        ("incident", "1", v.Phase.TO_DO),
        ("incident", "3", v.Phase.ON_HOLD),
        ("incident", "6", v.Phase.DONE),
        ("incident", "8", v.Phase.CANCELLED),
        ("change_request", "-5", v.Phase.TO_DO),
        ("change_request", "0", v.Phase.IN_PROGRESS),
        ("change_request", "3", v.Phase.DONE),
        ("change_request", "4", v.Phase.CANCELLED),
        ("incident", "99", None),
        ("problem", "1", None),
    ],
)
def test_states_amount_to_phases(table: str, state: str, phase: v.Phase | None) -> None:
    assert v.phase_of(table, state) is phase


def test_every_pair_has_a_priority() -> None:
    assert len(v.PRIORITY_OF) == 9
    assert set(v.PRIORITY_OF.values()) == set(v.Priority)
