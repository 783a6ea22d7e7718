"""What the share form begins with."""

from __future__ import annotations

import datetime as dt

import pytest

from scoredesk.posture.models import ImprovementAction
from scoredesk.tickets.models import Priority
from scoredesk.tickets.prefill import prefill, shortened, shortened_lines, suggest_priority

TODAY = dt.date(2026, 11, 23)


@pytest.mark.parametrize(
    ("points", "priority"),
    [
        (10, Priority.HIGH),
        (8, Priority.HIGH),
        (7.9, Priority.MODERATE),
        (3, Priority.MODERATE),
        (1, Priority.LOW),
    ],
)
def test_more_points_left_is_more_pressing(points: float, priority: Priority) -> None:
    assert suggest_priority(points) == priority


def test_a_long_title_is_cut_at_a_word_and_the_form_says_so() -> None:
    action = ImprovementAction(title="Ensure that " + "all people " * 30, points_left=9.0)
    start = prefill(action, TODAY, 500)
    assert len(start.name) <= 160
    assert start.name.endswith("people…") or start.name.endswith("all…")
    assert start.name_was_cut


def test_the_description_is_text_made_from_the_html_with_placeholders_kept() -> None:
    action = ImprovementAction(
        title="Turn on DKIM",
        points_left=4.0,
        remediation_html="<ol><li>Open the page</li><li>Add &lt;DomainName&gt;</li></ol>",
        impact_html="<p>None.</p>",
    )
    start = prefill(action, TODAY, 3000)
    assert "1. Open the page" in start.description
    assert "<DomainName>" in start.description
    assert "None." in start.description
    assert "<li>" not in start.description


def test_an_action_without_texts_still_has_a_description() -> None:
    assert (
        prefill(ImprovementAction(title="Bare", points_left=1.0), TODAY, 100).description == "Bare"
    )


def test_the_due_date_follows_from_the_priority() -> None:
    start = prefill(ImprovementAction(title="x", points_left=9.0), TODAY, 100)
    assert start.due_date == TODAY + dt.timedelta(days=14)


def test_cutting_never_exceeds_the_room() -> None:
    text = "word " * 100
    for room in range(10, 120):
        assert len(shortened(text, room)) <= room
        assert len(shortened_lines(text, room)) <= room
    assert shortened("short", 160) == "short"
    assert len(shortened("x" * 300, 160)) == 160
