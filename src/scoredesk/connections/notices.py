"""When people are told by e-mail that a connection broke, or works again. Pure, but for `plan`.

A fault is told once, when it has stood for a while: what a person or the instance mends within
minutes troubles nobody. That it works again is told only to those who were told that it broke. A
connection that goes to and fro is told of less and less.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from logging import getLogger

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from scoredesk.accounts.models import AuditEntry
from scoredesk.connections.models import Connection, Status

log = getLogger(__name__)

TOLD = "connection.people_told"
TELL_TASK = "connections.tell_people"
_GRACE = timedelta(minutes=5)
_LONG_GRACE = timedelta(hours=1)
_OFTEN = 6  # messages in 24 hours: it broke and healed three times


class News(StrEnum):
    """What there is to tell."""

    BROKEN = "broken"
    HEALED = "healed"


def news_of(row: Connection) -> News | None:
    """What people do not know yet; None: they know how it stands."""
    if row.status == Status.ATTENTION and row.reason != row.told_reason:
        return News.BROKEN
    if row.status == Status.CONNECTED and row.told_reason:
        return News.HEALED
    return None


def grace(told_lately: int) -> timedelta:
    """How long something must stand before it is told; `told_lately`: messages in 24 hours."""
    return _LONG_GRACE if told_lately >= _OFTEN else _GRACE


def plan(row: Connection, now: datetime) -> None:
    """Asks for the job that tells people, if there is news; in the transaction of the change.

    One such job waits per connection; it tells how things stand when it runs.
    """
    if news_of(row) is None:
        return
    told = AuditEntry.objects.of(row.tenant).filter(
        action=TOLD, subject=row.address, at__gt=now - timedelta(days=1)
    )
    job = app.configure_task(
        TELL_TASK, queueing_lock=f"tell:{row.pk}", schedule_at=now + grace(told.count())
    )
    try:
        with transaction.atomic():
            job.defer(connection_id=row.pk)
    except AlreadyEnqueued:
        log.debug("people are told soon anyway")
