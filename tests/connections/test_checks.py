"""The check: each thing it looks at, in order, wrong, or beyond telling."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from tests.connections.browserless import told

from scoredesk.accounts.audit import Actor
from scoredesk.common.clock import now
from scoredesk.connections import checks
from scoredesk.connections.findings import Check, Outcome
from scoredesk.connections.health import report_fault, report_success
from scoredesk.connections.models import Connection, Status
from scoredesk.sandbox.program import RunningSandbox
from scoredesk.servicenow.errors import GrantRefused, Hibernating, InsertRefused, Maintenance

JOB = Actor.job("test")


def outcomes(connection: Connection) -> dict[Check, Outcome]:
    return {result.check: result.outcome for result in checks.run(connection, actor=JOB, now=now())}


def test_a_connection_in_order_passes_every_check(
    sandbox: RunningSandbox, connected: Connection, desk_in_order: None
) -> None:
    told(sandbox, "seed", table="incident", count=1)
    told(sandbox, "seed", table="change_request", count=1)
    found = outcomes(connected)
    assert found.pop(Check.APP) == Outcome.SKIPPED  # the connector app was not chosen
    assert found.pop(Check.FIELDS) == Outcome.UNSURE  # nothing was created from here yet
    assert set(found.values()) == {Outcome.GOOD}
    assert connected.checked_at is not None
    assert connected.status == Status.CONNECTED


def test_an_instance_that_sleeps_fails_first_and_skips_the_rest(
    sandbox: RunningSandbox, connected: Connection
) -> None:
    told(sandbox, "faults", kind="hibernating", times=None)
    found = outcomes(connected)
    assert found.pop(Check.REACH) == Outcome.FAILED
    assert set(found.values()) == {Outcome.SKIPPED}
    assert (connected.status, connected.reason) == (Status.ATTENTION, "servicenow.hibernating")


def test_a_passing_fault_is_shown_but_does_not_drop_the_connection(
    sandbox: RunningSandbox, connected: Connection
) -> None:
    told(sandbox, "faults", kind="unavailable", times=None)
    assert outcomes(connected)[Check.REACH] == Outcome.FAILED
    assert (connected.status, connected.reason) == (Status.CONNECTED, "")


def test_another_identity_fails_and_skips_the_rights(
    sandbox: RunningSandbox, connected: Connection
) -> None:
    Connection.objects.update(integration_user="somebody.else")
    connected.refresh_from_db()
    found = outcomes(connected)
    assert (found[Check.REACH], found[Check.IDENTITY]) == (Outcome.GOOD, Outcome.FAILED)
    assert found[Check.INCIDENT] == Outcome.SKIPPED
    assert connected.reason == "connection.wrong_user"


def test_a_field_that_may_not_be_queried_fails_its_table_only(
    sandbox: RunningSandbox, connected: Connection
) -> None:
    told(sandbox, "switches", range_refused_fields={"incident": ["sys_updated_on"]})
    found = outcomes(connected)
    assert found[Check.INCIDENT] == Outcome.FAILED
    assert found[Check.CHANGE_REQUEST] != Outcome.FAILED
    assert connected.reason == "connection.search_refused"


def test_what_failed_is_in_order_again_after_the_next_good_check(
    sandbox: RunningSandbox, connected: Connection
) -> None:
    told(sandbox, "switches", range_refused_fields={"incident": ["sys_updated_on"]})
    outcomes(connected)
    told(sandbox, "switches", range_refused_fields={})
    outcomes(connected)
    assert (connected.status, connected.reason) == (Status.CONNECTED, "")


@pytest.mark.parametrize("readable", ["empty", "forbidden"])
def test_choices_that_cannot_be_read_are_told_and_do_no_harm(
    sandbox: RunningSandbox, connected: Connection, readable: str
) -> None:
    told(sandbox, "switches", choices_readable=readable)
    assert outcomes(connected)[Check.CHOICES] == Outcome.UNSURE
    assert connected.status == Status.CONNECTED


def test_a_set_up_that_nobody_authorized_says_so(
    sandbox: RunningSandbox, waiting: Connection
) -> None:
    found = outcomes(waiting)
    assert (found[Check.REACH], found[Check.TOKENS]) == (Outcome.GOOD, Outcome.FAILED)
    assert waiting.status == Status.NOT_CONNECTED


def test_the_button_checks_and_the_page_shows_each_result_with_its_cure(
    admin_client: Client, sandbox: RunningSandbox, connected: Connection
) -> None:
    told(sandbox, "faults", kind="hibernating", times=None)
    page = admin_client.post(reverse("connections:check"), follow=True).content.decode()
    assert "The check found 1 fault." in page
    assert "Sign in at developer.servicenow.com" in page
    assert 'data-status="attention"' in page


def test_a_good_check_says_that_the_connection_works(
    admin_client: Client, sandbox: RunningSandbox, connected: Connection
) -> None:
    page = admin_client.post(reverse("connections:check"), follow=True).content.decode()
    assert "The connection works" in page


def test_faults_of_calls_need_attention_only_if_they_will_not_pass(
    sandbox: RunningSandbox, connected: Connection
) -> None:
    for passing in (Maintenance(), InsertRefused()):
        report_fault(connected, passing, now())
        assert connected.status == Status.CONNECTED
    report_fault(connected, Hibernating(), now())
    assert (connected.status, connected.reason) == (Status.ATTENTION, "servicenow.hibernating")
    report_fault(connected, GrantRefused(), now())
    assert connected.reason == "servicenow.grant_refused"


def test_a_call_that_works_ends_the_attention_it_disproves(
    sandbox: RunningSandbox, connected: Connection
) -> None:
    report_fault(connected, Hibernating(), now())
    report_fault(connected, Hibernating(), now())
    report_success(connected, now())
    assert (connected.status, connected.reason) == (Status.CONNECTED, "")


def test_a_call_that_works_does_not_excuse_a_wrong_user(
    sandbox: RunningSandbox, connected: Connection
) -> None:
    Connection.objects.update(status=Status.ATTENTION, reason="connection.wrong_user")
    report_success(connected, now())
    assert connected.status == Status.ATTENTION
