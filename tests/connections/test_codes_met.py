"""Codes that no other test of this room meets: made at the sandbox, or by what is typed."""

from __future__ import annotations

import httpx
import pytest
from cryptography.fernet import Fernet
from django.test import Client
from django.urls import reverse
from tests.connections.behind import roles_hidden
from tests.connections.browserless import (
    CLIENT_ID,
    CLIENT_SECRET,
    INTEGRATION,
    authorize_as,
    send_step,
    set_up,
    told,
)

from scoredesk.accounts.audit import Actor
from scoredesk.common.clock import now
from scoredesk.common.errors import ScoredeskError
from scoredesk.connections import checks, tokens
from scoredesk.connections.faults import explain
from scoredesk.connections.models import Connection, Status
from scoredesk.sandbox.program import RunningSandbox
from scoredesk.servicenow import Query

JOB = Actor.job("test")


def read(connection: Connection) -> int:
    with tokens.client_for(connection, insist=True) as client:
        return len(client.list("incident", Query(), ["sys_id"], limit=1))


def mend(sandbox: RunningSandbox) -> None:
    httpx.delete(f"{sandbox.microsoft_url}/_sandbox/faults").raise_for_status()


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("servicenow.api_acl", {"kind": "forbidden", "variant": "api"}),
        ("servicenow.scope_missing", {"kind": "forbidden", "variant": "scope"}),
        (
            "servicenow.update_refused",
            {"kind": "forbidden", "variant": "acl", "operation": "Update"},
        ),
        (
            "servicenow.delete_refused",
            {"kind": "forbidden", "variant": "acl", "operation": "Delete"},
        ),
        ("servicenow.cross_scope_not_granted", {"kind": "cross_scope"}),
        ("servicenow.cross_scope_policy", {"kind": "cross_scope", "variant": "policy"}),
        ("servicenow.cross_scope_privilege", {"kind": "cross_scope", "variant": "privilege"}),
        ("servicenow.cross_scope_caller", {"kind": "cross_scope", "variant": "denied"}),
        ("servicenow.cross_scope_decryption", {"kind": "cross_scope", "variant": "decrypted"}),
        ("servicenow.sso_redirect", {"kind": "sso_redirect"}),
        ("servicenow.gateway_refused", {"kind": "ip_filter", "variant": "html"}),
    ],
)
def test_what_the_instance_refuses_is_told_apart_and_over_once_it_is_cured(
    sandbox: RunningSandbox, connected: Connection, code: str, fault: dict[str, str]
) -> None:
    told(sandbox, "faults", times=None, **fault)
    with pytest.raises(ScoredeskError) as raised:
        read(connected)
    assert raised.value.code == code
    mend(sandbox)
    assert read(connected) >= 0


def test_servicenow_connection_refused_while_the_port_is_closed(
    sandbox: RunningSandbox, connected: Connection
) -> None:
    told(sandbox, "faults", kind="refuse", service="servicenow", times=None, seconds=30)
    assert _first_code(connected) == "servicenow.connection_refused"
    mend(sandbox)


def test_servicenow_name_unknown_for_a_host_without_an_address(
    sandbox: RunningSandbox, connected: Connection, settings: pytest.FixtureRequest
) -> None:
    settings.PRIVATE_INSTANCE_HOSTS = ["no-such-host.invalid"]  # type: ignore[attr-defined]  # pytest-django's settings
    Connection.objects.update(address="https://no-such-host.invalid")
    connected.refresh_from_db()
    assert _first_code(connected) == "servicenow.name_unknown"


def test_servicenow_tls_where_the_port_does_not_speak_it(
    sandbox: RunningSandbox, connected: Connection
) -> None:
    Connection.objects.update(address=connected.address.replace("http://", "https://"))
    connected.refresh_from_db()
    assert _first_code(connected) == "servicenow.tls"


def test_servicenow_client_refused_where_the_instance_names_the_reason(
    admin_client: Client, sandbox: RunningSandbox, waiting: Connection
) -> None:
    told(sandbox, "switches", token_error_style="oauth")
    set_up(admin_client, sandbox, client_secret="mistyped")
    path = authorize_as(admin_client, "scoredesk.integration", "integration")
    assert "<code>servicenow.client_refused</code>" in admin_client.get(path).content.decode()


def test_connection_table_unreadable_is_a_doubt_that_a_role_or_a_record_ends(
    sandbox: RunningSandbox, connected: Connection
) -> None:
    doubts = {f.code for f in checks.run(connected, actor=JOB, now=now())}
    assert "connection.table_unreadable" not in doubts  # empty, and its roles say it may read
    roles_hidden(sandbox)
    doubts = {f.code for f in checks.run(connected, actor=JOB, now=now())}
    assert "connection.table_unreadable" in doubts
    for table in ("incident", "change_request"):
        told(sandbox, "seed", table=table, count=1)
    doubts = {f.code for f in checks.run(connected, actor=JOB, now=now())}
    assert "connection.table_unreadable" not in doubts


def test_secrets_seal_broken_is_found_by_a_check_and_cured_by_the_key(
    sandbox: RunningSandbox, connected: Connection, settings: pytest.FixtureRequest
) -> None:
    kept = settings.ENCRYPTION_KEYS  # type: ignore[attr-defined]  # pytest-django's settings
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode()]  # type: ignore[attr-defined]  # as above
    found = checks.run(connected, actor=JOB, now=now())
    assert "secrets.seal_broken" in {finding.code for finding in found}
    settings.ENCRYPTION_KEYS = kept  # type: ignore[attr-defined]  # as above
    checks.run(connected, actor=JOB, now=now())
    assert not connected.reason


def test_a_lost_key_is_cured_by_the_secret_and_a_new_authorization(
    admin_client: Client,
    sandbox: RunningSandbox,
    connected: Connection,
    settings: pytest.FixtureRequest,
) -> None:
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode()]  # type: ignore[attr-defined]  # as above
    checks.run(connected, actor=JOB, now=now())
    typed = {"sign_in": "authorization_code", "client_id": CLIENT_ID}
    send_step(admin_client, "application", client_secret=CLIENT_SECRET, **typed)
    admin_client.get(authorize_as(admin_client, *INTEGRATION))
    connected.refresh_from_db()
    assert (connected.status, connected.reason) == (Status.CONNECTED, "")


@pytest.mark.parametrize(
    ("keys", "code"), [([], "secrets.key_missing"), (["short"], "secrets.key_malformed")]
)
def test_keys_that_cannot_be_used_are_found_by_a_check(
    sandbox: RunningSandbox,
    connected: Connection,
    settings: pytest.FixtureRequest,
    keys: list[str],
    code: str,
) -> None:
    settings.ENCRYPTION_KEYS = keys  # type: ignore[attr-defined]  # pytest-django's settings
    found = checks.run(connected, actor=JOB, now=now())
    assert code in {finding.code for finding in found}


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("https://", "address.malformed"),
        ("acme", "address.incomplete"),
        ("http://acme.service-now.com", "address.not_https"),
        ("https://me:pw@acme.service-now.com", "address.has_user"),
        ("https://acme.service-now.com/nav_to.do", "address.has_path"),
        ("https://acme.service-now.com?x=1", "address.has_query"),
        ("https://198.51.100.7", "address.is_ip"),
        ("https://acme.example.org", "address.host_not_allowed"),
        ("https://acme.service-now.com:8443", "address.port_not_allowed"),
    ],
)
def test_an_address_that_cannot_be_used_is_explained_beside_its_field(
    admin_client: Client, sandbox: RunningSandbox, typed: str, code: str
) -> None:
    page = set_up(admin_client, sandbox, address=typed)
    assert page.status_code == 200
    what = explain(code, {}).what.partition("…")[0]
    assert what in page.content.decode()
    assert not Connection.objects.exists()


def test_without_an_address_nothing_is_saved_and_the_page_says_so(
    admin_client: Client, sandbox: RunningSandbox
) -> None:
    set_up(admin_client, sandbox, address="")
    assert not Connection.objects.exists()
    assert admin_client.get(reverse("connections:setup")).status_code == 200


def _first_code(connection: Connection) -> str:
    """The code of the first finding that failed."""
    found = checks.run(connection, actor=JOB, now=now())
    return next(finding.code for finding in found if finding.outcome == "failed")
