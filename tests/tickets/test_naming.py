"""States and priorities by the reader's language: on lists, badges, cards and in the timeline."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils.translation import override
from tests.tickets.world import Instance

from scoredesk.accounts.audit import Actor
from scoredesk.accounts.models import Person, Tenant
from scoredesk.common import clock
from scoredesk.connections import states
from scoredesk.connections.models import Catalogue, Connection, Phase, StateName
from scoredesk.tickets.delivery import deliver
from scoredesk.tickets.models import Delivery, Ticket
from scoredesk.tickets.naming import priority_name
from scoredesk.tickets.templatetags.tickets import priority_badge, state_badge
from scoredesk.tickets.timeline import timeline
from scoredesk.tickets.tracking import track

MANY = 3000


@pytest.fixture
def delivered(
    connection: Connection, ada: Actor, share_one: Callable[..., Ticket], instance: Instance
) -> Ticket:
    """A ticket that a person took in progress and gave another priority."""
    states.take_up(connection, actor=ada)
    ticket = share_one(table="incident", priority=2)
    deliver(connection.pk)
    ticket.refresh_from_db()
    instance.change("incident", ticket.sys_id, state="2", impact="3", urgency="2")
    track(connection.pk)
    return ticket


def badges(ticket: Ticket, language: str) -> str:
    with override(language):
        found = Ticket.objects.with_states().get(pk=ticket.pk)
        return f"{state_badge(found)} {priority_badge(found)}"


def test_an_english_instance_shows_chinese_readers_chinese_words(delivered: Ticket) -> None:
    assert "In Progress" in badges(delivered, "en")
    assert "4 - Low" in badges(delivered, "en")
    assert "正在进行" in badges(delivered, "zh-hans")
    assert "4 - 低" in badges(delivered, "zh-hans")
    assert "Low" not in badges(delivered, "zh-hans")


def test_the_priority_is_called_as_the_instance_calls_it(delivered: Ticket) -> None:
    choices = {"priority": [{"value": "4", "labels": {"en": "P4", "zh": "四级"}}]}
    Catalogue.objects.create(
        connection=delivered.connection, table="incident", choices=choices, read_at=clock.now()
    )
    assert "P4" in badges(delivered, "en")
    assert "四级" in badges(delivered, "zh-hans")


@pytest.mark.parametrize(
    ("value", "words", "told", "expected"),
    [
        ("1", None, "1 - Critical", "1 - Critical"),
        ("1", {"en": "Now!"}, "x", "Now!"),
        ("5", None, "", "5 - Planning"),
        ("9", None, "Whenever", "Whenever"),
        ("9", {"zh": "随时"}, "Whenever", "Whenever"),
        ("9", None, "", "9"),
    ],
)
def test_every_priority_has_a_name(
    value: str, words: dict[str, str] | None, told: str, expected: str
) -> None:
    assert priority_name(value, words, told) == expected


def test_the_timeline_speaks_the_readers_language(delivered: Ticket) -> None:
    with override("zh-hans"):
        text = " ".join(line.text for line in timeline(delivered))
    assert "“新建”" in text
    assert "“正在进行”" in text
    assert "“4 - 低”" in text
    StateName.objects.filter(table="incident", value="2").update(names={"en": "Being done"})
    assert "to “Being done”" in " ".join(line.text for line in timeline(delivered))


def test_a_state_without_a_choice_is_shown_as_the_record_told_it(
    delivered: Ticket, instance: Instance
) -> None:
    StateName.objects.filter(table="incident", value="2").delete()
    assert "In Progress" in badges(delivered, "zh-hans")


def test_the_list_is_filtered_by_a_state_and_shows_its_name(
    delivered: Ticket, admin_client: Client, share_one: Callable[..., Ticket]
) -> None:
    share_one(name="Another")
    page = admin_client.get("/tickets/", {"state": "incident:2"}).content.decode()
    assert delivered.name in page
    assert "Another" not in page
    assert '<option value="incident:2" selected>In Progress</option>' in page
    assert admin_client.get("/tickets/", {"state": "incident:none"}).status_code == 200


def test_the_page_of_states_counts_tickets_and_leads_to_them(
    delivered: Ticket, admin_client: Client
) -> None:
    page = admin_client.get("/connections/states/").content.decode()
    assert '<a href="/tickets/?state=incident:2">1</a>' in page


def test_a_removed_state_stays_while_tickets_are_in_it(
    delivered: Ticket, instance: Instance, ada: Actor
) -> None:
    row = StateName.objects.get(table="incident", value="2")
    row.listed, row.retired = False, True
    row.save()
    states.acknowledge(delivered.connection, until="9", actor=ada)
    assert StateName.objects.filter(pk=row.pk).exists()
    Ticket.objects.update(state="6")
    states.acknowledge(delivered.connection, until="9", actor=ada)
    assert not StateName.objects.filter(pk=row.pk).exists()


def test_a_changed_phase_moves_all_cards_at_once(
    tenant: Tenant,
    connection: Connection,
    admin: Person,
    admin_client: Client,
    ada: Actor,
    django_assert_max_num_queries: Callable[[int], object],
) -> None:
    row = StateName.objects.create(
        connection=connection, table="incident", value="42", labels={"en": "Parts"}
    )
    Ticket.objects.bulk_create(
        Ticket(
            tenant=tenant,
            connection=connection,
            table="incident",
            source="user",
            name="Many",
            description="",
            priority=2,
            shared_by=admin,
            correlation_id=uuid.uuid4().hex,
            form_key=uuid.uuid4(),
            delivery=Delivery.DELIVERED,
            sys_id=uuid.uuid4().hex,
            state="42" if number % 3 else "1",
            phase=Phase.UNKNOWN if number % 3 else Phase.TO_DO,
        )
        for number in range(MANY)
    )
    assert states.waiting(connection).phases == 1
    assert "1 ticket state needs a phase" in admin_client.get("/").content.decode()
    with django_assert_max_num_queries(15):  # type: ignore[attr-defined]  # a context manager
        states.rename(connection, {row.pk: states.Wanted({}, Phase.ON_HOLD)}, actor=ada)
    counts = Ticket.objects.by_state(connection, Phase.ON_HOLD)
    assert counts == {("incident", "42"): MANY * 2 // 3}
    page = admin_client.get("/").content.decode()
    assert "needs a phase." not in page
    assert f'<strong data-phase="on_hold">{MANY * 2 // 3}</strong>' in page
