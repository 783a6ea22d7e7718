"""Trouble on the way to the instance: behaviours 88 to 94 of servicenow-api 13."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from tests.sandbox.servicenow.shorthand import error_of, new_incident

Control = Callable[[str, dict[str, Any]], Any]
AsUser = Callable[[str], httpx.Client]
CREATE = {"method": "POST", "path": "table/incident"}
CANCELLED = {
    "message": "Transaction cancelled: maximum execution time exceeded",
    "detail": "maximum execution time exceeded Check logs for error trace or enable "
    "glide.rest.debug property to verify REST request processing",
}
RATE_HEADERS = ("X-RateLimit-Limit", "X-RateLimit-Reset", "X-RateLimit-Rule")


def create(client: httpx.Client, key: str = "key", **other: Any) -> httpx.Response:
    return client.post("/table/incident", json={"correlation_id": key}, **other)


def found(client: httpx.Client, key: str = "key") -> int:
    """How many incidents carry the correlation id."""
    params = {"sysparm_query": f"correlation_id={key}"}
    return len(client.get("/table/incident", params=params).json()["result"])


def ask(client: httpx.Client, times: int = 1) -> list[int]:
    """Statuses of so many small reads."""
    params = {"sysparm_limit": "1"}
    return [client.get("/table/incident", params=params).status_code for _ in range(times)]


def test_88_a_rate_rule_refuses_in_its_words(integration: httpx.Client, control: Control) -> None:
    control("switches", {"rate_limit": 2})
    assert ask(integration, 2) == [200, 200]
    answer = integration.get("/table/incident")
    assert error_of(answer) == (
        429,
        "Rate limit exceeded",
        "Rate limit of 2 requests per hour for Table API exceeded",
    )
    assert 1 <= int(answer.headers["Retry-After"]) <= 3600
    assert all(name in answer.headers for name in RATE_HEADERS)


def test_88_replies_within_a_rate_rule_carry_three_headers(
    integration: httpx.Client, control: Control
) -> None:
    control("clock", {"now": "2026-03-01T08:20:00Z", "freeze": True})
    control("switches", {"rate_limit": 100})
    headers = integration.get("/table/incident").headers
    assert headers["X-RateLimit-Limit"] == "100"
    reset = datetime.fromtimestamp(int(headers["X-RateLimit-Reset"]), UTC)
    assert reset == datetime(2026, 3, 1, 9, tzinfo=UTC)
    assert len(headers["X-RateLimit-Rule"]) == 32
    assert "X-RateLimit-Remaining" not in headers


def test_88_a_rate_rule_bites_late_by_switch(integration: httpx.Client, control: Control) -> None:
    control("clock", {"now": "2026-03-01T08:00:00Z", "freeze": True})
    control("switches", {"rate_limit": 1, "rate_delay": 30})
    assert ask(integration, 4) == [200, 200, 200, 200]
    control("clock", {"advance_seconds": 29})
    assert ask(integration) == [200]
    control("clock", {"advance_seconds": 1})
    assert ask(integration) == [429]


def test_88_the_next_hour_begins_anew(integration: httpx.Client, control: Control) -> None:
    control("clock", {"now": "2026-03-01T08:59:30Z", "freeze": True})
    control("switches", {"rate_limit": 1})
    assert ask(integration, 2) == [200, 429]
    assert integration.get("/table/incident").headers["Retry-After"] == "30"
    control("clock", {"advance_seconds": 30})
    assert ask(integration) == [200]


def test_88_a_users_rule_comes_before_a_roles_and_that_before_all(
    integration: httpx.Client, as_user: AsUser, control: Control
) -> None:
    control(
        "switches",
        {
            "rate_rules": [
                {"limit": 3},
                {"role": "itil", "limit": 2},
                {"role": "itil", "limit": 1},
                {"user": "scoredesk.integration", "limit": 4},
            ]
        },
    )
    assert ask(integration, 5) == [200, 200, 200, 200, 429]
    assert ask(as_user("change.owner"), 2) == [200, 429]
    assert ask(as_user("no.roles"), 4) == [200, 200, 200, 429]


def test_88_a_rule_may_be_of_one_table_or_api(integration: httpx.Client, control: Control) -> None:
    rules = [{"table": "incident", "limit": 1}, {"api": "stats", "limit": 1}]
    control("switches", {"rate_rules": rules})
    assert ask(integration, 2) == [200, 429]
    assert integration.get("/table/change_request").status_code == 200
    stats = [integration.get("/stats/problem", params={"sysparm_count": "true"}) for _ in range(2)]
    assert [answer.status_code for answer in stats] == [200, 429]
    assert error_of(stats[1])[2] == ("Rate limit of 1 requests per hour for Aggregate API exceeded")


def test_88_a_changed_limit_begins_anew(integration: httpx.Client, control: Control) -> None:
    control("switches", {"rate_limit": 1})
    assert ask(integration, 2) == [200, 429]
    control("switches", {"rate_limit": 2})
    assert ask(integration, 3) == [200, 200, 429]


def test_88_a_planned_429_says_how_long_to_wait(
    integration: httpx.Client, control: Control
) -> None:
    control("faults", {"kind": "rate_limit", "retry_after": 3, "match": CREATE})
    answer = create(integration)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "3")


def test_88_a_planned_429_may_not_say(integration: httpx.Client, control: Control) -> None:
    control("faults", {"kind": "rate_limit", "retry_after": None, "match": CREATE})
    answer = create(integration)
    assert answer.status_code == 429
    assert "Retry-After" not in answer.headers


PLACES = ("/oauth_token.do", "/api/now/table/incident", "/login.do", "/nothing")


@pytest.mark.parametrize("status", ["200", "503"])
def test_89_a_hibernating_instance_answers_so_everywhere(
    anonymous: httpx.Client, control: Control, status: str
) -> None:
    control("switches", {"hibernating": status})
    for path in PLACES:
        answer = anonymous.post(path)
        assert answer.status_code == int(status)
        assert answer.headers["Content-Type"].startswith("text/html")
        assert "<title>Instance Hibernating page</title>" in answer.text
    control("switches", {"hibernating": "no"})
    assert anonymous.get("/login.do").status_code == 200


def test_90_an_instance_under_maintenance_answers_503_html(
    anonymous: httpx.Client, control: Control
) -> None:
    control("switches", {"maintenance": True})
    for path in PLACES:
        answer = anonymous.post(path)
        assert answer.status_code == 503
        assert answer.headers["Content-Type"].startswith("text/html")
        assert "under maintenance" in answer.text


def test_91_a_slow_list_is_a_200_with_some_rows_then_an_error(
    integration: httpx.Client, control: Control
) -> None:
    control("seed", {"table": "incident", "count": 10})
    control("switches", {"slow_query": "partial"})
    answer = integration.get("/table/incident", params={"sysparm_query": "ORDERBYnumber"})
    assert answer.status_code == 200
    body = answer.json()
    assert [row["number"] for row in body["result"]] == [f"INC{n:07d}" for n in range(10001, 10006)]
    assert body["error"] == CANCELLED
    assert body["status"] == "failure"


def test_91_the_stream_may_be_broken_json(integration: httpx.Client, control: Control) -> None:
    control("seed", {"table": "incident", "count": 4})
    control("switches", {"slow_query": "broken"})
    answer = integration.get("/table/incident")
    assert answer.status_code == 200
    with pytest.raises(json.JSONDecodeError):
        answer.json()
    assert "INC0010001" in answer.text
    assert CANCELLED["message"] in answer.text


def test_91_a_post_may_be_a_500_although_the_record_exists(
    integration: httpx.Client, control: Control
) -> None:
    control("switches", {"slow_query": "stored"})
    assert error_of(create(integration)) == (500, CANCELLED["message"], CANCELLED["detail"])
    assert found(integration) == 1


def test_92_an_ip_filter_may_drop_the_connection(
    integration: httpx.Client, control: Control
) -> None:
    control("switches", {"ip_filter": "drop"})
    with pytest.raises(httpx.TransportError):
        create(integration)
    control("switches", {"ip_filter": "no"})
    assert found(integration) == 0


def test_92_an_ip_filter_may_answer_a_403_page(anonymous: httpx.Client, control: Control) -> None:
    control("switches", {"ip_filter": "html"})
    for path in PLACES:
        answer = anonymous.get(path)
        assert answer.status_code == 403
        assert answer.headers["Content-Type"].startswith("text/html")


def test_92_an_ip_filter_may_look_like_a_wrong_password(
    integration: httpx.Client, control: Control
) -> None:
    control("switches", {"ip_filter": "json"})
    assert error_of(create(integration)) == (
        401,
        "User Not Authenticated",
        "Required to provide Auth information",
    )


def test_93_one_random_401(integration: httpx.Client, control: Control) -> None:
    control("faults", {"kind": "unauthorized"})
    assert error_of(create(integration))[:2] == (401, "User Not Authenticated")
    assert create(integration).status_code == 201


def test_94_a_lost_reply_leaves_the_record(integration: httpx.Client, control: Control) -> None:
    control("switches", {"lost_replies": True})
    with pytest.raises(httpx.RemoteProtocolError):
        create(integration)
    assert found(integration) == 1
    for path in ("/import/u_scoredesk_incident_import", "/v1/table/incident"):
        with pytest.raises(httpx.RemoteProtocolError):
            integration.post(path, json={"short_description": "Test"})
    change = str(integration.base_url.join("/api/sn_chg_rest/v1/change/normal"))
    with pytest.raises(httpx.RemoteProtocolError):
        integration.post(change, json={})
    control("switches", {"lost_replies": False})
    counts = [
        integration.get(f"/table/{table}").headers["X-Total-Count"]
        for table in ("incident", "change_request")
    ]
    assert counts == ["3", "1"]
    assert new_incident(integration)["number"]
