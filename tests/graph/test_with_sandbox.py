"""The client against a stand-in of Microsoft over real HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from scoredesk.common.addresses import AddressPolicy
from scoredesk.common.http import Timeouts, Wire
from scoredesk.common.retrying import ONCE
from scoredesk.graph import ClientSecret, Graph, MsalTokens, errors
from scoredesk.sandbox.program import RunningSandbox

TENANT = "11111111-2222-4333-8444-555555555555"
GOOD = ClientSecret(TENANT, "scoredesk-graph", "sandbox-secret")


@pytest.fixture
def url(sandbox_program: RunningSandbox) -> str:
    """Microsoft in its first state."""
    sandbox_program.reset()
    return sandbox_program.microsoft_url


@pytest.fixture
def wire(url: str) -> Wire:
    """A wire that may call this sandbox, and tries once."""
    return Wire(policy=AddressPolicy.trusting(url), timeouts=Timeouts.page(2), pauses=ONCE)


@pytest.fixture
def graph(url: str, wire: Wire) -> Iterator[Graph]:
    """Graph as the registered application."""
    with Graph(url, MsalTokens(GOOD, login_url=url, wire=wire), wire=wire) as client:
        yield client


@pytest.fixture
def plan(url: str) -> Callable[..., None]:
    """Plans a fault in the sandbox's control room."""

    def planning(kind: str, path: str, **more: Any) -> None:
        asked = {"kind": kind, "match": {"path": path}, **more}
        httpx.post(f"{url}/_sandbox/faults", json=asked).raise_for_status()

    return planning


def test_ninety_days_are_read_newest_first(graph: Graph) -> None:
    days = [snapshot.day for snapshot in graph.score_snapshots()]
    assert len(days) == len(set(days)) == 90
    assert days == sorted(days, key=str, reverse=True)


def test_one_day_is_read_with_its_controls(graph: Graph) -> None:
    newest = graph.check()
    assert newest.tenant_id == TENANT
    assert newest.controls
    points = sum(control.score or 0 for control in newest.controls)
    assert round(points, 2) == pytest.approx(newest.current)


def test_the_catalogue_is_read_over_its_pages(graph: Graph) -> None:
    profiles = list(graph.control_profiles())
    assert len(profiles) >= 60
    assert len({profile.id for profile in profiles}) == len(profiles)
    assert {profile.category for profile in profiles} >= {"Identity", "Data", "Device", "Apps"}


@pytest.mark.parametrize(
    ("credential", "error"),
    [
        (ClientSecret("nobody.example", "scoredesk-graph", "x"), errors.WrongTenant),
        (ClientSecret(TENANT, "somebody-else", "sandbox-secret"), errors.UnknownApplication),
        (ClientSecret(TENANT, "scoredesk-graph", "wrong"), errors.WrongSecret),
    ],
)
def test_each_mistake_at_set_up_has_its_name(
    credential: ClientSecret, error: type[errors.GraphError], url: str, wire: Wire
) -> None:
    with pytest.raises(errors.GraphError) as raised:
        MsalTokens(credential, login_url=url, wire=wire).token()
    assert type(raised.value) is error


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("unauthorized", errors.TokenRejected),
        ("forbidden", errors.PermissionMissing),
        ("rate_limit", errors.Throttled),
        ("server_error", errors.GraphFault),
        ("unavailable", errors.GraphFault),
        ("html", errors.UnreadableAnswer),
        ("broken_json", errors.UnreadableAnswer),
        ("reset", errors.Unreachable),
        ("lost_reply", errors.Unreachable),
    ],
)
def test_each_bad_day_of_graph_has_its_name(
    graph: Graph, plan: Callable[..., None], kind: str, error: type[errors.GraphError]
) -> None:
    plan(kind, "security/secureScores")
    with pytest.raises(errors.GraphError) as raised:
        graph.check()
    assert type(raised.value) is error
