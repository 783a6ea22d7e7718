"""How the simulated Graph fails when it is told to (graph-secure-score 10, numbers 60 and 61)."""

from __future__ import annotations

import json
import time
from typing import Any

import httpx
import pytest
from tests.sandbox.microsoft.graph_caller import PROFILES, SCORES, GraphCaller

WARNING = '199 - "Microsoft/SecureScore/504/10000"'


def plan(graph: GraphCaller, kind: str, **more: Any) -> None:
    """Make the next call of a list or an object fail; the token is fetched before."""
    graph.page(f"{SCORES}?$top=1")
    graph.lever("/_sandbox/faults", kind=kind, match={"path": "secureScore"}, **more)


@pytest.mark.parametrize("kind", ["partial", "cancelled"])
@pytest.mark.parametrize("path", [f"{SCORES}?$top=10&$count=true", PROFILES])
def test_60_a_partial_list_is_a_206_with_a_warning(
    graph: GraphCaller, path: str, kind: str
) -> None:
    whole = graph.page(path)
    plan(graph, kind)
    response = graph.get(path)
    assert response.status_code == 206
    assert response.headers["warning"] == WARNING
    body = response.json()
    assert body["@odata.context"] == whole["@odata.context"]
    assert body["value"] == whole["value"][: len(whole["value"]) // 2]
    assert len(body["value"]) > 0
    assert graph.page(path)["value"] == whole["value"]


def test_60_a_partial_object_is_a_206_with_its_frame_alone(graph: GraphCaller) -> None:
    newest = graph.scores()[0]
    plan(graph, "partial")
    response = graph.get(f"{SCORES}/{newest['id']}")
    assert (response.status_code, response.headers["warning"]) == (206, WARNING)
    assert response.json()["id"] == newest["id"]
    assert "controlScores" not in response.json()


def test_60_an_update_is_carried_out_once_and_has_no_part_to_leave_out(
    writer: GraphCaller,
) -> None:
    plan(writer, "partial")
    response = writer.update("UserRiskPolicy", prefer="", state="Reviewed")
    assert (response.status_code, response.content) == (204, b"")
    updates = writer.page(f"{PROFILES}/UserRiskPolicy")["controlStateUpdates"]
    assert [update["state"] for update in updates] == ["Default", "Reviewed"]


def test_60_a_refused_call_has_no_part_to_give(graph: GraphCaller) -> None:
    plan(graph, "partial")
    refused = graph.http.get(SCORES)
    assert refused.status_code == 401
    assert refused.json()["error"]["code"] == "InvalidAuthenticationToken"
    assert "warning" not in refused.headers


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        ("server_error", 500, "InternalServerError"),
        ("bad_gateway", 502, "BadGateway"),
        ("unavailable", 503, "ServiceUnavailable"),
        ("gateway_timeout", 504, "GatewayTimeout"),
    ],
)
def test_61_trouble_of_the_service_is_a_graph_error(
    graph: GraphCaller, kind: str, status: int, code: str
) -> None:
    plan(graph, kind)
    response = graph.get(SCORES)
    assert response.status_code == status
    assert response.json()["error"]["code"] == code
    assert response.json()["error"]["innerError"]["request-id"] == response.headers["request-id"]
    assert "retry-after" not in response.headers
    assert graph.get(f"{SCORES}?$top=1").status_code == 200


def test_61_an_unavailable_service_may_say_when_to_come_back(graph: GraphCaller) -> None:
    plan(graph, "unavailable", retry_after=30)
    assert graph.get(SCORES).headers["retry-after"] == "30"


@pytest.mark.parametrize(
    ("kind", "status"),
    [("unauthorized", 401), ("forbidden", 403), ("not_found", 404), ("rate_limit", 429)],
)
def test_planned_refusals_speak_as_graph_does(graph: GraphCaller, kind: str, status: int) -> None:
    plan(graph, kind)
    response = graph.get(SCORES)
    assert response.status_code == status
    assert response.json()["error"]["innerError"]["request-id"]


def test_61_the_gateway_refuses_with_a_page(graph: GraphCaller) -> None:
    plan(graph, "html")
    response = graph.get(SCORES)
    assert response.status_code == 403
    assert response.headers["content-type"].startswith("text/html")
    assert response.text.startswith("<html>")
    assert graph.get(f"{SCORES}?$top=1").status_code == 200


@pytest.mark.parametrize("kind", ["reset", "reset_after", "lost_reply", "half_body"])
def test_61_a_connection_can_be_cut(graph: GraphCaller, kind: str) -> None:
    plan(graph, kind)
    with pytest.raises(httpx.TransportError):
        graph.get(SCORES)
    assert graph.get(f"{SCORES}?$top=1").status_code == 200


def test_61_a_body_can_break_off(graph: GraphCaller) -> None:
    plan(graph, "broken_json")
    response = graph.get(SCORES)
    assert response.status_code == 200
    with pytest.raises(json.JSONDecodeError):
        response.json()


def test_61_a_cut_body_began_well(graph: GraphCaller) -> None:
    whole = graph.get(f"{SCORES}?$top=2").content
    plan(graph, "half_body")
    token = graph.ask_token().json()["access_token"]
    address, headers = f"{SCORES}?$top=2", {"Authorization": f"Bearer {token}"}
    came = []
    with graph.http.stream("GET", address, headers=headers) as response:
        assert response.status_code == 200
        with pytest.raises(httpx.RemoteProtocolError):
            came.extend(response.iter_bytes())
    assert 0 < len(b"".join(came)) < len(whole)


def test_61_a_body_can_come_slowly(graph: GraphCaller) -> None:
    path = f"{SCORES}?$top=1&$select=id"
    whole = graph.page(path)
    plan(graph, "slow_drip", bytes=40, delay=0.1)
    began = time.monotonic()
    response = graph.get(path)
    assert time.monotonic() - began >= 0.4
    assert response.status_code == 200
    assert response.json()["value"] == whole["value"]


def test_61_an_answer_can_be_slow(graph: GraphCaller) -> None:
    plan(graph, "slow", delay=0.5)
    began = time.monotonic()
    assert graph.get(f"{SCORES}?$top=1").status_code == 200
    assert time.monotonic() - began >= 0.5


@pytest.mark.parametrize(
    ("kind", "status", "number"),
    [
        ("server_error", 500, 90033),
        ("bad_gateway", 502, 90033),
        ("unavailable", 503, 90033),
        ("gateway_timeout", 504, 90033),
        ("rate_limit", 429, 90055),
    ],
)
def test_the_token_endpoint_fails_in_its_own_words(
    graph: GraphCaller, kind: str, status: int, number: int
) -> None:
    graph.lever("/_sandbox/faults", kind=kind, match={"path": "oauth2"})
    response = graph.ask_token()
    assert response.status_code == status
    assert response.json()["error_codes"] == [number]
    assert response.json()["error_description"].startswith(f"AADSTS{number}: ")
    assert response.headers.get("retry-after") == ("10" if kind == "rate_limit" else None)
    assert graph.ask_token().status_code == 200
