"""The OAuth application, the tokens, the way back and the connector app: each fault by its name,
and good again after the cure."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from tests.connections import desk
from tests.connections.browserless import CLIENT_SECRET, INTEGRATION, authorize_as, begin, told
from tests.connections.way import good, look, told_of

from scoredesk.accounts.sealed import seal
from scoredesk.common.clock import now
from scoredesk.connections.findings import Check, Outcome
from scoredesk.connections.models import Authorization, Connection, ConnectorApp, Status
from scoredesk.sandbox.program import RunningSandbox

FAILED, WARNING = Outcome.FAILED, Outcome.WARNING
REDIRECT = "http://127.0.0.1:8000/connections/callback"
OAUTH = "com.snc.platform.security.oauth.is.active"


def lapse(connection: Connection) -> None:
    """The next call needs a new access token."""
    Connection.objects.update(access_expires_at=now() - timedelta(hours=1))
    connection.refresh_from_db()


def come_back(client: Client, press: str = "allow") -> None:
    """The whole trip to the Allow page."""
    client.get(authorize_as(client, *INTEGRATION, press=press))


def test_servicenow_client_unknown_is_told_before_anybody_signs_in(
    sandbox: RunningSandbox, waiting: Connection
) -> None:
    desk.set_application(sandbox, active="false")
    finding = look(waiting, Check.APPLICATION)
    assert (finding.outcome, finding.code) == (FAILED, "servicenow.client_unknown")
    assert finding.facts["link"].endswith("/oauth_entity_list.do")
    desk.set_application(sandbox, active="true")
    assert good(waiting, Check.APPLICATION)


def test_servicenow_redirect_refused_is_told_before_anybody_signs_in(
    sandbox: RunningSandbox, waiting: Connection
) -> None:
    desk.set_application(sandbox, redirect_url="https://elsewhere.example/callback")
    assert told_of(waiting, Check.APPLICATION) == (FAILED, "servicenow.redirect_refused")
    desk.set_application(sandbox, redirect_url=REDIRECT)
    assert good(waiting, Check.APPLICATION)


def test_a_lost_redirect_address_does_not_drop_a_connection_that_works(
    sandbox: RunningSandbox, connected: Connection
) -> None:
    desk.set_application(sandbox, redirect_url="https://elsewhere.example/callback")
    assert told_of(connected, Check.APPLICATION) == (WARNING, "servicenow.redirect_refused")
    assert connected.status == Status.CONNECTED


def test_servicenow_oauth_inactive_is_told_and_explains_why_no_token_comes(
    sandbox: RunningSandbox, connected: Connection
) -> None:
    desk.change(sandbox, "sys_properties", f"name={OAUTH}", value="false")
    lapse(connected)
    assert told_of(connected, Check.APPLICATION) == (FAILED, "servicenow.oauth_inactive")
    assert told_of(connected, Check.TOKENS) == (FAILED, "servicenow.oauth_inactive")
    connected.refresh_from_db()
    assert connected.reason == "servicenow.oauth_inactive"
    desk.change(sandbox, "sys_properties", f"name={OAUTH}", value="true")
    assert good(connected, Check.APPLICATION)
    assert good(connected, Check.TOKENS)


def test_servicenow_code_refused_is_told_when_the_secret_is_wrong(
    admin_client: Client, sandbox: RunningSandbox, waiting: Connection
) -> None:
    Connection.objects.update(sealed_client_secret=seal("mistyped"))
    come_back(admin_client)
    assert told_of(waiting, Check.TOKENS) == (FAILED, "servicenow.code_refused")
    Connection.objects.update(sealed_client_secret=seal(CLIENT_SECRET))
    come_back(admin_client)
    assert good(waiting, Check.TOKENS)


def test_servicenow_refresh_refused_is_told_of_a_revoked_token(
    admin_client: Client, sandbox: RunningSandbox, connected: Connection
) -> None:
    told(sandbox, "tokens", revoke="all")
    finding = look(connected, Check.TOKENS)
    assert (finding.outcome, finding.code) == (FAILED, "servicenow.refresh_refused")
    assert "/syslog_list.do" in finding.facts["link"]
    come_back(admin_client)
    assert good(connected, Check.TOKENS)


def test_connection_permission_lapsed_is_told_of_a_token_that_reached_its_age(
    admin_client: Client, sandbox: RunningSandbox, connected: Connection
) -> None:
    told(sandbox, "tokens", expire="all")
    Connection.objects.update(refresh_expires_at=now() - timedelta(days=1))
    assert told_of(connected, Check.TOKENS) == (FAILED, "connection.permission_lapsed")
    come_back(admin_client)
    assert good(connected, Check.TOKENS)


def test_connection_permission_lapsing_is_told_two_weeks_before(
    sandbox: RunningSandbox, connected: Connection
) -> None:
    Connection.objects.update(refresh_expires_at=now() + timedelta(days=13, hours=1))
    finding = look(connected, Check.TOKENS)
    assert (finding.outcome, finding.code) == (WARNING, "connection.permission_lapsing")
    assert finding.facts["days"] in {"12", "13"}
    Connection.objects.update(refresh_expires_at=now() + timedelta(days=90))
    assert good(connected, Check.TOKENS)


@pytest.mark.parametrize(
    ("switch", "code"),
    [
        ("api_access_policy", "servicenow.fresh_token_refused"),
        ("scope_restriction", "servicenow.unscoped_api"),
        ("api_acl", "servicenow.api_acl"),
    ],
)
def test_each_policy_about_tokens_is_told_and_cured(
    sandbox: RunningSandbox, connected: Connection, switch: str, code: str
) -> None:
    if switch == "scope_restriction":
        desk.set_application(sandbox, auth_scopes="incident_read")
    told(sandbox, "switches", **{switch: True})
    assert told_of(connected, Check.TOKENS) == (FAILED, code)
    connected.refresh_from_db()
    assert (connected.status, connected.reason) == (Status.ATTENTION, code)
    told(sandbox, "switches", **{switch: False})
    assert good(connected, Check.TOKENS)


def test_a_policy_costs_few_requests_and_no_loop(
    sandbox: RunningSandbox, connected: Connection
) -> None:
    told(sandbox, "switches", api_access_policy=True)
    before = connected.attempts.count()
    look(connected, Check.TOKENS)
    assert connected.attempts.count() - before <= 6


def test_restrictions_of_passwords_do_not_concern_the_connection(
    sandbox: RunningSandbox, connected: Connection
) -> None:
    told(sandbox, "switches", basic_restriction=True, mfa=True)
    assert good(connected, Check.TOKENS)


def test_connection_denied_is_told_by_the_check_until_somebody_allows_it(
    admin_client: Client, sandbox: RunningSandbox, waiting: Connection
) -> None:
    come_back(admin_client, press="deny")
    assert told_of(waiting, Check.TOKENS) == (FAILED, "connection.denied")
    come_back(admin_client)
    assert good(waiting, Check.TOKENS)


def test_connection_sso_ahead_is_told_before_anybody_tries(
    sandbox: RunningSandbox, waiting: Connection
) -> None:
    told(sandbox, "switches", sso_host="sso.example")
    look(waiting, Check.TOKENS)
    waiting.refresh_from_db()
    codes = [kept["code"] for kept in waiting.check_results if kept["check"] == Check.TOKENS]
    assert codes == ["connection.not_authorized", "connection.sso_ahead"]
    told(sandbox, "switches", sso_host="")
    assert told_of(waiting, Check.TOKENS) == (FAILED, "connection.not_authorized")


def test_connection_no_callback_sso_is_told_when_single_sign_on_kept_the_person(
    admin_client: Client, sandbox: RunningSandbox, waiting: Connection
) -> None:
    told(sandbox, "switches", sso_host="sso.example")
    begin(admin_client)
    finding = look(waiting, Check.TOKENS)
    assert (finding.outcome, finding.code) == (FAILED, "connection.no_callback_sso")
    assert finding.facts["host"] == "sso.example"
    told(sandbox, "switches", sso_host="")
    come_back(admin_client)
    assert good(waiting, Check.TOKENS)


def test_connection_no_callback_is_told_after_a_while(
    admin_client: Client, sandbox: RunningSandbox, waiting: Connection
) -> None:
    begin(admin_client)
    assert told_of(waiting, Check.TOKENS) == (FAILED, "connection.not_authorized")
    Authorization.objects.update(begun_at=now() - timedelta(minutes=5))
    assert told_of(waiting, Check.TOKENS) == (FAILED, "connection.no_callback")
    come_back(admin_client)
    assert good(waiting, Check.TOKENS)


def test_secrets_seal_broken_is_told_by_the_check(
    sandbox: RunningSandbox, connected: Connection
) -> None:
    sealed = connected.sealed_access_token
    Connection.objects.update(sealed_access_token="gAAAA-not-ours")
    assert told_of(connected, Check.TOKENS) == (FAILED, "secrets.seal_broken")
    Connection.objects.update(sealed_access_token=sealed)
    assert good(connected, Check.TOKENS)


def test_connection_app_missing_is_told_until_it_is_installed(
    sandbox: RunningSandbox, connected: Connection
) -> None:
    Connection.objects.update(connector_app=ConnectorApp.WITH)
    assert told_of(connected, Check.APP) == (FAILED, "connection.app_missing")
    told(sandbox, "app", installed=True)
    assert good(connected, Check.APP)


def test_connection_app_refused_is_told_when_the_endpoint_refuses(
    sandbox: RunningSandbox, connected: Connection
) -> None:
    Connection.objects.update(connector_app=ConnectorApp.WITH)
    told(sandbox, "app", installed=True)
    told(sandbox, "faults", kind="forbidden", match={"path": "/api/x_scoredesk"}, times=1)
    assert told_of(connected, Check.APP) == (FAILED, "connection.app_refused")
    assert good(connected, Check.APP)


@pytest.mark.parametrize(
    ("wording", "code"),
    [
        ("not_granted", "servicenow.cross_scope_not_granted"),
        ("policy", "servicenow.cross_scope_policy"),
        ("privilege", "servicenow.cross_scope_privilege"),
        ("denied", "servicenow.cross_scope_caller"),
        ("decrypted", "servicenow.cross_scope_decryption"),
    ],
)
@pytest.mark.parametrize("status", ["403", "500"])
def test_each_cross_scope_refusal_of_the_older_app_is_told_by_its_wording(
    sandbox: RunningSandbox, connected: Connection, wording: str, code: str, status: str
) -> None:
    told(sandbox, "switches", cross_scope=wording, cross_scope_status=status)
    assert told_of(connected, Check.APP) == (WARNING, code)
    connected.refresh_from_db()
    assert connected.status == Status.CONNECTED
    told(sandbox, "switches", cross_scope="no")
    assert told_of(connected, Check.APP)[0] == Outcome.SKIPPED


def test_servicenow_cross_scope_policy_fails_the_connector_app_itself(
    sandbox: RunningSandbox, connected: Connection
) -> None:
    Connection.objects.update(connector_app=ConnectorApp.WITH)
    told(sandbox, "app", installed=True)
    match = {"path": "/api/x_scoredesk"}
    told(sandbox, "faults", kind="cross_scope", variant="policy", match=match, times=1)
    assert told_of(connected, Check.APP) == (FAILED, "servicenow.cross_scope_policy")
    assert good(connected, Check.APP)
