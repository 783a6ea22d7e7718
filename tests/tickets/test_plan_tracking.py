"""The pure decisions about following a record."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoredesk.connections.models import Phase
from scoredesk.tickets import plan
from scoredesk.tickets.models import EventKind
from scoredesk.tickets.plan import Absence, RemoteFacts

NOW = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
KNOWN = RemoteFacts(
    sys_id="a" * 32,
    mod_count=3,
    updated_at=NOW,
    number="CHG0010001",
    state="-5",
    state_label="New",
    phase=Phase.TO_DO,
    priority="2",
    priority_label="2 - High",
    name="Turn on MFA",
    assigned_to="Chen Owen",
    assignment_group="Identity Operations",
)
NEXT = replace(KNOWN, mod_count=4, updated_at=NOW + timedelta(seconds=9))


@pytest.mark.parametrize(
    ("known", "mod_count", "new"), [(KNOWN, 3, False), (KNOWN, 2, False), (KNOWN, 4, True)]
)
def test_the_count_of_changes_tells_what_is_new(
    *, known: RemoteFacts, mod_count: int, new: bool
) -> None:
    assert plan.new_to_us(known, replace(KNOWN, mod_count=mod_count)) is new


def test_a_record_seen_for_the_first_time_is_new() -> None:
    assert plan.new_to_us(None, KNOWN)


def test_a_sweep_sees_any_difference() -> None:
    assert not plan.differs(KNOWN, replace(KNOWN))
    assert plan.differs(KNOWN, replace(KNOWN, name="Other"))


@pytest.mark.parametrize(
    ("change", "kind", "facts"),
    [
        (
            {"state": "-4", "state_label": "Assess", "phase": Phase.IN_PROGRESS},
            EventKind.STATE_CHANGED,
            {"before": "New", "after": "Assess", "phase": "in_progress"},
        ),
        (
            {"priority": "1", "priority_label": "1 - Critical"},
            EventKind.PRIORITY_CHANGED,
            {"before": "2 - High", "after": "1 - Critical"},
        ),
        (
            {"assigned_to": "王芳"},
            EventKind.ASSIGNED,
            {"before": "Chen Owen", "after": "王芳", "group": "Identity Operations"},
        ),
        ({"assignment_group": ""}, EventKind.ASSIGNED, {"after": "Chen Owen", "group": ""}),
        ({"due_at": NOW}, EventKind.DUE_CHANGED, {"before": "", "after": NOW.isoformat()}),
        (
            {"name": "Turn it on"},
            EventKind.RENAMED,
            {"before": "Turn on MFA", "after": "Turn it on"},
        ),
        (
            {"resolution_code": "Successful", "resolution_notes": "Done."},
            EventKind.RESOLVED,
            {"code": "Successful", "notes": "Done."},
        ),
        ({"resolution_notes": "Done."}, EventKind.RESOLVED, {"code": "", "notes": "Done."}),
    ],
)
def test_each_change_becomes_one_event(
    change: dict[str, object], kind: EventKind, facts: dict[str, str]
) -> None:
    events = plan.changes(KNOWN, replace(NEXT, **change), NOW)  # type: ignore[arg-type]  # each row names fields of its own
    assert [event.kind for event in events] == [kind]
    assert facts.items() <= events[0].facts.items()
    assert events[0].at == NEXT.updated_at


def test_nothing_is_told_when_nothing_we_show_has_changed() -> None:
    assert plan.changes(KNOWN, NEXT, NOW) == []


def test_an_emptied_resolution_is_not_told_as_one() -> None:
    resolved = replace(KNOWN, resolution_code="Successful")
    assert plan.changes(resolved, NEXT, NOW) == []


def test_a_record_without_a_date_is_dated_by_the_look() -> None:
    later = NOW + timedelta(hours=1)
    (event,) = plan.changes(KNOWN, replace(NEXT, updated_at=None, name="x"), later)
    assert event.at == later


def test_the_key_of_an_event_tells_two_changes_apart_and_one_change_together() -> None:
    def key(mod_count: int, name: str) -> str:
        return plan.changes(KNOWN, replace(KNOWN, mod_count=mod_count, name=name), NOW)[0].key

    assert key(4, "x") == key(4, "x")
    assert len({key(4, "x"), key(5, "x"), key(4, "y")}) == 3
    assert len(key(2**31, "x" * 4000)) <= 120


@pytest.mark.parametrize(
    ("state", "phase"),
    [("1", Phase.ON_HOLD), ("2", Phase.IN_PROGRESS), ("11", Phase.UNKNOWN), ("", Phase.UNKNOWN)],
)
def test_the_administrators_phase_wins_then_the_shipped_one(state: str, phase: Phase) -> None:
    assert plan.phase_of(state, {"1": "on_hold"}, {"1": "to_do", "2": "in_progress"}) is phase


def test_a_look_begins_an_overlap_before_the_watermark() -> None:
    overlap = timedelta(seconds=120)
    assert plan.track_from(None, overlap) is None
    assert plan.track_from(NOW, overlap) == NOW - overlap
    earliest = datetime.min.replace(tzinfo=UTC)
    assert plan.track_from(earliest, overlap) == earliest


MOMENTS = st.datetimes(min_value=datetime(2020, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 # hypothesis adds the zone


@given(current=st.none() | MOMENTS, seen=st.lists(MOMENTS))
def test_the_watermark_is_the_largest_time_seen_and_never_goes_back(
    current: datetime | None, seen: list[datetime]
) -> None:
    known = [moment for moment in (current, *seen) if moment is not None]
    assert plan.next_watermark(current, seen, complete=True) == (max(known) if known else None)
    assert plan.next_watermark(current, seen, complete=False) == current


@pytest.mark.parametrize(
    ("hours", "step"),
    [(None, Absence.NOTE), (0, Absence.WAIT), (23.9, Absence.WAIT), (24, Absence.TELL)],
)
def test_a_record_must_be_missing_twice_a_day_apart(hours: float | None, step: Absence) -> None:
    since = None if hours is None else NOW - timedelta(hours=hours)
    assert plan.after_absence(since, NOW) is step
