"""The trip to the Allow page and back belongs to one browser, one verifier and one address."""

from __future__ import annotations

import base64
import hashlib
from urllib.parse import parse_qs, urlsplit

from django.test import Client
from tests.connections.browserless import INTEGRATION, authorize_as, begin, requests_of, walk
from tests.connections.conftest import connected, waiting

from scoredesk.accounts.models import Person
from scoredesk.accounts.sealed import seal, unseal
from scoredesk.connections.models import Authorization, Connection, Status
from scoredesk.connections.views.authorize import MOST_TRIPS
from scoredesk.sandbox.program import RunningSandbox

__all__ = ["connected", "waiting"]  # fixtures of the neighbour


def asked_of(address: str) -> dict[str, str]:
    """The parameters with which the browser arrives at the Allow page."""
    return {name: given[0] for name, given in parse_qs(urlsplit(address).query).items()}


def refused(client: Client, path: str, code: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 400
    assert f"<code>{code}</code>" in answer.content.decode()


def test_the_challenge_is_the_s256_of_a_verifier_that_stays_here(
    admin_client: Client, sandbox: RunningSandbox, waiting: Connection
) -> None:
    asked = asked_of(begin(admin_client))
    verifier = unseal(Authorization.objects.get().sealed_verifier)
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=")
    assert asked["code_challenge_method"] == "S256"
    assert asked["code_challenge"] == digest.decode()
    assert len(verifier) >= 43  # RFC 7636, 4.1
    assert verifier not in asked.values()


def test_the_instance_gives_no_token_for_another_verifier(
    admin_client: Client, sandbox: RunningSandbox, waiting: Connection
) -> None:
    path = authorize_as(admin_client, *INTEGRATION)
    Authorization.objects.update(sealed_verifier=seal("x" * 64))
    refused(admin_client, path, "servicenow.code_refused")
    waiting.refresh_from_db()
    assert waiting.status == Status.NOT_CONNECTED


def test_the_redirect_address_is_exactly_the_portals_own_both_times(
    admin_client: Client, sandbox: RunningSandbox, waiting: Connection
) -> None:
    address = begin(admin_client)
    assert asked_of(address)["redirect_uri"] == "http://127.0.0.1:8000/connections/callback"
    admin_client.get(walk(address, *INTEGRATION))
    sent = [str(entry["body"]) for entry in requests_of(sandbox, "oauth_token.do")]
    wanted = "redirect_uri=http%3A%2F%2F127.0.0.1%3A8000%2Fconnections%2Fcallback"
    assert sent
    assert all(wanted in body for body in sent)


def test_every_trip_has_a_state_and_a_verifier_of_its_own(
    admin_client: Client, sandbox: RunningSandbox, waiting: Connection
) -> None:
    asked = [asked_of(begin(admin_client)) for _ in range(3)]
    assert len({one["state"] for one in asked}) == 3
    assert len({one["code_challenge"] for one in asked}) == 3
    assert min(len(one["state"]) for one in asked) >= 40


def test_connection_state_elsewhere_in_another_browser_and_good_in_its_own(
    admin_client: Client, admin: Person, sandbox: RunningSandbox, waiting: Connection
) -> None:
    path = authorize_as(admin_client, *INTEGRATION)
    elsewhere = Client()
    elsewhere.force_login(admin)
    refused(elsewhere, path, "connection.state_elsewhere")
    assert admin_client.get(path).status_code == 302


def test_several_tabs_may_begin_at_once_and_the_oldest_is_forgotten(
    admin_client: Client, sandbox: RunningSandbox, waiting: Connection
) -> None:
    first, second, *_others = [begin(admin_client) for _ in range(MOST_TRIPS + 1)]
    refused(admin_client, walk(first, *INTEGRATION), "connection.state_elsewhere")
    assert admin_client.get(walk(second, *INTEGRATION)).status_code == 302


def test_no_page_repeats_the_code_of_the_way_back(
    admin_client: Client, reader_client: Client, sandbox: RunningSandbox, waiting: Connection
) -> None:
    path = "/connections/callback?code=a-code-of-the-instance&state=made-up"
    for browser in (admin_client, reader_client):
        page = browser.get(path).content.decode()
        assert "a-code-of-the-instance" not in page
        assert 'name="next" value="/connections/"' in page
