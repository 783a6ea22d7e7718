"""Profiles, scores and what was known before, joined into rows; a line a case."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from scoredesk.graph import Snapshot
from scoredesk.graph.payloads import read_control_score, read_profile, read_snapshot
from scoredesk.posture.joining import (
    ActionRow,
    Earlier,
    all_points,
    changes,
    join,
    newest_of_each_day,
    status_of,
)
from scoredesk.posture.models import ActionStatus, Category, Effort

S = ActionStatus


def profile(**members: Any) -> dict[str, Any]:
    return {"id": "mfa", "title": "Turn on MFA", "maxScore": 10.0, "rank": 5, **members}


def score(**members: Any) -> dict[str, Any]:
    return {"controlName": "mfa", "score": 4.0, "scoreInPercentage": 40.0, **members}


def joined(
    a_profile: dict[str, Any] | None = None,
    a_score: dict[str, Any] | None = None,
    earlier: dict[str, Earlier] | None = None,
) -> ActionRow:
    profiles = [read_profile(a_profile)] if a_profile else []
    scores = [read_control_score(a_score)] if a_score else []
    rows = join(
        [found for found in profiles if found], [found for found in scores if found], earlier
    )
    assert len(rows) == 1
    return rows[0]


def state(name: str, at: str | None = None) -> dict[str, Any]:
    return {"state": name, "updatedDateTime": at, "comment": None, "assignedTo": None}


def test_a_profile_and_its_score_make_one_row() -> None:
    row = joined(profile(), score())
    assert (row.title, row.score, row.max_score, row.score_percent) == ("Turn on MFA", 4, 10, 40)
    assert row.has_profile
    assert row.status == S.TO_ADDRESS


def test_a_profile_without_score_is_kept_as_not_scored() -> None:
    row = joined(profile())
    assert (row.status, row.score, row.score_percent) == (S.NOT_SCORED, None, None)
    assert row.control_score == {}


def test_a_score_without_profile_is_kept_under_its_id() -> None:
    row = joined(None, score(controlCategory="Identity"))
    assert (row.title, row.category, row.max_score) == ("mfa", Category.IDENTITY, 10.0)
    assert (row.has_profile, row.rank, row.profile) == (False, None, {})


def test_a_profile_that_is_no_longer_sent_keeps_its_texts() -> None:
    known = Earlier(profile(remediation="<p>Do it</p>"), 10.0)
    row = joined(None, score(scoreInPercentage=0, score=0), {"mfa": known})
    assert (row.title, row.remediation_html, row.max_score) == ("Turn on MFA", "<p>Do it</p>", 10.0)
    assert not row.has_profile


def test_ids_that_differ_in_case_are_different_controls() -> None:
    rows = join([p for p in [read_profile(profile(id="MFA"))] if p], [])
    more = join(
        [p for p in [read_profile(profile(id="MFA")), read_profile(profile(id="mfa"))] if p], []
    )
    assert (len(rows), len(more)) == (1, 2)


def test_the_same_control_twice_makes_one_row() -> None:
    twice = [p for p in [read_profile(profile()), read_profile(profile(title="Later"))] if p]
    assert [row.title for row in join(twice, [])] == ["Later"]


@pytest.mark.parametrize(
    ("written", "effort"),
    [
        ("Low", Effort.LOW),
        ("low", Effort.LOW),
        ("Medium", Effort.MODERATE),
        ("medium", Effort.MODERATE),
        ("Moderate", Effort.MODERATE),
        ("High", Effort.HIGH),
        ("high", Effort.HIGH),
        ("Unknown", Effort.UNKNOWN),
        (None, Effort.UNKNOWN),
        ("", Effort.UNKNOWN),
        ("Enormous", Effort.UNKNOWN),
    ],
)
def test_effort_and_impact_have_one_spelling(written: str | None, effort: Effort) -> None:
    row = joined(profile(implementationCost=written, userImpact=written))
    assert (row.effort, row.user_impact) == (effort, effort)


@pytest.mark.parametrize(
    ("of_profile", "of_score", "category"),
    [
        ("Identity", "Identity", Category.IDENTITY),
        ("identity", None, Category.IDENTITY),
        ("Identity", "Apps", Category.IDENTITY),
        (None, "Device", Category.DEVICE),
        ("Quantum", "Data", Category.DATA),
        ("Quantum", None, Category.OTHER),
        (None, None, Category.OTHER),
    ],
)
def test_a_category_is_microsofts_or_other(
    of_profile: str | None, of_score: str | None, category: Category
) -> None:
    row = joined(profile(controlCategory=of_profile), score(controlCategory=of_score))
    assert row.category == category
    assert row.profile["controlCategory"] == of_profile  # never lost


@pytest.mark.parametrize(
    ("word", "reached", "most", "percent", "status"),
    [
        ("Default", 4.0, 10.0, 40.0, S.TO_ADDRESS),
        ("Default", 10.0, 10.0, 100.0, S.COMPLETED),
        ("Default", 9.999, 10.0, 100.0, S.COMPLETED),
        ("Default", 9.99, 10.0, 99.9, S.TO_ADDRESS),
        ("Default", None, 10.0, None, S.NOT_SCORED),
        ("Default", 0.0, 0.0, 0.0, S.TO_ADDRESS),
        ("Default", 3.0, 0.0, 100.0, S.COMPLETED),
        ("Default", 3.0, 0.0, None, S.TO_ADDRESS),
        ("Ignored", 0.0, 10.0, 0.0, S.RISK_ACCEPTED),
        ("ignored", 0.0, 10.0, 0.0, S.RISK_ACCEPTED),
        ("Ignored", 10.0, 10.0, 100.0, S.COMPLETED),
        ("Ignored", None, 10.0, None, S.NOT_SCORED),
        ("ThirdParty", 10.0, 10.0, 100.0, S.THIRD_PARTY),
        ("thirdParty", 0.0, 10.0, 0.0, S.THIRD_PARTY),
        ("Reviewed", 0.0, 10.0, 0.0, S.ALTERNATE),
        ("Planned", 0.0, 10.0, 0.0, S.TO_ADDRESS),
        ("Planned", 10.0, 10.0, 100.0, S.COMPLETED),
    ],
)
def test_status_follows_the_declared_state_and_the_points(
    word: str, reached: float | None, most: float, percent: float | None, status: ActionStatus
) -> None:
    assert status_of(word, reached, most, percent) == status


def test_the_newest_state_counts_whatever_its_place() -> None:
    updates = [
        state("Ignored", "2026-07-02T10:00:00.1234567Z"),
        state("Reviewed", "2026-07-01T10:00:00Z"),
        state("Default"),
    ]
    row = joined(profile(controlStateUpdates=updates), score(score=0, scoreInPercentage=0))
    assert row.status == S.RISK_ACCEPTED


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"score": "4.0", "scoreInPercentage": "40.0"}, (4.0, 40.0)),
        ({"score": None, "scoreInPercentage": 40.0}, (4.0, 40.0)),
        ({"score": 4.0, "scoreInPercentage": None}, (4.0, 40.0)),
        ({"score": "n/a", "scoreInPercentage": None}, (None, None)),
        ({"score": 7.83, "scoreInPercentage": 78.3}, (7.83, 78.3)),
    ],
)
def test_points_are_read_leniently(
    members: dict[str, Any], expected: tuple[float | None, float | None]
) -> None:
    row = joined(profile(), score(**members))
    assert (row.score, row.score_percent) == expected


def test_every_quirk_of_the_reference_at_once() -> None:
    odd = profile(
        id="11770.MDA_Google_EnableTwoFactorAuth",
        title=None,
        rank=None,
        maxScore="7.0",
        service=None,
        tier=None,
        threats=None,
        deprecated=None,
        actionUrl="javascript:alert(1)",
        remediation=None,
        complianceInformation=None,
        controlStateUpdates=None,
        lastModifiedDateTime=None,
        brandNewMember={"kept": True},
    )
    row = joined(odd)
    assert (row.title, row.max_score, row.rank) == (
        "11770.MDA_Google_EnableTwoFactorAuth",
        7.0,
        None,
    )
    assert (row.action_url, row.threats, row.service, row.deprecated) == ("", [], "", False)
    assert row.profile == odd


def test_a_synced_time_before_the_day_and_a_status_text_are_kept() -> None:
    row = joined(
        profile(),
        score(lastSynced="2026-07-15T04:34:13Z", implementationStatus="<p>100% of users</p>"),
    )
    assert row.last_synced_at == datetime(2026, 7, 15, 4, 34, 13, tzinfo=UTC)
    assert row.implementation_html == "<p>100% of users</p>"


def test_all_points_allow_for_rounding_only() -> None:
    assert all_points(7.996, 8.0, None)
    assert not all_points(7.99, 8.0, None)


def day(number: int, *points: tuple[str, Any], percent: float | None = None) -> Snapshot:
    controls = [
        {"controlName": name, "score": reached, "scoreInPercentage": percent}
        for name, reached in points
    ]
    found = read_snapshot(
        {"id": f"t_2026-07-{number:02}", "createdDateTime": f"2026-07-{number:02}T00:00:00Z"}
        | {"controlScores": controls}
    )
    assert found is not None
    return found


def told(found: Any) -> list[tuple[str, int, float]]:
    return [(change.control_id, change.day.day, change.score) for change in found]


def test_history_has_a_row_only_where_points_changed_oldest_first() -> None:
    days = [day(4, ("a", 5)), day(3, ("a", 5)), day(2, ("a", 2), ("b", 1)), day(1, ("a", 2))]
    assert told(changes(days, {})) == [("a", 1, 2), ("b", 2, 1), ("a", 3, 5)]


def test_history_goes_on_from_what_was_known() -> None:
    days = [day(5, ("a", 5), ("b", 3))]
    assert told(changes(days, {"a": 5.0, "b": 2.0})) == [("b", 5, 3)]


def test_a_day_without_the_control_or_its_points_is_no_change() -> None:
    days = [day(1, ("a", 2)), day(2), day(3, ("a", None)), day(4, ("a", 2.001))]
    assert told(changes(days, {})) == [("a", 1, 2)]


def test_the_most_points_of_a_change_are_told_from_its_percent() -> None:
    found = changes([day(1, ("a", 7.83), percent=97.88)], {})
    assert [change.max_score for change in found] == [8.0]
    assert [change.max_score for change in changes([day(1, ("a", 0), percent=0)], {})] == [None]


def test_of_two_snapshots_of_a_day_the_first_counts() -> None:
    first, second = day(1, ("a", 2)), day(1, ("a", 9))
    assert newest_of_each_day([first, second]) == [first]
    assert first.day == date(2026, 7, 1)
