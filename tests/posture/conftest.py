"""A tenant whose Secure Score comes from the sandbox, and levers on the sandbox."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from scoredesk.accounts.models import Tenant
from scoredesk.accounts.sealed import seal
from scoredesk.posture.models import CredentialKind, SecureScoreSource
from scoredesk.sandbox.program import RunningSandbox, running_sandbox

DIRECTORY = "11111111-2222-4333-8444-555555555555"
CLIENT = "scoredesk-graph"
SECRET = "sandbox-secret"


@pytest.fixture
def source(tenant: Tenant) -> SecureScoreSource:
    """The tenant's source, with the sandbox's own credentials."""
    return SecureScoreSource.objects.create(
        tenant=tenant,
        directory=DIRECTORY,
        kind=CredentialKind.CLIENT_SECRET,
        client_id=CLIENT,
        sealed_secret=seal(SECRET),
    )


@pytest.fixture
def switch(sandbox: RunningSandbox) -> Callable[..., None]:
    """Sets switches of the sandbox's control room."""

    def set_switches(**values: Any) -> None:
        answer = httpx.post(f"{sandbox.microsoft_url}/_sandbox/switches", json=values)
        answer.raise_for_status()

    return set_switches


@pytest.fixture
def plan_fault(sandbox: RunningSandbox) -> Callable[..., None]:
    """Plans a fault in the sandbox's control room."""

    def plan(kind: str, path: str = "/v1.0/", *, times: int | None = None, **more: Any) -> None:
        asked = {"kind": kind, "match": {"path": path}, "times": times, "service": "microsoft"}
        answer = httpx.post(f"{sandbox.microsoft_url}/_sandbox/faults", json={**asked, **more})
        answer.raise_for_status()

    return plan


@pytest.fixture
def move_clock(sandbox: RunningSandbox) -> Callable[[int], None]:
    """Sets the sandbox's clock that many days ahead."""

    def move(days: int) -> None:
        answer = httpx.post(
            f"{sandbox.microsoft_url}/_sandbox/clock", json={"offset_seconds": days * 86_400}
        )
        answer.raise_for_status()

    return move


@pytest.fixture
def requests_seen(sandbox: RunningSandbox) -> Callable[[], list[str]]:
    """The paths that Microsoft's side was asked for so far, with their queries."""

    def seen() -> list[str]:
        address = f"{sandbox.microsoft_url}/_sandbox/requests"
        entries = httpx.get(address).json()["requests"]
        return [str(entry["path"]) for entry in entries if entry["service"] == "microsoft"]

    return seen


@pytest.fixture
def captured(captures: Path, settings: Any) -> Iterator[RunningSandbox]:
    """A sandbox that serves the real captures instead of its own seed."""
    profiles = captures / "control-profiles.json"
    scores = captures / "heimdall2" / "secureScore.json"
    with running_sandbox(profiles=profiles, scores=scores) as program:
        settings.GRAPH_URL = settings.LOGIN_MICROSOFT_URL = program.microsoft_url
        yield program
