"""Checking one step: it proves what it saw, and nothing else; the daily look at the user."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from django.test import Client
from django.urls import reverse
from tests.connections.browserless import told
from tests.connections.desk import row

from scoredesk.accounts.models import Person
from scoredesk.common.clock import now
from scoredesk.connections import upkeep
from scoredesk.connections.findings import Check, Outcome, Step
from scoredesk.connections.health import report_fault
from scoredesk.connections.models import Connection, Status
from scoredesk.sandbox.program import RunningSandbox
from scoredesk.servicenow.errors import Hibernating, RefreshRefused, UnscopedApi

pytestmark = pytest.mark.usefixtures("desk_in_order")


def check(client: Client, step: Step) -> Connection:
    client.post(reverse("connections:check-step", args=[step.value]))
    return Connection.objects.get()


def found(connection: Connection) -> dict[str, str]:
    return {stored["check"]: stored["code"] for stored in connection.check_results}


@pytest.mark.parametrize("step", list(Step))
def test_no_step_says_that_a_connection_works_whose_tokens_are_revoked(
    admin_client: Client, sandbox: RunningSandbox, connected: Connection, step: Step
) -> None:
    told(sandbox, "tokens", revoke="all")
    upkeep.verify_identities(now())
    after = check(admin_client, step)
    assert (after.status, after.reason) == (Status.ATTENTION, "servicenow.refresh_refused")


@pytest.mark.parametrize("step", list(Step))
def test_a_step_tells_what_is_in_the_way_and_sees_that_it_is_gone(
    admin_client: Client, sandbox: RunningSandbox, connected: Connection, step: Step
) -> None:
    told(sandbox, "faults", kind="hibernating", times=None)
    after = check(admin_client, step)
    assert (after.status, after.reason) == (Status.ATTENTION, Hibernating.code)
    assert found(after)[Check.REACH] == Hibernating.code
    httpx.delete(f"{sandbox.servicenow_url}/_sandbox/faults").raise_for_status()
    after = check(admin_client, step)
    assert (after.status, after.reason, found(after)[Check.REACH]) == (Status.CONNECTED, "", "")


def test_a_missing_right_is_not_excused_by_a_step_that_looks_at_no_rights(
    admin_client: Client, sandbox: RunningSandbox, connected: Connection
) -> None:
    report_fault(connected, UnscopedApi(), now())
    assert check(admin_client, Step.INSTANCE).status == Status.ATTENTION
    assert check(admin_client, Step.VERIFY).status == Status.CONNECTED


def test_a_connection_that_waits_for_its_authorization_shows_other_steps_as_before(
    admin_client: Client, sandbox: RunningSandbox, waiting: Connection
) -> None:
    before = set(found(waiting))
    assert set(found(check(admin_client, Step.INSTANCE))) == before | {"reach", "release", "clock"}


def test_rights_of_an_administrator_are_found_within_a_day(
    sandbox: RunningSandbox, connected: Connection, admin: Person
) -> None:
    given = {
        "user": row(sandbox, "sys_user", "user_name=scoredesk.integration")["sys_id"],
        "role": row(sandbox, "sys_user_role", "name=admin")["sys_id"],
    }
    url = f"{sandbox.servicenow_url}/api/now/table/sys_user_has_role"
    httpx.post(url, json=given, auth=("admin", "admin")).raise_for_status()
    assert upkeep.verify_identities(now()) == 1
    connected.refresh_from_db()
    assert connected.status == Status.CONNECTED
    [kind] = [each for each in connected.check_results if each["check"] == Check.ACCOUNT]
    assert (kind["outcome"], kind["code"]) == (Outcome.WARNING, "connection.admin_rights")


def test_a_job_does_not_make_a_cause_vague_that_a_check_has_found(
    admin_client: Client, sandbox: RunningSandbox, connected: Connection
) -> None:
    told(sandbox, "packs", clone=True)
    upkeep.verify_identities(now())
    admin_client.post(reverse("connections:check"))
    connected.refresh_from_db()
    known, failures = connected.reason, connected.failures
    assert known == "servicenow.client_unknown"
    report_fault(connected, RefreshRefused(), now() + timedelta(days=1))
    assert (connected.status, connected.reason) == (Status.ATTENTION, known)
    assert connected.failures == failures + 1


def test_maintenance_at_the_hour_of_the_daily_look_does_not_stand_in_the_last_check(
    sandbox: RunningSandbox, connected: Connection
) -> None:
    before = found(connected)
    told(sandbox, "faults", kind="maintenance", times=None)
    assert upkeep.verify_identities(now()) == 0
    connected.refresh_from_db()
    assert (connected.status, connected.failures, found(connected)) == ("connected", 1, before)
