"""The pages of tickets: who may what, what is kept, what is told."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from scoredesk.accounts.models import Person, Tenant
from scoredesk.connections.models import Connection, StateName, Status
from scoredesk.posture.models import ImprovementAction
from scoredesk.tickets.models import Delivery, Outgoing, Ticket

SHARE = "/tickets/share/AdminMFAV2"


def filled(**changes: str) -> dict[str, str]:
    """The form as a person sends it."""
    due = timezone.localdate() + dt.timedelta(days=30)
    return {
        "table": "change_request",
        "name": "Require multifactor authentication",
        "description": "Turn the policy on.",
        "priority": "2",
        "due_date": due.isoformat(),
        "form_key": str(uuid.uuid4()),
        **changes,
    }


def test_the_share_form_is_filled_from_the_improvement_action(
    admin_client: Client, connection: Connection, action: ImprovementAction
) -> None:
    ImprovementAction.objects.filter(pk=action.pk).update(
        remediation_html="<ol><li>Open the page</li></ol>", score=1
    )
    form = admin_client.get(SHARE).context["form"]
    assert form["name"].value() == action.title
    assert "1. Open the page" in form["description"].value()
    assert form["priority"].value() == 2


def test_sharing_queues_one_ticket_and_shows_its_page(
    admin_client: Client, connection: Connection, action: ImprovementAction
) -> None:
    response = admin_client.post(SHARE, filled())
    ticket = Ticket.objects.get()
    assert response.headers["Location"] == f"/tickets/{ticket.uid}/"
    assert (ticket.action, ticket.source, ticket.delivery) == (action, "microsoft", Delivery.QUEUED)
    page = admin_client.get(f"/tickets/{ticket.uid}/").content.decode()
    assert "Shared, waiting to be sent to ServiceNow." in page


def test_a_double_click_leads_to_the_same_ticket(
    admin_client: Client, connection: Connection, action: ImprovementAction
) -> None:
    form = filled()
    first, second = (admin_client.post(SHARE, form) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert Ticket.objects.count() == Outgoing.objects.count() == 1


def test_wrong_input_keeps_everything_that_was_typed(
    admin_client: Client, connection: Connection, action: ImprovementAction
) -> None:
    form = filled(name="x" * 161, due_date="2020-01-01", description="Very long thoughts")
    response = admin_client.post(SHARE, form)
    page = response.content.decode()
    assert response.status_code == 422
    assert "x" * 161 in page
    assert "Very long thoughts" in page
    assert form["form_key"] in page
    assert "161 characters" in page
    assert "2020-01-01 has passed" in page
    assert not Ticket.objects.exists()


def test_without_a_connection_the_page_leads_to_one_and_keeps_what_was_typed(
    admin_client: Client, action: ImprovementAction
) -> None:
    assert "/connections/setup/" in admin_client.get(SHARE).content.decode()
    page = admin_client.post(SHARE, filled(description="Written with care")).content.decode()
    assert "Written with care" in page
    assert "No ServiceNow instance is connected" in page
    assert not Ticket.objects.exists()


def test_a_ticket_of_ones_own_has_the_source_user(
    admin_client: Client, connection: Connection
) -> None:
    admin_client.post("/tickets/new", filled(table="incident"))
    ticket = Ticket.objects.get()
    assert (ticket.source, ticket.table, ticket.action) == ("user", "incident", None)


@pytest.mark.parametrize("address", [SHARE, "/tickets/new"])
def test_a_reader_may_not_share(
    reader_client: Client, connection: Connection, action: ImprovementAction, address: str
) -> None:
    assert reader_client.get(address).status_code == 403
    assert reader_client.post(address, filled()).status_code == 403
    assert not Ticket.objects.exists()


def test_a_reader_sees_tickets(reader_client: Client, share_one: Callable[..., Ticket]) -> None:
    ticket = share_one()
    assert ticket.name in reader_client.get("/tickets/").content.decode()
    assert reader_client.get(f"/tickets/{ticket.uid}/").status_code == 200


def test_a_stranger_finds_nothing(
    stranger_client: Client, share_one: Callable[..., Ticket]
) -> None:
    ticket = share_one()
    for address in (
        f"/tickets/{ticket.uid}/",
        f"/tickets/{ticket.uid}/now",
        f"/tickets/{ticket.uid}/mend",
    ):
        assert stranger_client.get(address).status_code == 404
    assert ticket.name not in stranger_client.get("/tickets/").content.decode()
    assert stranger_client.get(SHARE).status_code == 404


def test_a_refused_ticket_can_be_mended_and_sent_again(
    admin_client: Client, share_one: Callable[..., Ticket]
) -> None:
    ticket = share_one()
    Ticket.objects.filter(pk=ticket.pk).update(delivery=Delivery.FAILED)
    ticket.outgoing.update(
        state=Delivery.FAILED,
        error_code="servicenow.data_policy",
        error_detail="The following fields are mandatory: Assignment group",
    )
    page = admin_client.get(f"/tickets/{ticket.uid}/").content.decode()
    assert "Assignment group" in page
    assert f"/tickets/{ticket.uid}/mend" in page
    form = admin_client.get(f"/tickets/{ticket.uid}/mend").context["form"]
    assert form["description"].value() == ticket.description
    changed = filled(name="A better name", form_key=str(ticket.form_key), table=ticket.table)
    admin_client.post(f"/tickets/{ticket.uid}/mend", changed)
    ticket.refresh_from_db()
    assert (ticket.name, ticket.delivery) == ("A better name", Delivery.QUEUED)


def test_a_delivered_ticket_needs_no_mending(
    admin_client: Client, share_one: Callable[..., Ticket]
) -> None:
    ticket = share_one()
    response = admin_client.post(f"/tickets/{ticket.uid}/mend", filled(name="Other"))
    assert response.headers["Location"] == f"/tickets/{ticket.uid}/"
    ticket.refresh_from_db()
    assert ticket.name != "Other"


def test_the_list_filters_searches_and_sorts(
    admin_client: Client, share_one: Callable[..., Ticket]
) -> None:
    share_one(name="Alpha", table="incident")
    share_one(name="Beta", table="change_request")
    everything = admin_client.get("/tickets/?sort=name").content.decode()
    assert everything.index("Alpha") < everything.index("Beta")
    backwards = admin_client.get("/tickets/?sort=-name").content.decode()
    assert backwards.index("Beta") < backwards.index("Alpha")
    incidents = admin_client.get("/tickets/?table=incident").content.decode()
    assert "Alpha" in incidents
    assert "Beta" not in incidents
    assert "Beta" in admin_client.get("/tickets/?q=bet").content.decode()
    assert "No ticket matches" in admin_client.get("/tickets/?q=gamma").content.decode()
    assert admin_client.get("/tickets/?table=nonsense&page=99&sort=nothing").status_code == 200


def test_the_list_takes_as_many_queries_for_many_tickets_as_for_one(
    admin_client: Client,
    share_one: Callable[..., Ticket],
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    for number in range(12):
        share_one(name=f"Ticket {number}")
    with django_assert_max_num_queries(11):  # type: ignore[attr-defined]  # a context manager
        admin_client.get("/tickets/")


def test_a_state_shows_the_name_that_the_administrator_gave_it(
    admin_client: Client, share_one: Callable[..., Ticket]
) -> None:
    ticket = share_one(table="incident")
    StateName.objects.update_or_create(
        connection=ticket.connection,
        table="incident",
        value="2",
        defaults={"labels": {"en": "In Progress"}, "names": {"en": "Being worked on"}},
    )
    Ticket.objects.filter(pk=ticket.pk).update(
        delivery=Delivery.DELIVERED,
        state="2",
        state_label="In Progress",
        sys_id="a" * 32,
        number="INC1",
    )
    assert "Being worked on" in admin_client.get("/tickets/").content.decode()
    page = admin_client.get(f"/tickets/{ticket.uid}/").content.decode()
    assert "Being worked on" in page
    assert f"nav_to.do?uri=incident.do?sys_id={'a' * 32}" in page


def test_after_removal_tickets_say_that_they_are_no_longer_tracked(
    admin_client: Client, share_one: Callable[..., Ticket]
) -> None:
    ticket = share_one()
    Connection.objects.update(status=Status.REMOVED)
    assert "No longer tracked" in admin_client.get("/tickets/").content.decode()
    assert "no longer tracked" in admin_client.get(f"/tickets/{ticket.uid}/").content.decode()


def test_the_tickets_of_an_action_show_on_its_page(
    reader_client: Client,
    share_one: Callable[..., Ticket],
    action: ImprovementAction,
    tenant: Tenant,
) -> None:
    assert (
        "No tickets for this action yet"
        in reader_client.get("/tickets/of-action/AdminMFAV2").content.decode()
    )
    ticket = share_one(action=action)
    assert str(ticket.uid) in reader_client.get("/tickets/of-action/AdminMFAV2").content.decode()


def test_a_form_that_was_changed_after_sending_is_kept_and_makes_another_when_sent_again(
    admin_client: Client, connection: Connection
) -> None:
    form = filled(name="First words")
    admin_client.post("/tickets/new", form)
    again = admin_client.post("/tickets/new", {**form, "name": "Second words"})
    assert "was sent before and became “First words”" in again.content.decode()
    assert Ticket.objects.count() == 1
    shown = again.context["form"]
    assert shown["name"].value() == "Second words"
    key = shown["form_key"].value()
    admin_client.post("/tickets/new", {**form, "name": "Second words", "form_key": key})
    assert set(Ticket.objects.values_list("name", flat=True)) == {"First words", "Second words"}


def test_a_ticket_typed_while_the_session_ended_waits_until_it_is_sent_again(
    client: Client, admin: Person, connection: Connection, tenant: Tenant
) -> None:
    answer = client.post("/tickets/new", filled(name="Precious", tenant=str(tenant.uid)))
    client.force_login(admin)
    page = client.get("/tickets/new").content.decode()
    assert answer["Location"] == "/accounts/login/?next=/tickets/new"
    assert 'value="Precious"' in page
    assert "Please send that once more" in page
    assert not Ticket.objects.exists()
