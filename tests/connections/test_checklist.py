"""The checklist's page: where it opens, what each step says, checking one step again."""

from __future__ import annotations

import re

import httpx
import pytest
from django.test import Client
from django.urls import reverse
from tests.connections.browserless import (
    OWNER,
    authorize_as,
    begin,
    connect,
    send_step,
    set_up,
    told,
)
from tests.connections.desk import allow_client_credentials

from scoredesk.accounts.models import AuditEntry
from scoredesk.common.clock import now
from scoredesk.connections.checklist import cards, step_of
from scoredesk.connections.findings import Step
from scoredesk.connections.models import Authorization, Connection, SignIn
from scoredesk.connections.steps import State
from scoredesk.connections.times import ANSWER_WITHIN
from scoredesk.sandbox.program import RunningSandbox

SETUP = "/connections/setup/"


def shown(client: Client) -> tuple[dict[str, str], list[str]]:
    """The state of every step, and which are unfolded."""
    page = client.get(SETUP).content.decode()
    states = dict(re.findall(r'id="state-(\w+)" data-state="(\w+)"', page))
    return states, re.findall(r'<details[^>]*id="(\w+)" open', page)


def check(client: Client, step: str, **headers: str) -> httpx.Response:
    return client.post(reverse("connections:check-step", args=[step]), headers=headers)  # type: ignore[return-value]  # Django's test response is near enough


def test_the_page_opens_at_the_step_that_comes_next(
    admin_client: Client, sandbox: RunningSandbox
) -> None:
    assert shown(admin_client)[1] == ["instance"]
    answer = send_step(admin_client, "instance", address=sandbox.servicenow_url, language="en")
    assert answer.headers["Location"].endswith("#app")
    states, unfolded = shown(admin_client)
    assert states["instance"] == State.PASSED
    assert unfolded[0] == "app"
    set_up(admin_client, sandbox)
    states, unfolded = shown(admin_client)
    assert (states["user"], unfolded) == (State.SAVED, ["authorize"])
    assert admin_client.get(authorize_as(admin_client, "scoredesk.integration", "integration"))
    states, unfolded = shown(admin_client)
    assert {states[step] for step in Step} <= {State.PASSED, State.WARNING}
    assert "application" not in unfolded


def test_a_step_is_never_saved_before_the_one_that_it_needs(admin_client: Client) -> None:
    answer = send_step(admin_client, "user", integration_user="scoredesk.integration")
    assert answer.headers["Location"] == SETUP
    assert send_step(admin_client, "nothing").status_code == 302
    assert not Connection.objects.exists()


def test_a_fault_stands_in_its_step_until_it_is_cured_and_checked_again(
    admin_client: Client, sandbox: RunningSandbox
) -> None:
    told(sandbox, "faults", kind="hibernating", times=None)
    answer = send_step(admin_client, "instance", address=sandbox.servicenow_url, language="en")
    assert answer.headers["Location"].endswith("#instance")
    assert shown(admin_client)[0]["instance"] == State.FAILED
    assert "The instance is hibernating." in admin_client.get(SETUP).content.decode()
    httpx.delete(f"{sandbox.servicenow_url}/_sandbox/faults")
    assert check(admin_client, "instance").headers["Location"] == f"{SETUP}?step=instance#instance"
    assert shown(admin_client)[0]["instance"] == State.PASSED
    assert "The instance is hibernating." not in admin_client.get(SETUP).content.decode()


def test_checking_with_htmx_brings_what_was_found_and_leaves_the_form_alone(
    admin_client: Client, sandbox: RunningSandbox, waiting: Connection
) -> None:
    told(sandbox, "faults", kind="hibernating", times=None)
    answer = check(admin_client, "instance", **{"HX-Request": "true"})
    page = answer.content.decode()
    assert "The instance is hibernating." in page
    assert 'data-state="failed" hx-swap-oob="outerHTML"' in page
    assert "<form" not in page
    assert "<html" not in page


def test_only_the_step_that_was_asked_for_is_checked(
    admin_client: Client, sandbox: RunningSandbox, connected: Connection
) -> None:
    before = {kept["check"]: kept["at"] for kept in connected.check_results}
    check(admin_client, "user")
    connected.refresh_from_db()
    after = {kept["check"]: kept["at"] for kept in connected.check_results}
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed
    assert changed <= {"identity", "account"}


@pytest.mark.parametrize("step", list(Step))
def test_every_step_can_be_checked_and_is_written_down(
    admin_client: Client, waiting: Connection, step: Step
) -> None:
    checked = AuditEntry.objects.filter(action="connection.checked")
    before = checked.count()
    assert check(admin_client, step).headers["Location"].endswith(f"#{step}")
    assert checked.count() == before + 1


def test_a_step_that_is_none_is_not_found(admin_client: Client, waiting: Connection) -> None:
    assert check(admin_client, "nothing").status_code == 404


def test_a_reader_and_another_tenant_check_nothing(
    reader_client: Client, stranger_client: Client, waiting: Connection
) -> None:
    assert check(reader_client, "instance").status_code == 403
    assert check(stranger_client, "instance").headers["Location"] == SETUP


def test_what_the_allow_page_ended_with_stands_at_the_step_that_cures_it(
    admin_client: Client, sandbox: RunningSandbox
) -> None:
    connect(admin_client, sandbox, OWNER)
    page = admin_client.get(SETUP).content.decode()
    assert shown(admin_client)[0]["authorize"] == State.FAILED
    assert "ServiceNow answered as change.owner, not as scoredesk.integration." in page
    assert "Not you?" in page
    connect(admin_client, sandbox)
    assert shown(admin_client)[0]["authorize"] == State.PASSED


def test_who_went_to_the_allow_page_is_waited_for_and_then_missed(
    admin_client: Client, sandbox: RunningSandbox, waiting: Connection
) -> None:
    begin(admin_client)
    assert shown(admin_client)[0]["authorize"] == State.CHECKING
    Authorization.objects.update(begun_at=now() - 2 * ANSWER_WITHIN)
    assert shown(admin_client)[0]["authorize"] == State.FAILED
    page = admin_client.get(SETUP).content.decode()
    assert "connection.no_callback" in page
    assert f"{sandbox.servicenow_url}/side_door.do" in page


def test_a_fault_that_a_job_met_stands_where_it_is_cured(
    admin_client: Client, connected: Connection
) -> None:
    Connection.objects.update(status="attention", reason="servicenow.hibernating")
    connected.refresh_from_db()
    states = {card.step: card.state for card in cards(connected, now())}
    assert states[Step.INSTANCE] == State.FAILED
    assert states[Step.AUTHORIZE] == State.PASSED
    assert step_of("servicenow.unauthorized") == Step.AUTHORIZE


def test_client_credentials_are_explained_with_their_own_button(
    admin_client: Client, sandbox: RunningSandbox
) -> None:
    set_up(admin_client, sandbox, sign_in=SignIn.CLIENT_CREDENTIALS)
    page = admin_client.get(SETUP).content.decode()
    assert "glide.oauth.inbound.client.credential.grant_type.enabled" in page
    assert "Get access" in page
    assert "First do the step" in page  # verifying waits for it


def test_client_credentials_are_taken_with_one_button(
    admin_client: Client, sandbox: RunningSandbox
) -> None:
    set_up(admin_client, sandbox, sign_in=SignIn.CLIENT_CREDENTIALS)
    answer = admin_client.post(reverse("connections:authorize"))
    assert answer.headers["Location"].endswith("#authorize")
    states, unfolded = shown(admin_client)
    assert (states["authorize"], unfolded) == (State.FAILED, ["authorize"])
    allow_client_credentials(sandbox, "scoredesk.integration")
    answer = admin_client.post(reverse("connections:authorize"))
    assert answer.headers["Location"] == "/connections/"
    assert shown(admin_client)[0]["authorize"] == State.PASSED


def test_everything_to_type_is_ready_to_copy_and_leads_into_the_instance(
    admin_client: Client, sandbox: RunningSandbox, waiting: Connection
) -> None:
    page = admin_client.get(SETUP).content.decode()
    copied = ["http://127.0.0.1:8000/connections/callback", "Scoredesk", "useraccount", "itil"]
    copied += ["sn_incident_write", "sn_change_write", "scoredesk.integration"]
    assert [text for text in copied if f'data-copy="{text}"' not in page] == []
    pages = ["oauth_entity_list.do", "sys_user.do?sys_id=-1", "sys_properties.do?sys_id=-1"]
    missing = [name for name in pages if f'href="{sandbox.servicenow_url}/{name}"' not in page]
    assert missing == []


def test_a_working_connection_says_beforehand_what_a_change_will_do(
    admin_client: Client, sandbox: RunningSandbox, connected: Connection
) -> None:
    page = admin_client.get(SETUP).content.decode()
    assert page.count("No ticket is lost") == 2
    send_step(admin_client, "instance", address=sandbox.servicenow_url, language="zh")
    connected.refresh_from_db()
    assert (connected.status, connected.language) == ("connected", "zh")
