"""What the calls to an instance tell about its connection: it works, or a person must act."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from scoredesk.accounts.audit import Actor
from scoredesk.common.errors import ScoredeskError
from scoredesk.connections.lifecycle import (
    Event,
    cleared_by_success,
    concerns_connection,
    next_status,
)
from scoredesk.connections.models import Connection, Status
from scoredesk.connections.rows import locked, move, set_reason

_JOB = Actor.job("connection")


def report_success(connection: Connection, now: datetime) -> None:
    """A call worked. Ends an "attention" whose reason is disproved by that."""
    rows = Connection.objects.filter(pk=connection.pk)
    rows.update(attempted_at=now, succeeded_at=now)
    if rows.filter(status=Status.ATTENTION).exists():
        _recover(connection)
    connection.refresh_from_db()


def report_fault(
    connection: Connection, error: ScoredeskError, now: datetime, *, actor: Actor = _JOB
) -> None:
    """A call failed. Only what will not pass by itself puts the connection into attention."""
    with transaction.atomic():
        row = locked(connection)
        row.attempted_at = now
        moves = concerns_connection(error) and next_status(row.status, Event.FAULT) == (
            Status.ATTENTION
        )
        if not moves:
            row.save(update_fields=["attempted_at"])
        elif row.status == Status.ATTENTION and row.reason == error.code:
            row.save(update_fields=["attempted_at"])  # told already: one audit row is enough
        else:
            set_reason(row, error)
            move(
                row,
                Event.FAULT,
                actor=actor,
                action="connection.attention",
                after={"reason": error.code},
            )
    connection.refresh_from_db()


def _recover(connection: Connection) -> None:
    with transaction.atomic():
        row = locked(connection)
        if row.status != Status.ATTENTION or not cleared_by_success(row.reason):
            return
        set_reason(row, None)
        move(row, Event.WORKED, actor=_JOB, action="connection.recovered")
