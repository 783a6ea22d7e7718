"""A running sandbox over real HTTP, put back to its seed before each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from scoredesk.sandbox.program import RunningSandbox


@pytest.fixture
def sandbox(sandbox_program: RunningSandbox) -> RunningSandbox:
    """The session's sandbox as fresh; nothing of the portal is needed here."""
    sandbox_program.reset()
    return sandbox_program


@pytest.fixture
def anonymous(sandbox: RunningSandbox) -> Iterator[httpx.Client]:
    """A browser or program that has not signed in."""
    with httpx.Client(base_url=sandbox.servicenow_url, timeout=10) as client:
        yield client


@pytest.fixture
def as_user(sandbox: RunningSandbox) -> Iterator[Callable[[str], httpx.Client]]:
    """`as_user("admin")` is an API client with that user's password (which is their name)."""
    opened: list[httpx.Client] = []

    def client(user_name: str, password: str = "") -> httpx.Client:
        made = httpx.Client(
            base_url=f"{sandbox.servicenow_url}/api/now",
            auth=(user_name, password or user_name),
            headers={"Accept": "application/json"},
            timeout=10,
        )
        opened.append(made)
        return made

    yield client
    for made in opened:
        made.close()


@pytest.fixture
def integration(as_user: Callable[..., httpx.Client]) -> httpx.Client:
    return as_user("scoredesk.integration", "integration")


@pytest.fixture
def admin(as_user: Callable[..., httpx.Client]) -> httpx.Client:
    return as_user("admin")


@pytest.fixture
def control(sandbox: RunningSandbox) -> Callable[[str, dict[str, Any]], Any]:
    """Sends JSON to the control room: `control("switches", {"mfa": True})`."""

    def send(lever: str, asked: dict[str, Any]) -> Any:
        answer = httpx.post(f"{sandbox.servicenow_url}/_sandbox/{lever}", json=asked, timeout=10)
        assert answer.is_success, answer.text
        return answer.json()

    return send
