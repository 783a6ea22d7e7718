"""A day with a fault: how little the instance is asked, and how soon all goes on after the cure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import httpx
import pytest
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.tickets.world import Instance, Time

from scoredesk.accounts.audit import Actor
from scoredesk.connections import checks, upkeep
from scoredesk.connections.health import report_fault
from scoredesk.connections.models import Connection, Status
from scoredesk.servicenow import errors as sn
from scoredesk.tickets.delivery import deliver, due_connections
from scoredesk.tickets.models import Delivery, Ticket
from scoredesk.tickets.sweeping import sweep
from scoredesk.tickets.tracking import track

pytestmark = pytest.mark.django_db
Share = Callable[..., Ticket]


def a_day_of_jobs(connection: Connection, time: Time) -> None:
    """All jobs ask again and again; how often they may is not theirs to say."""
    for _ in range(24 * 2):
        upkeep.renew_lapsing(time(), dt.timedelta(minutes=12))
        upkeep.look_at_failing(time())
        deliver(connection.pk, now=time)
        track(connection.pk, now=time)
        time.pass_by(minutes=30)
    sweep(connection.pk, now=time)
    upkeep.verify_identities(time())


def forget_requests(instance: Instance) -> None:
    httpx.delete(f"{instance.url}/_sandbox/requests").raise_for_status()


def waiting(task: str) -> int:
    return ProcrastinateJob.objects.filter(task_name=task, status="todo").count()


@pytest.mark.parametrize(("kind", "most"), [("hibernating", 10), ("unauthorized", 30)])
def test_a_fault_that_needs_a_person_costs_few_requests_a_day(
    kind: str,
    most: int,
    instance: Instance,
    connection: Connection,
    share_one: Share,
    time: Time,
) -> None:
    instance.fault(kind, times=None)
    ticket = share_one()
    forget_requests(instance)
    a_day_of_jobs(connection, time)
    assert 3 <= len(instance.requests()) <= most
    ticket.refresh_from_db()
    assert ticket.delivery == Delivery.QUEUED


def test_refused_tokens_are_not_asked_for_so_often_that_an_account_would_be_locked(
    instance: Instance, connection: Connection, share_one: Share, time: Time
) -> None:
    httpx.post(f"{instance.url}/_sandbox/tokens", json={"revoke": "all"}).raise_for_status()
    share_one()
    forget_requests(instance)
    a_day_of_jobs(connection, time)
    asked = [each for each in instance.requests("POST") if "oauth_token" in each["path"]]
    assert 3 <= len(asked) <= 8


def test_a_right_that_only_delivery_lacks_does_not_keep_tracking_from_its_work(
    instance: Instance, connection: Connection, share_one: Share, time: Time
) -> None:
    share_one()
    deliver(connection.pk, now=time)
    unscoped = {"method": "POST", "path": "table/incident", "times": None, "variant": "unscoped"}
    instance.fault("forbidden", **unscoped)
    share_one()
    forget_requests(instance)
    a_day_of_jobs(connection, time)
    connection.refresh_from_db()
    assert (connection.status, connection.reason) == (Status.ATTENTION, "servicenow.unscoped_api")
    posts = [each for each in instance.requests("POST") if "table/incident" in each["path"]]
    assert 3 <= len(posts) <= 8
    assert len(instance.requests("GET")) > 40


def test_check_now_finds_the_cure_and_everything_goes_on_at_once(
    instance: Instance, connection: Connection, share_one: Share, time: Time, ada: Actor
) -> None:
    instance.fault("hibernating", times=None)
    ticket = share_one()
    for _ in range(3):
        deliver(connection.pk, now=time)
        time.pass_by(hours=2)
    connection.refresh_from_db()
    assert connection.failures == 3
    instance.mend()
    ProcrastinateJob.objects.all().delete()
    checks.run(connection, actor=ada, now=time())
    assert (connection.status, connection.failures) == (Status.CONNECTED, 0)
    assert waiting("tickets.deliver") == waiting("tickets.track") == 1
    assert due_connections(time()) == [connection.pk]
    deliver(connection.pk, now=time)
    ticket.refresh_from_db()
    assert ticket.delivery == Delivery.DELIVERED


def test_a_cure_in_servicenow_is_found_without_anybody_pressing_a_button(
    instance: Instance, connection: Connection, time: Time
) -> None:
    instance.fault("hibernating", times=None)
    upkeep.verify_identities(time())
    instance.mend()
    assert upkeep.look_at_failing(time()) == 0
    time.pass_by(minutes=5)
    assert upkeep.look_at_failing(time()) == 1
    connection.refresh_from_db()
    assert (connection.status, connection.next_try_at) == (Status.CONNECTED, None)


def test_a_passing_fault_never_drops_the_connection_and_a_success_ends_its_pause(
    instance: Instance, connection: Connection, share_one: Share, time: Time
) -> None:
    share_one()
    deliver(connection.pk, now=time)
    instance.fault("maintenance", times=None)
    for _ in range(6):
        track(connection.pk, now=time)
        time.pass_by(minutes=16)
    connection.refresh_from_db()
    assert (connection.status, connection.failures) == (Status.CONNECTED, 6)
    instance.mend()
    ProcrastinateJob.objects.all().delete()
    track(connection.pk, now=time)
    connection.refresh_from_db()
    assert (connection.failures, connection.next_try_at) == (0, None)
    assert waiting("tickets.track") == 1


def test_what_the_instance_asks_for_is_granted_to_every_job(
    instance: Instance, connection: Connection, share_one: Share, time: Time
) -> None:
    share_one()
    deliver(connection.pk, now=time)
    report_fault(connection, sn.RateLimited(retry_after=1800), time())
    forget_requests(instance)
    share_one()
    for _ in range(2):
        time.pass_by(minutes=14)
        later = [deliver(connection.pk, now=time), track(connection.pk, now=time)]
        sweep(connection.pk, now=time)
        upkeep.look_at_failing(time())
        assert later == [connection.next_try_at] * 2
    assert instance.requests() == []


def test_nothing_is_delivered_or_read_in_the_name_of_another_user(
    instance: Instance, connection: Connection, share_one: Share, time: Time
) -> None:
    Connection.objects.update(integration_user="somebody.else")
    upkeep.verify_identities(time())
    share_one()
    forget_requests(instance)
    assert deliver(connection.pk, now=time) == Connection.objects.get().next_try_at
    time.pass_by(days=2)
    assert deliver(connection.pk, now=time) is None
    track(connection.pk, now=time)
    assert not sweep(connection.pk, now=time)
    assert instance.requests() == []
