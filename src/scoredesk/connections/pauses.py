"""How long an instance is left alone after a fault. Pure: facts in, times out.

A fault that passes by itself is tried again after seconds, then minutes; one that waits for a
person after minutes, then hours, so that a cure in ServiceNow is found without anybody pressing a
button; a refused sign-in never sooner than a quarter of an hour, because refusals without end lock
the account. What a person does ("Check now", a change of the set-up) starts anew.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from scoredesk.common.errors import ScoredeskError
from scoredesk.connections.lifecycle import (
    concerns_connection,
    disproved,
    forbids_work,
    seen_by_checks_only,
)
from scoredesk.connections.models import Connection, Status
from scoredesk.servicenow.errors import Unauthorized

FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PASSING = timedelta(minutes=15)
# ServiceNow counts requests by the hour and asks for no longer pause (servicenow-api 10).
LONGEST_ASKED = timedelta(hours=1)
_SELDOM = (
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(hours=24),
)


def pause(error: ScoredeskError, failures: int, chance: float) -> timedelta:
    """How long to wait after so many failures in a row (from 1). `chance`, 0 to 1, spreads those
    who wait for the same instance."""
    if not error.retryable:
        return seldom(failures + 1 if isinstance(error, Unauthorized) else failures)
    asked: float | None = getattr(error, "retry_after", None)
    if asked is not None:
        return min(max(timedelta(seconds=asked), timedelta(seconds=1)), LONGEST_ASKED)
    full = min(FIRST_PAUSE * 2.0 ** min(failures - 1, 20), LONGEST_PASSING)
    return full * (0.5 + chance / 2)


def seldom(failures: int) -> timedelta:
    """The pause between two tries of what only a person can cure."""
    return _SELDOM[min(max(failures, 1), len(_SELDOM)) - 1]


def count_failure(row: Connection, error: ScoredeskError, now: datetime, chance: float) -> None:
    """Notes in the row, which the caller saves, that it failed once more and until when it rests.

    A fault is sometimes told twice, by the renewal of a token and by the job that wanted it: while
    the row rests already, the same state of things is counted once.
    """
    breaks = concerns_connection(error)
    if not breaks and not error.retryable:
        return  # one record's fault: the connection works
    new = breaks and row.status != Status.ATTENTION
    if row.next_try_at is not None and now < row.next_try_at and not new:
        return
    row.failures = 1 if new else row.failures + 1
    rests = not seen_by_checks_only(error.code) or forbids_work(error.code)
    row.next_try_at = now + pause(error, row.failures, chance) if rests else None


def may_try(row: Connection, now: datetime, who: str) -> bool:
    """Whether a job may touch the network now. `who`: its name, as the audit log has it.

    Nothing is done while the wrong user answers: only a check can find that cured. A right that
    one job lacks does not keep the others from working.
    """
    if row.status == Status.ATTENTION:
        if forbids_work(row.reason):
            return False
        if not disproved(row.reason, met_by(row), who) and not seen_by_checks_only(row.reason):
            return True
    return row.next_try_at is None or row.next_try_at <= now


def next_check_at(row: Connection) -> datetime | None:
    """When a failing connection is looked at again without anybody asking; None: not failing."""
    if row.status not in {Status.CONNECTED, Status.ATTENTION}:
        return None
    if row.next_try_at is not None:
        return row.next_try_at
    if row.status == Status.ATTENTION:
        since = row.checked_at or row.attempted_at or row.created_at
        return since + seldom(row.failures) if since else None
    return None


def met_by(row: Connection) -> str:
    """Who met the fault that the row is in attention for; "" if nobody wrote it down."""
    return str(row.reason_facts.get("met_by", ""))
