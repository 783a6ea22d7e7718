"""Faults that answer in the place of the right reply, in the instance's words."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from tests.sandbox.servicenow.shorthand import by_password, error_of

Control = Callable[[str, dict[str, Any]], Any]
FENCED = "com.glide.script.fencing.access.ScopeAccessNotGrantedException"
CREATE = {"method": "POST", "path": "table/incident"}


def found(client: httpx.Client) -> int:
    params = {"sysparm_query": "correlation_id=key"}
    return len(client.get("/table/incident", params=params).json()["result"])


def create(client: httpx.Client) -> httpx.Response:
    return client.post("/table/incident", json={"correlation_id": "key"})


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (
            {"kind": "unauthorized"},
            (401, "User Not Authenticated", "Required to provide Auth information"),
        ),
        (
            {"kind": "forbidden"},
            (403, "Operation Failed", "ACL Exception Insert Failed due to security constraints"),
        ),
        (
            {"kind": "forbidden", "operation": "Update"},
            (403, "Operation Failed", "ACL Exception Update Failed due to security constraints"),
        ),
        (
            {"kind": "forbidden", "variant": "unscoped"},
            (403, "User Not Authorized", "Access to unscoped api is not allowed"),
        ),
        (
            {"kind": "forbidden", "variant": "scope"},
            (403, "User Not Authorized", "Missing required api access scope"),
        ),
        (
            {"kind": "forbidden", "variant": "api"},
            (403, "User Not Authorized", "Failed API level ACL Validation"),
        ),
        (
            {"kind": "forbidden", "variant": "query"},
            (
                403,
                "Insufficient rights to query records",
                "Field(s) present in the query do not have permission to be read",
            ),
        ),
        (
            {"kind": "cross_scope", "table": "sys_user_has_role", "status": 500},
            (
                500,
                f"{FENCED}: read access to sys_user_has_role not granted",
                "",
            ),
        ),
        (
            {"kind": "data_policy", "fields": ["Cost center", "Caller"]},
            (
                403,
                "Operation Failed",
                "Data Policy Exception: The following fields are mandatory: Cost center, Caller",
            ),
        ),
        (
            {"kind": "not_found"},
            (404, "No Record found", "Record doesn't exist or ACL restricts the record retrieval"),
        ),
        ({"kind": "server_error", "detail": "NullPointer"}, (500, "Script error", "NullPointer")),
    ],
)
def test_a_refusal_has_the_instances_words(
    integration: httpx.Client,
    control: Control,
    fault: dict[str, Any],
    expected: tuple[int, str, str],
) -> None:
    control("faults", {**fault, "match": CREATE})
    assert error_of(create(integration)) == expected
    assert found(integration) == 0


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        ({"kind": "conflict"}, 409),
        ({"kind": "overload"}, 429),
        ({"kind": "overload", "status": 503}, 503),
    ],
)
def test_a_refusal_has_its_status(
    integration: httpx.Client, control: Control, fault: dict[str, Any], status: int
) -> None:
    control("faults", fault)
    assert error_of(create(integration))[0] == status


def test_a_business_rule_names_the_table(integration: httpx.Client, control: Control) -> None:
    control("faults", {"kind": "business_rule", "name": "Freeze", "match": CREATE})
    detail = error_of(create(integration))[2]
    assert detail
    assert detail.startswith(
        "Operation against file 'incident' was aborted by Business Rule 'Freeze^"
    )


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("bad_gateway", 502),
        ("unavailable", 503),
        ("gateway_timeout", 504),
        ("maintenance", 503),
        ("html", 200),
        ("ip_filter", 403),
        ("hibernating", 200),
    ],
)
def test_web_pages_in_the_place_of_json(
    integration: httpx.Client, control: Control, kind: str, status: int
) -> None:
    control("faults", {"kind": kind})
    answer = create(integration)
    assert (answer.status_code, answer.headers["Content-Type"][:9]) == (status, "text/html")
    assert found(integration) == 0


def test_single_sign_on_redirects_elsewhere(integration: httpx.Client, control: Control) -> None:
    control("faults", {"kind": "sso_redirect", "host": "idp.example"})
    answer = create(integration)
    assert answer.status_code == 302
    assert httpx.URL(answer.headers["Location"]).host == "idp.example"


def test_broken_json_breaks_off(integration: httpx.Client, control: Control) -> None:
    control("faults", {"kind": "broken_json"})
    answer = integration.get("/table/incident")
    assert answer.status_code == 200
    with pytest.raises(json.JSONDecodeError):
        answer.json()


def test_a_cancelled_write_is_a_500_and_a_cancelled_read_a_200(
    integration: httpx.Client, control: Control
) -> None:
    control("faults", {"kind": "cancelled", "times": 2})
    assert error_of(create(integration))[0] == 500
    listed = integration.get("/table/incident")
    assert listed.status_code == 200
    assert "maximum execution time exceeded" in listed.json()["error"]["message"]
    assert found(integration) == 1


def test_the_token_endpoint_refuses_in_its_own_words(
    anonymous: httpx.Client, control: Control
) -> None:
    control("faults", {"kind": "unauthorized", "match": {"path": "oauth_token"}})
    refused = by_password(anonymous)
    assert refused.status_code == 401
    assert refused.json() == {"error_description": "access_denied", "error": "server_error"}
    assert by_password(anonymous).status_code == 200


def test_the_change_api_words_faults_as_its_own(
    integration: httpx.Client, control: Control
) -> None:
    address = str(integration.base_url.join("/api/sn_chg_rest/v1/change/normal"))
    control("faults", {"kind": "data_policy", "fields": ["Cost center", "Risk"]})
    policy = "Data Policy Exception: The following fields are mandatory: Cost center, Risk"
    text = f"Change Request record could not be created. {policy}"
    assert error_of(integration.post(address, json={})) == (400, text, "")
    control("faults", {"kind": "business_rule", "name": "Freeze"})
    status, text, detail = error_of(integration.post(address, json={}))
    start = "Change Request record could not be created. Operation against file 'change_request'"
    assert (status, text.startswith(f"{start} was aborted"), detail) == (400, True, "")


def test_a_missing_right_is_that_of_the_method(integration: httpx.Client, control: Control) -> None:
    for method, operation in (("POST", "Insert"), ("PATCH", "Update"), ("DELETE", "Delete")):
        control("faults", {"kind": "forbidden"})
        text = f"ACL Exception {operation} Failed due to security constraints"
        answer = integration.request(method, "/table/incident/x", json={})
        assert error_of(answer) == (403, "Operation Failed", text)


def test_a_rate_limit_names_the_api(integration: httpx.Client, control: Control) -> None:
    control("faults", {"kind": "rate_limit", "limit": 7})
    text = "Rate limit of 7 requests per hour for Aggregate API exceeded"
    assert error_of(integration.get("/stats/incident")) == (429, "Rate limit exceeded", text)
