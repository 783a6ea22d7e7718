"""How long an instance is left alone, line by line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from scoredesk.common.errors import ScoredeskError
from scoredesk.connections import errors as own
from scoredesk.connections.models import Connection, Status
from scoredesk.connections.pauses import count_failure, may_try, next_check_at, pause
from scoredesk.servicenow import errors as sn

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
JOB = "job:track"


def row(status: Status = Status.CONNECTED, **values: object) -> Connection:
    return Connection(**{"status": status, "created_at": NOW, "reason_facts": {}, **values})


@pytest.mark.parametrize(
    ("error", "failures", "chance", "expected"),
    [
        (sn.Maintenance(), 1, 1, timedelta(seconds=2)),
        (sn.Maintenance(), 1, 0, timedelta(seconds=1)),
        (sn.Maintenance(), 4, 1, timedelta(seconds=16)),
        (sn.LostAnswer(), 40, 1, 15 * MINUTE),
        (sn.RateLimited(retry_after=90), 7, 0, timedelta(seconds=90)),
        (sn.RateLimited(retry_after=0), 1, 0, timedelta(seconds=1)),
        (sn.RateLimited(retry_after=86400), 1, 0, HOUR),
        (sn.Hibernating(), 1, 0, 5 * MINUTE),
        (sn.Hibernating(), 2, 0, 15 * MINUTE),
        (sn.Hibernating(), 3, 0, HOUR),
        (sn.Hibernating(), 4, 0, 6 * HOUR),
        (sn.Hibernating(), 5, 0, 24 * HOUR),
        (sn.Hibernating(), 99, 0, 24 * HOUR),
        (sn.GrantRefused(), 1, 0, 15 * MINUTE),
        (sn.Unauthorized(), 1, 0, 15 * MINUTE),
        (sn.ClientRefused(), 4, 0, 24 * HOUR),
    ],
)
def test_pauses_grow_by_the_kind_of_fault(
    error: ScoredeskError, failures: int, chance: float, expected: timedelta
) -> None:
    assert pause(error, failures, chance) == expected


def test_no_refused_sign_in_is_repeated_within_a_quarter_of_an_hour() -> None:
    assert min(pause(sn.TokenRefused(), failures, 0) for failures in range(1, 20)) == 15 * MINUTE


def test_a_fault_that_is_told_twice_is_counted_once() -> None:
    broken = row()
    count_failure(broken, sn.GrantRefused(), NOW, 0)
    broken.status = Status.ATTENTION
    count_failure(broken, sn.GrantRefused(), NOW + MINUTE, 0)
    assert (broken.failures, broken.next_try_at) == (1, NOW + 15 * MINUTE)
    count_failure(broken, sn.GrantRefused(), NOW + 15 * MINUTE, 0)
    assert (broken.failures, broken.next_try_at) == (2, NOW + 75 * MINUTE)


def test_what_needs_a_person_counts_from_one_however_often_something_passed_before() -> None:
    tired = row(failures=9, next_try_at=NOW + MINUTE)
    count_failure(tired, sn.Hibernating(), NOW, 0)
    assert (tired.failures, tired.next_try_at) == (1, NOW + 5 * MINUTE)


def test_the_fault_of_one_record_pauses_nothing() -> None:
    working = row()
    count_failure(working, sn.DataPolicyRefused(), NOW, 0)
    assert (working.failures, working.next_try_at) == (0, None)


def test_what_only_a_check_sees_keeps_no_job_from_working_but_is_checked_again() -> None:
    doubtful = row(reason=own.TableUnreadable.code, checked_at=NOW)
    count_failure(doubtful, own.TableUnreadable(), NOW, 0)
    doubtful.status = Status.ATTENTION
    assert may_try(doubtful, NOW, JOB)
    assert next_check_at(doubtful) == NOW + 5 * MINUTE


def test_another_user_stops_every_job_until_a_check_finds_it_cured() -> None:
    foreign = row(reason=own.WrongUser.code)
    count_failure(foreign, own.WrongUser(), NOW, 0)
    foreign.status = Status.ATTENTION
    assert not may_try(foreign, NOW + 99 * HOUR, JOB)
    assert next_check_at(foreign) == NOW + 5 * MINUTE


@pytest.mark.parametrize(
    ("values", "allowed"),
    [
        ({}, True),
        ({"next_try_at": NOW}, True),
        ({"next_try_at": NOW + MINUTE}, False),
        ({"status": Status.ATTENTION, "reason": sn.Hibernating.code}, True),
        (
            {
                "status": Status.ATTENTION,
                "reason": sn.Hibernating.code,
                "next_try_at": NOW + MINUTE,
            },
            False,
        ),
        (
            {
                "status": Status.ATTENTION,
                "reason": sn.UnscopedApi.code,
                "reason_facts": {"met_by": "job:deliver"},
                "next_try_at": NOW + MINUTE,
            },
            True,
        ),
        (
            {
                "status": Status.ATTENTION,
                "reason": sn.UnscopedApi.code,
                "reason_facts": {"met_by": JOB},
                "next_try_at": NOW + MINUTE,
            },
            False,
        ),
    ],
)
def test_a_job_may_try_unless_its_connection_rests(
    values: dict[str, object],
    allowed: bool,  # noqa: FBT001  # a column of the table above
) -> None:
    assert may_try(row(**values), NOW, JOB) is allowed  # type: ignore[arg-type]  # fields of a row


def test_what_works_or_was_never_connected_has_no_next_check() -> None:
    assert next_check_at(row()) is None
    assert next_check_at(row(Status.NOT_CONNECTED, next_try_at=NOW)) is None
