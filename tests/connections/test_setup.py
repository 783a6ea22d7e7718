"""The set-up: each bad input beside its field, nothing typed is lost, one instance per tenant."""

from __future__ import annotations

import re
import socket

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape
from tests.connections.browserless import (
    INTEGRATION,
    answers_to,
    connect,
    send_step,
    set_up,
    told,
)

from scoredesk.accounts.audit import Actor
from scoredesk.accounts.models import AuditEntry, Person, Tenant
from scoredesk.accounts.sealed import unseal
from scoredesk.common.clock import now
from scoredesk.connections.models import Connection, Status
from scoredesk.connections.removal import remove
from scoredesk.sandbox.program import RunningSandbox

BAD_ADDRESSES = [
    ("", "Type the instance"),
    ("   ", "Type the instance"),
    ("http://acme.service-now.com", "does not begin with https"),
    ("https://acme.service-now.com/nav_to.do", "more than the host"),
    ("https://acme.service-now.com?x=1", "contains a query"),
    ("https://192.0.2.7", "is an IP address"),
    ("https://acme.example", "The host acme.example is not allowed"),
    ("https://mia:secret@acme.service-now.com", "user name or a password"),
    ("https://acme.service-now.com:8443", "The port 8443 is not allowed"),
    ("acme", "Type https://acme.service-now.com."),
    ("https://a b", "This is not an address"),
]


def only() -> Connection:
    return Connection.objects.get()


@pytest.mark.parametrize(("address", "sentence"), BAD_ADDRESSES)
def test_each_wrong_address_has_its_own_sentence_and_nothing_is_saved(
    admin_client: Client, sandbox: RunningSandbox, address: str, sentence: str
) -> None:
    page = set_up(admin_client, sandbox, address=address).content.decode()
    assert sentence in page
    assert f'value="{escape(address.strip())}"' in page or not address.strip()  # still there
    assert not Connection.objects.exists()


def test_a_host_that_resolves_to_a_private_address_is_refused_before_any_request(
    admin_client: Client, sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.5", 443))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: [answer])
    page = set_up(admin_client, sandbox, address="https://acme.service-now.com")
    assert "leads to a machine that is not on the internet" in page.content.decode()
    assert not Connection.objects.exists()


def test_a_secret_typed_beside_a_wrong_client_id_is_kept_and_never_shown(
    admin_client: Client, sandbox: RunningSandbox
) -> None:
    page = set_up(admin_client, sandbox, client_id="", client_secret="typed-once")
    assert "typed-once" not in page.content.decode()
    assert "Saved. Type it only to change it." in page.content.decode()
    set_up(admin_client, sandbox, client_secret="")
    assert unseal(only().sealed_client_secret) == "typed-once"


@pytest.mark.parametrize(
    ("step", "field", "value", "sentence"),
    [
        ("app", "connector_app", "", "Choose one of the two"),
        ("application", "client_id", "", "Copy the client ID"),
        ("application", "client_secret", "", "Copy the client secret"),
        ("user", "integration_user", "", "Type the user name"),
        ("user", "integration_user", "admin", "Do not use admin"),
        ("user", "integration_user", "Ada@alder.example", "a person&#x27;s own account"),
    ],
)
def test_each_missing_or_unfit_field_is_told_and_only_its_step_is_not_saved(
    admin_client: Client,
    sandbox: RunningSandbox,
    step: str,
    field: str,
    value: str,
    sentence: str,
) -> None:
    page = set_up(admin_client, sandbox, **{field: value}).content.decode()
    assert sentence in page
    assert re.search(rf'<details[^>]*id="{step}" open', page)
    if field != "client_secret":
        assert not getattr(only(), field)
    assert only().address == sandbox.servicenow_url


def test_an_instance_that_sleeps_is_saved_and_explained(
    admin_client: Client, sandbox: RunningSandbox
) -> None:
    told(sandbox, "faults", kind="hibernating", times=None)
    set_up(admin_client, sandbox)
    page = admin_client.get(reverse("connections:setup")).content.decode()
    assert "The instance is hibernating." in page
    assert sandbox.servicenow_url in page


def test_single_sign_on_in_front_is_announced(
    admin_client: Client, sandbox: RunningSandbox
) -> None:
    told(sandbox, "switches", sso_host="login.example")
    set_up(admin_client, sandbox)
    page = admin_client.get(reverse("connections:setup")).content.decode()
    assert "sends everybody who signs in to login.example" in page


def test_a_saved_secret_stays_when_the_field_is_left_empty(
    admin_client: Client, sandbox: RunningSandbox, waiting: Connection
) -> None:
    set_up(admin_client, sandbox, client_secret="", integration_user="other.user")
    assert unseal(only().sealed_client_secret) == "sandbox-secret"
    assert only().integration_user == "other.user"


def test_a_saved_secret_is_never_carried_to_another_address(
    admin_client: Client, sandbox: RunningSandbox, waiting: Connection, settings: object
) -> None:
    other = sandbox.microsoft_url
    host = other.removeprefix("http://")
    settings.PRIVATE_INSTANCE_HOSTS = [*settings.PRIVATE_INSTANCE_HOSTS, host]  # type: ignore[attr-defined]  # pytest-django's settings
    page = set_up(admin_client, sandbox, address=other, client_secret="").content.decode()
    assert "Copy the client secret" in page
    rows = {row.address: row.status for row in Connection.objects.all()}
    assert rows == {sandbox.servicenow_url: Status.REMOVED, other: Status.NOT_CONNECTED}
    assert not Connection.objects.get(address=other).sealed_client_secret


def test_another_instance_waits_until_the_connected_one_is_removed(
    admin_client: Client, sandbox: RunningSandbox, connected: Connection, settings: object
) -> None:
    other = sandbox.microsoft_url
    host = other.removeprefix("http://")
    settings.PRIVATE_INSTANCE_HOSTS = [*settings.PRIVATE_INSTANCE_HOSTS, host]  # type: ignore[attr-defined]  # pytest-django's settings
    page = set_up(admin_client, sandbox, address=other).content.decode()
    assert "Remove that connection first" in page
    assert only().status == Status.CONNECTED


def test_another_integration_user_ends_the_old_authorization(
    admin_client: Client, sandbox: RunningSandbox, connected: Connection
) -> None:
    token = unseal(connected.sealed_access_token)
    send_step(admin_client, "user", integration_user="other.user")
    connected.refresh_from_db()
    assert connected.status == Status.NOT_CONNECTED
    assert not connected.sealed_access_token
    assert answers_to(sandbox, token) == 401


def test_a_new_language_or_secret_keeps_the_authorization(
    admin_client: Client, sandbox: RunningSandbox, connected: Connection
) -> None:
    set_up(admin_client, sandbox, client_secret="sandbox-secret", language="zh")
    connected.refresh_from_db()
    assert (connected.status, connected.language) == (Status.CONNECTED, "zh")
    assert AuditEntry.objects.filter(action="connection.secret_changed").exists()


def test_a_wrong_new_secret_never_takes_the_place_of_one_that_works(
    admin_client: Client, sandbox: RunningSandbox, connected: Connection
) -> None:
    page = set_up(admin_client, sandbox, client_secret="not-the-one").content.decode()
    assert "not-the-one" not in page
    assert re.search(r'<details[^>]*id="application" open', page)
    connected.refresh_from_db()
    assert connected.status == Status.CONNECTED
    assert unseal(connected.sealed_client_secret) == "sandbox-secret"


def test_the_same_instance_again_wakes_the_old_row_up(
    admin_client: Client, admin: Person, sandbox: RunningSandbox, connected: Connection
) -> None:
    remove(connected, actor=Actor("ada", admin), now=now())
    connect(admin_client, sandbox)
    woken = only()
    assert (woken.pk, woken.status, woken.removed_at) == (connected.pk, Status.CONNECTED, None)


def test_two_tenants_may_use_the_same_instance_each_with_its_own_row(
    admin_client: Client,
    stranger_client: Client,
    sandbox: RunningSandbox,
    tenant: Tenant,
    other_tenant: Tenant,
) -> None:
    set_up(admin_client, sandbox)
    set_up(stranger_client, sandbox, integration_user="theirs")
    users = dict(Connection.objects.values_list("tenant_id", "integration_user"))
    assert users == {tenant.pk: INTEGRATION[0], other_tenant.pk: "theirs"}
