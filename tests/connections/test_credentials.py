"""Client credentials: tokens without a browser, whose owner is asked each time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from tests.connections.browserless import CLIENT_ID, CLIENT_SECRET, answers_to, requests_of, told
from tests.connections.desk import allow_client_credentials, set_application, set_user

from scoredesk.accounts.audit import Actor
from scoredesk.accounts.models import AuditEntry, Person, Tenant
from scoredesk.accounts.sealed import seal, unseal
from scoredesk.common.clock import now
from scoredesk.connections import checks, credentials, setup, tokens, upkeep
from scoredesk.connections.errors import (
    NotAuthorized,
    PersonalCredentials,
    SetupChanged,
    SetupIncomplete,
    UserUnusable,
    WrongUser,
)
from scoredesk.connections.findings import Outcome
from scoredesk.connections.models import Connection, SignIn, Status
from scoredesk.connections.setup import Application
from scoredesk.sandbox.program import RunningSandbox
from scoredesk.servicenow import Query
from scoredesk.servicenow.errors import Maintenance, TokenRefused

USER = "scoredesk.integration"


@pytest.fixture
def actor(admin: Person) -> Actor:
    return Actor("ada", admin)


@pytest.fixture
def ready(tenant: Tenant, sandbox: RunningSandbox, actor: Actor) -> Connection:
    """Set up for client credentials here and in the instance; nothing obtained yet."""
    allow_client_credentials(sandbox, USER)
    row = setup.save_instance(sandbox.servicenow_url, "en", tenant=tenant, actor=actor, now=now())
    application = Application(SignIn.CLIENT_CREDENTIALS, CLIENT_ID, CLIENT_SECRET)
    setup.save_application(row, application, actor=actor, now=now())
    return setup.save_user(row, USER, actor=actor, now=now())


@pytest.fixture
def live(ready: Connection, actor: Actor) -> Connection:
    return credentials.obtain(ready, actor=actor, now=now())


def lapse(connection: Connection) -> None:
    Connection.objects.filter(pk=connection.pk).update(
        sealed_access_token=seal("lapsed"), access_expires_at=now()
    )
    connection.refresh_from_db()


def read(connection: Connection) -> int:
    with tokens.client_for(connection) as client:
        return len(client.list("incident", Query(), ["sys_id"], limit=1))


def reason_of(connection: Connection) -> tuple[str, str]:
    connection.refresh_from_db()
    return connection.status, connection.reason


def test_it_connects_as_the_declared_user_without_a_browser(
    sandbox: RunningSandbox, live: Connection
) -> None:
    assert (live.status, live.reason, len(live.integration_user_id)) == (Status.CONNECTED, "", 32)
    assert live.has_tokens
    assert not live.sealed_refresh_token
    assert answers_to(sandbox, unseal(live.sealed_access_token)) == 200
    assert AuditEntry.objects.filter(action="connection.authorized").count() == 1


def test_what_is_missing_is_told_before_anything_is_asked(
    sandbox: RunningSandbox, ready: Connection, actor: Actor
) -> None:
    ready.integration_user = ""
    with pytest.raises(SetupIncomplete):
        credentials.obtain(ready, actor=actor, now=now())
    assert not requests_of(sandbox, "oauth_token")


@pytest.mark.parametrize("missing", ["property", "application user", "secret"])
def test_a_refusal_is_kept_as_the_reason_and_cured_by_a_second_try(
    sandbox: RunningSandbox, ready: Connection, actor: Actor, missing: str
) -> None:
    if missing == "property":
        told(sandbox, "switches", client_credentials=False)
    elif missing == "application user":
        set_application(sandbox, user="")
    else:
        set_application(sandbox, client_secret="another")
    with pytest.raises(TokenRefused):
        credentials.obtain(ready, actor=actor, now=now())
    assert reason_of(ready) == (Status.NOT_CONNECTED, "servicenow.client_credentials_refused")
    set_application(sandbox, client_secret=CLIENT_SECRET)
    allow_client_credentials(sandbox, USER)
    credentials.obtain(ready, actor=actor, now=now())
    assert reason_of(ready) == (Status.CONNECTED, "")


def test_another_application_user_is_refused_and_its_token_is_revoked(
    sandbox: RunningSandbox, ready: Connection, actor: Actor
) -> None:
    allow_client_credentials(sandbox, "change.owner")
    with pytest.raises(WrongUser) as refused:
        credentials.obtain(ready, actor=actor, now=now())
    assert refused.value.facts["answered"] == "change.owner"
    assert refused.value.facts["revoked"] == "yes"
    assert reason_of(ready) == (Status.NOT_CONNECTED, "connection.wrong_user")
    assert not ready.sealed_access_token
    assert len(requests_of(sandbox, "oauth_revoke_token")) == 1


def test_connection_personal_credentials_are_refused_by_the_address_of_a_person(
    sandbox: RunningSandbox, ready: Connection, admin: Person, actor: Actor
) -> None:
    set_user(sandbox, USER, email=admin.email.upper())
    with pytest.raises(PersonalCredentials):
        credentials.obtain(ready, actor=actor, now=now())
    assert reason_of(ready) == (Status.NOT_CONNECTED, "connection.personal_credentials")
    assert not ready.sealed_access_token
    set_user(sandbox, USER, email="scoredesk@alder.example")
    credentials.obtain(ready, actor=actor, now=now())
    assert reason_of(ready) == (Status.CONNECTED, "")


def test_an_account_for_web_services_only_is_nobodys_own(
    sandbox: RunningSandbox, ready: Connection, admin: Person, actor: Actor
) -> None:
    set_user(sandbox, USER, email=admin.email, web_service_access_only="true")
    credentials.obtain(ready, actor=actor, now=now())
    assert reason_of(ready) == (Status.CONNECTED, "")


def test_a_change_meanwhile_keeps_the_token_out(
    sandbox: RunningSandbox, ready: Connection, actor: Actor
) -> None:
    stale = Connection.objects.get(pk=ready.pk)
    setup.save_user(ready, "somebody.else", actor=actor, now=now())
    with pytest.raises(SetupChanged):
        credentials.obtain(stale, actor=actor, now=now())
    assert not Connection.objects.get(pk=ready.pk).sealed_access_token


def test_a_lapsed_token_is_replaced_by_asking_again(
    sandbox: RunningSandbox, live: Connection
) -> None:
    lapse(live)
    assert read(live) in {0, 1}
    live.refresh_from_db()
    assert live.access_expires_at is not None
    assert live.access_expires_at > now() + timedelta(minutes=5)
    assert live.refresh_expires_at is None


def test_a_token_that_was_revoked_in_servicenow_is_replaced(
    sandbox: RunningSandbox, live: Connection
) -> None:
    told(sandbox, "tokens", revoke="access")
    read(live)
    assert reason_of(live) == (Status.CONNECTED, "")


def test_two_processes_that_renew_at_once_do_no_harm(
    sandbox: RunningSandbox, live: Connection
) -> None:
    lapse(live)
    seen_by_both = [Connection.objects.get(pk=live.pk) for _ in range(2)]
    both = [tokens.renew(row, now()) for row in seen_by_both]
    assert [answers_to(sandbox, token) for token in both] == [200, 200]
    live.refresh_from_db()
    assert unseal(live.sealed_access_token) in both


def test_upkeep_renews_it_before_it_lapses(sandbox: RunningSandbox, live: Connection) -> None:
    lapse(live)
    assert upkeep.renew_lapsing(now(), timedelta(minutes=12)) == 1


def test_a_refused_renewal_asks_for_attention(sandbox: RunningSandbox, live: Connection) -> None:
    lapse(live)
    told(sandbox, "switches", client_credentials=False)
    with pytest.raises(TokenRefused):
        read(live)
    assert reason_of(live) == (Status.ATTENTION, "servicenow.client_credentials_refused")


def test_a_passing_fault_leaves_it_as_it_is(sandbox: RunningSandbox, live: Connection) -> None:
    lapse(live)
    told(sandbox, "faults", kind="unavailable", times=None)
    with pytest.raises(Maintenance):
        read(live)
    assert reason_of(live) == (Status.CONNECTED, "")


def test_connection_wrong_user_is_found_by_a_renewal_and_healed_by_a_check(
    sandbox: RunningSandbox, live: Connection, actor: Actor
) -> None:
    lapse(live)
    allow_client_credentials(sandbox, "change.owner")
    with pytest.raises(WrongUser):
        read(live)
    assert reason_of(live) == (Status.ATTENTION, "connection.wrong_user")
    checks.run(live, actor=actor, now=now())
    assert reason_of(live) == (Status.ATTENTION, "connection.wrong_user")
    allow_client_credentials(sandbox, USER)
    found = checks.run(live, actor=actor, now=now())
    assert all(finding.outcome != Outcome.FAILED for finding in found)
    assert reason_of(live) == (Status.CONNECTED, "")


def test_a_locked_application_user_is_told(
    sandbox: RunningSandbox, ready: Connection, actor: Actor
) -> None:
    set_user(sandbox, USER, locked_out="true")
    with pytest.raises((UserUnusable, TokenRefused)):
        credentials.obtain(ready, actor=actor, now=now())


def test_one_that_was_removed_while_it_asked_keeps_nothing_and_revokes(
    sandbox: RunningSandbox, live: Connection
) -> None:
    seen = Connection.objects.get(pk=live.pk)
    Connection.objects.update(sealed_access_token="")
    with pytest.raises(NotAuthorized):
        tokens.renew(seen, now())
    assert len(requests_of(sandbox, "oauth_revoke_token")) == 1


def test_switching_the_way_of_signing_in_loses_nothing(
    sandbox: RunningSandbox, connected: Connection, actor: Actor
) -> None:
    allow_client_credentials(sandbox, USER)
    uid = connected.uid
    application = Application(SignIn.CLIENT_CREDENTIALS, CLIENT_ID)
    row = setup.save_application(connected, application, actor=actor, now=now())
    row = credentials.obtain(row, actor=actor, now=now())
    assert (row.uid, row.status, row.sealed_refresh_token) == (uid, Status.CONNECTED, "")


@pytest.mark.parametrize("step", ["authorize", ""])
def test_a_check_shows_that_refused_access_is_cured(
    admin_client: Client, sandbox: RunningSandbox, ready: Connection, step: str
) -> None:
    address = reverse("connections:check-step", args=[step]) if step else "/connections/check/"
    told(sandbox, "switches", client_credentials=False)
    admin_client.post(reverse("connections:authorize"))
    admin_client.post(address)
    assert reason_of(ready) == (Status.NOT_CONNECTED, "servicenow.client_credentials_refused")
    told(sandbox, "switches", client_credentials=True)
    admin_client.post(address)
    assert reason_of(ready) == (Status.CONNECTED, "")
    assert {stored["outcome"] for stored in ready.check_results} & {Outcome.FAILED} == set()


def test_a_check_asks_for_access_only_where_somebody_has_asked_before(
    admin_client: Client, sandbox: RunningSandbox, ready: Connection
) -> None:
    admin_client.post(reverse("connections:check"))
    assert reason_of(ready) == (Status.NOT_CONNECTED, "")


def test_another_step_does_not_forget_why_no_token_was_given(
    admin_client: Client, sandbox: RunningSandbox, ready: Connection
) -> None:
    told(sandbox, "switches", client_credentials=False)
    admin_client.post(reverse("connections:authorize"))
    admin_client.post(reverse("connections:check-step", args=["application"]))
    assert reason_of(ready) == (Status.NOT_CONNECTED, "servicenow.client_credentials_refused")
