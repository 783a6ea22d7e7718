"""Tracking against the sandbox: changes reach us once, none is missed, nothing is just believed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from tests.tickets.world import Instance, Time, connect, events

from scoredesk.accounts.models import AuditEntry, Tenant
from scoredesk.connections.models import Attempt, Connection, StateName, Status, Watermark
from scoredesk.servicenow.timestamps import from_wire
from scoredesk.tickets import tracking
from scoredesk.tickets.delivery import deliver
from scoredesk.tickets.models import Ticket, TicketEvent
from scoredesk.tickets.tracking import track, untrack_removed

pytestmark = pytest.mark.django_db
Share = Callable[..., Ticket]


@pytest.fixture
def ticket(connection: Connection, share_one: Share) -> Ticket:
    """A delivered incident."""
    shared = share_one()
    deliver(connection.pk)
    shared.refresh_from_db()
    return shared


def facts(ticket: Ticket, kind: str) -> dict[str, Any]:
    found: dict[str, Any] = ticket.events.get(kind=kind).facts
    return found


def test_what_a_person_changes_in_servicenow_is_told_on_the_ticket(
    instance: Instance, connection: Connection, ticket: Ticket
) -> None:
    instance.change(
        "incident",
        ticket.sys_id,
        state="2",
        urgency="3",
        impact="3",
        assigned_to="change.owner",
        due_date="2027-02-02 10:00:00",
        short_description="Turn on the policy soon",
    )
    track(connection.pk)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.state_label, ticket.phase) == ("2", "In Progress", "in_progress")
    assert (ticket.assigned_to, ticket.remote_priority) == ("Chen Owen", "5")
    assert ticket.remote_due_at == dt.datetime(2027, 2, 2, 10, tzinfo=dt.UTC)
    assert ticket.name == "Turn on the policy"  # what was asked for stays as it was
    assert (
        facts(ticket, "state_changed").items() >= {"before": "New", "after": "In Progress"}.items()
    )
    assert facts(ticket, "assigned")["after"] == "Chen Owen"
    assert facts(ticket, "renamed")["after"] == "Turn on the policy soon"
    assert facts(ticket, "due_changed")["after"] == "2027-02-02T10:00:00+00:00"
    assert facts(ticket, "priority_changed")["after"].startswith("5")
    assert ticket.events.get(kind="renamed").actor == "admin"
    entry = AuditEntry.objects.get(action="ticket.changed")
    assert (entry.before["state"], entry.after["state"]) == ("1", "2")
    assert (entry.actor, entry.after["changed_by"]) == ("job:track", "admin")


def test_a_resolution_is_told_with_its_notes(
    instance: Instance, connection: Connection, ticket: Ticket
) -> None:
    resolved = {"state": "6", "close_code": "Solution provided", "close_notes": "Policy is on."}
    instance.change("incident", ticket.sys_id, **resolved)
    track(connection.pk)
    ticket.refresh_from_db()
    assert ticket.phase == "done"
    assert facts(ticket, "resolved") == {"code": "Solution provided", "notes": "Policy is on."}


def test_our_own_write_comes_back_without_a_word(
    instance: Instance, connection: Connection, ticket: Ticket
) -> None:
    track(connection.pk)
    assert events(ticket) == ["shared", "delivered"]


def test_reading_again_tells_nothing_again(
    instance: Instance, connection: Connection, ticket: Ticket
) -> None:
    instance.change("incident", ticket.sys_id, state="2")
    for _ in range(3):
        track(connection.pk)
    assert events(ticket).count("state_changed") == 1


def test_the_watermark_is_the_largest_time_seen_by_the_instances_clock(
    instance: Instance, connection: Connection, ticket: Ticket
) -> None:
    offset = {"offset_seconds": -86_400.0 * 40}
    httpx.post(f"{instance.url}/_sandbox/clock", json=offset).raise_for_status()
    changed = instance.change("incident", ticket.sys_id, state="2")
    track(connection.pk)
    assert Watermark.objects.get().seen_at == from_wire(changed["sys_updated_on"])
    ticket.refresh_from_db()
    assert ticket.state == "2"


def test_changes_in_the_same_second_are_both_seen(
    instance: Instance, connection: Connection, ticket: Ticket
) -> None:
    for state in ("2", "3", "1", "2"):
        instance.change("incident", ticket.sys_id, state=state)
        track(connection.pk)
    ticket.refresh_from_db()
    assert ticket.state == "2"
    assert events(ticket).count("state_changed") == 4


def test_more_records_than_a_page_are_all_read(
    instance: Instance, connection: Connection, share_one: Share, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tracking, "PAGE_SIZE", 3)
    tickets = [share_one(name=f"Ticket {number}") for number in range(8)]
    deliver(connection.pk)
    for record in instance.records("incident"):
        instance.change("incident", record["sys_id"], state="2")
    track(connection.pk)
    assert {Ticket.objects.get(pk=each.pk).state for each in tickets} == {"2"}


def test_an_idle_look_costs_one_request_a_table(
    instance: Instance, connection: Connection, ticket: Ticket, settings: Any
) -> None:
    settings.TRACK_OVERLAP_SECONDS = 0
    httpx.post(f"{instance.url}/_sandbox/clock", json={"offset_seconds": 5.0}).raise_for_status()
    instance.change("incident", ticket.sys_id, state="2")
    track(connection.pk)
    before = len(instance.requests("GET"))
    Watermark.objects.update(seen_at=Watermark.objects.get().seen_at + dt.timedelta(seconds=1))
    track(connection.pk)
    assert (
        len(instance.requests("GET")) == before + 1
    )  # no change requests: their table is not read


@pytest.mark.parametrize(
    "kind", ["cancelled", "server_error", "broken_json", "hibernating", "reset"]
)
def test_a_doubtful_answer_leaves_the_watermark_where_it_was(
    kind: str, instance: Instance, connection: Connection, ticket: Ticket, time: Time
) -> None:
    track(connection.pk, now=time)
    before = Watermark.objects.get().seen_at
    instance.change("incident", ticket.sys_id, state="2")
    instance.fault(kind, method="GET", path="table/incident", times=None)
    Attempt.objects.all().delete()
    assert track(connection.pk, now=time) is not None
    assert Watermark.objects.get().seen_at == before
    assert set(Attempt.objects.values_list("fault_code", flat=True)) - {""} != set()
    instance.mend()
    time.pass_by(minutes=5)
    track(connection.pk, now=time)
    ticket.refresh_from_db()
    assert ticket.state == "2"


def test_an_instance_that_ignores_the_filter_changes_nothing_here(
    instance: Instance, connection: Connection, ticket: Ticket
) -> None:
    instance.create("incident", short_description="Somebody else's")
    instance.switch(unreadable_fields={"incident": ["correlation_id"]})
    track(connection.pk)
    connection.refresh_from_db()
    assert (connection.status, connection.reason) == (
        Status.ATTENTION,
        "servicenow.query_refused",
    )
    assert not Watermark.objects.exists()


def test_a_new_state_is_shown_under_its_label_and_waits_for_a_phase(
    instance: Instance, connection: Connection, ticket: Ticket
) -> None:
    instance.change("incident", ticket.sys_id, state="42")
    track(connection.pk)
    ticket.refresh_from_db()
    row = StateName.objects.get(table="incident", value="42")
    assert (ticket.phase, row.phase, row.label) == ("unknown", "unknown", "42")
    row.phase = "on_hold"
    row.save()
    track(connection.pk)
    ticket.refresh_from_db()
    assert ticket.phase == "on_hold"


def test_a_removed_connection_no_longer_tracks_and_a_new_one_catches_up(
    instance: Instance, connection: Connection, ticket: Ticket, time: Time
) -> None:
    track(connection.pk)
    Connection.objects.update(status=Status.REMOVED, removed_at=time())
    untrack_removed(time())
    untrack_removed(time())
    assert track(connection.pk) is None
    ticket.refresh_from_db()
    assert not ticket.tracked
    instance.change("incident", ticket.sys_id, state="2")
    Connection.objects.update(status=Status.CONNECTED, connected_at=time())
    track(connection.pk)
    ticket.refresh_from_db()
    assert (ticket.tracked, ticket.state) == (True, "2")
    assert events(ticket)[2:] == ["untracked", "tracked", "state_changed"]


def test_each_tenant_sees_only_what_its_own_connection_shared(
    instance: Instance, connection: Connection, ticket: Ticket, other_tenant: Tenant
) -> None:
    neighbour = connect(other_tenant, instance)
    copied = {"tenant": other_tenant, "connection": neighbour, "shared_by": ticket.shared_by}
    Ticket.objects.create(
        table="incident",
        source="user",
        name="Birch's",
        priority=2,
        correlation_id=f"{neighbour.correlation_prefix}1",
        form_key=ticket.form_key,
        **copied,
    )
    instance.change("incident", ticket.sys_id, state="2")
    track(neighbour.pk)
    assert not TicketEvent.objects.filter(kind="state_changed").exists()
    track(connection.pk)
    assert TicketEvent.objects.get(kind="state_changed").ticket == ticket


def test_the_pause_is_the_operators_and_longer_after_a_fault(
    instance: Instance, connection: Connection, ticket: Ticket, time: Time, settings: Any
) -> None:
    settings.TRACK_SECONDS = 45
    later = track(connection.pk, now=time)
    assert later is not None
    assert 44 < (later - time()).total_seconds() <= 45
    instance.fault("rate_limit", method="GET", path="incident", times=None, retry_after=300)
    later = track(connection.pk, now=time)
    assert later is not None
    assert 295 < (later - time()).total_seconds() <= 300
