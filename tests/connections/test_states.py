"""State names: proposed, read from the instance, renamed by a person, kept."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from tests.connections.browserless import connect, set_up, told

from scoredesk.accounts.audit import Actor
from scoredesk.accounts.models import AuditEntry, Tenant
from scoredesk.connections.models import Connection, Phase, TicketTable
from scoredesk.connections.rows import live_connection
from scoredesk.connections.state_lists import listed_states, shipped_states
from scoredesk.connections.states import take_up
from scoredesk.sandbox.program import RunningSandbox
from scoredesk.servicenow import Choice

JOB = Actor.job("test")


def choice(value: str, label: str) -> Choice:
    return Choice(value=value, label=label, table="incident", element="state", language="en")


def test_the_instances_own_labels_win_and_a_new_state_asks_for_its_phase() -> None:
    states = listed_states("incident", [choice("1", "Fresh"), choice("42", "Awaiting parts")])
    assert [(state.labels, state.phase) for state in states] == [
        ({"en": "Fresh"}, Phase.TO_DO),
        ({"en": "Awaiting parts"}, Phase.UNKNOWN),
    ]


@pytest.mark.parametrize("table", list(TicketTable))
def test_without_choices_the_names_as_shipped_are_taken(table: str) -> None:
    states = shipped_states(table)
    assert {"New", "Closed"} <= {state.labels["en"] for state in states}
    assert {"新建", "已关闭"} <= {state.labels["zh-hans"] for state in states}
    assert Phase.UNKNOWN not in {state.phase for state in states}


def names(connected: Connection, table: str) -> dict[str, str]:
    return {row.value: row.shown for row in connected.state_names.filter(table=table)}


def test_connecting_reads_the_names_of_both_tables(connected: Connection) -> None:
    assert names(connected, "incident")["6"] == "Resolved"
    assert names(connected, "change_request")["-4"] == "Assess"


def test_the_names_come_in_both_languages_of_the_portal(connected: Connection) -> None:
    row = connected.state_names.get(table="incident", value="1")
    assert row.labels == {"en": "New", "zh-hans": "新建"}
    with override("zh-hans"):
        assert row.shown == "新建"


def test_a_language_that_is_not_installed_falls_back_to_english(
    connected: Connection, sandbox: RunningSandbox
) -> None:
    told(sandbox, "choices", table="incident", element="state", value="42", label="Parts")
    take_up(connected, actor=JOB)
    with override("zh-hans"):
        assert connected.state_names.get(table="incident", value="42").shown == "Parts"


@pytest.mark.parametrize("readable", ["empty", "forbidden"])
def test_choices_that_cannot_be_read_do_not_stop_the_connection(
    admin_client: Client, sandbox: RunningSandbox, tenant: Tenant, readable: str
) -> None:
    told(sandbox, "switches", choices_readable=readable)
    connect(admin_client, sandbox)
    connected = live_connection(tenant)
    assert connected is not None
    assert names(connected, "incident")["2"] == "In Progress"


def fields(connected: Connection, **changes: str) -> dict[str, str]:
    data = {}
    for row in connected.state_names.all():
        data[f"state-{row.pk}-name_en"] = row.names.get("en", "")
        data[f"state-{row.pk}-name_zh_hans"] = row.names.get("zh-hans", "")
        data[f"state-{row.pk}-phase"] = row.phase
    return {**data, **changes}


def test_a_name_that_a_person_chose_survives_reading_again(
    admin_client: Client, connected: Connection
) -> None:
    row = connected.state_names.get(table="incident", value="3")
    changes = {f"state-{row.pk}-name_en": "Parked", f"state-{row.pk}-phase": Phase.TO_DO}
    admin_client.post(reverse("connections:states"), fields(connected, **changes))
    admin_client.post(reverse("connections:states-read"))
    row.refresh_from_db()
    assert (row.shown, row.label, row.phase) == ("Parked", "On Hold", Phase.TO_DO)
    assert AuditEntry.objects.filter(action="connection.state_renamed").count() == 1


def test_an_empty_name_takes_the_instances_own_again(
    admin_client: Client, connected: Connection
) -> None:
    row = connected.state_names.get(table="incident", value="3")
    row.names = {"en": "Parked"}
    row.save()
    admin_client.post(
        reverse("connections:states"), fields(connected, **{f"state-{row.pk}-name_en": ""})
    )
    row.refresh_from_db()
    assert row.shown == "On Hold"


def test_reading_again_while_the_instance_is_down_says_so_and_keeps_the_names(
    admin_client: Client, connected: Connection, sandbox: RunningSandbox
) -> None:
    connected.state_names.filter(table="incident", value="2").update(labels={"en": "Being fixed"})
    before = names(connected, "incident")
    told(sandbox, "faults", kind="hibernating", times=None)
    page = admin_client.post(reverse("connections:states-read"), follow=True)
    assert names(connected, "incident") == before
    assert page.status_code == 200


def test_a_fault_right_after_authorizing_leaves_the_names_as_shipped(
    admin_client: Client, sandbox: RunningSandbox, tenant: Tenant
) -> None:
    told(sandbox, "faults", kind="server_error", times=None, match={"path": "sys_choice"})
    connect(admin_client, sandbox)
    connected = live_connection(tenant)
    assert connected is not None
    assert connected.usable
    assert names(connected, "change_request")["-1"] == "Implement"


def test_without_a_connection_there_are_no_names(admin_client: Client) -> None:
    overview = reverse("connections:overview")
    for name in ("connections:states", "connections:states-read"):
        assert admin_client.post(reverse(name)).headers["Location"] == overview


def test_before_the_first_authorization_the_page_says_when_names_come(
    admin_client: Client, sandbox: RunningSandbox
) -> None:
    set_up(admin_client, sandbox)
    page = admin_client.get(reverse("connections:states"))
    assert "when the connection is authorized" in page.content.decode()
