"""The dry run and the trial record."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.tickets.world import Instance

from scoredesk.accounts.audit import Actor
from scoredesk.accounts.models import AuditEntry
from scoredesk.common.clock import now
from scoredesk.connections.fields import mapping, reading
from scoredesk.connections.fields.catalogue import NO_FIELD, Book
from scoredesk.connections.fields.sent import Default, Filled, Origin
from scoredesk.connections.models import Connection
from scoredesk.posture.models import ImprovementAction
from scoredesk.tickets.models import Ticket
from scoredesk.tickets.trial.dry_run import Level, Target, dry_run, refused

JOB = Actor.job("test")
DRY = "/tickets/trial"
REAL = "/tickets/trial/record"


def filled(table: str = "incident", **changes: str) -> dict[str, str]:
    due = timezone.localdate() + dt.timedelta(days=30)
    return {
        "table": table,
        "action": "",
        "name": "A ticket to try",
        "description": "What is to be done.",
        "priority": "2",
        "due_date": due.isoformat(),
        "form_key": str(uuid.uuid4()),
        **changes,
    }


def field(**more: Any) -> dict[str, Any]:
    return {**NO_FIELD, "labels": {}, **more}


BOOK = Book(
    "incident",
    {
        "sys_id": field(),
        "category": field(),
        "subcategory": field(),
        "assignment_group": field(reference="sys_user_group"),
        "u_short": field(label="Short", max_length=5),
        "u_must": field(label="Must", mandatory_by="data_policy"),
        "u_hint": field(label="Hint", mandatory_by="dictionary"),
        "label:Kostenstelle": field(label="Kostenstelle", mandatory_by="refusal"),
    },
    {
        "category": [
            {"value": "network", "labels": {"en": "Network"}, "dependent": "", "inactive": False},
            {"value": "old", "labels": {"en": "Old"}, "dependent": "", "inactive": True},
        ],
        "subcategory": [
            {"value": "os", "labels": {}, "dependent": "software", "inactive": False},
        ],
    },
)


@pytest.mark.parametrize(
    ("name", "value", "target", "level", "words"),
    [
        ("u_nowhere", "x", None, Level.LOST, "no such field"),
        ("u_short", "123456", None, Level.LOST, "6 characters"),
        ("category", "plumbing", None, Level.LOST, "not one of the instance's choices"),
        ("category", "old", None, Level.LOST, "no longer offers"),
        ("subcategory", "os", None, Level.LOST, "does not belong"),
        ("assignment_group", "x", Target(False), Level.LOST, "was deleted"),
        ("assignment_group", "x", Target(True, active=False), Level.LOST, "inactive"),
        ("assignment_group", "x", Target(None), Level.DOUBT, "could not be asked"),
    ],
)
def test_the_dry_run_names_what_the_instance_would_not_keep(
    name: str, value: str, target: Target | None, level: Level, words: str
) -> None:
    record = {"short_description": "x", "category": "network", name: value}
    mapped = [Filled(name, value, value, Origin.CONSTANT)]
    lines = dry_run(record, mapped, BOOK, {name: target} if target else {})
    problems = next(line for line in lines if line.field == name).problems
    assert [(each.level, words in str(each.text)) for each in problems] == [(level, True)]


def test_the_dry_run_names_what_is_missing_also_by_label_alone() -> None:
    lines = dry_run({"short_description": "x"}, [], BOOK)
    missing = {line.label: line.problems[0].level for line in lines if line.problems}
    assert missing == {
        "Must": Level.REFUSED,
        "Hint": Level.DOUBT,
        "Kostenstelle": Level.REFUSED,
    }
    assert refused(lines)


def test_the_page_shows_the_exact_record_and_sends_nothing(
    admin_client: Client, connection: Connection, instance: Instance, action: ImprovementAction
) -> None:
    reading.take_up(connection, actor=JOB, now=now())
    mapping.save(connection, "incident", Default("category", "network", "Network"), actor=JOB)
    before = len(instance.requests("POST"))
    page = admin_client.post(DRY, filled(action=action.control_id)).content.decode()
    for told in ("short_description", "Network", "Mapping: the same in every ticket", "urgency"):
        assert told in page
    assert len(instance.requests("POST")) == before
    assert not Ticket.objects.exists()


def test_a_group_that_vanished_is_told_by_the_dry_run(
    admin_client: Client, connection: Connection
) -> None:
    mapping.save(connection, "incident", Default("assignment_group", "0" * 32, "G"), actor=JOB)
    assert "was deleted" in admin_client.post(DRY, filled()).content.decode()


@pytest.mark.parametrize(("table", "state"), [("incident", "8"), ("change_request", "4")])
def test_a_trial_record_is_created_compared_and_cancelled(
    admin_client: Client, connection: Connection, instance: Instance, table: str, state: str
) -> None:
    page = admin_client.post(REAL, filled(table)).content.decode()
    (record,) = instance.records(table)
    assert record["short_description"] == "Scoredesk trial – please ignore"
    assert record["state"] == state
    assert record["number"] in page
    assert "It was cancelled" in page
    assert "Every field was stored as it was sent" in page
    connection.refresh_from_db()
    stored = connection.trial_results[table]
    assert (stored["outcome"], stored["code"]) == ("passed", "")
    assert stored["record"]["sys_id"] == record["sys_id"]
    assert AuditEntry.objects.filter(action="connection.trial_record").count() == 1


def test_a_trial_record_is_no_ticket(
    admin_client: Client, connection: Connection, instance: Instance
) -> None:
    admin_client.post(REAL, filled())
    (record,) = instance.records("incident")
    assert not record["correlation_id"].startswith(connection.correlation_prefix)
    assert not Ticket.objects.exists()


def test_sent_twice_it_creates_one_record(
    admin_client: Client, connection: Connection, instance: Instance
) -> None:
    form = filled()
    first = admin_client.post(REAL, form).content.decode()
    second = admin_client.post(REAL, form).content.decode()
    (record,) = instance.records("incident")
    assert record["number"] in first
    assert record["number"] in second


def test_a_lost_answer_is_looked_up_not_sent_again(
    admin_client: Client, connection: Connection, instance: Instance
) -> None:
    instance.fault("lost_reply", method="POST", path="/table/incident", times=1)
    page = admin_client.post(REAL, filled()).content.decode()
    (record,) = instance.records("incident")
    assert record["number"] in page
    assert record["state"] == "8"


def test_a_record_that_is_not_found_after_a_lost_answer_is_looked_for_again(
    admin_client: Client, connection: Connection, instance: Instance
) -> None:
    form = filled()
    instance.fault("lost_reply", method="POST", path="/table/incident", times=1)
    instance.fault("server_error", method="GET", path="/table/incident", times=None)
    page = admin_client.post(REAL, form).content.decode()
    assert "connection.trial_uncertain" in page
    assert "Look again" in page
    instance.mend()
    again = admin_client.post(REAL, form).content.decode()
    (record,) = instance.records("incident")
    assert record["number"] in again


def test_a_refusal_names_the_field_and_leads_to_its_mapping(
    admin_client: Client, connection: Connection, instance: Instance
) -> None:
    instance.switch(mandatory_fields={"incident": {"u_cost_center": "Cost center"}})
    page = admin_client.post(REAL, filled()).content.decode()
    assert "servicenow.data_policy" in page
    assert "/connections/fields/?table=incident&amp;label=Cost%20center" in page
    connection.refresh_from_db()
    assert connection.trial_results["incident"]["code"] == "servicenow.data_policy"
    assert connection.status == "connected"
    instance.switch(mandatory_fields={})
    admin_client.post(REAL, filled())
    connection.refresh_from_db()
    assert connection.trial_results["incident"]["outcome"] == "passed"


def test_a_business_rule_is_named_with_its_link(
    admin_client: Client, connection: Connection, instance: Instance
) -> None:
    instance.switch(business_rules={"incident": "Check cost center"})
    page = admin_client.post(REAL, filled()).content.decode()
    assert "Check cost center" in page
    assert "/sys_script.do?sys_id=" in page


def test_where_cancelling_is_refused_the_page_says_so_with_the_link(
    admin_client: Client, connection: Connection, instance: Instance
) -> None:
    instance.fault("forbidden", method="PATCH", variant="acl", operation="Update", times=None)
    page = admin_client.post(REAL, filled()).content.decode()
    (record,) = instance.records("incident")
    assert "connection.trial_not_cancelled" in page
    assert record["sys_id"] in page
    connection.refresh_from_db()
    stored = connection.trial_results["incident"]
    assert (stored["code"], stored["cancelled"]) == ("", False)


def test_a_record_that_is_hidden_after_its_creation_is_told(
    admin_client: Client, connection: Connection, instance: Instance
) -> None:
    instance.fault("not_found", method="GET", path="/table/incident/", times=None)
    page = admin_client.post(REAL, filled()).content.decode()
    assert "connection.trial_invisible" in page


def test_dropped_fields_are_named(
    admin_client: Client, connection: Connection, instance: Instance
) -> None:
    mapping.save(connection, "incident", Default("u_nowhere", "x", "x"), actor=JOB)
    page = admin_client.post(REAL, filled()).content.decode()
    assert "“x” was dropped" in page
    connection.refresh_from_db()
    assert connection.trial_results["incident"]["outcome"] == "differs"


def test_wrong_input_creates_nothing_and_keeps_what_was_typed(
    admin_client: Client, connection: Connection, instance: Instance
) -> None:
    answer = admin_client.post(REAL, filled(name="", description="Kept thoughts"))
    assert answer.status_code == 422
    assert "Kept thoughts" in answer.content.decode()
    assert instance.records("incident") == []


@pytest.mark.parametrize("path", [DRY, REAL])
def test_readers_may_not_try(reader_client: Client, path: str) -> None:
    assert reader_client.post(path, filled()).status_code == 403


def test_the_page_begins_from_an_improvement_action(
    admin_client: Client, connection: Connection, action: ImprovementAction
) -> None:
    page = admin_client.get(DRY, {"action": action.control_id, "table": "incident"})
    assert page.context["form"]["name"].value() == action.title
    assert page.context["form"]["table"].value() == "incident"
