"""The record that leaves: exactly what the page "Data exchange" names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.conf import settings
from tests.tickets.world import Instance

from scoredesk.accounts.models import Person, Tenant
from scoredesk.connections.exchange import SENT_WITH_EACH_TICKET
from scoredesk.connections.models import Connection
from scoredesk.posture.models import ImprovementAction
from scoredesk.tickets import payload
from scoredesk.tickets.delivery import deliver
from scoredesk.tickets.models import Source, Ticket
from scoredesk.tickets.payload import Wanted, compose, description_room, text_length

WANTED = Wanted(
    table="change_request",
    source=Source.MICROSOFT,
    name="Turn on the policy",
    description="Line one.\r\nLine two.\r\n",
    priority=2,
    due_date=dt.date(2027, 1, 31),
    category="Identity",
    shared_by="ada@alder.example",
    correlation_id="scoredesk-1-2",
    link="https://portal.example/tickets/1/",
)

# Where each item of the page stands in the record, per table.
FIELDS = {
    "shared_by": {"description"},
    "name": {"short_description"},
    "description": {"description"},
    "priority": {"priority", "impact", "urgency"},
    "due_date": {"due_date"},
    "source": {"description"},
    "category": {"description"},
    "link": {"description"},
    "correlation_id": {"correlation_id"},
    "correlation_display": {"correlation_display"},
}


def test_a_change_request_carries_its_priority_and_the_block_with_its_origin() -> None:
    assert compose(WANTED) == {
        "short_description": "Turn on the policy",
        "description": (
            "Line one.\nLine two.\n\n"
            "Shared by: ada@alder.example\n"
            "Recommendation source: Microsoft\n"
            "Recommendation category: Identity\n"
            "Link back: https://portal.example/tickets/1/"
        ),
        "priority": "2",
        "due_date": "2027-01-31 23:59:59",
        "correlation_id": "scoredesk-1-2",
        "correlation_display": "Microsoft 365 Security and Configuration Change Request",
    }


@pytest.mark.parametrize(
    ("priority", "impact", "urgency"),
    [(1, "1", "1"), (2, "2", "1"), (3, "2", "2"), (4, "3", "2")],
)
def test_an_incident_carries_what_its_priority_is_computed_from(
    priority: int, impact: str, urgency: str
) -> None:
    fields = compose(replace(WANTED, table="incident", priority=priority))
    assert (fields["impact"], fields["urgency"]) == (impact, urgency)
    assert "priority" not in fields


def test_a_ticket_of_a_persons_own_carries_no_name_of_microsoft_and_no_empty_category() -> None:
    fields = compose(replace(WANTED, source=Source.USER, category=""))
    assert "correlation_display" not in fields
    assert "Recommendation source: User" in fields["description"]
    assert "category" not in fields["description"]


def test_no_due_date_is_no_field() -> None:
    assert "due_date" not in compose(replace(WANTED, due_date=None))


def test_an_unknown_category_is_sent_as_it_is() -> None:
    assert "category: Novel" in compose(replace(WANTED, category="Novel"))["description"]


@pytest.mark.parametrize(
    ("zone", "sent"),
    [
        ("UTC", "2027-01-31 23:59:59"),
        ("Asia/Shanghai", "2027-01-31 15:59:59"),
        ("America/Los_Angeles", "2027-02-01 07:59:59"),
        ("Nowhere/At_All", "2027-01-31 23:59:59"),
        ("../etc/passwd", "2027-01-31 23:59:59"),
    ],
)
def test_a_ticket_is_due_at_the_end_of_the_day_where_the_tenant_is(zone: str, sent: str) -> None:
    assert compose(replace(WANTED, zone=zone))["due_date"] == sent


def test_a_length_counts_as_servicenow_counts_it() -> None:
    assert text_length("王芳") == 2
    assert text_length("🔒") == 2


@pytest.mark.django_db
@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
@pytest.mark.parametrize(
    ("source", "category"), [(Source.MICROSOFT, "Identity"), (Source.USER, "")]
)
def test_a_description_that_fills_its_room_is_not_cut(
    language: str, source: Source, category: str, admin: Person
) -> None:
    room = description_room(admin, source, category)
    assert room > 3500
    full = replace(
        WANTED,
        source=source,
        category=category,
        description="x" * room,
        shared_by=admin.email,
        link=payload.ticket_link("0" * 36),
        language=language,
    )
    assert text_length(compose(full)["description"]) <= 4000


@pytest.mark.django_db
def test_all_that_leaves_the_portal_is_what_the_page_names(
    instance: Instance,
    connection: Connection,
    tenant: Tenant,
    action: ImprovementAction,
    share_one: Callable[..., Ticket],
) -> None:
    shared = [
        share_one(table="change_request", source=Source.MICROSOFT, action=action),
        share_one(table="incident", source=Source.MICROSOFT, action=action),
        share_one(table="incident"),
    ]
    deliver(connection.pk)
    assert {key for key, _label in SENT_WITH_EACH_TICKET} == set(FIELDS)
    named = set().union(*FIELDS.values())
    bodies = [entry["json"] for entry in instance.requests("POST") if "/api/" in entry["path"]]
    assert len(bodies) == len(shared)
    for body, ticket in zip(bodies, shared, strict=True):
        assert set(body) <= named
        own, _, block = body["description"].rpartition("\n\n")
        assert own == ticket.description
        assert [line.partition(": ")[2] for line in block.splitlines()] == [
            "ada@alder.example",
            *(["Microsoft", "Identity"] if ticket.action else ["User"]),
            payload.ticket_link(ticket.uid),
        ]
    others = [entry for entry in instance.requests() if entry["method"] != "POST"]
    assert others == []
