"""Removing: what goes, what stays, and an instance that does not answer."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse
from tests.connections.browserless import answers_to, begin, refreshes, told

from scoredesk.accounts.models import AuditEntry
from scoredesk.accounts.sealed import unseal
from scoredesk.connections.models import Authorization, Connection, Status
from scoredesk.sandbox.program import RunningSandbox

REMOVE = "connections:remove"


def test_the_page_asks_first_and_says_what_goes_and_what_stays(
    admin_client: Client, sandbox: RunningSandbox, connected: Connection
) -> None:
    page = admin_client.get(reverse(REMOVE)).content.decode()
    assert "What goes" in page
    assert "marked as no longer tracked" in page
    connected.refresh_from_db()
    assert connected.status == Status.CONNECTED


def test_removing_revokes_the_tokens_and_deletes_every_secret(
    admin_client: Client, sandbox: RunningSandbox, connected: Connection
) -> None:
    begin(admin_client)
    access = unseal(connected.sealed_access_token)
    refresh = unseal(connected.sealed_refresh_token)
    page = admin_client.post(reverse(REMOVE), follow=True).content.decode()
    assert "The connection is removed. Its tickets are kept." in page
    assert answers_to(sandbox, access) == 401
    assert refreshes(sandbox, refresh) == 401
    connected.refresh_from_db()
    assert connected.status == Status.REMOVED
    assert connected.removed_at is not None
    kept = (
        connected.sealed_client_secret,
        connected.sealed_access_token,
        connected.sealed_refresh_token,
    )
    assert kept == ("", "", "")
    assert not Authorization.objects.filter(used_at=None).exists()
    assert connected.state_names.exists()
    assert AuditEntry.objects.filter(action="connection.removed").count() == 1


def test_an_instance_that_does_not_answer_is_told_and_does_not_stop_it(
    admin_client: Client, sandbox: RunningSandbox, connected: Connection
) -> None:
    told(sandbox, "faults", kind="server_error", times=None, match={"path": "revoke"})
    page = admin_client.post(reverse(REMOVE), follow=True).content.decode()
    assert "did not confirm that the tokens are revoked" in page
    connected.refresh_from_db()
    assert (connected.status, connected.sealed_refresh_token) == (Status.REMOVED, "")


def test_a_secret_whose_key_is_lost_does_not_stop_it(
    admin_client: Client, sandbox: RunningSandbox, connected: Connection
) -> None:
    Connection.objects.update(sealed_access_token="damaged", sealed_client_secret="damaged")
    admin_client.post(reverse(REMOVE))
    connected.refresh_from_db()
    assert connected.status == Status.REMOVED


def test_nothing_to_remove_leads_to_the_overview(admin_client: Client) -> None:
    answer = admin_client.post(reverse(REMOVE))
    assert answer.headers["Location"] == reverse("connections:overview")
