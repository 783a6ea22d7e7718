"""How often an application may call (graph-secure-score 10, numbers 56 to 59)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import httpx
import pytest
from tests.sandbox.microsoft.graph_caller import PROFILES, SCORES, GraphCaller

from scoredesk.sandbox.program import RunningSandbox

ONE = f"{SCORES}?$top=1&$select=id"


def spend(graph: GraphCaller, calls: int = 150) -> None:
    """Make calls that must all succeed."""
    assert {graph.get(ONE).status_code for _ in range(calls)} == {200}


@contextmanager
def four_calls(graph: GraphCaller) -> Iterator[list[Future[httpx.Response]]]:
    """Four calls that Graph is still busy with."""
    graph.page(f"{PROFILES}?$top=1")
    graph.switch(graph_latency_ms=2500)
    token = graph.ask_token().json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    graph.http.delete("/_sandbox/requests")
    with ThreadPoolExecutor(4) as pool:
        address = f"{graph.url}{PROFILES}?$top=1"
        yield [pool.submit(httpx.get, address, headers=headers, timeout=30) for _ in range(4)]


def until_four_run(graph: GraphCaller) -> None:
    """Look at the recorded requests until the fourth has reached Graph."""
    for _ in range(400):
        asked = graph.http.get("/_sandbox/requests?service=microsoft").json()["requests"]
        if sum(one["path"] == PROFILES and one["status"] is None for one in asked) == 4:
            return
        time.sleep(0.005)
    pytest.fail("Four calls did not run at once.")


def test_56_the_151st_call_in_a_minute_is_told_to_wait(graph: GraphCaller) -> None:
    spend(graph)
    refused = graph.get(ONE)
    assert refused.status_code == 429
    assert refused.json()["error"]["code"] == "TooManyRequests"
    assert refused.headers["retry-after"].isdigit()
    assert 1 <= int(refused.headers["retry-after"]) <= 60


def test_56_both_versions_and_single_snapshots_count_together(graph: GraphCaller) -> None:
    spend(graph, 148)
    newest = graph.page(ONE)["value"][0]["id"]
    assert graph.get(f"/beta/security/secureScores/{newest}").status_code == 200
    assert graph.get("/beta/security/secureScores?$top=1").status_code == 429


def test_56_profiles_and_calls_without_a_token_do_not_count(graph: GraphCaller) -> None:
    for _ in range(20):
        assert graph.http.get(SCORES).status_code == 401
        assert graph.get(f"{PROFILES}/AdminMFAV2").status_code == 200
    spend(graph)
    assert graph.get(ONE).status_code == 429
    assert graph.get(f"{PROFILES}/AdminMFAV2").status_code == 200


def test_56_a_switch_lifts_the_limits(graph: GraphCaller) -> None:
    graph.switch(graph_limits=False)
    spend(graph, 160)


def test_57_the_fifth_call_at_once_is_refused(graph: GraphCaller) -> None:
    with four_calls(graph) as running:
        until_four_run(graph)
        fifth = graph.get(f"{PROFILES}?$top=1")
    assert fifth.status_code == 429
    assert fifth.headers["retry-after"].isdigit()
    assert [call.result().status_code for call in running] == [200, 200, 200, 200]


def test_57_what_runs_from_before_a_reset_does_not_count(
    graph: GraphCaller, sandbox_program: RunningSandbox
) -> None:
    with four_calls(graph):
        until_four_run(graph)
        sandbox_program.reset()
        graph.wait(seconds=0)
        assert graph.get(f"{PROFILES}?$top=1").status_code == 200
    with four_calls(graph):
        until_four_run(graph)
        assert graph.get(f"{PROFILES}?$top=1").status_code == 429


def test_58_a_switch_leaves_out_the_wait(graph: GraphCaller) -> None:
    graph.switch(graph_throttled=True)
    assert graph.get(SCORES).headers["retry-after"] == "10"
    graph.switch(graph_retry_after=False)
    response = graph.get(SCORES)
    assert response.status_code == 429
    assert "retry-after" not in response.headers


def test_58_the_limits_are_silent_about_the_wait_too(graph: GraphCaller) -> None:
    graph.switch(graph_retry_after=False)
    spend(graph)
    response = graph.get(ONE)
    assert response.status_code == 429
    assert "retry-after" not in response.headers


def test_58_a_planned_fault_can_leave_out_the_wait(graph: GraphCaller) -> None:
    graph.lever("/_sandbox/faults", kind="rate_limit", match={"path": "secureScores"}, times=2)
    assert graph.get(SCORES).headers["retry-after"] == "10"
    graph.http.delete("/_sandbox/faults")
    graph.lever("/_sandbox/faults", kind="rate_limit", retry_after=None)
    response = graph.http.get(SCORES)
    assert response.status_code == 429
    assert "retry-after" not in response.headers


def test_59_a_retry_after_the_wait_succeeds(graph: GraphCaller) -> None:
    spend(graph)
    graph.wait(seconds=5)
    graph.page(f"{PROFILES}/AdminMFAV2")
    refused = graph.get(ONE)
    assert refused.status_code == 429
    graph.wait(seconds=int(refused.headers["retry-after"]))
    assert graph.get(ONE).status_code == 200


def test_59_refused_calls_count_as_well(graph: GraphCaller) -> None:
    spend(graph)
    waits = [int(graph.get(ONE).headers["retry-after"]) for _ in range(3)]
    assert all(wait > 1 for wait in waits)
    graph.wait(seconds=waits[0] - 2)
    assert graph.get(ONE).status_code == 429
