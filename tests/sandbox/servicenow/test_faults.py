"""Faults on the wire and in answers; numbers are those of servicenow-api 13."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from tests.sandbox.servicenow.shorthand import error_of, new_incident

Control = Callable[[str, dict[str, Any]], Any]
CREATE = {"method": "POST", "path": "table/incident"}


def found(client: httpx.Client, key: str) -> int:
    """How many incidents carry the correlation id."""
    params = {"sysparm_query": f"correlation_id={key}"}
    return len(client.get("/table/incident", params=params).json()["result"])


def create(client: httpx.Client, **other: Any) -> httpx.Response:
    return client.post("/table/incident", json={"correlation_id": "key"}, **other)


def test_94_a_lost_reply_leaves_the_record(integration: httpx.Client, control: Control) -> None:
    control("faults", {"kind": "lost_reply", "match": CREATE})
    with pytest.raises(httpx.RemoteProtocolError):
        create(integration)
    assert found(integration, "key") == 1
    assert create(integration).status_code == 201


def test_a_reset_connection_leaves_nothing(integration: httpx.Client, control: Control) -> None:
    control("faults", {"kind": "reset", "match": CREATE})
    with pytest.raises(httpx.ReadError):
        create(integration)
    assert found(integration, "key") == 0


def test_a_time_out_leaves_nothing(integration: httpx.Client, control: Control) -> None:
    control("faults", {"kind": "timeout", "match": CREATE, "delay": 20})
    with pytest.raises(httpx.ReadTimeout):
        create(integration, timeout=0.3)
    assert found(integration, "key") == 0


def test_a_slow_answer_is_a_right_answer(integration: httpx.Client, control: Control) -> None:
    control("faults", {"kind": "slow", "match": CREATE, "delay": 0.3})
    answer = create(integration)
    assert answer.status_code == 201
    assert answer.elapsed.total_seconds() >= 0.3


def test_93_one_random_401(integration: httpx.Client, control: Control) -> None:
    control("faults", {"kind": "unauthorized"})
    assert error_of(create(integration))[:2] == (401, "User Not Authenticated")
    assert create(integration).status_code == 201


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ({"kind": "forbidden"}, (403, "ACL Exception Insert Failed")),
        ({"kind": "forbidden", "operation": "Update"}, (403, "ACL Exception Update Failed")),
        ({"kind": "forbidden", "variant": "unscoped"}, (403, "Access to unscoped api is not")),
        ({"kind": "forbidden", "variant": "api"}, (403, "Failed API level ACL Validation")),
        ({"kind": "forbidden", "variant": "query"}, (403, "Field(s) present in the query do")),
        ({"kind": "forbidden", "variant": "fencing"}, (403, "")),
        (
            {"kind": "data_policy", "fields": ["Cost center"]},
            (403, "Data Policy Exception: The following fields are mandatory: Cost center"),
        ),
        ({"kind": "not_found"}, (404, "Record doesn't exist or ACL restricts")),
        ({"kind": "server_error", "detail": "NullPointer"}, (500, "NullPointer")),
    ],
)
def test_64_65_92_refusals_in_the_instances_words(
    integration: httpx.Client,
    control: Control,
    fault: dict[str, Any],
    expected: tuple[int, str],
) -> None:
    control("faults", {**fault, "match": CREATE})
    status, _, detail = error_of(create(integration))
    assert (status, str(detail)[: len(expected[1])]) == expected
    assert found(integration, "key") == 0


def test_65_a_business_rule_names_the_table(integration: httpx.Client, control: Control) -> None:
    control("faults", {"kind": "business_rule", "name": "Freeze", "match": CREATE})
    detail = error_of(create(integration))[2]
    assert detail
    assert detail.startswith(
        "Operation against file 'incident' was aborted by Business Rule 'Freeze^"
    )


def test_88_a_rate_limit_says_how_long_to_wait(integration: httpx.Client, control: Control) -> None:
    control("faults", {"kind": "rate_limit", "retry_after": 3, "match": CREATE})
    answer = create(integration)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "3")


@pytest.mark.parametrize(
    ("kind", "status"),
    [("bad_gateway", 502), ("unavailable", 503), ("gateway_timeout", 504), ("html", 200)],
)
def test_90_web_pages_in_the_place_of_json(
    integration: httpx.Client, control: Control, kind: str, status: int
) -> None:
    control("faults", {"kind": kind})
    answer = create(integration)
    assert (answer.status_code, answer.headers["Content-Type"][:9]) == (status, "text/html")


def test_89_a_hibernating_instance_answers_so_everywhere(
    anonymous: httpx.Client, control: Control
) -> None:
    control("faults", {"kind": "hibernating", "times": None})
    for path in ("/oauth_token.do", "/api/now/table/incident", "/login.do"):
        answer = anonymous.post(path)
        assert answer.status_code == 200
        assert "<title>Instance Hibernating page</title>" in answer.text
    control("faults", {"kind": "none"})
    assert anonymous.get("/login.do").status_code == 200


def test_91_a_cancelled_transaction_is_a_200_with_an_error(
    integration: httpx.Client, control: Control
) -> None:
    control("faults", {"kind": "cancelled"})
    answer = integration.get("/table/incident")
    assert answer.status_code == 200
    assert "maximum execution time exceeded" in answer.json()["error"]["message"]
    control("faults", {"kind": "broken_json"})
    with pytest.raises(json.JSONDecodeError):
        integration.get("/table/incident").json()


def test_a_fault_strikes_only_what_it_is_meant_for(
    integration: httpx.Client, control: Control
) -> None:
    match = {**CREATE, "body": '"correlation_id":"key"'}
    control("faults", {"kind": "unavailable", "match": match, "times": 2, "after": 1})
    new_incident(integration, correlation_id="other")
    assert [create(integration).status_code for _ in range(4)] == [201, 503, 503, 201]


def test_faults_are_shared_by_both_ports(
    sandbox: Any, integration: httpx.Client, control: Control
) -> None:
    planned = {"kind": "unavailable", "service": "servicenow"}
    httpx.post(f"{sandbox.microsoft_url}/_sandbox/faults", json=planned).raise_for_status()
    assert create(integration).status_code == 503
    listed = httpx.get(f"{sandbox.servicenow_url}/_sandbox/faults").json()["faults"]
    assert [(fault["kind"], fault["hits"]) for fault in listed] == [("unavailable", 1)]
    httpx.delete(f"{sandbox.servicenow_url}/_sandbox/faults").raise_for_status()
    assert httpx.get(f"{sandbox.servicenow_url}/_sandbox/faults").json() == {"faults": []}
