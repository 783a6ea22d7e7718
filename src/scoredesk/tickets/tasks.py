"""The jobs of this room: when; what they do stands in `delivery`, `tracking` and `sweeping`.

Jobs that touch an instance share the lock of their connection, so one of them runs at a time. Such
a job is never scheduled for later: a waiting job with a lock would hold up the ones behind it. To
run something later, a `wake` without a lock is scheduled, which then asks for the job.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.dispatch import receiver
from procrastinate import exceptions
from procrastinate.contrib.django import app
from procrastinate.job_context import JobContext
from procrastinate.jobs import Status as JobStatus

from scoredesk.common import clock
from scoredesk.connections import attempts
from scoredesk.connections.models import Connection
from scoredesk.connections.signals import free_to_work
from scoredesk.tickets import delivery, sweeping, tracking
from scoredesk.tickets.models import Ticket

log = logging.getLogger(__name__)

TICK = "* * * * *"
NIGHTLY = "40 3 * * *"


def request_delivery(connection_id: int) -> None:
    """Asks for a delivery; inside a transaction, the job exists exactly if the transaction does.

    Without a queueing lock, on purpose: a job that waits already may begin, and end, before our
    transaction is committed, and would not see its ticket.
    """
    deliver.configure(lock=_lock(connection_id)).defer(connection_id=connection_id)


@receiver(free_to_work)
def resume(*, connection: Connection, cured: bool, **_more: object) -> None:
    """What waited for a connection goes on at once, by jobs of the transaction that freed it.

    `cured`: also tickets whose own pause is not over are tried again.
    """
    if not Ticket.objects.filter(connection=connection).exists():
        return
    if cured:
        delivery.release(connection, clock.now())
    request_delivery(connection.pk)
    track.configure(lock=_lock(connection.pk)).defer(connection_id=connection.pk)


@app.task(name="tickets.deliver")
def deliver(connection_id: int) -> None:
    """Delivers, and comes back when the earliest row that is left wants it."""
    later = delivery.deliver(connection_id)
    if later is not None:
        _wake_at(later, "tickets.deliver", connection_id, f"{later:%Y%m%dT%H%M%S}")
    _look_at(clock.now(), connection_id)


@app.task(name="tickets.track")
def track(connection_id: int) -> None:
    """Tracks, and comes back after the pause that the operator has set.

    After a connection came back, its tickets are also compared one by one: tracking cannot see
    what was deleted meanwhile.
    """
    came_back = tracking.has_come_back(connection_id)
    later = tracking.track(connection_id)
    if came_back:
        _ask_once("tickets.sweep", connection_id)
    if later is not None:
        _look_at(later, connection_id)


@app.task(name="tickets.sweep")
def sweep(connection_id: int) -> None:
    """Compares all tickets with their records."""
    sweeping.sweep(connection_id)


@app.task(name="tickets.wake")
def wake(task: str, connection_id: int) -> None:
    """Asks for a job of a connection now."""
    _ask_once(task, connection_id)


@app.periodic(cron=TICK)
@app.task(name="tickets.tick", queueing_lock="tickets.tick")
def tick(timestamp: int) -> None:  # noqa: ARG001 # Procrastinate tells the planned time
    """Safety net: finds what is due although its job was lost, and starts tracking."""
    now = clock.now()
    tracking.untrack_removed(now)
    for connection_id in delivery.due_connections(now):
        _ask_once("tickets.deliver", connection_id)
    for connection_id in tracking.trackable_connections():
        _look_at(now, connection_id)


@app.periodic(cron=NIGHTLY)
@app.task(name="tickets.nightly", queueing_lock="tickets.nightly")
def nightly(timestamp: int) -> None:  # noqa: ARG001 # Procrastinate tells the planned time
    """Sweeps every connection, and forgets old attempts."""
    attempts.forget_old(clock.now())
    for connection_id in tracking.trackable_connections():
        _ask_once("tickets.sweep", connection_id)


@app.periodic(cron=TICK)
@app.task(name="jobs.rescue", queueing_lock="jobs.rescue", pass_context=True)
async def rescue(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 # the planned time
    """Starts jobs of workers that died again, in all rooms."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs():
        log.warning("Job %s of a dead worker is started again", job.call_string)
        try:
            await manager.retry_job(job)
        except exceptions.UniqueViolation:
            # Another one waits under the same queueing lock and does the same work.
            await manager.finish_job(job, JobStatus.FAILED, delete_job=True)


def _lock(connection_id: int) -> str:
    return f"connection:{connection_id}"


def _ask_once(task: str, connection_id: int) -> None:
    """Asks for a job unless one waits already. For callers whose facts are committed."""
    asked = app.configure_task(
        task, lock=_lock(connection_id), queueing_lock=f"{task}:{connection_id}"
    )
    _defer_quietly(lambda: asked.defer(connection_id=connection_id))


def _look_at(at: datetime, connection_id: int) -> None:
    """Asks for tracking at a time, unless a look waits already.

    The status is part of the mark: the long pause of a broken connection must not keep a repaired
    one waiting.
    """
    _wake_at(at, "tickets.track", connection_id, tracking.status_of(connection_id))


def _wake_at(at: datetime, task: str, connection_id: int, mark: str) -> None:
    """Asks for a job at a time. One wake waits per connection, task and `mark`."""
    lock = f"wake:{task}:{connection_id}:{mark}"
    asked = wake.configure(schedule_at=at, queueing_lock=lock)
    _defer_quietly(lambda: asked.defer(task=task, connection_id=connection_id))


def _defer_quietly(defer: Callable[[], object]) -> None:
    try:
        with transaction.atomic():
            defer()
    except exceptions.AlreadyEnqueued:
        log.debug("the same job waits already")
