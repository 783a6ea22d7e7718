"""Secrets stay where they belong, whatever the instance does: nothing that is written holds one."""

from __future__ import annotations

import httpx
import pytest
from tests.connections.browserless import told
from tests.security.silence import Browser, Witness
from tests.security.story import live

from scoredesk.accounts.models import AuditEntry
from scoredesk.connections.models import Connection
from scoredesk.sandbox.faults import KINDS
from scoredesk.sandbox.program import RunningSandbox

MICROSOFT_ONLY = {"partial"}
VARIANTS = [
    ("forbidden", variant)
    for variant in ("acl", "unscoped", "scope", "query", "table", "api", "fencing")
] + [
    ("cancelled", "broken"),
    ("cancelled", "stored"),
    ("ip_filter", "html"),
    ("ip_filter", "json"),
    ("cross_scope", "policy"),
]
# Nobody learns more from a longer wait.
QUICK = {
    "slow_drip": {"bytes": 4096, "delay": 0},
    "timeout": {"delay": 0.1},
    "rate_limit": {"retry_after": 1},
}
FAULTS = [(kind, "") for kind in sorted(set(KINDS) - MICROSOFT_ONLY)] + VARIANTS
SWITCHES = [
    {"oauth_state_required": True},
    {"password_grant": False},
    {"refresh_reply_has_refresh_token": False},
    {"token_error_style": "oauth"},
    {"token_format": "jwt"},
    {"sso_host": "sso.example"},
    {"mfa": True},
    {"basic_restriction": True},
    {"api_access_policy": True},
    {"api_acl": True},
    {"scope_restriction": True},
    {"unreadable_table": "empty"},
    {"choices_readable": "forbidden"},
    {"slow_query": "broken"},
    {"hibernating": "503"},
    {"maintenance": True},
    {"ip_filter": "html"},
    {"rate_limit": 3},
    {"unknown_path": "400"},
]


@pytest.fixture(autouse=True)
def short_waits(settings: pytest.FixtureRequest, sandbox: RunningSandbox) -> None:
    """Nobody waits for a fault longer than needed."""
    settings.PAGE_TIMEOUT_SECONDS = settings.HTTP_TIMEOUT_SECONDS = 2.0  # type: ignore[attr-defined]  # pytest-django's settings


@pytest.mark.parametrize(("kind", "variant"), FAULTS, ids=[f"{k}-{v}" for k, v in FAULTS])
def test_no_fault_makes_the_portal_tell_a_secret(
    marked: RunningSandbox, browser: Browser, witness: Witness, kind: str, variant: str
) -> None:
    more = {**QUICK.get(kind, {}), **({"variant": variant} if variant else {})}
    control = f"{marked.microsoft_url}/_sandbox/faults"  # the port that stays open

    def fault(on: bool) -> None:  # noqa: FBT001  # told by its place
        if on:
            planned = {"kind": kind, "service": "servicenow", "times": None, **more}
            httpx.post(control, json=planned).raise_for_status()
        else:
            httpx.delete(control).raise_for_status()
            wait_until_open(marked)

    live(browser, marked, witness, fault)
    assert witness.leaks() == []
    _lived(witness)


@pytest.mark.parametrize("switch", SWITCHES, ids=[next(iter(switch)) for switch in SWITCHES])
def test_no_peculiarity_makes_the_portal_tell_a_secret(
    marked: RunningSandbox, browser: Browser, witness: Witness, switch: dict[str, object]
) -> None:
    usual = told(marked, "switches")

    def fault(on: bool) -> None:  # noqa: FBT001  # told by its place
        told(marked, "switches", **(switch if on else {name: usual[name] for name in switch}))

    live(browser, marked, witness, fault)
    assert witness.leaks() == []
    _lived(witness)


def wait_until_open(sandbox: RunningSandbox) -> None:
    """Until the instance's port answers again."""
    with httpx.Client(transport=httpx.HTTPTransport(retries=5)) as client:
        client.get(f"{sandbox.servicenow_url}/_sandbox/health").raise_for_status()


def _lived(witness: Witness) -> None:
    """The story really happened: tokens came, were kept, and much was written."""
    assert {"access token", "refresh token", "code", "client secret"} <= set(
        witness.secrets.values()
    )
    assert Connection.objects.get().removed_at is not None
    assert AuditEntry.objects.filter(action="connection.authorized").exists()
    assert len(witness.pages) > 20
    assert "GET" in witness.log.getvalue()
