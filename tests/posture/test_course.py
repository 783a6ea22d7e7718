"""An action's history as steps and as a line."""

from __future__ import annotations

from datetime import date

import pytest

from scoredesk.posture.course import chart, steps

DAYS = [(date(2026, 7, 1), 2.0), (date(2026, 7, 6), 10.0), (date(2026, 7, 11), 4.0)]


def test_steps_are_newest_first_with_their_change() -> None:
    assert [(step.day.day, step.score, step.change) for step in steps(DAYS)] == [
        (11, 4.0, -6.0),
        (6, 10.0, 8.0),
        (1, 2.0, None),
    ]


def test_no_history_has_no_steps_and_no_line() -> None:
    assert steps([]) == []
    assert chart([], 10, date(2026, 7, 1)) is None


def test_a_line_goes_on_level_until_the_points_change() -> None:
    drawn = chart(DAYS, 10.0, date(2026, 7, 21))
    assert drawn is not None
    assert drawn.points.split() == [
        *("0.0,61.6", "75.0,61.6", "75.0,4.0", "150.0,4.0", "150.0,47.2", "300.0,47.2")
    ]
    assert (drawn.first, drawn.last) == (date(2026, 7, 1), date(2026, 7, 21))


@pytest.mark.parametrize(
    ("score", "most", "down"), [(0.0, 0.0, "76.0"), (12.0, 10.0, "4.0"), (5.0, 10.0, "40.0")]
)
def test_a_line_stays_inside_its_drawing(score: float, most: float, down: str) -> None:
    drawn = chart([(date(2026, 7, 1), score)], most, date(2026, 7, 2))
    assert drawn is not None
    assert drawn.points == f"0.0,{down} 300.0,{down}"


def test_a_single_day_that_is_today_is_no_line() -> None:
    assert chart(DAYS[:1], 10.0, date(2026, 7, 1)) is None
