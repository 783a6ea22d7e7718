"""Every request to an instance as a row: when, what, result, how long, which fault.

Neither queries nor bodies are kept: they hold people's texts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from logging import getLogger
from uuid import UUID

from django.db import DatabaseError, transaction

from scoredesk.common.errors import ScoredeskError
from scoredesk.common.http import Attempt as Request
from scoredesk.connections.models import Attempt, Connection

log = getLogger(__name__)

# Tracking alone makes about 6,000 a day and connection; two weeks cover a fault and its repair.
KEPT = timedelta(days=14)


class AttemptBook:
    """Writes the requests of one run. Give it to a client as `on_attempt`, and `fault` as
    `on_fault`. A book that cannot be written in never fails the request that it tells of."""

    def __init__(self, connection: Connection, now: Callable[[], datetime]) -> None:
        self._connection = connection
        self._now = now
        self._ticket: UUID | None = None
        self._newest: int | None = None

    def __call__(self, request: Request) -> None:
        row = Attempt(
            tenant_id=self._connection.tenant_id,
            connection=self._connection,
            ticket_uid=self._ticket,
            at=self._now(),
            method=request.method,
            path=request.target.partition("?")[0][:200],
            status=request.status,
            milliseconds=round(request.seconds * 1000),
        )
        with _unfailing():
            row.save()
            self._newest = row.pk

    def fault(self, fault: ScoredeskError) -> None:
        """The newest request ended with this fault."""
        if self._newest is not None:
            with _unfailing():
                Attempt.objects.filter(pk=self._newest).update(fault_code=fault.code)

    @contextmanager
    def call(self, ticket: UUID | None = None) -> Iterator[None]:
        """Requests in the block are for the ticket with this uid; a fault that leaves the block is
        noted with the newest of them."""
        self._ticket, self._newest = ticket, None
        try:
            yield
        except ScoredeskError as fault:
            self.fault(fault)
            raise


@contextmanager
def _unfailing() -> Iterator[None]:
    """A savepoint of its own: what goes wrong here undoes nothing of the caller's."""
    try:
        with transaction.atomic():
            yield
    except DatabaseError:
        log.exception("A request to an instance could not be written down")


def forget_old(now: datetime) -> int:
    """Deletes rows that nobody needs any more; returns how many."""
    count, _kinds = Attempt.objects.filter(at__lt=now - KEPT).delete()
    return count
