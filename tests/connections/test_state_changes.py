"""What an instance changes of its states: found, told, acknowledged; the map of a person stays."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from tests.connections.browserless import told

from scoredesk.accounts.audit import Actor
from scoredesk.accounts.models import AuditEntry
from scoredesk.common.clock import now
from scoredesk.connections import upkeep
from scoredesk.connections.models import Connection, Phase
from scoredesk.connections.states import acknowledge, take_up, waiting
from scoredesk.sandbox.program import RunningSandbox

JOB = Actor.job("test")


def change(sandbox: RunningSandbox, value: str, **asked: object) -> None:
    told(sandbox, "choices", table="incident", element="state", value=value, **asked)


def page(client: Client) -> str:
    return str(client.get(reverse("connections:states")).content.decode())


def test_a_renamed_state_is_told_until_it_is_acknowledged(
    admin_client: Client, connected: Connection, sandbox: RunningSandbox
) -> None:
    change(sandbox, "2", label="Being worked on")
    admin_client.post(reverse("connections:states-read"))
    shown = admin_client.get(reverse("connections:states"))
    assert "“In Progress” is now called “Being worked on” (English)." in shown.content.decode()
    until = shown.context["until"]
    admin_client.post(reverse("connections:states-seen"), {"until": until})
    assert "is now called" not in page(admin_client)
    [entry] = AuditEntry.objects.filter(action="connection.state_change_seen")
    assert (entry.subject, entry.before["name"]) == ("incident 2", "In Progress")


def test_a_change_found_after_the_page_was_shown_stays_to_be_told(
    connected: Connection, sandbox: RunningSandbox
) -> None:
    change(sandbox, "2", label="Being worked on")
    take_up(connected, actor=JOB)
    until = connected.state_names.exclude(before={}).get().before["at"]
    change(sandbox, "3", label="Parked")
    take_up(connected, actor=JOB)
    assert acknowledge(connected, until=until, actor=JOB) == 1
    assert [row.value for row in connected.state_names.exclude(before={})] == ["3"]


def test_a_state_that_the_instance_adds_asks_for_its_phase(
    admin_client: Client, connected: Connection, sandbox: RunningSandbox
) -> None:
    change(sandbox, "42", label="Awaiting parts")
    take_up(connected, actor=JOB)
    assert waiting(connected).phases == 1
    assert "“Awaiting parts” is new. Choose its phase." in page(admin_client)
    assert "1 state needs a phase" in page(admin_client)


@pytest.mark.parametrize(
    ("asked", "sentence", "badge"),
    [
        ({"inactive": True}, "“On Hold” is inactive", "Inactive"),
        ({"remove": True}, "“On Hold” was removed", "Removed"),
    ],
)
def test_a_retired_state_is_marked_and_its_map_is_kept(
    admin_client: Client,
    connected: Connection,
    sandbox: RunningSandbox,
    asked: dict[str, object],
    sentence: str,
    badge: str,
) -> None:
    connected.state_names.filter(table="incident", value="3").update(names={"en": "Parked"})
    change(sandbox, "3", **asked)
    take_up(connected, actor=JOB)
    shown = page(admin_client)
    assert sentence.replace("On Hold", "Parked") in shown or sentence in shown
    assert f">{badge}</span>" in shown
    row = connected.state_names.get(table="incident", value="3")
    assert (row.retired, row.names, row.phase) == (True, {"en": "Parked"}, Phase.ON_HOLD)


def test_a_removed_state_without_tickets_goes_once_it_was_seen(
    connected: Connection, sandbox: RunningSandbox
) -> None:
    change(sandbox, "3", remove=True)
    take_up(connected, actor=JOB)
    acknowledge(connected, until=now().isoformat(), actor=JOB)
    assert not connected.state_names.filter(table="incident", value="3").exists()
    assert waiting(connected).changes == 0


def test_the_daily_job_finds_what_changed_and_is_silent_otherwise(
    connected: Connection, sandbox: RunningSandbox
) -> None:
    before = AuditEntry.objects.filter(action="connection.states_read").count()
    assert upkeep.read_states(now()) == 1
    assert AuditEntry.objects.filter(action="connection.states_read").count() == before
    change(sandbox, "1", label="Logged")
    upkeep.read_states(now())
    assert waiting(connected).changes == 1
    assert AuditEntry.objects.filter(action="connection.states_read").count() == before + 1


def test_a_customised_instance_keeps_its_own_words(
    connected: Connection, sandbox: RunningSandbox
) -> None:
    told(sandbox, "packs", customised=True)
    take_up(connected, actor=JOB)
    row = connected.state_names.get(table="incident", value="2")
    assert row.labels == {"en": "Being worked on", "zh-hans": "正在进行"}
    Connection.objects.filter(pk=connected.pk).update(language="de")
    connected.refresh_from_db()
    take_up(connected, actor=JOB)
    row.refresh_from_db()
    assert row.labels["de"] == "In Bearbeitung"


@pytest.mark.parametrize("readable", ["empty", "forbidden"])
def test_an_instance_that_hides_its_choices_again_changes_nothing(
    admin_client: Client, connected: Connection, sandbox: RunningSandbox, readable: str
) -> None:
    before = list(connected.state_names.values())
    told(sandbox, "switches", choices_readable=readable)
    admin_client.post(reverse("connections:states-read"))
    assert list(connected.state_names.values()) == before


def test_names_that_stood_in_are_replaced_without_a_word_once_the_choices_are_readable(
    connected: Connection, sandbox: RunningSandbox, admin_client: Client
) -> None:
    connected.state_names.all().delete()
    told(sandbox, "switches", choices_readable="forbidden")
    take_up(connected, actor=JOB)
    assert "connection.choices_unreadable" in page(admin_client)
    change(sandbox, "1", label="Logged")
    told(sandbox, "switches", choices_readable="yes")
    take_up(connected, actor=JOB)
    assert connected.state_names.get(table="incident", value="1").label == "Logged"
    assert waiting(connected).changes == 0
    assert "connection.choices_unreadable" not in page(admin_client)


def test_a_table_without_rows_of_its_own_in_a_language_does_not_take_the_ones_of_task(
    connected: Connection, sandbox: RunningSandbox
) -> None:
    """Pending, Open and Work in Progress are other states than a change request's."""
    told(
        sandbox, "choices", table="task", element="state", value="-5", label="Wartet", language="de"
    )
    Connection.objects.filter(pk=connected.pk).update(language="de")
    connected.refresh_from_db()
    take_up(connected, actor=JOB)
    assert "de" not in connected.state_names.get(table="change_request", value="-5").labels
