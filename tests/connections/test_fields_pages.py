"""The mapping page: who may, what is kept, what is told."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from tests.connections.browserless import told

from scoredesk.accounts.audit import Actor
from scoredesk.accounts.models import AuditEntry
from scoredesk.common.clock import now
from scoredesk.connections.fields import reading, references
from scoredesk.connections.models import Connection, FieldDefault
from scoredesk.sandbox.program import RunningSandbox

OVERVIEW = "/connections/fields/"


def page_of(field: str, table: str = "incident") -> str:
    return reverse("connections:field", args=[table, field])


def demand(connected: Connection, label: str) -> None:
    """What a refused ticket has taught."""
    actor = Actor.job("test")
    reading.learn_mandatory(connected, "incident", [label], actor=actor, now=now())


def group(connected: Connection) -> references.Reference:
    return references.search(connected, "sys_user_group", "Identity Operations")[0]


@pytest.mark.parametrize("path", [OVERVIEW, "/connections/fields/incident/category/"])
def test_readers_may_not_see_the_mapping(reader_client: Client, path: str) -> None:
    assert reader_client.get(path).status_code == 403


def test_the_page_shows_the_usual_fields_of_each_type(
    admin_client: Client, connected: Connection
) -> None:
    page = admin_client.get(OVERVIEW).content.decode()
    assert page_of("caller_id") in page
    assert page_of("caller_id", "change_request") not in page
    assert page_of("assignment_group", "change_request") in page


def test_a_group_is_searched_by_name_chosen_and_shown_by_name(
    admin_client: Client, connected: Connection
) -> None:
    path = page_of("assignment_group")
    found = admin_client.post(path, {"how": "fixed", "words": "identity", "press": "search"})
    assert "Identity Operations" in found.content.decode()
    chosen = group(connected)
    admin_client.post(path, {"how": "fixed", "words": "", "value": chosen.sys_id})
    row = FieldDefault.objects.get()
    assert (row.value, row.shown) == (chosen.sys_id, "Identity Operations")
    assert "Identity Operations" in admin_client.get(OVERVIEW).content.decode()
    entry = AuditEntry.objects.get(action="connection.field_mapped")
    assert entry.after["shown"] == "Identity Operations"


def test_the_search_for_htmx_answers_with_the_same_list(
    admin_client: Client, connected: Connection
) -> None:
    path = reverse("connections:fields-search", args=["incident", "assignment_group"])
    assert group(connected).sys_id in admin_client.get(path, {"words": "ident"}).content.decode()
    assert "Nothing active" in admin_client.get(path, {"words": "zzzz"}).content.decode()


def test_a_search_while_the_instance_sleeps_says_so(
    admin_client: Client, connected: Connection, sandbox: RunningSandbox
) -> None:
    told(sandbox, "faults", kind="hibernating", times=None)
    path = reverse("connections:fields-search", args=["incident", "assignment_group"])
    page = admin_client.get(path, {"words": "ident"}).content.decode()
    assert "servicenow.hibernating" in page


@pytest.mark.parametrize("value", ["f" * 32, "Identity Operations", "../sys_user"])
def test_a_group_that_the_instance_does_not_have_is_refused(
    admin_client: Client, connected: Connection, value: str
) -> None:
    answer = admin_client.post(page_of("assignment_group"), {"how": "fixed", "value": value})
    assert answer.status_code == 422
    assert not FieldDefault.objects.exists()


def test_a_template_is_previewed_checked_and_kept_as_typed(
    admin_client: Client, connected: Connection
) -> None:
    path = page_of("u_note")
    preview = admin_client.post(path, {"how": "fixed", "value": "Do {name}", "press": "preview"})
    assert "Do Require multifactor" in preview.content.decode()
    wrong = admin_client.post(path, {"how": "fixed", "value": "Do {nmae}"})
    page = wrong.content.decode()
    assert wrong.status_code == 422
    assert "{nmae} is not a value of a ticket" in page
    assert "Do {nmae}" in page
    admin_client.post(path, {"how": "fixed", "value": "Do {name}"})
    assert FieldDefault.objects.get().value == "Do {name}"


def test_a_choice_is_one_of_the_instances(admin_client: Client, connected: Connection) -> None:
    path = page_of("category")
    assert admin_client.post(path, {"how": "fixed", "value": "plumbing"}).status_code == 422
    admin_client.post(path, {"how": "fixed", "value": "network"})
    assert FieldDefault.objects.get().shown == "Network"


def test_a_subcategory_of_another_category_is_refused(
    admin_client: Client, connected: Connection
) -> None:
    admin_client.post(page_of("category"), {"how": "fixed", "value": "network"})
    answer = admin_client.post(page_of("subcategory"), {"how": "fixed", "value": "os"})
    assert "does not belong to the category" in answer.content.decode()
    admin_client.post(page_of("subcategory"), {"how": "fixed", "value": "dns"})
    assert FieldDefault.objects.get(field="subcategory").shown == "DNS"


def test_not_sent_takes_the_mapping_away(admin_client: Client, connected: Connection) -> None:
    admin_client.post(page_of("category"), {"how": "fixed", "value": "network"})
    admin_client.post(page_of("category"), {"how": "not"})
    assert not FieldDefault.objects.exists()
    assert AuditEntry.objects.filter(action="connection.field_mapped").count() == 2


def test_a_rule_without_a_value_is_no_rule(admin_client: Client, connected: Connection) -> None:
    answer = admin_client.post(page_of("category"), {"how": "fixed", "value": ""})
    assert "Say what is to be sent" in answer.content.decode()


@pytest.mark.parametrize("name", ["short_description", "correlation_id", "state", "sys_id"])
def test_what_we_need_cannot_be_mapped(
    admin_client: Client, connected: Connection, name: str
) -> None:
    assert admin_client.get(page_of(name)).status_code == 404
    answer = admin_client.get(
        reverse("connections:fields-choose"), {"table": "incident", "field": name}, follow=True
    )
    assert "is no field that can be mapped" in answer.content.decode()


def test_a_refused_field_leads_to_its_own_page(admin_client: Client, connected: Connection) -> None:
    told_fields = connected.catalogues.get(table="incident")
    told_fields.fields = {"u_cost_center": {"label": "Cost center"}}
    told_fields.save()
    demand(connected, "Cost center")
    wanted = {"table": "incident", "label": "Cost center"}
    answer = admin_client.get(OVERVIEW, wanted)
    assert answer.headers["Location"] == page_of("u_cost_center")


def test_a_refused_field_without_a_known_name_is_named_by_the_administrator(
    admin_client: Client, connected: Connection
) -> None:
    demand(connected, "Kostenstelle")
    page = admin_client.get(OVERVIEW, {"table": "incident", "label": "Kostenstelle"})
    assert "demands “Kostenstelle”" in page.content.decode()
    naming = {"table": "incident", "label": "Kostenstelle", "field": "u_kst"}
    answer = admin_client.post(reverse("connections:fields-name"), naming)
    assert answer.headers["Location"] == page_of("u_kst")
    assert "Kostenstelle" in admin_client.get(page_of("u_kst")).content.decode()
    assert "demands “" not in admin_client.get(OVERVIEW).content.decode()


def test_naming_a_field_that_nobody_refused_harms_nothing(
    admin_client: Client, connected: Connection
) -> None:
    connected.catalogues.all().delete()
    naming = {"table": "incident", "label": "Kostenstelle", "field": "u_kst"}
    answer = admin_client.post(reverse("connections:fields-name"), naming)
    assert answer.status_code == 302
    assert not connected.catalogues.exists()


def test_changes_of_the_instance_are_shown_until_acknowledged(
    admin_client: Client, connected: Connection, sandbox: RunningSandbox
) -> None:
    admin_client.post(page_of("category"), {"how": "fixed", "value": "network"})
    told(sandbox, "packs", customised=True)
    read = reverse("connections:fields-read")
    page = admin_client.post(read, follow=True).content.decode()
    assert "“Network” is no longer offered" in page
    assert (
        "no longer offered by the instance"
        in admin_client.get(page_of("category")).content.decode()
    )
    admin_client.post(reverse("connections:fields-seen"), {"table": "incident"})
    assert "The instance has changed" not in admin_client.get(OVERVIEW).content.decode()
    assert FieldDefault.objects.get().value == "network"


def test_reading_while_the_instance_is_down_says_so_and_keeps_the_mapping(
    admin_client: Client, connected: Connection, sandbox: RunningSandbox
) -> None:
    admin_client.post(page_of("category"), {"how": "fixed", "value": "network"})
    told(sandbox, "faults", kind="hibernating", times=None)
    page = admin_client.post(reverse("connections:fields-read"), follow=True).content.decode()
    assert "hibernating" in page
    assert FieldDefault.objects.get().shown == "Network"


def test_without_a_connection_there_is_nothing_to_map(admin_client: Client) -> None:
    assert admin_client.get(OVERVIEW).headers["Location"] == reverse("connections:overview")


def test_a_neighbour_sees_and_changes_nothing(
    stranger_client: Client, connected: Connection
) -> None:
    answer = stranger_client.post(page_of("category"), {"how": "fixed", "value": "network"})
    assert answer.headers["Location"] == reverse("connections:overview")
    assert not FieldDefault.objects.exists()
