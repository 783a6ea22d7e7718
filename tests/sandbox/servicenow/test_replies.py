"""Envelope, headers and statuses of every reply; numbers are those of servicenow-api 13."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from tests.sandbox.servicenow.shorthand import by_password, error_of, new_incident

from scoredesk.sandbox.program import RunningSandbox

Control = Callable[[str, dict[str, Any]], Any]
DAY = r"[A-Z][a-z]{2}, \d\d-[A-Z][a-z]{2}-\d{4} \d\d:\d\d:\d\d GMT"
JSON = {"Content-Type": "application/json"}


def cookies_of(answer: httpx.Response) -> dict[str, str]:
    """Each cookie that an answer sets, with its value and attributes."""
    split = [cookie.partition("=") for cookie in answer.headers.get_list("set-cookie")]
    return {name: rest for name, _, rest in split}


def test_22_a_list_is_an_array_and_a_record_an_object(integration: httpx.Client) -> None:
    created = integration.post("/table/incident", json={}).json()
    path = f"/table/incident/{created['result']['sys_id']}"
    listed, one = integration.get("/table/incident").json(), integration.get(path).json()
    changed = integration.patch(path, json={"urgency": "1"}).json()
    assert [set(body) for body in (created, listed, one, changed)] == [{"result"}] * 4
    assert isinstance(listed["result"], list)
    assert all(isinstance(body["result"], dict) for body in (created, one, changed))


@pytest.mark.parametrize("path", ["/table/incident", "/table/nothing", "/stats/incident"])
def test_23_each_json_reply_has_the_headers_of_a_real_instance(
    integration: httpx.Client, path: str
) -> None:
    headers = integration.get(path).headers
    assert re.fullmatch(r"[0-9a-f]{12}", headers.pop("X-Transaction-ID"))
    expected = {
        "Content-Type": "application/json;charset=UTF-8",
        "Server": "ServiceNow",
        "X-Is-Logged-In": "true",
        "X-Content-Type-Options": "nosniff",
        "Pragma": "no-store,no-cache",
        "Cache-Control": "no-cache,no-store,must-revalidate,max-age=-1",
        "Expires": "0",
        "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    }
    assert {name: headers[name] for name in expected} == expected
    assert headers["Server-Timing"].startswith("sem_wait;dur=")


def test_23_without_a_sign_in_the_header_says_so(anonymous: httpx.Client) -> None:
    headers = anonymous.get("/api/now/table/incident").headers
    assert headers["X-Is-Logged-In"] == "false"
    assert headers["Content-Type"] == "application/json;charset=UTF-8"


def test_24_the_cookies_of_a_real_instance_are_set(integration: httpx.Client) -> None:
    cookies = cookies_of(integration.get("/table/incident"))
    attributes = "Path=/; HttpOnly; SameSite=None; Secure"
    node = rf"glide\.[0-9a-f]{{32}}; Max-Age=2147483647; Expires={DAY}; {attributes}"
    assert re.fullmatch(node, cookies["glide_user_route"])
    store = rf"[0-9A-F]{{32}}; Max-Age=1800; Expires={DAY}; {attributes}"
    assert re.fullmatch(store, cookies["glide_session_store"])
    ended = f"; Max-Age=0; Expires=Thu, 01-Jan-1970 00:00:10 GMT; {attributes}"
    assert cookies["glide_user"] == ended
    assert cookies["glide_user_session"] == ended
    assert {"JSESSIONID", "BIGipServerpool_sandbox"} <= set(cookies)


def test_24_cookies_change_nothing_under_bearer(anonymous: httpx.Client) -> None:
    token = by_password(anonymous).json()["access_token"]
    headers = {"Accept": "application/json", "Authorization": f"Bearer {token}"}
    first = anonymous.get("/api/now/table/sys_user", headers=headers)
    kept = "; ".join(f"{name}={rest.partition(';')[0]}" for name, rest in cookies_of(first).items())
    for cookies in (kept, "JSESSIONID=stale; glide_session_store=FFFF"):
        again = anonymous.get("/api/now/table/sys_user", headers={**headers, "Cookie": cookies})
        assert (again.status_code, again.json()) == (200, first.json())


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("", 400),
        ("text/html", 406),
        ("application/json", 200),
        ("text/html, application/json;q=0.5", 200),
        ("*/*", 200),
    ],
)
def test_25_what_is_accepted_must_be_json(
    sandbox: RunningSandbox, accept: str, status: int
) -> None:
    with httpx.Client(auth=("admin", "admin")) as client:
        del client.headers["Accept"]
        headers = {"Accept": accept} if accept else {}
        url = f"{sandbox.servicenow_url}/api/now/table/incident"
        assert client.get(url, headers=headers).status_code == status


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded"])
def test_25_another_body_than_json_is_refused(integration: httpx.Client, kind: str) -> None:
    answer = integration.post("/table/incident", content="a=1", headers={"Content-Type": kind})
    assert error_of(answer)[0] == 415


def test_25_a_body_needs_its_type(integration: httpx.Client) -> None:
    assert error_of(integration.post("/table/incident", content="{}"))[0] == 400


def test_26_no_rate_header_without_a_rule(integration: httpx.Client) -> None:
    names = {name.lower() for name in integration.get("/table/incident").headers}
    assert not [name for name in names if name.startswith("x-ratelimit")]
    assert "retry-after" not in names


def test_26_with_a_rule_the_headers_are_there(integration: httpx.Client, control: Control) -> None:
    control("switches", {"rate_limit": 2})
    headers = integration.get("/table/incident").headers
    assert headers["X-RateLimit-Limit"] == "2"
    assert headers["X-RateLimit-Reset"].isdecimal()
    assert re.fullmatch(r"[0-9a-f]{32}", headers["X-RateLimit-Rule"])


def test_27_creating_answers_201_and_where_the_record_is(
    integration: httpx.Client, sandbox: RunningSandbox
) -> None:
    base = f"{sandbox.servicenow_url}/api/now/v2/table"
    answer = integration.post("/v2/table/incident", json={})
    assert answer.status_code == 201
    sys_id = answer.json()["result"]["sys_id"]
    assert answer.headers["Location"] == f"{base}/incident/{sys_id}"


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_27_changing_answers_200(integration: httpx.Client, method: str) -> None:
    path = f"/table/incident/{new_incident(integration, description='Kept')['sys_id']}"
    answer = integration.request(method, path, json={"urgency": "1"})
    changed = answer.json()["result"]
    assert (answer.status_code, changed["urgency"], changed["description"]) == (200, "1", "Kept")
    assert "Location" not in answer.headers


def test_27_deleting_answers_204_without_a_body(admin: httpx.Client) -> None:
    path = f"/table/incident/{new_incident(admin)['sys_id']}"
    answer = admin.delete(path)
    assert (answer.status_code, answer.content) == (204, b"")
    assert "Content-Type" not in answer.headers


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
def test_28_the_body_can_be_left_out(integration: httpx.Client, method: str) -> None:
    path = "/table/incident"
    if method != "POST":
        path = f"{path}/{new_incident(integration)['sys_id']}"
    answer = integration.request(method, path, json={}, headers={"X-no-response-body": "true"})
    assert (answer.status_code, answer.content) == (201 if method == "POST" else 200, b"")
    assert ("Location" in answer.headers) is (method == "POST")


@pytest.mark.parametrize("content", [b"{", b"[1]", b"\xff", b'"text"'])
def test_29_what_is_no_json_object_is_refused(integration: httpx.Client, content: bytes) -> None:
    answer = integration.post("/table/incident", content=content, headers=JSON)
    status, message, detail = error_of(answer)
    assert (status, message) == (400, "Exception while reading request")
    assert detail


def test_29_a_large_body_is_refused_with_its_size(integration: httpx.Client) -> None:
    content = b'{"description":"' + b"x" * 10_485_760 + b'"}'
    answer = integration.post("/table/incident", content=content, headers=JSON)
    text = f"Rejected large REST payload with content-length = {len(content)} bytes."
    expected = f"{text} Max allowed: 10485760 bytes."
    assert error_of(answer) == (400, "Exception while reading request", expected)


def test_29_the_largest_body_is_accepted(integration: httpx.Client) -> None:
    content = b'{"description":"' + b"x" * (10_485_760 - 18) + b'"}'
    assert len(content) == 10_485_760
    assert integration.post("/table/incident", content=content, headers=JSON).status_code == 201


@pytest.mark.parametrize("path", ["/table/incident", "/stats/incident?sysparm_count=true"])
def test_head_is_get_without_the_body(integration: httpx.Client, path: str) -> None:
    shown, head = integration.get(path), integration.head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["Content-Length"] == str(len(shown.content))
    assert head.headers.get("X-Total-Count") == shown.headers.get("X-Total-Count")


def test_a_header_overrides_the_method(integration: httpx.Client) -> None:
    path = f"/table/incident/{new_incident(integration)['sys_id']}"
    headers = {"X-HTTP-Method-Override": "PATCH"}
    answer = integration.post(path, json={"urgency": "1"}, headers=headers)
    assert (answer.status_code, answer.json()["result"]["urgency"]) == (200, "1")


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/table/incident/" + "0" * 32), ("PATCH", "/table/incident"),
     ("OPTIONS", "/table/incident"), ("DELETE", "/stats/incident")],
)  # fmt: skip
def test_a_method_that_is_not_there_is_named_so(
    integration: httpx.Client, method: str, path: str
) -> None:
    expected = (405, "Method not supported", None)
    assert error_of(integration.request(method, path, json={})) == expected


def test_by_parameter_a_change_moves_no_system_fields(
    integration: httpx.Client, control: Control
) -> None:
    incident = new_incident(integration)
    control("clock", {"offset_seconds": 60})
    params = {"sysparm_suppress_auto_sys_field": "true"}
    path = f"/table/incident/{incident['sys_id']}"
    changed = integration.patch(path, json={"urgency": "1"}, params=params).json()["result"]
    assert changed["urgency"] == "1"
    assert changed["sys_updated_on"] == incident["sys_updated_on"]
    assert changed["sys_mod_count"] == "0"


def test_by_switch_replies_are_compressed_for_who_accepts_it(
    integration: httpx.Client, control: Control
) -> None:
    plain = integration.get("/table/sys_user")
    assert "Content-Encoding" not in plain.headers
    control("switches", {"gzip": True})
    packed = integration.get("/table/sys_user")
    assert (packed.headers["Content-Encoding"], packed.json()) == ("gzip", plain.json())
    assert int(packed.headers["Content-Length"]) < len(plain.content)
    never = integration.get("/table/sys_user", headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in never.headers


@pytest.mark.parametrize("status", [400, 404])
def test_what_is_not_simulated_says_so_or_answers_as_a_real_instance(
    integration: httpx.Client, control: Control, status: int
) -> None:
    path = "/cmdb/instance/cmdb_ci"
    assert error_of(integration.get(path))[:2] == (501, "Not simulated")
    control("switches", {"unknown_path": str(status)})
    expected = (status, "Requested URI does not represent any resource", None)
    assert error_of(integration.get(path)) == expected
