"""Mapped fields in real tickets: sent, asked for, compared, refused and mended."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable

import httpx
from django.test import Client
from django.utils import timezone
from tests.tickets.world import Instance, Time, events

from scoredesk.accounts.audit import Actor
from scoredesk.common.clock import now
from scoredesk.connections.fields import mapping, reading
from scoredesk.connections.fields.sent import Default
from scoredesk.connections.models import Connection
from scoredesk.posture.models import ImprovementAction
from scoredesk.tickets.delivery import deliver
from scoredesk.tickets.models import Delivery, Ticket

JOB = Actor.job("test")
POLICY = {"incident": {"u_cost_center": "Cost center"}}


def filled(**changes: str) -> dict[str, str]:
    due = timezone.localdate() + dt.timedelta(days=30)
    return {
        "table": "incident",
        "name": "Require multifactor authentication",
        "description": "Turn the policy on.",
        "priority": "2",
        "due_date": due.isoformat(),
        "form_key": str(uuid.uuid4()),
        **changes,
    }


def sys_id_of(instance: Instance, table: str, name: str) -> str:
    query = {"sysparm_query": f"name={name}"}
    url = f"{instance.url}/api/now/table/{table}"
    found = httpx.get(url, params=query, auth=("admin", "admin")).json()["result"]
    return str(found[0]["sys_id"])


def wish_for(connection: Connection, table: str, *wanted: Default) -> None:
    for each in wanted:
        mapping.save(connection, table, each, actor=JOB)


def test_mapped_fields_arrive_and_none_is_told_to_differ(
    connection: Connection, instance: Instance, share_one: Callable[..., Ticket], time: Time
) -> None:
    reading.take_up(connection, actor=JOB, now=now())
    team = sys_id_of(instance, "sys_user_group", "Identity Operations")
    wish_for(
        connection,
        "incident",
        Default("assignment_group", team, "Identity Operations"),
        Default("category", "network", "Network"),
        Default("subcategory", "dns", "DNS"),
        Default("work_notes", "Shared as {name} by {shared_by}", template=True),
    )
    ticket = share_one()
    deliver(connection.pk, now=time)
    record = instance.records("incident")[0]
    assert record["assignment_group"] == team
    assert (record["category"], record["subcategory"]) == ("network", "dns")
    ticket.refresh_from_db()
    assert ticket.delivery == Delivery.DELIVERED
    assert "field_differs" not in events(ticket)
    assert ticket.assignment_group == "Identity Operations"


def test_a_field_that_the_instance_drops_is_told(
    connection: Connection, share_one: Callable[..., Ticket], time: Time
) -> None:
    wish_for(connection, "incident", Default("u_nowhere", "x"))
    ticket = share_one()
    deliver(connection.pk, now=time)
    assert "field_differs" in events(ticket)


def test_a_mapping_never_replaces_what_we_need(
    connection: Connection, share_one: Callable[..., Ticket]
) -> None:
    connection.field_defaults.create(table="incident", field="correlation_id", value="stolen")
    connection.field_defaults.create(table="incident", field="priority", value="5")
    payload = share_one().outgoing.get().payload
    assert payload["correlation_id"].startswith(connection.correlation_prefix)
    assert "priority" not in payload


def test_a_demanded_field_is_learnt_asked_for_and_sent_with_the_mended_ticket(
    admin_client: Client,
    connection: Connection,
    instance: Instance,
    action: ImprovementAction,
    time: Time,
) -> None:
    instance.switch(mandatory_fields=POLICY)
    instance.create("incident", short_description="There before", u_cost_center="1")
    reading.take_up(connection, actor=JOB, now=now())
    admin_client.post("/tickets/share/AdminMFAV2", filled())
    deliver(connection.pk, now=time)
    ticket = Ticket.objects.get()
    page = admin_client.get(f"/tickets/{ticket.uid}/").content.decode()
    assert "Cost center" in page
    assert "/connections/fields/?table=incident&amp;label=Cost%20center" in page

    mend = f"/tickets/{ticket.uid}/mend"
    assert "extra-incident-u_cost_center" in admin_client.get(mend).content.decode()
    again = filled(form_key=str(ticket.form_key))
    refused = admin_client.post(mend, again)
    assert refused.status_code == 422
    assert "The instance asks for this field" in refused.content.decode()
    admin_client.post(mend, {**again, "extra-incident-u_cost_center": "4711"})
    deliver(connection.pk, now=time)
    ticket.refresh_from_db()
    assert ticket.delivery == Delivery.DELIVERED
    assert ticket.extras == {"u_cost_center": "4711"}
    shown = admin_client.get(f"/tickets/{ticket.uid}/").content.decode()
    assert "4711" in shown


def test_when_the_demand_ends_the_form_stops_asking(
    admin_client: Client,
    connection: Connection,
    instance: Instance,
    share_one: Callable[..., Ticket],
    time: Time,
) -> None:
    instance.switch(mandatory_fields=POLICY)
    instance.create("incident", short_description="There before", u_cost_center="1")
    reading.take_up(connection, actor=JOB, now=now())
    share_one()
    deliver(connection.pk, now=time)
    assert "u_cost_center" in admin_client.get("/tickets/new").content.decode()
    instance.switch(mandatory_fields={})
    share_one()
    deliver(connection.pk, now=time)
    assert "u_cost_center" not in admin_client.get("/tickets/new").content.decode()


def test_what_was_typed_into_further_fields_stays_when_something_is_wrong(
    admin_client: Client, connection: Connection, action: ImprovementAction
) -> None:
    wish_for(connection, "incident", Default("u_room", asked=True))
    wrong = filled(name="", **{"extra-incident-u_room": "B 17"})
    page = admin_client.post("/tickets/share/AdminMFAV2", wrong)
    assert page.status_code == 422
    assert "B 17" in page.content.decode()


def test_a_subcategory_must_belong_to_the_category_that_was_chosen(
    admin_client: Client, connection: Connection, action: ImprovementAction
) -> None:
    reading.take_up(connection, actor=JOB, now=now())
    wish_for(
        connection,
        "incident",
        Default("category", asked=True),
        Default("subcategory", asked=True),
    )
    names = {"extra-incident-category": "network", "extra-incident-subcategory": "os"}
    answer = admin_client.post("/tickets/share/AdminMFAV2", filled(**names))
    assert "does not belong to the category" in answer.content.decode()
    names["extra-incident-subcategory"] = "dns"
    admin_client.post("/tickets/share/AdminMFAV2", filled(**names))
    assert Ticket.objects.get().extras == {"category": "network", "subcategory": "dns"}


def test_fields_of_the_other_type_are_neither_required_nor_sent(
    admin_client: Client, connection: Connection, action: ImprovementAction
) -> None:
    reading.learn_mandatory(connection, "change_request", ["u_x"], actor=JOB, now=now())
    mapping.name_field(connection, "change_request", "u_x", "u_x", actor=JOB)
    other = {"extra-change_request-u_x": "stays here"}
    admin_client.post("/tickets/share/AdminMFAV2", filled(**other))
    assert Ticket.objects.get().extras == {}


def test_a_form_sent_again_with_other_further_fields_is_told(
    admin_client: Client, connection: Connection, action: ImprovementAction
) -> None:
    wish_for(connection, "incident", Default("u_room", asked=True))
    form = filled(**{"extra-incident-u_room": "B 17"})
    admin_client.post("/tickets/share/AdminMFAV2", form)
    changed = admin_client.post(
        "/tickets/share/AdminMFAV2", {**form, "extra-incident-u_room": "C 4"}
    )
    assert "was sent before" in changed.content.decode()
