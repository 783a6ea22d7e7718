"""Jobs as a worker runs them: soon, once, after a pause, and after a worker's death."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection as database
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.tickets.world import Instance, events

from scoredesk.accounts.audit import Actor
from scoredesk.accounts.models import Tenant
from scoredesk.common import clock
from scoredesk.connections import checks
from scoredesk.connections.models import Connection, Status
from scoredesk.tickets import tasks
from scoredesk.tickets.models import Delivery, Ticket

Share = Callable[..., Ticket]
Run = Callable[[], None]


def waiting(task: str) -> list[ProcrastinateJob]:
    return list(ProcrastinateJob.objects.filter(task_name=task, status="todo").order_by("id"))


def wakes(task: str) -> list[ProcrastinateJob]:
    return [job for job in waiting("tickets.wake") if job.args["task"] == task]


@pytest.mark.django_db(transaction=True)
def test_a_worker_delivers_what_was_shared_and_looks_again_later(
    instance: Instance, share_one: Share, run_jobs: Run
) -> None:
    ticket = share_one()
    run_jobs()
    ticket.refresh_from_db()
    assert ticket.delivery == Delivery.DELIVERED
    assert waiting("tickets.deliver") == []
    (wake,) = wakes("tickets.track")
    assert wake.lock is None  # a waiting job with the lock would hold up deliveries
    assert wake.scheduled_at > clock.now()


@pytest.mark.django_db(transaction=True)
def test_a_delayed_ticket_has_a_wake_for_its_next_try(
    instance: Instance, share_one: Share, run_jobs: Run
) -> None:
    instance.fault("unavailable", method="POST", path="incident", times=None)
    ticket = share_one()
    run_jobs()
    (wake,) = wakes("tickets.deliver")
    outgoing = ticket.outgoing.get()
    assert abs(wake.scheduled_at - outgoing.next_try_at) < dt.timedelta(seconds=1)


@pytest.mark.django_db
def test_a_ticket_whose_job_was_lost_is_found_again(share_one: Share) -> None:
    ticket = share_one()
    ticket.outgoing.update(next_try_at=clock.now() - dt.timedelta(hours=1))
    ProcrastinateJob.objects.all().delete()
    tasks.tick(0)
    tasks.tick(0)
    (job,) = waiting("tickets.deliver")
    assert job.lock == f"connection:{ticket.connection_id}"


@pytest.mark.django_db
def test_each_tick_keeps_one_look_waiting_per_connection(share_one: Share) -> None:
    share_one()
    tasks.tick(0)
    tasks.tick(0)
    assert len(wakes("tickets.track")) == 1


@pytest.mark.django_db
def test_a_repaired_connection_is_not_kept_waiting_by_the_pause_of_the_broken_one(
    share_one: Share, connection: Connection, instance: Instance, ada: Actor
) -> None:
    share_one()
    tasks.deliver(connection.pk)
    ProcrastinateJob.objects.all().delete()
    instance.fault("hibernating", method="GET", path="incident")
    tasks.track(connection.pk)
    tasks.tick(0)
    (pausing,) = wakes("tickets.track")
    assert pausing.scheduled_at > clock.now() + dt.timedelta(minutes=4)
    checks.run(connection, actor=ada, now=clock.now())
    assert len(waiting("tickets.track")) == len(waiting("tickets.deliver")) == 1


@pytest.mark.django_db
def test_a_tick_untracks_tickets_of_removed_connections(share_one: Share) -> None:
    ticket = share_one()
    Connection.objects.update(status=Status.REMOVED, removed_at=clock.now())
    tasks.tick(0)
    assert events(ticket) == ["shared", "untracked"]
    assert wakes("tickets.track") == []


@pytest.mark.django_db
def test_every_night_all_connections_are_swept(share_one: Share) -> None:
    share_one()
    tasks.nightly(0)
    tasks.nightly(0)
    assert len(waiting("tickets.sweep")) == 1


@pytest.mark.django_db
def test_jobs_for_a_connection_that_is_gone_end_quietly(tenant: Tenant) -> None:
    tasks.deliver(4711)
    tasks.track(4711)
    tasks.sweep(4711)
    assert ProcrastinateJob.objects.exclude(task_name="tickets.wake").count() == 0


def die_in_the_middle_of(job: ProcrastinateJob) -> None:
    """What a worker that was killed an hour ago leaves behind."""
    with database.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour')"
            " RETURNING id"
        )
        (worker,) = cursor.fetchone()
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s WHERE id = %s",
            [worker, job.pk],
        )


@pytest.mark.django_db(transaction=True)
def test_the_job_of_a_killed_worker_is_run_again(
    instance: Instance, share_one: Share, run_jobs: Run
) -> None:
    ticket = share_one()
    die_in_the_middle_of(waiting("tickets.deliver")[0])
    app.configure_task("jobs.rescue").defer(timestamp=0)
    run_jobs()
    ticket.refresh_from_db()
    assert ticket.delivery == Delivery.DELIVERED
    assert len(instance.records("incident")) == 1


@pytest.mark.django_db(transaction=True)
def test_a_killed_job_whose_successor_waits_already_makes_way_for_it(
    instance: Instance, share_one: Share, run_jobs: Run
) -> None:
    ticket = share_one()
    ProcrastinateJob.objects.all().delete()
    ticket.outgoing.update(next_try_at=clock.now())
    tasks.tick(0)
    die_in_the_middle_of(waiting("tickets.deliver")[0])
    tasks.tick(0)
    app.configure_task("jobs.rescue").defer(timestamp=0)
    run_jobs()
    ticket.refresh_from_db()
    assert ticket.delivery == Delivery.DELIVERED
    assert not ProcrastinateJob.objects.filter(status__in=["doing", "failed"]).exists()
