"""Envelope, headers and value shapes; numbers are those of servicenow-api 13."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from tests.sandbox.servicenow.shorthand import error_of, new_incident

from scoredesk.sandbox.program import RunningSandbox

Control = Callable[[str, dict[str, Any]], Any]


def test_97_the_clock_of_the_instance_can_be_shifted(
    integration: httpx.Client, control: Control
) -> None:
    before = new_incident(integration)["sys_created_on"]
    control("clock", {"offset_seconds": 86_400})
    answer = integration.post("/table/incident", json={})
    assert answer.json()["result"]["sys_created_on"][:10] > before[:10]
    assert "GMT" in answer.headers["Date"]


def test_secrets_of_the_instance_are_never_delivered(admin: httpx.Client) -> None:
    assert "user_password" not in admin.get("/table/sys_user").json()["result"][0]
    assert "client_secret" not in admin.get("/table/oauth_entity").json()["result"][0]


def test_23_headers_are_written_as_a_real_instance_writes_them(integration: httpx.Client) -> None:
    answer = integration.get("/table/incident")
    written = {name.decode() for name, _ in answer.headers.raw}
    assert {"Content-Type", "X-Is-Logged-In", "X-Transaction-ID", "X-Total-Count"} <= written
    assert {"Server", "Pragma", "Set-Cookie", "Strict-Transport-Security"} <= written


def test_a_refusal_without_a_sign_in_writes_its_headers_so(anonymous: httpx.Client) -> None:
    answer = anonymous.get("/api/now/table/incident")
    assert b"WWW-Authenticate" in {name for name, _ in answer.headers.raw}


def test_pages_name_the_server_and_its_time(anonymous: httpx.Client, control: Control) -> None:
    control("clock", {"now": "2026-03-01T08:00:00Z", "freeze": True})
    headers = anonymous.get("/login.do").headers
    assert headers["Server"] == "ServiceNow"
    assert headers["Date"] == "Sun, 01 Mar 2026 08:00:00 GMT"


@pytest.mark.parametrize("accept", ["application/*", "Application/JSON", "*/*;q=0.8"])
def test_25_json_may_be_accepted_in_other_words(integration: httpx.Client, accept: str) -> None:
    assert integration.get("/table/incident", headers={"Accept": accept}).status_code == 200


def test_25_the_type_of_a_body_is_read_in_any_case(integration: httpx.Client) -> None:
    headers = {"Content-Type": "Application/JSON"}
    answer = integration.post("/table/incident", content=b"{}", headers=headers)
    assert answer.status_code == 201


def test_29_a_large_body_in_chunks_is_refused_too(integration: httpx.Client) -> None:
    def chunks() -> Iterator[bytes]:
        yield b"{"
        for _ in range(10):
            yield b" " * 1_048_576
        yield b"}"

    headers = {"Content-Type": "application/json"}
    answer = integration.post("/table/incident", content=chunks(), headers=headers)
    text = (
        "Rejected large REST payload with content-length = 10485762 bytes. "
        "Max allowed: 10485760 bytes."
    )
    assert error_of(answer) == (400, "Exception while reading request", text)


@pytest.mark.parametrize("version", ["", "v1/", "v2/"])
def test_31_links_keep_the_version_that_was_asked(
    sandbox: RunningSandbox, integration: httpx.Client, version: str
) -> None:
    base = f"{sandbox.servicenow_url}/api/now/{version}table"
    answer = integration.post(f"/{version}table/incident", json={})
    made = answer.json()["result"]
    assert answer.headers["Location"] == f"{base}/incident/{made['sys_id']}"
    opened_by = made["opened_by"]
    assert opened_by["link"] == f"{base}/sys_user/{opened_by['value']}"


def test_a_list_as_a_value_is_kept_as_text(integration: httpx.Client) -> None:
    made = new_incident(integration, description=["a", True, 1])
    assert made["description"] == "[a, true, 1]"


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/oauth_token.do"), ("PUT", "/oauth_revoke_token.do"), ("DELETE", "/login.do")],
)
def test_a_page_is_not_there_for_another_method(
    anonymous: httpx.Client, method: str, path: str
) -> None:
    answer = anonymous.request(method, path)
    assert error_of(answer) == (405, "Method not supported", None)


def test_an_incident_has_the_fields_of_a_newer_instance(integration: httpx.Client) -> None:
    made = new_incident(integration)
    assert (made["contract"], made["business_impact"]) == ("", "")
