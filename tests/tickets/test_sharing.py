"""Sharing and mending: everything in one transaction, once, or not at all."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable

import pytest
from django.db import connection as database
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.tickets.world import Instance, events, wish

from scoredesk.accounts.audit import Actor
from scoredesk.accounts.models import AuditEntry, Tenant
from scoredesk.connections.models import Connection, Status
from scoredesk.posture.models import ImprovementAction
from scoredesk.tickets.delivery import deliver
from scoredesk.tickets.models import Delivery, Source, Ticket
from scoredesk.tickets.payload import description_room
from scoredesk.tickets.sharing import NotShareable, mend, share

Share = Callable[..., Ticket]


@pytest.mark.django_db
def test_a_ticket_comes_with_its_job_its_event_and_its_audit_entry(
    connection: Connection, share_one: Share, action: ImprovementAction
) -> None:
    ticket = share_one(source=Source.MICROSOFT, action=action, name="  Two\n lines ")
    assert ticket.correlation_id.startswith(connection.correlation_prefix)
    assert len(ticket.correlation_id) <= 100
    assert (ticket.name, ticket.category, ticket.delivery) == ("Two lines", "Identity", "queued")
    assert ticket.outgoing.get().payload["correlation_id"] == ticket.correlation_id
    assert events(ticket) == ["shared"]
    job = ProcrastinateJob.objects.get(task_name="tickets.deliver")
    assert (job.args, job.lock) == ({"connection_id": connection.pk}, f"connection:{connection.pk}")
    entry = AuditEntry.objects.get(action="ticket.shared")
    assert (entry.actor, entry.after["name"]) == ("ada@alder.example", "Two lines")


@pytest.mark.django_db
def test_nothing_stays_when_the_transaction_fails(share_one: Share) -> None:
    with transaction.atomic():
        share_one()
        transaction.set_rollback(True)
    assert Ticket.objects.count() == ProcrastinateJob.objects.count() == 0


@pytest.mark.django_db
def test_a_form_that_is_sent_twice_makes_one_ticket(share_one: Share) -> None:
    key = uuid.uuid4()
    assert share_one(form_key=key) == share_one(form_key=key)
    assert Ticket.objects.count() == ProcrastinateJob.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_form_that_arrives_many_times_at_once_makes_one_ticket(
    connection: Connection, ada: Actor
) -> None:
    form, found = wish(), []
    gate = threading.Barrier(6)

    def press() -> None:
        gate.wait()
        try:
            found.append(share(connection, form, ada).pk)
        finally:
            database.close()

    presses = [threading.Thread(target=press) for _ in range(6)]
    for each in presses:
        each.start()
    for each in presses:
        each.join()
    assert len(found) == 6
    assert len(set(found)) == Ticket.objects.count() == ProcrastinateJob.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("status", [Status.NOT_CONNECTED, Status.AUTHORIZING, Status.REMOVED])
def test_a_connection_that_is_not_ready_takes_no_ticket(
    status: Status, connection: Connection, ada: Actor
) -> None:
    Connection.objects.update(status=status)
    with pytest.raises(NotShareable, match="not ready"):
        share(connection, wish(), ada)
    assert Ticket.objects.count() == 0


@pytest.mark.django_db
def test_a_connection_that_needs_attention_still_takes_tickets(
    connection: Connection, ada: Actor
) -> None:
    Connection.objects.update(status=Status.ATTENTION)
    assert share(connection, wish(), ada).delivery == Delivery.QUEUED


@pytest.mark.django_db
def test_what_servicenow_would_cut_is_refused_before(share_one: Share, ada: Actor) -> None:
    assert ada.person is not None
    room = description_room(ada.person, Source.USER, "")
    share_one(name="x" * 160, description="x" * room)
    with pytest.raises(NotShareable, match="160"):
        share_one(name="x" * 161)
    with pytest.raises(NotShareable, match=str(room)):
        share_one(description="x" * (room + 1))


@pytest.mark.django_db
def test_an_improvement_action_of_another_tenant_is_no_ticket_here(
    share_one: Share, other_tenant: Tenant
) -> None:
    foreign = ImprovementAction.objects.create(tenant=other_tenant, control_id="x", title="x")
    with pytest.raises(ValueError, match="another tenant"):
        share_one(source=Source.MICROSOFT, action=foreign)


@pytest.mark.django_db
def test_only_a_person_shares(connection: Connection) -> None:
    with pytest.raises(TypeError):
        share(connection, wish(), Actor.job("deliver"))


@pytest.mark.django_db
def test_a_refused_ticket_is_mended_and_sent_under_the_same_correlation_id(
    instance: Instance, connection: Connection, share_one: Share, ada: Actor
) -> None:
    instance.fault("data_policy", method="POST", path="incident", fields=["Caller"])
    ticket = share_one(name="First words")
    deliver(connection.pk)
    mended = mend(ticket, wish(name="Second words", priority=1, table="change_request"), ada)
    assert mended.delivery == Delivery.QUEUED
    assert ProcrastinateJob.objects.filter(task_name="tickets.deliver").count() == 2
    deliver(connection.pk)
    (record,) = instance.records("change_request")
    assert record["correlation_id"] == ticket.correlation_id
    assert (record["short_description"], record["priority"]) == ("Second words", "1")
    assert instance.records("incident") == []
    assert events(ticket) == ["shared", "refused", "mended", "delivered"]
    entry = AuditEntry.objects.get(action="ticket.mended")
    assert (entry.before["name"], entry.after["name"]) == ("First words", "Second words")
    outgoing = ticket.outgoing.get()
    assert (outgoing.error_code, outgoing.error_facts) == ("", {})


@pytest.mark.django_db
def test_a_ticket_that_is_not_refused_cannot_be_mended(share_one: Share, ada: Actor) -> None:
    with pytest.raises(NotShareable, match="not waiting to be mended"):
        mend(share_one(), wish(), ada)


@pytest.mark.django_db
def test_a_ticket_of_a_removed_connection_cannot_be_mended(
    connection: Connection, share_one: Share, ada: Actor
) -> None:
    ticket = share_one()
    ticket.outgoing.update(state=Delivery.FAILED)
    Connection.objects.update(status=Status.REMOVED)
    with pytest.raises(NotShareable, match="not ready"):
        mend(ticket, wish(), ada)
    assert ticket.outgoing.get().state == Delivery.FAILED
