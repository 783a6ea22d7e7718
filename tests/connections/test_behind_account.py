"""The integration user's account: each doubt is found in the sandbox, and gone after its cure."""

from __future__ import annotations

from tests.connections.behind import (
    facts,
    outcome,
    roles_are,
    roles_hidden,
    user_is,
)

from scoredesk.accounts.models import Person
from scoredesk.connections.findings import Check, Outcome
from scoredesk.connections.models import Connection, SignIn, Status
from scoredesk.sandbox.program import RunningSandbox


def account(connection: Connection, code: str) -> Outcome | None:
    return outcome(connection, Check.ACCOUNT, code)


def test_a_plain_itil_user_is_in_order(sandbox: RunningSandbox, connected: Connection) -> None:
    assert account(connected, "") == Outcome.GOOD


def test_connection_admin_rights_by_its_roles(
    sandbox: RunningSandbox, connected: Connection
) -> None:
    roles_are(sandbox, "itil", "admin")
    assert account(connected, "connection.admin_rights") == Outcome.WARNING
    assert connected.status == Status.CONNECTED
    roles_are(sandbox, "itil")
    assert account(connected, "") == Outcome.GOOD


def test_connection_admin_rights_by_what_it_reads_where_roles_are_hidden(
    sandbox: RunningSandbox, connected: Connection
) -> None:
    roles_hidden(sandbox)
    assert account(connected, "") == Outcome.GOOD
    roles_are(sandbox, "itil", "admin")
    assert account(connected, "connection.admin_rights") == Outcome.WARNING
    roles_are(sandbox, "itil")
    assert account(connected, "") == Outcome.GOOD


def test_connection_personal_account_by_kind_and_name(
    sandbox: RunningSandbox, connected: Connection
) -> None:
    user_is(sandbox, identity_type="Human", name="Chen Owen", user_name="chen.owen")
    Connection.objects.update(integration_user="chen.owen")
    assert account(connected, "connection.personal_account") == Outcome.WARNING
    user_is(sandbox, "chen.owen", user_name="scoredesk.integration", name="Scoredesk Integration")
    Connection.objects.update(integration_user="scoredesk.integration")
    assert account(connected, "") == Outcome.GOOD


def test_connection_personal_credentials_by_the_address_of_somebody_here(
    sandbox: RunningSandbox, connected: Connection, admin: Person
) -> None:
    user_is(sandbox, email=admin.email)
    assert account(connected, "connection.personal_credentials") == Outcome.WARNING
    user_is(sandbox, email="scoredesk@sandbox.example")
    assert account(connected, "") == Outcome.GOOD


def test_the_check_and_the_authorization_agree_on_whose_account_it_is(
    sandbox: RunningSandbox, connected: Connection, admin: Person
) -> None:
    Person.objects.filter(pk=admin.pk).update(email="Ada@Alder.Example")
    user_is(sandbox, email="ada@alder.example")
    assert account(connected, "connection.personal_credentials") == Outcome.WARNING
    user_is(sandbox, web_service_access_only="true")
    assert account(connected, "connection.personal_credentials") is None


def test_connection_web_service_only_matters_where_a_browser_is_needed(
    sandbox: RunningSandbox, connected: Connection
) -> None:
    user_is(sandbox, web_service_access_only="true")
    assert account(connected, "connection.web_service_only") == Outcome.WARNING
    Connection.objects.update(sign_in=SignIn.CLIENT_CREDENTIALS)
    assert account(connected, "connection.web_service_only") is None
    Connection.objects.update(sign_in=SignIn.AUTHORIZATION_CODE)
    user_is(sandbox, web_service_access_only="false")
    assert account(connected, "") == Outcome.GOOD


def test_connection_internal_user_is_only_noted(
    sandbox: RunningSandbox, connected: Connection
) -> None:
    user_is(sandbox, internal_integration_user="true")
    assert account(connected, "connection.internal_user") == Outcome.GOOD
    user_is(sandbox, internal_integration_user="false")
    assert account(connected, "connection.internal_user") is None


def test_connection_domain_separated_until_the_user_is_moved(
    sandbox: RunningSandbox, connected: Connection
) -> None:
    user_is(sandbox, sys_domain="acme")
    assert account(connected, "connection.domain_separated") == Outcome.WARNING
    assert facts(connected, "connection.domain_separated")["domain"] == "acme"
    user_is(sandbox, sys_domain="global")
    assert account(connected, "") == Outcome.GOOD


def test_connection_instance_cloned_when_the_user_is_another_one(
    sandbox: RunningSandbox, connected: Connection
) -> None:
    own = connected.integration_user_id
    Connection.objects.update(integration_user_id="0" * 32)
    code = "connection.instance_cloned"
    assert outcome(connected, Check.IDENTITY, code) == Outcome.FAILED
    assert (connected.status, connected.reason) == (Status.ATTENTION, code)
    Connection.objects.update(integration_user_id=own)  # as authorizing again does
    assert outcome(connected, Check.IDENTITY, "") == Outcome.GOOD
    assert connected.status == Status.CONNECTED
