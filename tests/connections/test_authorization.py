"""The OAuth callback, every way it can go, against the real pages of the instance."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from tests.connections.browserless import (
    INTEGRATION,
    OWNER,
    answers_to,
    authorize_as,
    begin,
    refreshes,
    set_up,
    tokens_of,
    told,
)

from scoredesk.accounts.audit import Actor
from scoredesk.accounts.models import AuditEntry, Person
from scoredesk.accounts.sealed import unseal
from scoredesk.common.clock import now
from scoredesk.connections import authorization
from scoredesk.connections.authorization import VALID_FOR, Answer
from scoredesk.connections.errors import SetupChanged, SetupIncomplete
from scoredesk.connections.models import Authorization, Connection, Status
from scoredesk.connections.removal import remove
from scoredesk.sandbox.program import RunningSandbox
from scoredesk.servicenow import InstanceUser, Tokens

CALLBACK = "/connections/callback"


def refused(client: Client, path: str, code: str) -> str:
    """Comes back by this path; the page must explain exactly this code."""
    page = client.get(path)
    text = page.content.decode()
    assert page.status_code == 400
    assert f"<code>{code}</code>" in text
    return text


def state_of(path: str) -> str:
    return parse_qs(urlsplit(path).query)["state"][0]


def test_the_integration_user_connects(
    admin_client: Client, sandbox: RunningSandbox, waiting: Connection
) -> None:
    back = admin_client.get(authorize_as(admin_client, *INTEGRATION))
    assert back.headers["Location"] == reverse("connections:overview")
    waiting.refresh_from_db()
    assert waiting.status == Status.CONNECTED
    assert len(waiting.integration_user_id) == 32
    assert answers_to(sandbox, unseal(waiting.sealed_access_token)) == 200
    assert AuditEntry.objects.filter(action="connection.authorized").count() == 1


def test_neither_state_nor_verifier_nor_token_is_kept_in_the_clear(
    admin_client: Client, sandbox: RunningSandbox, waiting: Connection
) -> None:
    path = authorize_as(admin_client, *INTEGRATION)
    admin_client.get(path)
    kept = [*Authorization.objects.values().get().values()]
    kept += [*Connection.objects.values().get().values()]
    kept += [value for row in AuditEntry.objects.values() for value in row.values()]
    row = Connection.objects.get()
    secrets = (
        state_of(path),
        unseal(row.sealed_access_token),
        unseal(row.sealed_refresh_token),
        "sandbox-secret",
    )
    assert not [secret for secret in secrets if any(secret in str(value) for value in kept)]


def test_another_user_is_refused_and_the_tokens_are_dead(
    admin_client: Client, sandbox: RunningSandbox, waiting: Connection
) -> None:
    # Within its life the instance gives a user the same token again (servicenow-api 1.4), so that
    # this one is the one that the portal will get and throw away.
    given = tokens_of(sandbox, *OWNER)
    assert answers_to(sandbox, given["access_token"]) == 200
    text = refused(admin_client, authorize_as(admin_client, *OWNER), "connection.wrong_user")
    assert "change.owner" in text
    assert "scoredesk.integration" in text
    assert "Not you?" in text
    assert "are revoked" in text
    assert answers_to(sandbox, given["access_token"]) == 401
    assert refreshes(sandbox, given["refresh_token"]) == 401
    waiting.refresh_from_db()
    assert waiting.status == Status.NOT_CONNECTED
    assert waiting.reason == "connection.wrong_user"
    assert not waiting.sealed_access_token
    assert not waiting.sealed_refresh_token
    assert not waiting.integration_user_id


def test_a_failed_revocation_is_told_and_still_nothing_is_stored(
    admin_client: Client, sandbox: RunningSandbox, waiting: Connection
) -> None:
    path = authorize_as(admin_client, *OWNER)
    told(sandbox, "faults", kind="server_error", times=None, match={"path": "oauth_revoke"})
    text = refused(admin_client, path, "connection.wrong_user")
    assert "did not confirm that the tokens are revoked" in text
    waiting.refresh_from_db()
    assert not waiting.sealed_access_token


def test_refused_once_the_right_user_can_connect_afterwards(
    admin_client: Client, sandbox: RunningSandbox, waiting: Connection
) -> None:
    admin_client.get(authorize_as(admin_client, *OWNER))
    admin_client.get(authorize_as(admin_client, *INTEGRATION))
    waiting.refresh_from_db()
    assert (waiting.status, waiting.reason) == (Status.CONNECTED, "")


def test_a_wrong_user_does_not_disturb_a_working_connection(
    admin_client: Client, sandbox: RunningSandbox, connected: Connection
) -> None:
    before = connected.sealed_access_token
    refused(admin_client, authorize_as(admin_client, *OWNER), "connection.wrong_user")
    connected.refresh_from_db()
    assert (connected.status, connected.reason) == (Status.CONNECTED, "")
    assert connected.sealed_access_token == before


def test_deny_is_explained(
    admin_client: Client, sandbox: RunningSandbox, waiting: Connection
) -> None:
    path = authorize_as(admin_client, *INTEGRATION, press="deny")
    refused(admin_client, path, "connection.denied")
    waiting.refresh_from_db()
    assert (waiting.status, waiting.reason) == (Status.NOT_CONNECTED, "connection.denied")


def test_another_error_of_the_instance_is_quoted(
    admin_client: Client, sandbox: RunningSandbox, waiting: Connection
) -> None:
    state = parse_qs(urlsplit(begin(admin_client)).query)["state"][0]
    path = f"{CALLBACK}?error=invalid_scope&error_description=No+such+scope&state={state}"
    text = refused(admin_client, path, "connection.instance_declined")
    assert "No such scope" in text


def test_an_answer_without_a_code_is_refused(
    admin_client: Client, sandbox: RunningSandbox, waiting: Connection
) -> None:
    state = parse_qs(urlsplit(begin(admin_client)).query)["state"][0]
    refused(admin_client, f"{CALLBACK}?state={state}", "connection.code_missing")


def test_an_answer_without_a_state_is_refused(
    admin_client: Client, sandbox: RunningSandbox, waiting: Connection
) -> None:
    refused(admin_client, f"{CALLBACK}?code=1", "connection.state_missing")


def test_a_made_up_state_is_refused_even_before_anything_is_set_up(admin_client: Client) -> None:
    refused(admin_client, f"{CALLBACK}?code=1&state=made-up", "connection.state_unknown")


def test_a_state_works_once(
    admin_client: Client, sandbox: RunningSandbox, waiting: Connection
) -> None:
    path = authorize_as(admin_client, *INTEGRATION)
    admin_client.get(path)
    refused(admin_client, path, "connection.state_replayed")
    waiting.refresh_from_db()
    assert waiting.status == Status.CONNECTED


def test_a_state_of_another_person_is_refused_and_still_good_for_its_owner(
    admin_client: Client, sandbox: RunningSandbox, waiting: Connection, make_person: object
) -> None:
    path = authorize_as(admin_client, *INTEGRATION)
    other = Client()
    other.force_login(make_person("ben@alder.example", "security_admin"))  # type: ignore[operator]  # a factory
    refused(other, path, "connection.state_foreign")
    assert admin_client.get(path).status_code == 302


def test_a_state_of_another_tenant_is_unknown(
    admin_client: Client, stranger_client: Client, sandbox: RunningSandbox, waiting: Connection
) -> None:
    path = authorize_as(admin_client, *INTEGRATION)
    refused(stranger_client, path, "connection.state_unknown")


def test_a_state_lasts_fifteen_minutes(
    admin_client: Client, sandbox: RunningSandbox, waiting: Connection
) -> None:
    path = authorize_as(admin_client, *INTEGRATION)
    Authorization.objects.update(begun_at=now() - VALID_FOR - timedelta(seconds=1))
    refused(admin_client, path, "connection.state_expired")


def test_a_wrong_client_secret_is_explained(
    admin_client: Client, sandbox: RunningSandbox, waiting: Connection
) -> None:
    set_up(admin_client, sandbox, client_secret="mistyped")
    path = authorize_as(admin_client, *INTEGRATION)
    text = refused(admin_client, path, "servicenow.code_refused")
    assert "Check the client secret" in text
    assert "mistyped" not in text


@pytest.mark.parametrize(
    ("kind", "code"),
    [("unavailable", "servicenow.maintenance"), ("hibernating", "servicenow.hibernating")],
)
def test_an_instance_that_goes_down_on_the_way_back_is_explained(
    admin_client: Client, sandbox: RunningSandbox, waiting: Connection, kind: str, code: str
) -> None:
    path = authorize_as(admin_client, *INTEGRATION)
    told(sandbox, "faults", kind=kind, times=None)
    refused(admin_client, path, code)
    waiting.refresh_from_db()
    assert waiting.status == Status.NOT_CONNECTED


def test_tokens_are_revoked_when_the_instance_does_not_say_whose_they_are(
    admin_client: Client, sandbox: RunningSandbox, waiting: Connection
) -> None:
    path = authorize_as(admin_client, *INTEGRATION)
    told(sandbox, "faults", kind="server_error", times=None, match={"path": "sys_user"})
    text = refused(admin_client, path, "servicenow.server_fault")
    assert "are revoked" in text


def test_an_answer_after_removal_belongs_to_nothing(
    admin_client: Client, admin: Person, sandbox: RunningSandbox, waiting: Connection
) -> None:
    path = authorize_as(admin_client, *INTEGRATION)
    remove(waiting, actor=Actor("ada", admin), now=now())
    refused(admin_client, path, "connection.state_unknown")


@pytest.mark.parametrize("change", [{"integration_user": "other"}, {"status": Status.REMOVED}])
def test_tokens_are_not_stored_in_a_connection_that_changed_meanwhile(
    sandbox: RunningSandbox, waiting: Connection, admin: Person, change: dict[str, str]
) -> None:
    Connection.objects.filter(pk=waiting.pk).update(**change)
    tokens = Tokens("access", "refresh", now() + timedelta(minutes=30))
    user = InstanceUser(sys_id="6" * 32, user_name=INTEGRATION[0])
    with pytest.raises(SetupChanged):
        authorization.accept(waiting, tokens, user, actor=Actor("ada", admin), now=now())
    waiting.refresh_from_db()
    assert not waiting.sealed_access_token


def test_an_incomplete_set_up_cannot_be_authorized(
    admin_client: Client, admin: Person, sandbox: RunningSandbox, waiting: Connection
) -> None:
    Connection.objects.filter(pk=waiting.pk).update(sealed_client_secret="")
    waiting.refresh_from_db()
    with pytest.raises(SetupIncomplete):
        authorization.begin(waiting, actor=Actor("ada", admin), now=now())
    page = admin_client.post(reverse("connections:authorize"), follow=True)
    assert "Fill in the missing fields" in page.content.decode()


def test_a_job_cannot_authorize(sandbox: RunningSandbox, waiting: Connection) -> None:
    with pytest.raises(ValueError, match="only a person"):
        authorization.begin(waiting, actor=Actor.job("test"), now=now())


def test_the_callback_needs_an_administrator(
    admin_client: Client, reader_client: Client, sandbox: RunningSandbox, waiting: Connection
) -> None:
    path = authorize_as(admin_client, *INTEGRATION)
    assert reader_client.get(path).status_code == 403
    assert "login" in Client().get(path).headers["Location"]


def test_answers_do_not_print_their_secrets() -> None:
    assert "abc" not in repr(Answer(state="abc1", code="abc2"))
