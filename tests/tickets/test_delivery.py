"""Delivery to the sandbox over HTTP: what arrives, what is refused, what is delayed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from tests.tickets.world import Instance, Time, events

from scoredesk.accounts.audit import Actor
from scoredesk.accounts.models import AuditEntry
from scoredesk.connections import checks
from scoredesk.connections.models import Attempt, Connection, Status
from scoredesk.tickets import delivery
from scoredesk.tickets.delivery import deliver, due_connections
from scoredesk.tickets.models import Delivery, Ticket

pytestmark = pytest.mark.django_db
Share = Callable[..., Ticket]
FIVE_MINUTES = dt.timedelta(minutes=5)


def test_a_shared_ticket_becomes_one_record_and_learns_its_number(
    instance: Instance, connection: Connection, share_one: Share
) -> None:
    ticket = share_one(priority=2)
    assert deliver(connection.pk) is None
    (record,) = instance.records("incident")
    ticket.refresh_from_db()
    assert (ticket.number, ticket.sys_id) == (record["number"], record["sys_id"])
    assert (ticket.delivery, ticket.state, ticket.state_label) == (Delivery.DELIVERED, "1", "New")
    assert (ticket.phase, ticket.remote_priority, ticket.mod_count) == ("to_do", "2", 0)
    assert events(ticket) == ["shared", "delivered"]
    assert AuditEntry.objects.filter(action="ticket.delivered", actor="job:deliver").count() == 1


def test_many_tickets_go_out_in_the_order_in_which_they_were_shared(
    instance: Instance, connection: Connection, share_one: Share
) -> None:
    names = [f"Ticket {number}" for number in range(7)]
    for name in names:
        share_one(name=name)
    deliver(connection.pk)
    found = sorted(instance.records("incident"), key=lambda record: record["number"])
    assert [record["short_description"] for record in found] == names


def test_a_second_run_sends_nothing(
    instance: Instance, connection: Connection, share_one: Share
) -> None:
    share_one()
    deliver(connection.pk)
    deliver(connection.pk)
    assert len(instance.requests("POST")) == 2  # the token of the fixture, and one record


def test_a_refusal_is_kept_with_servicenows_words_and_the_fields_to_fill(
    instance: Instance, connection: Connection, share_one: Share
) -> None:
    instance.switch(mandatory_fields={"incident": {"u_cost_center": "Cost center"}})
    ticket = share_one()
    assert deliver(connection.pk) is None
    ticket.refresh_from_db()
    outgoing = ticket.outgoing.get()
    assert ticket.delivery == outgoing.state == Delivery.FAILED
    assert outgoing.error_code == "servicenow.data_policy"
    assert "Cost center" in outgoing.error_detail
    assert outgoing.error_facts == {"fields": "Cost center"}
    assert events(ticket) == ["shared", "refused"]
    assert Connection.objects.get().status == Status.CONNECTED


def test_a_business_rule_is_named(
    instance: Instance, connection: Connection, share_one: Share
) -> None:
    instance.switch(business_rules={"incident": "Check cost center"})
    ticket = share_one()
    deliver(connection.pk)
    outgoing = ticket.outgoing.get()
    assert outgoing.error_code == "servicenow.business_rule"
    assert outgoing.error_facts["rule"] == "Check cost center"


def test_one_refused_ticket_does_not_hold_up_the_others(
    instance: Instance, connection: Connection, share_one: Share
) -> None:
    instance.fault("data_policy", method="POST", path="incident", fields=["Caller"])
    first, second = share_one(), share_one()
    deliver(connection.pk)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.delivery, second.delivery) == (Delivery.FAILED, Delivery.DELIVERED)


def test_a_passing_fault_delays_the_whole_queue_and_is_told_once(
    instance: Instance, connection: Connection, share_one: Share, time: Time
) -> None:
    instance.fault("rate_limit", method="POST", path="incident", times=2, retry_after=40)
    first, second = share_one(), share_one()
    later = deliver(connection.pk, now=time)
    assert later is not None
    assert dt.timedelta(seconds=38) < later - time() <= dt.timedelta(seconds=40)
    assert len(instance.requests("POST")) == 2
    third = share_one()  # arrives while the instance wants to be left alone
    assert deliver(connection.pk, now=time) == later
    assert len(instance.requests("POST")) == 2
    time.pass_by(seconds=41)
    deliver(connection.pk, now=time)
    time.pass_by(seconds=41)
    assert deliver(connection.pk, now=time) is None
    assert len(instance.records("incident")) == 3
    assert events(first) == ["shared", "delayed", "delivered"]
    assert events(second) == events(third) == ["shared", "delivered"]


def test_a_broken_connection_keeps_its_tickets_until_it_is_repaired(
    instance: Instance, connection: Connection, share_one: Share, time: Time, ada: Actor
) -> None:
    instance.switch(scope_restriction=True)
    ticket = share_one()
    later = deliver(connection.pk, now=time)
    connection.refresh_from_db()
    assert connection.status == Status.ATTENTION
    assert connection.reason == "servicenow.unscoped_api"
    assert later is not None
    assert later - time() > FIVE_MINUTES - dt.timedelta(seconds=5)
    assert connection.pk not in due_connections(time())
    instance.switch(scope_restriction=False)
    checks.run(connection, actor=ada, now=time())
    assert due_connections(time()) == [connection.pk]
    assert deliver(connection.pk, now=time) is None
    ticket.refresh_from_db()
    assert ticket.delivery == Delivery.DELIVERED


def test_a_connection_in_need_of_attention_is_tried_seldom_and_heals_itself(
    instance: Instance, connection: Connection, share_one: Share, time: Time
) -> None:
    instance.fault("hibernating", times=1, path="incident")
    ticket = share_one()
    deliver(connection.pk, now=time)
    assert Connection.objects.get().status == Status.ATTENTION
    deliver(connection.pk, now=time)
    assert len(instance.requests("POST")) == 2
    time.pass_by(minutes=16)
    assert deliver(connection.pk, now=time) is None
    assert Connection.objects.get().status == Status.CONNECTED
    ticket.refresh_from_db()
    assert ticket.delivery == Delivery.DELIVERED


def test_tickets_shared_while_the_connection_is_broken_make_no_requests_of_their_own(
    instance: Instance, connection: Connection, share_one: Share, time: Time
) -> None:
    instance.switch(scope_restriction=True)
    share_one()
    later = deliver(connection.pk, now=time)
    requests = len(instance.requests())
    for _ in range(3):
        share_one()
        assert deliver(connection.pk, now=time) == later
    assert len(instance.requests()) == requests


def test_a_long_queue_goes_out_in_several_runs_so_that_tracking_gets_its_turn(
    instance: Instance,
    connection: Connection,
    share_one: Share,
    time: Time,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(delivery, "ROWS_PER_RUN", 2)
    for _ in range(5):
        share_one()
    runs = 1
    while (later := deliver(connection.pk, now=time)) is not None:
        assert later <= time()
        runs += 1
    assert (runs, len(instance.records("incident"))) == (3, 5)


def test_a_removed_connection_sends_nothing(
    instance: Instance, connection: Connection, share_one: Share
) -> None:
    share_one()
    Connection.objects.update(status=Status.REMOVED)
    assert deliver(connection.pk) is None
    assert due_connections(dt.datetime.max.replace(tzinfo=dt.UTC)) == []
    assert instance.records("incident") == []


def test_what_servicenow_stored_differently_is_told_per_field(
    instance: Instance, connection: Connection, share_one: Share
) -> None:
    instance.switch(unreadable_fields={"incident": ["due_date"]})
    ticket = share_one()
    deliver(connection.pk)
    differing = [event.facts for event in ticket.events.filter(kind="field_differs")]
    assert [(facts["field"], facts["how"]) for facts in differing] == [("due_date", "dropped")]


def test_every_request_is_kept_without_its_query(
    instance: Instance, connection: Connection, share_one: Share
) -> None:
    instance.fault("data_policy", method="POST", path="incident", fields=["Caller"])
    ticket = share_one()
    deliver(connection.pk)
    attempt = Attempt.objects.get()
    assert (attempt.ticket_uid, attempt.method, attempt.status) == (ticket.uid, "POST", 403)
    assert attempt.path == "/api/now/table/incident"
    assert attempt.fault_code == "servicenow.data_policy"


def test_a_lapsed_token_is_renewed_on_the_way(
    instance: Instance, connection: Connection, share_one: Share
) -> None:
    instance.fault("unauthorized", method="POST", path="incident")
    ticket = share_one()
    deliver(connection.pk)
    ticket.refresh_from_db()
    assert ticket.delivery == Delivery.DELIVERED
    assert len(instance.records("incident")) == 1
