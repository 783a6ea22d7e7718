"""What the calls to an instance tell about its connection: it works, it rests for a while, or a
person must act."""

from __future__ import annotations

import random
from datetime import datetime

from django.db import transaction

from scoredesk.accounts.audit import Actor
from scoredesk.common.errors import ScoredeskError
from scoredesk.connections import pauses
from scoredesk.connections.findings import Outcome
from scoredesk.connections.lifecycle import Event, concerns_connection, disproved, next_status
from scoredesk.connections.models import Connection, Status
from scoredesk.connections.rows import locked, move, set_reason
from scoredesk.connections.signals import free_to_work
from scoredesk.servicenow.errors import TokenRefused

_JOB = Actor.job("connection")


def may_try(connection: Connection, now: datetime, *, actor: Actor = _JOB) -> bool:
    """The one question that every job asks before it touches the network. Takes a fresh row."""
    return connection.usable and pauses.may_try(connection, now, actor.label)


def report_success(connection: Connection, now: datetime, *, actor: Actor = _JOB) -> None:
    """A call worked. Ends a pause, and an "attention" whose reason is disproved by that."""
    rows = Connection.objects.filter(pk=connection.pk)
    rows.update(attempted_at=now, succeeded_at=now)
    connection.refresh_from_db()
    if connection.status == Status.ATTENTION or connection.failures:
        _recover(connection, actor)
        connection.refresh_from_db()


def report_fault(
    connection: Connection, error: ScoredeskError, now: datetime, *, actor: Actor = _JOB
) -> None:
    """A call failed. The connection rests for a while; only what will not pass by itself puts it
    into attention."""
    with transaction.atomic():
        row = locked(connection)
        row.attempted_at = now
        if row.usable:
            count_failure(row, error, now)
        moves = concerns_connection(error) and next_status(row.status, Event.FAULT) == (
            Status.ATTENTION
        )
        told = row.status == Status.ATTENTION and (
            row.reason == error.code or _known_better(row, error)
        )
        if not moves or told:  # one audit row for each cause is enough
            row.save(update_fields=["attempted_at", "failures", "next_try_at"])
        else:
            set_reason(row, error, met_by=actor.label)
            move(
                row,
                Event.FAULT,
                actor=actor,
                action="connection.attention",
                after={"reason": error.code},
            )
    connection.refresh_from_db()


def _known_better(row: Connection, error: ScoredeskError) -> bool:
    """Whether a check has found out why tokens are refused: a job meets the mere refusal, which is
    the same whatever its cause (servicenow-api 1.4)."""
    failed = {one["code"] for one in row.check_results if one["outcome"] == Outcome.FAILED}
    return isinstance(error, TokenRefused) and row.reason in failed


def count_failure(row: Connection, error: ScoredeskError, now: datetime) -> None:
    """Notes a failure in a locked row, which the caller saves."""
    pauses.count_failure(row, error, now, random.random())  # noqa: S311  # spreads pauses


def try_now(connection: Connection) -> None:
    """A person asks to try at once: earlier failures count no more."""
    with transaction.atomic():
        row = locked(connection)
        if row.failures or row.next_try_at:
            row.failures, row.next_try_at = 0, None
            row.save(update_fields=["failures", "next_try_at"])
    connection.refresh_from_db()


def _recover(connection: Connection, actor: Actor) -> None:
    with transaction.atomic():
        row = locked(connection)
        if row.status == Status.CONNECTED:
            row.failures, row.next_try_at = 0, None
            row.save(update_fields=["failures", "next_try_at"])
            free_to_work.send(Connection, connection=row, cured=False)
        elif row.status == Status.ATTENTION and disproved(
            row.reason, pauses.met_by(row), actor.label
        ):
            set_reason(row, None)
            move(row, Event.WORKED, actor=_JOB, action="connection.recovered")
