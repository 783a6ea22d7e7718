"""Guided changes: what works is never replaced by what does not, and no ticket is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx
import pytest
from django.test import Client
from django.urls import reverse
from tests.connections.browserless import (
    CLIENT_ID,
    CLIENT_SECRET,
    INTEGRATION,
    answers_to,
    authorize_as,
    refreshes,
)
from tests.connections.desk import allow_client_credentials, set_application

from scoredesk.accounts.audit import Actor
from scoredesk.accounts.models import AuditEntry, Person, Tenant
from scoredesk.accounts.sealed import seal, unseal
from scoredesk.common.clock import now
from scoredesk.connections import changes, credentials, setup
from scoredesk.connections.changes import Move
from scoredesk.connections.errors import AddressTaken, NewSecretRefused, NotAuthorized
from scoredesk.connections.models import Connection, SignIn, Status
from scoredesk.connections.removal import remove
from scoredesk.connections.setup import Application
from scoredesk.sandbox.program import RunningSandbox, running_sandbox

NEW = "a-new-secret"
Allow = Callable[[str], None]


@pytest.fixture
def actor(admin: Person) -> Actor:
    return Actor("ada", admin)


@pytest.fixture
def allow(sandbox: RunningSandbox, settings: object) -> Allow:
    """Lets the portal call another address of this machine."""

    def let(address: str) -> None:
        host = address.removeprefix("http://")
        for name in ("INSTANCE_HOSTS", "PRIVATE_INSTANCE_HOSTS"):
            setattr(settings, name, [*getattr(settings, name), host])

    return let


@pytest.fixture
def renamed(sandbox: RunningSandbox, allow: Allow) -> str:
    """The same instance under another name."""
    address = sandbox.servicenow_url.replace("127.0.0.1", "localhost")
    allow(address)
    return address


@pytest.fixture
def another(allow: Allow) -> Iterator[RunningSandbox]:
    """A second instance, with users and records of its own."""
    with running_sandbox() as second:
        allow(second.servicenow_url)
        yield second


def test_a_new_secret_is_kept_once_servicenow_accepts_it(
    sandbox: RunningSandbox, connected: Connection, actor: Actor
) -> None:
    set_application(sandbox, client_secret=NEW)
    changes.change_secret(connected, NEW, actor=actor, now=now())
    connected.refresh_from_db()
    assert (connected.status, unseal(connected.sealed_client_secret)) == (Status.CONNECTED, NEW)
    entry = AuditEntry.objects.get(action="connection.secret_changed")
    assert NEW not in f"{entry.before}{entry.after}"


def test_connection_new_secret_refused_keeps_the_one_that_works(
    sandbox: RunningSandbox, connected: Connection, actor: Actor
) -> None:
    refresh = unseal(connected.sealed_refresh_token)
    with pytest.raises(NewSecretRefused):
        changes.change_secret(connected, "mistyped", actor=actor, now=now())
    connected.refresh_from_db()
    assert (connected.status, connected.reason) == (Status.CONNECTED, "")
    assert unseal(connected.sealed_client_secret) == CLIENT_SECRET
    assert refreshes(sandbox, refresh) == 200
    set_application(sandbox, client_secret="mistyped")
    changes.change_secret(connected, "mistyped", actor=actor, now=now())


def test_a_new_secret_heals_a_connection_that_was_refused_for_the_old_one(
    sandbox: RunningSandbox, connected: Connection, actor: Actor
) -> None:
    Connection.objects.update(status=Status.ATTENTION, reason="servicenow.token_refused")
    connected.refresh_from_db()
    set_application(sandbox, client_secret=NEW)
    changes.change_secret(connected, NEW, actor=actor, now=now())
    connected.refresh_from_db()
    assert (connected.status, connected.reason) == (Status.CONNECTED, "")


def test_the_page_of_a_new_secret_leaves_no_old_finding_behind(
    admin_client: Client, sandbox: RunningSandbox, connected: Connection
) -> None:
    Connection.objects.update(access_expires_at=now())
    set_application(sandbox, client_secret=NEW)
    admin_client.post(reverse("connections:check"))
    admin_client.post(reverse("connections:secret"), {"client_secret": NEW})
    connected.refresh_from_db()
    outcomes = {stored["check"]: stored["outcome"] for stored in connected.check_results}
    assert (connected.status, outcomes["tokens"]) == (Status.CONNECTED, "good")


def test_a_secret_without_a_permission_cannot_be_proved(
    sandbox: RunningSandbox, waiting: Connection, actor: Actor
) -> None:
    with pytest.raises(NotAuthorized):
        changes.change_secret(waiting, NEW, actor=actor, now=now())


def test_client_credentials_prove_a_new_secret_too(
    sandbox: RunningSandbox, connected: Connection, actor: Actor
) -> None:
    allow_client_credentials(sandbox, INTEGRATION[0])
    way = Application(SignIn.CLIENT_CREDENTIALS, CLIENT_ID)
    row = setup.save_application(connected, way, actor=actor, now=now())
    row = credentials.obtain(row, actor=actor, now=now())
    set_application(sandbox, client_secret=NEW)
    with pytest.raises(NewSecretRefused):
        changes.change_secret(row, "mistyped", actor=actor, now=now())
    row = changes.change_secret(row, NEW, actor=actor, now=now())
    assert (row.status, unseal(row.sealed_client_secret)) == (Status.CONNECTED, NEW)


def test_a_renamed_instance_goes_on_once_it_has_proved_to_be_the_same(
    admin_client: Client, sandbox: RunningSandbox, connected: Connection, renamed: str
) -> None:
    token, known = unseal(connected.sealed_access_token), connected.integration_user_id
    typed = {"address": renamed, "client_secret": CLIENT_SECRET}
    answer = admin_client.post(reverse("connections:address"), typed)
    assert answer.status_code == 302
    connected.refresh_from_db()
    assert (connected.address, connected.status) == (renamed, Status.NOT_CONNECTED)
    assert connected.moved_from == sandbox.servicenow_url
    assert answers_to(sandbox, token) == 401
    admin_client.get(authorize_as(admin_client, *INTEGRATION))
    row = Connection.objects.get()
    assert (row.pk, row.status, row.moved_from) == (connected.pk, Status.CONNECTED, "")
    assert row.integration_user_id == known


def test_connection_another_instance_is_told_and_its_tokens_are_not_kept(
    admin_client: Client, connected: Connection, another: RunningSandbox, actor: Actor
) -> None:
    Connection.objects.update(integration_user_id="0" * 32)
    to = Move(another.servicenow_url, CLIENT_SECRET)
    changes.change_address(connected, to, actor=actor)
    page = admin_client.get(authorize_as(admin_client, *INTEGRATION))
    assert "connection.another_instance" in page.content.decode()
    row = Connection.objects.get()
    assert (row.status, row.reason) == (Status.NOT_CONNECTED, "connection.another_instance")
    assert not row.sealed_access_token
    page = admin_client.get(reverse("connections:address"))
    assert "Is it the same instance?" in page.content.decode()
    admin_client.post(reverse("connections:moved"), {"it_is": "same"})
    admin_client.get(authorize_as(admin_client, *INTEGRATION))
    row.refresh_from_db()
    assert (row.status, row.reason, row.moved_from) == (Status.CONNECTED, "", "")


def test_another_instance_leaves_the_old_one_as_history(
    admin_client: Client, connected: Connection, another: RunningSandbox, actor: Actor
) -> None:
    old = connected.address
    to = Move(another.servicenow_url, CLIENT_SECRET)
    changes.change_address(connected, to, actor=actor)
    admin_client.post(reverse("connections:moved"), {"it_is": "another"})
    connected.refresh_from_db()
    assert (connected.address, connected.status) == (old, Status.REMOVED)
    assert not connected.sealed_client_secret
    admin_client.get(authorize_as(admin_client, *INTEGRATION))
    fresh = Connection.objects.exclude(pk=connected.pk).get()
    assert (fresh.address, fresh.status) == (another.servicenow_url, Status.CONNECTED)
    assert fresh.uid != connected.uid


def test_back_to_the_old_address_needs_no_proof(
    connected: Connection, renamed: str, actor: Actor
) -> None:
    old = connected.address
    row, _ = changes.change_address(connected, Move(renamed, CLIENT_SECRET), actor=actor)
    row, _ = changes.change_address(row, Move(old, CLIENT_SECRET), actor=actor)
    assert (row.address, row.moved_from) == (old, "")


def test_removing_in_the_middle_leaves_the_tickets_with_the_old_address(
    connected: Connection, renamed: str, actor: Actor
) -> None:
    old = connected.address
    row, _ = changes.change_address(connected, Move(renamed, CLIENT_SECRET), actor=actor)
    remove(row, actor=actor, now=now())
    row.refresh_from_db()
    assert (row.address, row.status) == (old, Status.REMOVED)


def test_connection_address_taken_by_a_removed_connection_is_explained(
    admin_client: Client, tenant: Tenant, connected: Connection, renamed: str, actor: Actor
) -> None:
    Connection.objects.create(tenant=tenant, address=renamed, status=Status.REMOVED)
    with pytest.raises(AddressTaken):
        changes.change_address(connected, Move(renamed, CLIENT_SECRET), actor=actor)
    typed = {"address": renamed, "client_secret": CLIENT_SECRET}
    page = admin_client.post(reverse("connections:address"), typed).content.decode()
    assert "<code>connection.address_taken</code>" in page
    connected.refresh_from_db()
    assert connected.status == Status.CONNECTED


def test_the_pages_never_send_a_secret_back(
    admin_client: Client, sandbox: RunningSandbox, connected: Connection
) -> None:
    for name, typed in (
        ("secret", {"client_secret": "typed-secret"}),
        ("address", {"address": "acme", "client_secret": "typed-secret"}),
        ("validate", {"password": "typed-secret"}),
    ):
        page = admin_client.post(reverse(f"connections:{name}"), typed)
        assert page.status_code == 200
        assert "typed-secret" not in page.content.decode()


@pytest.mark.parametrize("name", ["secret", "address", "validate", "moved"])
def test_a_reader_changes_nothing(
    reader_client: Client, sandbox: RunningSandbox, connected: Connection, name: str
) -> None:
    answer = reader_client.post(reverse(f"connections:{name}"), {"it_is": "another"})
    assert answer.status_code == 403
    assert Connection.objects.get().status == Status.CONNECTED


def test_a_present_address_or_a_bad_one_is_told_beside_its_field(
    admin_client: Client, sandbox: RunningSandbox, connected: Connection
) -> None:
    for address, sentence in (
        (connected.address, "This is the present address."),
        ("http://acme.service-now.com", "does not begin with https"),
    ):
        typed = {"address": address, "client_secret": "x"}
        page = admin_client.post(reverse("connections:address"), typed).content.decode()
        assert sentence in page


def test_tokens_that_the_connection_works_with_survive_a_refused_authorization(
    admin_client: Client, sandbox: RunningSandbox, connected: Connection, admin: Person
) -> None:
    Person.objects.filter(pk=admin.pk).update(email=f"{INTEGRATION[0]}@sandbox.example")
    page = admin_client.get(authorize_as(admin_client, *INTEGRATION))
    assert "connection.personal_credentials" in page.content.decode()
    connected.refresh_from_db()
    assert connected.status == Status.CONNECTED
    assert refreshes(sandbox, unseal(connected.sealed_refresh_token)) == 200


def test_a_lost_seal_is_cured_by_a_new_secret_where_no_token_is_needed(
    sandbox: RunningSandbox, connected: Connection, actor: Actor
) -> None:
    Connection.objects.update(sealed_client_secret=seal("rotated away"))
    connected.refresh_from_db()
    changes.change_secret(connected, CLIENT_SECRET, actor=actor, now=now())
    assert httpx.get(f"{sandbox.servicenow_url}/_sandbox/health").status_code == 200
