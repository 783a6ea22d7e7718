"""Every request to an instance as a row: when, what, result, how long, which fault.

Neither queries nor bodies are kept: they hold people's texts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from scoredesk.common.errors import ScoredeskError
from scoredesk.common.http import Attempt as Request
from scoredesk.connections.models import Attempt, Connection

# Tracking alone makes about 6,000 a day and connection; two weeks cover a fault and its repair.
KEPT = timedelta(days=14)


class AttemptBook:
    """Writes the requests of one run. Give it to a client as `on_attempt`."""

    def __init__(self, connection: Connection, now: Callable[[], datetime]) -> None:
        self._connection = connection
        self._now = now
        self._ticket: UUID | None = None
        self._rows: list[int] = []

    def __call__(self, request: Request) -> None:
        row = Attempt.objects.create(
            tenant_id=self._connection.tenant_id,
            connection=self._connection,
            ticket_uid=self._ticket,
            at=self._now(),
            method=request.method,
            path=request.target.partition("?")[0][:200],
            status=request.status,
            milliseconds=round(request.seconds * 1000),
        )
        self._rows.append(row.pk)

    @contextmanager
    def call(self, ticket: UUID | None = None) -> Iterator[None]:
        """Requests in the block are for the ticket with this uid; a fault that leaves the block is
        noted with them."""
        self._ticket, self._rows = ticket, []
        try:
            yield
        except ScoredeskError as fault:
            Attempt.objects.filter(pk__in=self._rows).update(fault_code=fault.code)
            raise


def forget_old(now: datetime) -> int:
    """Deletes rows that nobody needs any more; returns how many."""
    count, _kinds = Attempt.objects.filter(at__lt=now - KEPT).delete()
    return count
