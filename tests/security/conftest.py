"""An instance whose secrets are marked, and a witness of all that is written."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from tests.security.silence import Browser, Witness, witnessed

from scoredesk.accounts.models import Person
from scoredesk.sandbox.program import RunningSandbox

CLIENT_SECRET = "MARKED-client-secret-7Qx"
PASSWORD = "MARKED-password-9Zk"
_ADMIN = ("admin", "admin")


@pytest.fixture
def witness(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], db: None
) -> Iterator[Witness]:
    """Hears every secret of the story."""
    with witnessed(monkeypatch, capsys) as heard:
        heard.learn("client secret", CLIENT_SECRET)
        heard.learn("password", PASSWORD)
        yield heard


@pytest.fixture
def browser(witness: Witness, admin: Person) -> Browser:
    """Ada's browser, every answer of which is kept."""
    opened = Browser(witness)
    opened.force_login(admin)
    return opened


@pytest.fixture
def marked(sandbox: RunningSandbox) -> RunningSandbox:
    """An instance with the marked client secret and password."""
    _write(sandbox, "oauth_entity", "name=Scoredesk", client_secret=CLIENT_SECRET)
    _write(sandbox, "sys_user", "user_name=scoredesk.integration", user_password=PASSWORD)
    return sandbox


def _write(sandbox: RunningSandbox, table: str, query: str, **values: str) -> None:
    where = f"{sandbox.servicenow_url}/api/now/table/{table}"
    with httpx.Client(auth=_ADMIN, headers={"Accept": "application/json"}, timeout=10) as client:
        found = client.get(where, params={"sysparm_query": query}).json()["result"]
        client.patch(f"{where}/{found[0]['sys_id']}", json=values).raise_for_status()
