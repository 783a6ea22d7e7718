"""Removed and connected again: nothing is lost, nothing doubled; another instance stays apart."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import httpx
import pytest
from tests.connections.desk import allow_client_credentials
from tests.tickets.world import Instance, Time, events

from scoredesk.accounts.audit import Actor
from scoredesk.common import clock
from scoredesk.connections import checks, credentials, setup, upkeep
from scoredesk.connections.errors import WrongUser
from scoredesk.connections.models import Connection, SignIn, Status
from scoredesk.connections.removal import remove
from scoredesk.connections.setup import Application
from scoredesk.connections.tokens import client_for
from scoredesk.sandbox.program import RunningSandbox, running_sandbox
from scoredesk.sandbox.servicenow.seed import CLIENT_ID, CLIENT_SECRET
from scoredesk.tickets import tasks
from scoredesk.tickets.delivery import deliver
from scoredesk.tickets.models import Outgoing, Ticket
from scoredesk.tickets.plan import SETTLED_AFTER
from scoredesk.tickets.sweeping import sweep
from scoredesk.tickets.tracking import track, untrack_removed

Share = Callable[..., Ticket]
Back = Callable[[], Connection]
USER = "scoredesk.integration"


def set_up(sandbox: RunningSandbox, row: Connection, actor: Actor) -> Connection:
    """All steps, with client credentials, as an administrator takes them."""
    allow_client_credentials(sandbox, USER)
    now = clock.now()
    row = setup.save_instance(sandbox.servicenow_url, "en", tenant=row.tenant, actor=actor, now=now)
    application = Application(SignIn.CLIENT_CREDENTIALS, CLIENT_ID, CLIENT_SECRET)
    setup.save_application(row, application, actor=actor, now=now)
    row = setup.save_user(row, USER, actor=actor, now=now)
    return credentials.obtain(row, actor=actor, now=now)


@pytest.fixture
def leave(connection: Connection, ada: Actor) -> Callable[[], None]:
    """Removes the connection, and the minute after it."""

    def go() -> None:
        assert remove(connection, actor=ada, now=clock.now())
        untrack_removed(clock.now())

    return go


@pytest.fixture
def come_back(sandbox: RunningSandbox, connection: Connection, ada: Actor) -> Back:
    """Connects the same instance again."""

    def go() -> Connection:
        row = set_up(sandbox, connection, ada)
        assert (row.pk, row.status) == (connection.pk, Status.CONNECTED)
        return row

    return go


@pytest.fixture
def second() -> Iterator[RunningSandbox]:
    with running_sandbox() as program:
        yield program


def test_a_ticket_that_was_queued_leaves_once_after_coming_back(
    instance: Instance,
    connection: Connection,
    share_one: Share,
    leave: Callable[[], None],
    come_back: Back,
) -> None:
    ticket = share_one()
    leave()
    assert deliver(connection.pk) is None
    come_back()
    deliver(connection.pk)
    track(connection.pk)
    deliver(connection.pk)
    assert [each["correlation_id"] for each in instance.records("incident")] == [
        ticket.correlation_id
    ]
    assert events(ticket) == ["shared", "untracked", "delivered", "tracked"]


@pytest.mark.parametrize("state", ["sending", "uncertain"])
def test_a_ticket_in_doubt_at_removal_is_found_again_and_not_doubled(
    instance: Instance,
    connection: Connection,
    share_one: Share,
    leave: Callable[[], None],
    come_back: Back,
    state: str,
) -> None:
    instance.fault("lost_reply", method="POST", path="incident")
    ticket = share_one()
    deliver(connection.pk)
    Outgoing.objects.update(state=state)
    leave()
    come_back()
    deliver(connection.pk, now=Time(dt.timedelta(minutes=1)))
    ticket.refresh_from_db()
    assert ticket.delivery == "delivered"
    assert len(instance.records("incident")) == 1


def test_a_ticket_in_doubt_that_never_arrived_is_sent_once(
    instance: Instance,
    connection: Connection,
    share_one: Share,
    leave: Callable[[], None],
    come_back: Back,
) -> None:
    instance.fault("reset", method="POST", path="incident")
    share_one()
    deliver(connection.pk)
    leave()
    come_back()
    later = Time(SETTLED_AFTER + dt.timedelta(minutes=1))
    for _ in range(3):
        deliver(connection.pk, now=later)
        later.pass_by(minutes=20)
    assert len(instance.records("incident")) == 1


def test_what_happened_between_is_caught_up(
    instance: Instance,
    connection: Connection,
    share_one: Share,
    leave: Callable[[], None],
    come_back: Back,
) -> None:
    changed, deleted = share_one(), share_one()
    deliver(connection.pk)
    track(connection.pk)
    leave()
    for ticket in (changed, deleted):
        ticket.refresh_from_db()
        assert not ticket.tracked
    instance.change("incident", changed.sys_id, state="2")
    instance.delete("incident", deleted.sys_id)
    come_back()
    tasks.track(connection.pk)
    changed.refresh_from_db()
    assert (changed.tracked, changed.state) == (True, "2")
    waiting = tasks.app.job_manager.list_jobs(task="tickets.sweep", status="todo")
    assert len(list(waiting)) == 1
    assert sweep(connection.pk)
    assert sweep(connection.pk, now=Time(dt.timedelta(hours=25)))
    assert events(deleted)[-1] == "missing"


def test_after_a_clone_the_records_are_told_as_gone_and_nothing_is_sent_again(
    sandbox: RunningSandbox,
    instance: Instance,
    connection: Connection,
    share_one: Share,
    leave: Callable[[], None],
    ada: Actor,
) -> None:
    gone = share_one()
    deliver(connection.pk)
    httpx.post(f"{instance.url}/_sandbox/packs", json={"clone": True}).raise_for_status()
    leave()
    sandbox.reset()  # as after a repair of the application; the records of before stay lost
    set_up(sandbox, connection, ada)
    deliver(connection.pk)
    track(connection.pk)
    sweep(connection.pk)
    sweep(connection.pk, now=Time(dt.timedelta(hours=25)))
    gone.refresh_from_db()
    assert (gone.delivery, gone.missing) == ("delivered", True)
    assert instance.records("incident") == []


def test_another_instance_leaves_the_old_tickets_as_history(
    second: RunningSandbox,
    connection: Connection,
    share_one: Share,
    leave: Callable[[], None],
    ada: Actor,
    settings: object,
) -> None:
    host = second.servicenow_url.removeprefix("http://")
    for name in ("INSTANCE_HOSTS", "PRIVATE_INSTANCE_HOSTS"):
        setattr(settings, name, [*getattr(settings, name), host])
    old, queued = share_one(), share_one()
    Outgoing.objects.filter(ticket=queued).update(next_try_at=clock.now() + dt.timedelta(hours=1))
    deliver(connection.pk)
    leave()
    other = set_up(second, connection, ada)
    assert other.pk != connection.pk
    deliver(other.pk)
    track(other.pk)
    for ticket in (old, queued):
        ticket.refresh_from_db()
        assert not ticket.tracked
        assert ticket.connection_id == connection.pk
    assert Instance(second.servicenow_url).records("incident") == []
    assert tasks.delivery.due_connections(clock.now() + dt.timedelta(days=1)) == []


def test_no_delivery_leaves_in_the_name_of_another_user(
    sandbox: RunningSandbox,
    instance: Instance,
    connection: Connection,
    share_one: Share,
    ada: Actor,
) -> None:
    set_up(sandbox, connection, ada)
    ticket = share_one()
    allow_client_credentials(sandbox, "change.owner")
    upkeep.verify_identities(clock.now())
    connection.refresh_from_db()
    assert (connection.status, connection.reason) == (Status.ATTENTION, "connection.wrong_user")
    for hours in range(1, 50, 12):
        deliver(connection.pk, now=Time(dt.timedelta(hours=hours)))
        track(connection.pk, now=Time(dt.timedelta(hours=hours)))
    assert [entry for entry in instance.requests("POST") if "/table/" in str(entry["path"])] == []
    allow_client_credentials(sandbox, USER)
    checks.run(connection, actor=ada, now=clock.now())
    deliver(connection.pk)
    (record,) = instance.records("incident")
    assert (record["correlation_id"], record["sys_created_by"]) == (ticket.correlation_id, USER)


def test_no_client_of_a_job_acts_while_another_user_is_known_to_answer(
    connection: Connection, share_one: Share, instance: Instance
) -> None:
    Connection.objects.update(
        status=Status.ATTENTION, reason="connection.wrong_user", reason_facts={"answered": "x"}
    )
    connection.refresh_from_db()
    with client_for(connection, patient=True) as client, pytest.raises(WrongUser):
        client.insert("incident", {"short_description": "never"})
    assert not [each for each in instance.requests("POST") if "/table/" in str(each["path"])]
