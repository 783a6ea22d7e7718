"""Who may call the simulated Graph, how often, and how it fails."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from uuid import UUID

import httpx
import pytest
from tests.sandbox.graph_caller import PROFILES, SCORES, VENDOR, GraphCaller

from scoredesk.sandbox.program import RunningSandbox

CONTROL = "UserRiskPolicy"
READER = "5d6b6bb7-de71-4623-b4af-96380a352509"
ADMINISTRATOR = "194ae4cb-b126-40b2-bd5b-6091b380977d"
ORDINARY = "b79fbf4d-3ef9-4689-8143-76b194e85509"


@pytest.fixture
def graph(sandbox_program: RunningSandbox) -> Iterator[GraphCaller]:
    sandbox_program.reset()
    caller = GraphCaller(sandbox_program.microsoft_url)
    yield caller
    caller.close()


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer rubbish", "Basic eDp5", "Bearer a.b.c"])
def test_52_without_a_sound_token_the_answer_is_401(graph: GraphCaller, header: str) -> None:
    response = graph.http.get(SCORES, headers={"Authorization": header} if header else {})
    assert response.status_code == 401
    assert response.json()["error"]["code"] == "InvalidAuthenticationToken"
    assert "Bearer" in response.headers["www-authenticate"]


def test_52_a_token_expires_after_an_hour(graph: GraphCaller) -> None:
    token = graph.ask_token().json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    assert graph.http.get(f"{SCORES}?$top=1", headers=headers).status_code == 200
    graph.wait(hours=1)
    expired = graph.http.get(f"{SCORES}?$top=1", headers=headers)
    assert expired.status_code == 401
    assert "expired" in expired.json()["error"]["message"]


@pytest.mark.parametrize("path", [SCORES, PROFILES, f"{PROFILES}/{CONTROL}"])
def test_52_without_the_permission_the_answer_is_403(graph: GraphCaller, path: str) -> None:
    graph.switch(graph_roles="")
    response = graph.get(path)
    assert response.status_code == 403
    assert response.json()["error"]["message"] == (
        "Auth token does not contain valid permissions or user does not have valid roles"
    )


def test_52_53_reading_does_not_allow_writing_but_writing_allows_reading(
    graph: GraphCaller,
) -> None:
    assert graph.update(CONTROL, state="Ignored").status_code == 403
    graph.switch(graph_roles="User.Read.All SecurityEvents.ReadWrite.All")
    assert graph.update(CONTROL, state="Ignored").status_code == 200
    assert graph.get(f"{SCORES}?$top=1").status_code == 200


@pytest.mark.parametrize(
    ("wids", "reads", "writes"),
    [([ORDINARY], 403, 403), ([], 403, 403), ([READER], 200, 403), ([ADMINISTRATOR], 200, 200)],
)
def test_54_a_person_needs_a_directory_role_too(
    graph: GraphCaller, wids: list[str], reads: int, writes: int
) -> None:
    scopes = ["SecurityEvents.ReadWrite.All"]
    asked = {"upn": "ada@demo.example", "scopes": scopes, "wids": wids}
    token = graph.lever("/_sandbox/microsoft/token", **asked)["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    assert graph.http.get(f"{SCORES}?$top=1", headers=headers).status_code == reads
    body = {"state": "Ignored", "vendorInformation": VENDOR}
    written = graph.http.patch(
        f"{PROFILES}/{CONTROL}", json=body, headers={**headers, "Prefer": "return=representation"}
    )
    assert written.status_code == writes
    if writes == 200:
        assert written.json()["controlStateUpdates"][-1]["updatedBy"] == "ada@demo.example"


def test_55_errors_carry_ids_and_a_date(graph: GraphCaller) -> None:
    given = "1b671a64-40d5-491e-99b0-da01ff1f3341"
    response = graph.request("GET", f"{PROFILES}/x", headers={"client-request-id": given})
    inner = response.json()["error"]["innerError"]
    assert response.headers["client-request-id"] == inner["client-request-id"] == given
    assert response.headers["request-id"] == inner["request-id"]
    assert UUID(inner["request-id"])
    assert datetime.strptime(inner["date"], "%Y-%m-%dT%H:%M:%S")  # noqa: DTZ007 # as Graph sends it
    assert graph.get(f"{SCORES}?$top=1").headers["request-id"]


def test_56_59_the_151st_call_in_a_minute_waits(graph: GraphCaller) -> None:
    statuses = [graph.get(f"{SCORES}?$top=1").status_code for _ in range(150)]
    assert set(statuses) == {200}
    refused = graph.get(f"{SCORES}?$top=1")
    assert refused.status_code == 429
    assert graph.get(f"{PROFILES}?$top=1").status_code == 200
    wait = int(refused.headers["retry-after"])
    assert 1 <= wait <= 60
    graph.wait(seconds=wait + 1)
    assert graph.get(f"{SCORES}?$top=1").status_code == 200


def test_57_the_fifth_call_at_once_is_refused(graph: GraphCaller) -> None:
    graph.get(f"{PROFILES}?$top=1")
    graph.switch(graph_latency_ms=1500)
    token = graph.ask_token().json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}

    def call(_: int) -> int:
        with httpx.Client(base_url=graph.url, timeout=30) as http:
            return http.get(f"{PROFILES}?$top=1", headers=headers).status_code

    with ThreadPoolExecutor(5) as pool:
        assert sorted(pool.map(call, range(5))) == [200, 200, 200, 200, 429]


def test_58_throttling_can_be_silent_about_the_wait(graph: GraphCaller) -> None:
    graph.switch(graph_throttled=True)
    assert graph.get(SCORES).headers["retry-after"] == "10"
    graph.switch(graph_retry_after=False)
    response = graph.get(SCORES)
    assert response.status_code == 429
    assert "retry-after" not in response.headers


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("unauthorized", 401),
        ("forbidden", 403),
        ("html", 403),
        ("not_found", 404),
        ("rate_limit", 429),
        ("server_error", 500),
        ("bad_gateway", 502),
        ("unavailable", 503),
        ("gateway_timeout", 504),
        ("cancelled", 206),
    ],
)
def test_60_61_planned_faults_speak_as_graph_does(
    graph: GraphCaller, kind: str, status: int
) -> None:
    graph.ask_token()
    graph.lever("/_sandbox/faults", kind=kind, match={"path": "secureScores"})
    response = graph.get(SCORES)
    assert response.status_code == status
    if status == 206:
        assert response.headers["warning"]
    elif kind == "html":
        assert response.headers["content-type"].startswith("text/html")
    else:
        assert response.json()["error"]["innerError"]["request-id"]
    assert graph.get(f"{SCORES}?$top=1").status_code == 200


def test_61_a_connection_can_be_cut(graph: GraphCaller) -> None:
    graph.page(f"{SCORES}?$top=1")
    graph.lever("/_sandbox/faults", kind="reset", match={"path": "secureScores"})
    with pytest.raises(httpx.TransportError):
        graph.get(SCORES)


@pytest.mark.parametrize("method", ["POST", "DELETE", "PUT"])
@pytest.mark.parametrize("path", [SCORES, PROFILES, f"{SCORES}/x", f"{PROFILES}/{CONTROL}"])
def test_66_other_methods_are_not_allowed(graph: GraphCaller, method: str, path: str) -> None:
    response = graph.request(method, path, json={})
    assert response.status_code == 405
    assert "GET" in response.headers["allow"]


@pytest.mark.parametrize("path", ["/v1.0/users", "/beta/security/secureScores", "/"])
def test_what_is_not_simulated_says_so(graph: GraphCaller, path: str) -> None:
    response = graph.get(path)
    assert response.status_code == 501
    assert "does not simulate" in response.json()["error"]["message"]
