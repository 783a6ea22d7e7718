"""Secure Score's JSON, read leniently, and the real captures, none lost or altered."""

from __future__ import annotations

import copy
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoredesk.graph.payloads import (
    Category,
    Level,
    category_of,
    read_control_score,
    read_profile,
    read_snapshot,
)

CAPTURES = Path(__file__).resolve().parents[3] / "shared" / "data" / "graph"
needs_captures = pytest.mark.skipif(
    not CAPTURES.is_dir(), reason="the captures of Secure Score are not beside this checkout"
)


def capture(name: str) -> Any:
    """A captured payload."""
    return json.loads((CAPTURES / name).read_text(encoding="utf-8-sig"))


@needs_captures
def test_all_captured_profiles_are_read_and_kept_as_they_are() -> None:
    rows = capture("control-profiles.json")
    untouched = copy.deepcopy(rows)
    profiles = [read_profile(row) for row in rows]
    assert len({profile.id for profile in profiles if profile}) == 430
    assert [profile.raw for profile in profiles if profile] == untouched
    for profile, row in zip(profiles, untouched, strict=True):
        assert profile is not None
        assert (profile.id, profile.title) == (row["id"], row["title"])
        assert profile.remediation == (row["remediation"] or "")
        assert profile.maximum == row["maxScore"]
        assert profile.rank == row["rank"]
        assert profile.category == row["controlCategory"]
        assert profile.state.state == "Default"
    counted = [profile.category for profile in profiles if profile]
    assert {name: counted.count(name) for name in Category} == {
        "Apps": 194, "Device": 153, "Identity": 79, "Data": 4, "Infrastructure": 0
    }  # fmt: skip


@needs_captures
def test_the_captured_score_is_read_whole() -> None:
    (row,) = capture("heimdall2/secureScore.json")["value"]
    snapshot = read_snapshot(row)
    assert snapshot is not None
    assert snapshot.raw == row
    assert (snapshot.current, snapshot.maximum, snapshot.day) == (128, 274, date(2024, 1, 1))
    assert snapshot.licensed_users == 0
    assert len(snapshot.controls) == 68
    assert round(sum(control.score or 0 for control in snapshot.controls), 2) == 128
    assert {comparative.basis for comparative in snapshot.comparatives} == {
        "AllTenants",
        "TotalSeats",
    }
    assert snapshot.comparatives[1].seats_to == 100
    assert sum(control.on is not None for control in snapshot.controls) == 16
    assert sum(control.count is not None for control in snapshot.controls) == 45
    assert sum(control.total is not None for control in snapshot.controls) == 43


@needs_captures
def test_every_captured_page_is_readable() -> None:
    assert all(read_profile(row) for row in capture("heimdall2/profiles.json")["value"])
    assert all(
        read_snapshot(row) for row in capture("heimdall2/secureScore-multiple.json")["value"]
    )


@pytest.mark.parametrize(
    ("raw", "number"),
    [(7, 7.0), (7.83, 7.83), ("100.0", 100.0), ("", None), (None, None), ("n/a", None),
     (True, None), ("nan", None), ("inf", None), ([], None)],
)  # fmt: skip
def test_numbers_may_be_texts_or_missing(raw: Any, number: float | None) -> None:
    control = read_control_score({"controlName": "x", "score": raw, "scoreInPercentage": raw})
    assert control is not None
    assert (control.score, control.percentage) == (number, number)


@pytest.mark.parametrize(
    ("written", "level"),
    [
        ("Low", Level.LOW),
        ("low", Level.LOW),
        ("Medium", Level.MODERATE),
        ("moderate", Level.MODERATE),
        ("HIGH", Level.HIGH),
        ("Unknown", Level.UNKNOWN),
        ("", Level.UNKNOWN),
        (None, Level.UNKNOWN),
        ("severe", Level.UNKNOWN),
    ],
)
def test_levels_are_one_scale_whatever_their_spelling(written: str | None, level: Level) -> None:
    profile = read_profile({"id": "x", "userImpact": written, "implementationCost": written})
    assert profile is not None
    assert (profile.user_impact, profile.implementation_cost) == (level, level)


def test_a_profile_of_nulls_is_still_a_profile() -> None:
    names = (
        "title controlCategory service tier actionType actionUrl maxScore rank deprecated threats "
        "remediation remediationImpact lastModifiedDateTime controlStateUpdates "
        "complianceInformation vendorInformation"
    )
    profile = read_profile({"id": "11770.MDA_X", **dict.fromkeys(names.split())})
    assert profile is not None
    assert (profile.title, profile.maximum, profile.rank, profile.threats) == ("", None, None, ())
    assert (profile.deprecated, profile.state.state) == (False, "Default")


def test_html_and_its_placeholders_are_untouched() -> None:
    html = "<p>Add <DomainName>&nbsp;to <a target='_blank' href='x'>it</a></p>\n"
    profile = read_profile({"id": "x", "remediation": html})
    assert profile is not None
    assert profile.remediation == html


@pytest.mark.parametrize(
    ("updates", "state"),
    [
        ([], "Default"),
        ([("Default", None)], "Default"),
        ([("Ignored", "2026-03-01T00:00:00Z"), ("Default", None)], "Ignored"),
        (
            [("Ignored", "2026-03-02T00:00:00.1234567Z"), ("ThirdParty", "2026-03-01T00:00:00Z")],
            "Ignored",
        ),
        (
            [("Ignored", "2026-03-01T00:00:00Z"), ("Reviewed", "2026-03-01T00:00:00Z")],
            "Reviewed",
        ),
        ([("Ignored", None), ("SomethingNew", None)], "SomethingNew"),
    ],
)
def test_the_newest_state_wins_and_ties_go_to_the_later_entry(
    updates: list[tuple[str, str | None]], state: str
) -> None:
    rows = [{"state": name, "updatedDateTime": time} for name, time in updates]
    profile = read_profile({"id": "x", "controlStateUpdates": rows})
    assert profile is not None
    assert profile.state.state == state


def test_an_unknown_comparison_is_none_and_its_seats_may_be_lower_case() -> None:
    snapshot = read_snapshot(
        {
            "id": "t_2026-07-17",
            "averageComparativeScores": [
                {"basis": "AllTenants", "averageScore": -1},
                {
                    "basis": "TotalSeats",
                    "averageScore": "52.86",
                    "SeatSizeRangeLowerValue": "1",
                    "seatSizeRangeUpperValue": "100",
                },
                None,
            ],
            "controlScores": None,
        }
    )
    assert snapshot is not None
    everyone, seats = snapshot.comparatives
    assert everyone.average is None
    assert (seats.average, seats.seats_from, seats.seats_to) == (52.86, 1, 100)
    assert snapshot.controls == ()
    assert (snapshot.day, snapshot.created) == (date(2026, 7, 17), None)


def test_a_control_score_keeps_texts_that_stand_for_values() -> None:
    raw = {
        "controlName": "x",
        "controlCategory": "identity",
        "on": "True",
        "count": "4",
        "total": "5",
        "lastSynced": "2026-07-15T10:00:00Z",
        "expiry": "legacy",
    }
    control = read_control_score(raw)
    assert control is not None
    assert (control.on, control.count, control.total) == (True, 4, 5)
    assert control.category == "Identity"
    assert control.last_synced == datetime(2026, 7, 15, 10, tzinfo=UTC)
    assert control.raw["expiry"] == "legacy"


def test_rows_without_a_name_are_none() -> None:
    assert read_control_score({"score": 1}) is None
    assert read_profile({"title": "x"}) is None
    assert read_snapshot({"maxScore": 1}) is None
    assert read_snapshot("odd") is None


def test_an_unknown_category_stays_as_written() -> None:
    assert category_of("Quantum") == "Quantum"


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=5,
)
MEMBERS = st.sampled_from(
    ["controlScores", "averageComparativeScores", "createdDateTime", "currentScore", "maxScore",
     "controlStateUpdates", "rank", "threats", "title", "deprecated", "enabledServices"]
)  # fmt: skip


@given(st.dictionaries(MEMBERS, JSON))
def test_no_payload_makes_the_reader_fail(payload: dict[str, Any]) -> None:
    assert read_snapshot({"id": "t_2026-01-01", **payload}) is not None
    assert read_profile({"id": "x", **payload}) is not None
