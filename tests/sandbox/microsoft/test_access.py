"""Who may call the simulated Graph (graph-secure-score 10, numbers 52 to 55, and 66)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import httpx
import pytest
from tests.sandbox.microsoft.graph_caller import PROFILES, SCORES, VENDOR, GraphCaller

CONTROL = "UserRiskPolicy"
REFUSED = "Auth token does not contain valid permissions or user does not have valid roles"
READER = "5d6b6bb7-de71-4623-b4af-96380a352509"
ADMINISTRATOR = "194ae4cb-b126-40b2-bd5b-6091b380977d"
GLOBAL = "62e90394-69f5-4237-9190-012177145e10"
ORDINARY = "b79fbf4d-3ef9-4689-8143-76b194e85509"
OF_ANOTHER = "729827e3-9c14-49f7-bb1b-9608f156bbb8"


def delegated(graph: GraphCaller, scope: str, wids: list[str]) -> dict[str, str]:
    """The headers of a person with a scope and directory roles."""
    asked = {"upn": "ada@demo.example", "scopes": [scope], "wids": wids}
    token = graph.lever("/_sandbox/microsoft/token", **asked)["access_token"]
    return {"Authorization": f"Bearer {token}", "Prefer": "return=representation"}


def patched(graph: GraphCaller, headers: dict[str, str]) -> httpx.Response:
    body = {"state": "Ignored", "vendorInformation": VENDOR}
    return graph.http.patch(f"{PROFILES}/{CONTROL}", json=body, headers=headers)


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer rubbish", "Basic eDp5", "Bearer a.b.c"])
@pytest.mark.parametrize("path", [SCORES, f"{PROFILES}/{CONTROL}", "/beta/security/secureScores"])
def test_52_without_a_sound_token_the_answer_is_401(
    graph: GraphCaller, header: str, path: str
) -> None:
    response = graph.http.get(path, headers={"Authorization": header} if header else {})
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


@pytest.mark.parametrize("roles", ["", "User.Read.All Directory.Read.All"])
@pytest.mark.parametrize("path", [SCORES, PROFILES, f"{PROFILES}/{CONTROL}"])
def test_52_without_the_permission_the_answer_is_403(
    graph: GraphCaller, path: str, roles: str
) -> None:
    graph.switch(graph_roles=roles)
    response = graph.get(path)
    assert response.status_code == 403
    assert response.json()["error"]["message"] == REFUSED


def test_52_reading_does_not_allow_writing(graph: GraphCaller) -> None:
    assert graph.get(f"{SCORES}?$top=1").status_code == 200
    response = graph.update(CONTROL, state="Ignored")
    assert response.status_code == 403
    assert response.json()["error"]["message"] == REFUSED


@pytest.mark.parametrize("path", [SCORES, PROFILES, f"{PROFILES}/{CONTROL}"])
def test_53_writing_allows_reading(writer: GraphCaller, path: str) -> None:
    assert writer.get(path).status_code == 200


@pytest.mark.parametrize(
    ("wids", "reads", "writes"),
    [
        ([], 403, 403),
        ([ORDINARY], 403, 403),
        ([OF_ANOTHER], 403, 403),
        ([ORDINARY, READER], 200, 403),
        ([ADMINISTRATOR], 200, 200),
        ([GLOBAL], 200, 200),
    ],
)
def test_54_a_person_needs_a_directory_role_too(
    graph: GraphCaller, wids: list[str], reads: int, writes: int
) -> None:
    headers = delegated(graph, "SecurityEvents.ReadWrite.All", wids)
    read = graph.http.get(f"{SCORES}?$top=1", headers=headers)
    written = patched(graph, headers)
    assert (read.status_code, written.status_code) == (reads, writes)
    if reads == 403:
        assert read.json()["error"]["message"] == REFUSED
    if writes == 200:
        assert written.json()["controlStateUpdates"][-1]["updatedBy"] == "ada@demo.example"


def test_54_a_role_does_not_replace_the_scope(graph: GraphCaller) -> None:
    headers = delegated(graph, "SecurityEvents.Read.All", [GLOBAL])
    assert graph.http.get(f"{SCORES}?$top=1", headers=headers).status_code == 200
    assert patched(graph, headers).status_code == 403
    headers = delegated(graph, "User.Read", [GLOBAL])
    assert graph.http.get(f"{SCORES}?$top=1", headers=headers).status_code == 403


def test_54_an_application_needs_no_directory_role(writer: GraphCaller) -> None:
    assert writer.get(f"{SCORES}?$top=1").status_code == 200
    assert writer.update(CONTROL, state="Ignored").status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", f"{PROFILES}/x", 404),
        ("GET", f"{SCORES}?$top=x", 400),
        ("PATCH", f"{PROFILES}/{CONTROL}", 403),
        ("POST", SCORES, 405),
        ("GET", "/v1.0/users", 501),
    ],
)
def test_55_every_error_carries_ids_and_a_date(
    graph: GraphCaller, method: str, path: str, status: int
) -> None:
    given = "1b671a64-40d5-491e-99b0-da01ff1f3341"
    response = graph.request(method, path, headers={"client-request-id": given})
    assert response.status_code == status
    error = response.json()["error"]
    assert error.keys() == {"code", "message", "innerError"}
    inner = error["innerError"]
    assert response.headers["client-request-id"] == inner["client-request-id"] == given
    assert response.headers["request-id"] == inner["request-id"]
    assert UUID(inner["request-id"])
    assert datetime.strptime(inner["date"], "%Y-%m-%dT%H:%M:%S")  # noqa: DTZ007 # as Graph sends it


def test_55_an_answer_carries_the_ids_too(graph: GraphCaller) -> None:
    given = "1b671a64-40d5-491e-99b0-da01ff1f3341"
    response = graph.request("GET", f"{SCORES}?$top=1", headers={"client-request-id": given})
    assert response.headers["client-request-id"] == given
    assert UUID(response.headers["request-id"])
    without = graph.get(f"{SCORES}?$top=1")
    assert without.headers["client-request-id"] == without.headers["request-id"]


@pytest.mark.parametrize("version", ["v1.0", "beta"])
@pytest.mark.parametrize("method", ["POST", "DELETE", "PUT"])
@pytest.mark.parametrize(
    "address",
    ["secureScores", "secureScoreControlProfiles", f"secureScoreControlProfiles/{CONTROL}"],
)
def test_66_other_methods_are_not_allowed(
    graph: GraphCaller, version: str, method: str, address: str
) -> None:
    response = graph.request(method, f"/{version}/security/{address}", json={})
    assert response.status_code == 405
    allowed = "GET, PATCH" if address.endswith(CONTROL) else "GET"
    assert response.headers["allow"] == allowed
    assert response.json()["error"]["message"]


def test_66_a_snapshot_cannot_be_changed(writer: GraphCaller) -> None:
    newest = writer.scores()[0]["id"]
    body = {"currentScore": 300.0, "vendorInformation": VENDOR}
    response = writer.request("PATCH", f"{SCORES}/{newest}", json=body)
    assert (response.status_code, response.headers["allow"]) == (405, "GET")


@pytest.mark.parametrize(
    "path", ["/v1.0/users", "/beta/users", f"{SCORES}/$count", "/v1.0/security/alerts", "/"]
)
def test_what_is_not_simulated_says_so(graph: GraphCaller, path: str) -> None:
    response = graph.get(path)
    assert response.status_code == 501
    assert "does not simulate" in response.json()["error"]["message"]
