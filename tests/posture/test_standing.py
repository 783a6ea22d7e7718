"""How a source stands at a moment, and the numbers of an action."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from scoredesk.posture.models import ImprovementAction, SecureScoreSource
from scoredesk.posture.standing import Counted, counted, score_impact, standing

NOW = datetime(2026, 7, 10, 12, 0, tzinfo=UTC)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


@pytest.mark.parametrize(
    ("since", "attempted", "running", "waiting"),
    [
        (None, None, False, False),
        (10 * SECOND, None, True, False),
        (5 * MINUTE, None, True, True),
        (5 * MINUTE, 6 * MINUTE, True, True),
        (5 * MINUTE, 5 * MINUTE, True, False),
        (5 * MINUTE, 1 * MINUTE, True, False),
        (16 * MINUTE, 16 * MINUTE, False, False),
    ],
)
def test_a_refresh_is_running_waiting_or_forgotten(
    since: timedelta | None, attempted: timedelta | None, *, running: bool, waiting: bool
) -> None:
    source = SecureScoreSource(
        refreshing_since=NOW - since if since else None,
        attempted_at=NOW - attempted if attempted else None,
    )
    found = standing(source, NOW, "30 5 * * *")
    assert (found.running, found.waiting) == (running, waiting)


@pytest.mark.parametrize(("age", "stale"), [(None, False), (47 * HOUR, False), (49 * HOUR, True)])
def test_two_days_without_a_refresh_are_old(age: timedelta | None, *, stale: bool) -> None:
    source = SecureScoreSource(refreshed_at=NOW - age if age else None)
    assert standing(source, NOW, "30 5 * * *").stale is stale


def test_the_next_refresh_is_told_in_utc() -> None:
    found = standing(SecureScoreSource(), NOW, "30 5 * * *")
    assert found.next_at == datetime(2026, 7, 11, 5, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("left", "most", "status", "impact"),
    [
        (5.0, 200.0, "to_address", 2.5),
        (0.0, 200.0, "completed", 0.0),
        (5.0, 0.0, "to_address", None),
        (5.0, None, "to_address", None),
        (5.0, 200.0, "not_scored", None),
    ],
)
def test_the_score_impact_is_in_percent_points(
    left: float, most: float | None, status: str, impact: float | None
) -> None:
    action = ImprovementAction(status=status)
    action.points_left = left
    assert score_impact(action, most) == impact


@pytest.mark.parametrize(
    ("captured", "found"),
    [
        ({"count": "43", "total": "45"}, Counted(43, 45)),
        ({"count": 43, "total": 45.0}, Counted(43, 45)),
        ({"count": "0", "total": "0"}, None),
        ({"count": "43"}, None),
        ({"count": "many", "total": "45"}, None),
        ({"count": "inf", "total": "45"}, None),
        ({"on": "true"}, None),
        ({}, None),
    ],
)
def test_counts_are_read_from_texts(captured: dict[str, Any], found: Counted | None) -> None:
    assert counted(ImprovementAction(control_score=captured)) == found
