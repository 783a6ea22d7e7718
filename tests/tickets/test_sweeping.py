"""The daily sweep against the sandbox: silent changes and vanished records."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.tickets.world import Instance, Time, events

from scoredesk.connections.models import Connection, Status
from scoredesk.tickets import sweeping
from scoredesk.tickets.delivery import deliver
from scoredesk.tickets.models import Ticket
from scoredesk.tickets.sweeping import sweep
from scoredesk.tickets.tracking import track

pytestmark = pytest.mark.django_db
Share = Callable[..., Ticket]


@pytest.fixture
def ticket(connection: Connection, share_one: Share) -> Ticket:
    """A delivered incident."""
    shared = share_one()
    deliver(connection.pk)
    shared.refresh_from_db()
    return shared


def test_a_change_that_moved_neither_date_nor_count_is_found(
    instance: Instance, connection: Connection, ticket: Ticket
) -> None:
    instance.switch(silent_updates=True)
    instance.change("incident", ticket.sys_id, state="2")
    track(connection.pk)
    ticket.refresh_from_db()
    assert ticket.state == "1"
    assert sweep(connection.pk)
    assert sweep(connection.pk)
    ticket.refresh_from_db()
    assert ticket.state == "2"
    assert events(ticket) == ["shared", "delivered", "state_changed"]


def test_a_deleted_record_is_told_after_it_was_missing_for_a_day(
    instance: Instance, connection: Connection, ticket: Ticket, time: Time
) -> None:
    instance.delete("incident", ticket.sys_id)
    sweep(connection.pk, now=time)
    time.pass_by(hours=23)
    sweep(connection.pk, now=time)
    ticket.refresh_from_db()
    assert not ticket.missing
    time.pass_by(hours=2)
    sweep(connection.pk, now=time)
    sweep(connection.pk, now=time)
    ticket.refresh_from_db()
    assert ticket.missing
    assert events(ticket) == ["shared", "delivered", "missing"]


def test_a_record_that_comes_back_is_told_and_tracked(
    instance: Instance, connection: Connection, ticket: Ticket, time: Time
) -> None:
    (record,) = instance.records("incident")
    instance.delete("incident", ticket.sys_id)
    for _ in range(2):
        sweep(connection.pk, now=time)
        time.pass_by(hours=25)
    kept = ("sys_id", "correlation_id", "short_description", "urgency", "impact", "due_date")
    instance.create("incident", **{name: record[name] for name in kept})
    sweep(connection.pk, now=time)
    ticket.refresh_from_db()
    assert (ticket.missing, ticket.missing_since) == (False, None)
    assert "found" in events(ticket)


def test_one_absence_is_forgotten_when_the_record_shows_again(
    instance: Instance, connection: Connection, ticket: Ticket, time: Time
) -> None:
    Ticket.objects.update(missing_since=time())
    time.pass_by(hours=25)
    sweep(connection.pk, now=time)
    ticket.refresh_from_db()
    assert (ticket.missing, ticket.missing_since) == (False, None)
    assert events(ticket) == ["shared", "delivered"]


def test_all_tickets_are_asked_for_in_batches(
    instance: Instance, connection: Connection, share_one: Share, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "BATCH", 2)
    tickets = [share_one() for _ in range(5)]
    deliver(connection.pk)
    instance.switch(silent_updates=True)
    for record in instance.records("incident"):
        instance.change("incident", record["sys_id"], state="2")
    sweep(connection.pk)
    assert {Ticket.objects.get(pk=each.pk).state for each in tickets} == {"2"}


def test_a_fault_makes_nothing_missing(
    instance: Instance, connection: Connection, ticket: Ticket
) -> None:
    instance.fault("cancelled", method="GET", path="table/incident", times=None)
    assert not sweep(connection.pk)
    ticket.refresh_from_db()
    assert ticket.missing_since is None


def test_a_removed_connection_is_not_swept(connection: Connection, ticket: Ticket) -> None:
    Connection.objects.update(status=Status.REMOVED)
    assert not sweep(connection.pk)
