"""Other people's ServiceNow clients, pointed at the running sandbox."""

from __future__ import annotations

import pytest

from scoredesk.sandbox.program import RunningSandbox


@pytest.fixture
def host(sandbox: RunningSandbox) -> str:
    """Host and port of the simulated ServiceNow, as clients want it that add the scheme."""
    return sandbox.servicenow_url.removeprefix("http://")


@pytest.fixture
def plain_oauth(monkeypatch: pytest.MonkeyPatch) -> None:
    """oauthlib refuses tokens over HTTP unless told that this is a test."""
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
