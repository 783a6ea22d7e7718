"""The home page: figures, cards, and how much it asks of the database."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from scoredesk.accounts.models import Person, Tenant
from scoredesk.connections.models import Connection, Phase, StateName, Status, TicketTable
from scoredesk.portal.home import change_since, collect_desk, collect_score, comparisons_of
from scoredesk.posture.models import (
    ActionStatus,
    ImprovementAction,
    ScoreSnapshot,
    SecureScoreSource,
)
from scoredesk.tickets.models import Delivery, Source, Ticket

DAY = dt.date(2026, 11, 20)
MOST_QUERIES = 17


def snapshot(percent: float, day: dt.date, tenant: Tenant | None = None) -> ScoreSnapshot:
    """A day's score of 1000 points."""
    return ScoreSnapshot(
        tenant=tenant, graph_id=str(day), day=day, current_score=percent * 10, max_score=1000
    )


@pytest.fixture
def connection(tenant: Tenant) -> Connection:
    """Alder Hospital's connected instance."""
    return Connection.objects.create(
        tenant=tenant,
        address="https://alder.service-now.com",
        status=Status.CONNECTED,
        succeeded_at=timezone.now(),
    )


@pytest.fixture
def make_ticket(connection: Connection, admin: Person) -> Callable[..., Ticket]:
    """Makes a delivered ticket."""

    def make(table: str, phase: str, **more: object) -> Ticket:
        fields = {
            "source": Source.USER,
            "name": "Block legacy sign-in",
            "description": "How to",
            "priority": 2,
            "shared_by": admin,
            "delivery": Delivery.DELIVERED,
            "number": "CHG0030001",
            "state": "-1",
            "state_label": "Implement",
            **more,
        }
        return Ticket.objects.create(
            tenant=connection.tenant,
            connection=connection,
            table=table,
            phase=phase,
            correlation_id=uuid.uuid4().hex,
            form_key=uuid.uuid4(),
            sys_id=uuid.uuid4().hex,
            **fields,
        )

    return make


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ([], None),
        ([(0, 50.0)], None),
        ([(6, 40.0), (0, 50.0)], None),
        ([(7, 40.0), (0, 50.0)], 10.0),
        ([(30, 60.0), (9, 55.0), (3, 52.0), (0, 50.0)], -5.0),
    ],
)
def test_the_change_is_taken_from_the_nearest_day_that_is_old_enough(
    days: list[tuple[int, float]], expected: float | None
) -> None:
    trend = [snapshot(percent, DAY - dt.timedelta(days=ago)) for ago, percent in days]
    assert change_since(trend, days=7) == pytest.approx(expected)


def test_comparisons_that_microsoft_could_not_compute_are_left_out() -> None:
    found = [
        {"basis": "AllTenants", "averageScore": -1},
        {"basis": "IndustryTypes", "averageScore": "48"},
        {"basis": "Odd"},
        {
            "basis": "TotalSeats",
            "averageScore": 52.86,
            "SeatSizeRangeLowerValue": "1",
            "SeatSizeRangeUpperValue": "100",
        },
    ]
    [comparison] = comparisons_of(found)
    assert (comparison.percent, comparison.seats) == (52.86, ("1", "100"))


def test_an_old_score_says_so(tenant: Tenant) -> None:
    snapshot(50, DAY, tenant).save()
    now = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
    assert not collect_score(tenant, now=now).stale
    assert collect_score(tenant, now=now + dt.timedelta(days=30)).stale


def test_a_score_older_than_the_trend_is_still_shown(tenant: Tenant) -> None:
    snapshot(50, DAY, tenant).save()
    score = collect_score(tenant, now=dt.datetime(2027, 11, 22, tzinfo=dt.UTC))
    assert score.newest is not None
    assert score.trend == []


def test_without_a_source_an_administrator_is_asked_to_connect(admin_client: Client) -> None:
    page = admin_client.get("/").content.decode()
    assert "Connect your Microsoft 365 tenant" in page
    assert reverse("posture:source") in page
    assert "Do you use ServiceNow?" in page
    assert f'href="{reverse("connections:setup")}"' in page


def test_a_reader_is_told_who_can_connect(reader_client: Client) -> None:
    page = reader_client.get("/").content.decode()
    assert "Do you use ServiceNow?" in page
    assert reverse("connections:setup") not in page
    assert "A security administrator of this tenant can connect it." in page


def test_a_failed_refresh_keeps_the_old_figures_and_says_why(
    tenant: Tenant, admin_client: Client
) -> None:
    snapshot(50, timezone.now().date(), tenant).save()
    SecureScoreSource.objects.create(
        tenant=tenant, directory="d", kind="client_secret", fault_code="graph.unreachable"
    )
    page = admin_client.get("/").content.decode()
    assert "graph.unreachable" in page
    assert "50.0" in page
    assert "the last that Microsoft gave" in page


def test_tickets_are_counted_by_phase_on_the_card_of_their_kind(
    tenant: Tenant, make_ticket: Callable[..., Ticket]
) -> None:
    for _ in range(3):
        make_ticket(TicketTable.INCIDENT, Phase.DONE)
    make_ticket(TicketTable.INCIDENT, Phase.TO_DO)
    make_ticket(TicketTable.CHANGE_REQUEST, Phase.ON_HOLD)
    make_ticket(TicketTable.CHANGE_REQUEST, Phase.ON_HOLD, tracked=False)
    cards = {card.table: card for card in collect_desk(tenant, now=timezone.now()).cards}
    counts = {count.phase: count.number for count in cards[TicketTable.INCIDENT].phases}
    assert counts[Phase.DONE] == 3
    assert counts[Phase.TO_DO] == 1
    assert Phase.UNKNOWN not in counts
    assert cards[TicketTable.INCIDENT].total == 4
    assert cards[TicketTable.CHANGE_REQUEST].total == 1


def test_the_cards_show_the_newest_five_with_the_names_an_administrator_gave(
    connection: Connection, make_ticket: Callable[..., Ticket], admin_client: Client
) -> None:
    StateName.objects.create(
        connection=connection,
        table=TicketTable.CHANGE_REQUEST,
        value="-1",
        labels={"en": "Implement"},
        names={"en": "Being done"},
        phase=Phase.IN_PROGRESS,
    )
    for number in range(7):
        make_ticket(TicketTable.CHANGE_REQUEST, Phase.IN_PROGRESS, number=f"CHG000{number}")
    page = admin_client.get(reverse("home-cards")).content.decode()
    assert page.count("Being done") == 5
    assert "CHG0006" in page
    assert "CHG0001" not in page
    for text in ("Create a ticket", "View all tickets", "Manage ServiceNow configuration"):
        assert page.count(text) == 2
    assert "Last looked at https://alder.service-now.com" in page


def test_a_reader_is_not_offered_to_create_a_ticket(
    connection: Connection, reader_client: Client
) -> None:
    page = reader_client.get(reverse("home-cards")).content.decode()
    assert "Create a ticket" not in page
    assert "View all tickets" in page


def test_a_connection_that_needs_attention_says_why_above_the_cards(
    connection: Connection, admin_client: Client
) -> None:
    Connection.objects.update(status=Status.ATTENTION, reason="servicenow.unreachable")
    page = admin_client.get(reverse("home-cards")).content.decode()
    assert "servicenow.unreachable" in page
    assert "Change management" in page


def test_a_neighbours_tickets_and_points_are_not_counted(
    make_ticket: Callable[..., Ticket], tenant: Tenant, stranger_client: Client
) -> None:
    make_ticket(TicketTable.INCIDENT, Phase.TO_DO, number="INC0099")
    snapshot(50, timezone.now().date(), tenant).save()
    page = stranger_client.get("/").content.decode()
    assert "INC0099" not in page
    assert "Connect your Microsoft 365 tenant" in page


def test_the_home_page_asks_no_more_of_the_database_when_there_is_more(
    tenant: Tenant,
    make_ticket: Callable[..., Ticket],
    admin_client: Client,
    django_assert_max_num_queries: Callable[[int], Any],
) -> None:
    for number in range(12):
        make_ticket(TicketTable.values[number % 2], Phase.TO_DO)
        snapshot(50, timezone.now().date() - dt.timedelta(days=number), tenant).save()
        ImprovementAction.objects.create(
            tenant=tenant,
            control_id=f"c{number}",
            title="Turn it on",
            max_score=5,
            status=ActionStatus.TO_ADDRESS,
        )
    with django_assert_max_num_queries(MOST_QUERIES):
        assert admin_client.get("/").status_code == 200
