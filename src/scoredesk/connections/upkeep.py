"""What keeps connections alive while nobody looks; called by the periodic jobs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from logging import getLogger

from django.db.models import Q

from scoredesk.accounts.audit import Actor
from scoredesk.common.errors import ScoredeskError
from scoredesk.connections import states
from scoredesk.connections.checks import run, verify_identity
from scoredesk.connections.findings import Step
from scoredesk.connections.health import may_try, report_fault, report_success
from scoredesk.connections.models import Connection, Status
from scoredesk.connections.pauses import next_check_at
from scoredesk.connections.tokens import lapsing, renew

log = getLogger(__name__)

_ACTOR = Actor.job("check")


def renew_lapsing(now: datetime, within: timedelta) -> int:
    """Renews the access tokens that lapse within that time; returns for how many it went well."""
    rows = Connection.objects.filter(pk__in=lapsing(now, within))
    return sum(_kept_going(row, now, partial(renew, row, now, patient=True)) for row in rows)


def verify_identities(now: datetime) -> int:
    """Asks each connected instance who we are, and what kind of account that is by now; returns
    how many answered as they should."""
    rows = [row for row in Connection.objects.filter(status=Status.CONNECTED) if may_try(row, now)]
    return sum(_guarded(row, now) for row in rows)


def look_at_failing(now: datetime) -> int:
    """Looks again at connections that failed, once their pause is over; returns how many work.

    So a cure in ServiceNow is found without anybody here. One in attention is checked as a person
    would check it; for one whose fault passes by itself one question is enough.
    """
    rows = Connection.objects.filter(
        Q(status=Status.ATTENTION) | Q(status=Status.CONNECTED, failures__gt=0)
    )
    due = [row for row in rows if (at := next_check_at(row)) is not None and at <= now]
    return sum(_looked_at(row, now) for row in due)


def _guarded(row: Connection, now: datetime) -> bool:
    """The look at the account is for one that answers: what passes by itself at this hour must not
    stand in the last check for a day."""
    if not _kept_going(row, now, partial(verify_identity, row)):
        return False
    run(row, actor=_ACTOR, now=now, steps={Step.USER})
    return bool(row.status == Status.CONNECTED)


def _looked_at(row: Connection, now: datetime) -> bool:
    if row.status == Status.CONNECTED:
        return _kept_going(row, now, partial(verify_identity, row))
    run(row, actor=_ACTOR, now=now)
    return bool(row.status == Status.CONNECTED)


def read_states(now: datetime) -> int:
    """Reads the states of each connected instance; returns for how many it went well."""
    rows = [row for row in Connection.objects.filter(status=Status.CONNECTED) if may_try(row, now)]
    actor = Actor.job("read-states")
    return sum(
        _kept_going(row, now, partial(states.take_up, row, actor=actor, patient=True))
        for row in rows
    )


def _kept_going(connection: Connection, now: datetime, work: Callable[[], object]) -> bool:
    """One connection's fault is told to that connection and never stops the others."""
    try:
        work()
    except ScoredeskError as fault:
        log.warning("Upkeep of connection %s failed: %s", connection.uid, fault)
        report_fault(connection, fault, now)
        return False
    report_success(connection, now)
    return True
