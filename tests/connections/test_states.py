"""State names: proposed, read from the instance, renamed by a person, kept."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from tests.connections.browserless import connect, set_up, told

from scoredesk.accounts.audit import Actor
from scoredesk.accounts.models import AuditEntry, Tenant
from scoredesk.connections.models import Connection, Phase, TicketTable
from scoredesk.connections.rows import live_connection
from scoredesk.connections.states import proposed_states, take_up
from scoredesk.sandbox.program import RunningSandbox
from scoredesk.servicenow import Choice

JOB = Actor.job("test")


def choice(value: str, label: str) -> Choice:
    return Choice(value=value, label=label, table="incident", element="state", language="en")


def test_the_instances_own_labels_win_and_a_new_state_asks_for_its_phase() -> None:
    states = proposed_states("incident", [choice("1", "Neu"), choice("42", "Awaiting parts")])
    assert [(state.label, state.phase) for state in states] == [
        ("Neu", Phase.TO_DO),
        ("Awaiting parts", Phase.UNKNOWN),
    ]


@pytest.mark.parametrize("table", list(TicketTable))
def test_without_choices_the_names_as_shipped_are_taken(table: str) -> None:
    states = proposed_states(table, [])
    assert {"New", "Closed"} <= {state.label for state in states}
    assert Phase.UNKNOWN not in {state.phase for state in states}


def names(connected: Connection, table: str) -> dict[str, str]:
    return {row.value: row.shown for row in connected.state_names.filter(table=table)}


def test_connecting_reads_the_names_of_both_tables(connected: Connection) -> None:
    assert names(connected, "incident")["6"] == "Resolved"
    assert names(connected, "change_request")["-4"] == "Assess"


def test_the_names_come_in_the_connections_language(connected: Connection) -> None:
    Connection.objects.filter(pk=connected.pk).update(language="zh")
    connected.refresh_from_db()
    take_up(connected, actor=JOB)
    assert names(connected, "incident")["1"] == "新建"


def test_a_language_that_is_not_installed_falls_back_to_english(connected: Connection) -> None:
    connected.language = "fi"
    take_up(connected, actor=JOB)
    assert names(connected, "incident")["1"] == "New"


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
        data[f"state-{row.pk}-name"] = row.name
        data[f"state-{row.pk}-phase"] = row.phase
    return {**data, **changes}


def test_a_name_that_a_person_chose_survives_reading_again(
    admin_client: Client, connected: Connection
) -> None:
    row = connected.state_names.get(table="incident", value="3")
    changes = {f"state-{row.pk}-name": "Parked", f"state-{row.pk}-phase": Phase.TO_DO}
    admin_client.post(reverse("connections:states"), fields(connected, **changes))
    admin_client.post(reverse("connections:states-read"))
    row.refresh_from_db()
    assert (row.shown, row.label, row.phase) == ("Parked", "On Hold", Phase.TO_DO)
    assert AuditEntry.objects.filter(action="connection.state_renamed").count() == 1


def test_an_empty_name_takes_the_instances_own_again(
    admin_client: Client, connected: Connection
) -> None:
    row = connected.state_names.get(table="incident", value="3")
    row.name = "Parked"
    row.save()
    admin_client.post(
        reverse("connections:states"), fields(connected, **{f"state-{row.pk}-name": ""})
    )
    row.refresh_from_db()
    assert row.shown == "On Hold"


def test_reading_again_while_the_instance_is_down_says_so_and_keeps_the_names(
    admin_client: Client, connected: Connection, sandbox: RunningSandbox
) -> None:
    connected.state_names.filter(table="incident", value="2").update(label="Being fixed")
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
