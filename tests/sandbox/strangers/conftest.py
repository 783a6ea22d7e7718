"""Other people's clients, pointed at the running sandbox."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from azure.identity import ClientSecretCredential
from tests.sandbox.strangers.entra_client import signed_in_with
from tests.sandbox.strangers.tls_front import TlsFront, tls_front

from scoredesk.sandbox.program import RunningSandbox


@pytest.fixture
def host(sandbox: RunningSandbox) -> str:
    """Host and port of the simulated ServiceNow, as clients want it that add the scheme."""
    return sandbox.servicenow_url.removeprefix("http://")


@pytest.fixture
def plain_oauth(monkeypatch: pytest.MonkeyPatch) -> None:
    """oauthlib refuses tokens over HTTP unless told that this is a test."""
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")


@pytest.fixture(scope="session")
def front(
    sandbox_program: RunningSandbox, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TlsFront]:
    """The sandbox's Microsoft side under https, which azure-identity insists on."""
    folder = tmp_path_factory.mktemp("front")
    with tls_front(sandbox_program.microsoft_url, folder) as served:
        yield served


@pytest.fixture
def credential(sandbox: RunningSandbox, front: TlsFront) -> ClientSecretCredential:
    """The registered application, as azure-identity signs it in."""
    return signed_in_with(front, "sandbox-secret")
