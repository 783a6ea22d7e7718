"""Which requests a fault strikes, how often and how long; listing and removing faults."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from tests.sandbox.servicenow.shorthand import by_password, new_incident

Control = Callable[[str, dict[str, Any]], Any]
AsUser = Callable[[str], httpx.Client]
CREATE = {"method": "POST", "path": "table/incident"}


def ask(client: httpx.Client, times: int = 1, **params: str) -> list[int]:
    given = {"sysparm_limit": "1", **params}
    return [client.get("/table/incident", params=given).status_code for _ in range(times)]


def test_times_and_after_count_fitting_requests(
    integration: httpx.Client, control: Control
) -> None:
    match = {**CREATE, "body": '"correlation_id":"key"'}
    control("faults", {"kind": "unavailable", "match": match, "times": 2, "after": 1})
    new_incident(integration, correlation_id="other")
    statuses = [
        integration.post("/table/incident", json={"correlation_id": "key"}).status_code
        for _ in range(4)
    ]
    assert statuses == [201, 503, 503, 201]


def test_every_third_request(integration: httpx.Client, control: Control) -> None:
    control("faults", {"kind": "unavailable", "every": 3})
    assert ask(integration, 7) == [200, 200, 503, 200, 200, 503, 200]


def test_a_probability_with_a_seed_strikes_the_same_requests_again(
    integration: httpx.Client, control: Control
) -> None:
    planned = {"kind": "unavailable", "probability": 0.5, "seed": 7}
    first_number = control("faults", planned)["number"]
    first = ask(integration, 12)
    control("faults", {"remove": first_number})
    control("faults", planned)
    assert ask(integration, 12) == first
    assert set(first) == {200, 503}


def test_seconds_count_on_the_sandboxs_clock(integration: httpx.Client, control: Control) -> None:
    control("clock", {"freeze": True})
    control("faults", {"kind": "unavailable", "seconds": 60})
    assert ask(integration, 2) == [503, 503]
    control("clock", {"advance_seconds": 59})
    assert ask(integration) == [503]
    control("clock", {"advance_seconds": 1})
    assert ask(integration) == [200]


@pytest.mark.parametrize(
    "match",
    [
        {"query": "state=6"},
        {"query": "^sysparm_limit=1&sysparm_query=active=true\\^state=6$"},
        {"path": "sysparm_query=active%3Dtrue"},
        {"header": {"X-Marked": "yes"}},
        {"method": "GET,HEAD", "user": "scoredesk.integration", "header": {"x-marked": "es"}},
    ],
)
def test_a_match_by_query_header_and_user(
    integration: httpx.Client, control: Control, match: dict[str, Any]
) -> None:
    control("faults", {"kind": "unavailable", "match": match, "times": None})
    assert ask(integration) == [200]
    integration.headers["X-Marked"] = "yes"
    assert ask(integration, sysparm_query="active=true^state=6") == [503]


def test_a_match_by_user_knows_basic_and_bearer(
    integration: httpx.Client, anonymous: httpx.Client, as_user: AsUser, control: Control
) -> None:
    token = by_password(anonymous, "change.owner").json()["access_token"]
    control("faults", {"kind": "unavailable", "match": {"user": "change.owner"}, "times": None})
    assert ask(as_user("change.owner")) == [503]
    bearer = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
    assert anonymous.get("/api/now/table/incident", headers=bearer).status_code == 503
    assert ask(integration) == [200]


def test_a_match_strikes_one_item_of_a_batch(integration: httpx.Client, control: Control) -> None:
    control("faults", {"kind": "not_found", "match": {**CREATE, "body": "second"}})
    items = [
        {
            "id": name,
            "method": "POST",
            "url": "/api/now/table/incident",
            "headers": [
                {"name": "Accept", "value": "application/json"},
                {"name": "Content-Type", "value": "application/json"},
            ],
            "body": base64.b64encode(f'{{"short_description":"{name}"}}'.encode()).decode(),
        }
        for name in ("first", "second", "third")
    ]
    asked = {"batch_request_id": "1", "rest_requests": items}
    answer = integration.post("/v1/batch", json=asked).json()
    statuses = {one["id"]: one["status_code"] for one in answer["serviced_requests"]}
    assert statuses == {"first": 201, "second": 404, "third": 201}


def test_faults_are_listed_with_their_hits_on_both_ports(
    sandbox: Any, integration: httpx.Client
) -> None:
    planned = {"kind": "unavailable", "service": "servicenow"}
    httpx.post(f"{sandbox.microsoft_url}/_sandbox/faults", json=planned).raise_for_status()
    assert ask(integration, 2) == [503, 200]
    listed = httpx.get(f"{sandbox.servicenow_url}/_sandbox/faults").json()["faults"]
    assert [(fault["kind"], fault["hits"], fault["over"]) for fault in listed] == [
        ("unavailable", 1, True)
    ]
    httpx.delete(f"{sandbox.servicenow_url}/_sandbox/faults").raise_for_status()
    assert httpx.get(f"{sandbox.servicenow_url}/_sandbox/faults").json() == {"faults": []}


def test_one_fault_can_be_removed(sandbox: Any, integration: httpx.Client) -> None:
    room = f"{sandbox.servicenow_url}/_sandbox/faults"
    numbers = [
        httpx.post(room, json={"kind": kind, "times": None}).json()["number"]
        for kind in ("unavailable", "not_found")
    ]
    assert ask(integration) == [503]
    assert httpx.get(f"{room}/{numbers[0]}").json()["hits"] == 1
    assert httpx.delete(f"{room}/{numbers[0]}").status_code == 200
    assert ask(integration) == [404]
    assert httpx.delete(f"{room}/{numbers[0]}").status_code == 404
    assert httpx.get(f"{room}/nothing").status_code == 404


def test_a_fault_of_the_other_service_does_not_strike(
    integration: httpx.Client, control: Control
) -> None:
    control("faults", {"kind": "unavailable", "service": "microsoft"})
    assert ask(integration) == [200]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"kind": "earthquake"}, "There is no fault 'earthquake'"),
        ({"kind": "reset", "match": {"colour": "x"}}, "not colour"),
        ({"kind": "reset", "match": {"path": "("}}, "could not be read"),
        ({"kind": "reset", "match": {"header": "x"}}, "header is an object"),
        ({"kind": "reset", "every": 0}, "every is at least 1"),
        ({"kind": "reset", "probability": 2}, "probability from 0 to 1"),
        ({"kind": "reset", "service": "mail"}, "service is servicenow or microsoft"),
        ({"kind": "maintenance", "service": "microsoft"}, "of servicenow only"),
        ({"kind": "partial", "service": "servicenow"}, "of microsoft only"),
        ({"kind": "refuse", "match": {"path": "x"}}, "it takes no match"),
        ({"kind": "slow", "delay": 1e99}, "at most"),
        ({"kind": "rate_limit", "retry_after": "soon"}, "retry_after is a whole number"),
        ({"kind": "hibernating", "status": 20}, "status is an HTTP status"),
        ({"kind": "data_policy", "fields": "Caller"}, "fields is a list of labels"),
        ({"kind": "reset", "times": "often"}, "times, after and every are whole numbers"),
        ({"kind": "reset", "colour": "x"}, "No fault takes colour."),
        ({"kind": "reset", "params": 3}, "params is an object"),
        ({"kind": "forbidden", "variant": "x"}, "takes variant acl, unscoped, scope, "),
        ({"kind": "forbidden", "operation": "insert"}, "takes operation Insert, Update, "),
        ({"kind": "html", "variant": "x"}, "The fault 'html' takes no variant"),
    ],
)
def test_a_wrong_fault_is_refused_with_a_sentence(
    sandbox: Any, asked: dict[str, Any], said: str
) -> None:
    answer = httpx.post(f"{sandbox.servicenow_url}/_sandbox/faults", json=asked)
    assert answer.status_code == 400
    assert said in answer.json()["error"]


def test_parameters_may_stand_where_a_planned_fault_shows_them(sandbox: Any) -> None:
    room = f"{sandbox.servicenow_url}/_sandbox/faults"
    asked = {"kind": "rate_limit", "params": {"retry_after": 3}}
    assert httpx.post(room, json=asked).json()["params"] == {"retry_after": 3}
