"""The set-up saved step by step: what each step keeps, and what ends the authorization."""

from __future__ import annotations

import pytest
from tests.connections.browserless import CLIENT_ID, CLIENT_SECRET, answers_to

from scoredesk.accounts.audit import Actor
from scoredesk.accounts.models import AuditEntry, Person, Tenant
from scoredesk.accounts.sealed import unseal
from scoredesk.common.clock import now
from scoredesk.connections import setup
from scoredesk.connections.errors import OtherInstance, SecretNeeded, SetupChanged
from scoredesk.connections.models import Connection, ConnectorApp, SignIn, Status
from scoredesk.connections.removal import remove
from scoredesk.connections.setup import Application
from scoredesk.sandbox.program import RunningSandbox

CODE, CREDENTIALS = SignIn.AUTHORIZATION_CODE, SignIn.CLIENT_CREDENTIALS


@pytest.fixture
def actor(admin: Person) -> Actor:
    return Actor("ada", admin)


@pytest.fixture
def row(tenant: Tenant, actor: Actor) -> Connection:
    """An address only, as after the first step."""
    return setup.save_instance(
        "https://acme.service-now.com", "en", tenant=tenant, actor=actor, now=now()
    )


def test_a_row_may_exist_with_an_address_only(row: Connection) -> None:
    row.refresh_from_db()
    assert (row.status, row.client_id, row.integration_user) == (Status.NOT_CONNECTED, "", "")


def test_each_step_saves_its_own_and_is_audited_without_the_secret(
    row: Connection, actor: Actor
) -> None:
    setup.save_app_choice(row, ConnectorApp.WITHOUT, actor=actor)
    application = Application(CREDENTIALS, CLIENT_ID, "much secret")
    setup.save_application(row, application, actor=actor, now=now())
    setup.save_user(row, "scoredesk.integration", actor=actor, now=now())
    row.refresh_from_db()
    assert (row.connector_app, row.sign_in, row.client_id, row.integration_user) == (
        ConnectorApp.WITHOUT,
        CREDENTIALS,
        CLIENT_ID,
        "scoredesk.integration",
    )
    assert unseal(row.sealed_client_secret) == "much secret"
    entries = AuditEntry.objects.filter(action="connection.saved")
    assert entries.count() == 4
    assert "much secret" not in str([entry.after for entry in entries])


@pytest.mark.parametrize("client_id", [CLIENT_ID, "another"])
def test_a_secret_is_needed_for_each_client(row: Connection, actor: Actor, client_id: str) -> None:
    if client_id == "another":
        first = Application(CODE, CLIENT_ID, "secret")
        setup.save_application(row, first, actor=actor, now=now())
    with pytest.raises(SecretNeeded):
        setup.save_application(row, Application(CODE, client_id), actor=actor, now=now())
    row.refresh_from_db()
    assert row.client_id == ("" if client_id == CLIENT_ID else CLIENT_ID)


def test_another_address_takes_the_place_of_one_that_was_never_authorized(
    row: Connection, tenant: Tenant, actor: Actor
) -> None:
    other = setup.save_instance(
        "https://other.service-now.com", "en", tenant=tenant, actor=actor, now=now()
    )
    row.refresh_from_db()
    assert (row.status, other.status) == (Status.REMOVED, Status.NOT_CONNECTED)


def test_another_address_waits_while_the_connection_works(
    connected: Connection, tenant: Tenant, actor: Actor
) -> None:
    with pytest.raises(OtherInstance):
        setup.save_instance(
            "https://other.service-now.com", "en", tenant=tenant, actor=actor, now=now()
        )


@pytest.mark.parametrize("step", ["user", "client", "way"])
def test_what_tokens_belong_to_ends_the_authorization_when_it_changes(
    sandbox: RunningSandbox, connected: Connection, actor: Actor, step: str
) -> None:
    token = unseal(connected.sealed_access_token)
    if step == "user":
        setup.save_user(connected, "other.user", actor=actor, now=now())
    else:
        client, way = (CLIENT_ID, CREDENTIALS) if step == "way" else ("another", CODE)
        application = Application(way, client, CLIENT_SECRET)
        setup.save_application(connected, application, actor=actor, now=now())
    connected.refresh_from_db()
    assert connected.status == Status.NOT_CONNECTED
    assert not connected.sealed_access_token
    assert answers_to(sandbox, token) == 401


def test_the_same_again_keeps_the_authorization(connected: Connection, actor: Actor) -> None:
    setup.save_user(connected, "Scoredesk.Integration", actor=actor, now=now())
    setup.save_application(connected, Application(CODE, CLIENT_ID), actor=actor, now=now())
    connected.refresh_from_db()
    assert connected.status == Status.CONNECTED
    assert unseal(connected.sealed_client_secret) == CLIENT_SECRET


def test_no_step_wakes_up_a_connection_that_was_removed_meanwhile(
    sandbox: RunningSandbox, connected: Connection, actor: Actor
) -> None:
    remove(connected, actor=actor, now=now())
    with pytest.raises(SetupChanged):
        setup.save_user(connected, "other.user", actor=actor, now=now())
    with pytest.raises(SetupChanged):
        setup.save_application(connected, Application(CODE, "x", "y"), actor=actor, now=now())
    connected.refresh_from_db()
    assert (connected.status, connected.sealed_client_secret) == (Status.REMOVED, "")
