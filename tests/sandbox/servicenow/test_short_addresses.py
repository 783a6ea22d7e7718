"""Short forms of long addresses (servicenow-api 2.3)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import httpx
from tests.sandbox.servicenow.shorthand import error_of, new_incident


def short(client: httpx.Client, url: str) -> str:
    answer = client.post("/tinyurl", json={"url": url})
    assert answer.status_code == 200
    return str(answer.json()["result"])


def test_a_long_list_address_becomes_a_short_one(integration: httpx.Client) -> None:
    found = short(integration, "https://acme.service-now.com/incident_list.do?sysparm_query=a")
    assert re.fullmatch(r"incident_list\.do\?sysparm_tiny=[0-9a-f]{32}", found)


def test_the_short_form_stands_for_its_parameters(integration: httpx.Client) -> None:
    made = [new_incident(integration, correlation_id=f"key-{number}") for number in range(3)]
    keys = ",".join(["key-0", "key-2", *(f"none-{number}" for number in range(400))])
    query = f"sysparm_query=correlation_idIN{keys}^ORDERBYnumber&sysparm_fields=number"
    tiny = short(integration, f"incident_list.do?{query}").partition("=")[2]
    answer = integration.get("/table/incident", params={"sysparm_tiny": tiny})
    expected = [{"number": made[0]["number"]}, {"number": made[2]["number"]}]
    assert answer.json() == {"result": expected}
    params = {"sysparm_tiny": tiny, "sysparm_fields": "correlation_id"}
    shown = integration.get("/table/incident", params=params).json()["result"]
    assert shown == [{"correlation_id": "key-0"}, {"correlation_id": "key-2"}]


def test_an_unknown_short_form_stands_for_nothing(integration: httpx.Client) -> None:
    new_incident(integration)
    answer = integration.get("/table/incident", params={"sysparm_tiny": "unknown"})
    assert answer.headers["X-Total-Count"] == "1"


def test_an_address_is_needed(integration: httpx.Client) -> None:
    assert error_of(integration.post("/tinyurl", json={}))[0] == 400
    assert error_of(integration.get("/tinyurl"))[0] == 405


def test_a_proxy_refuses_an_address_that_is_too_long(
    integration: httpx.Client, control: Callable[[str, dict[str, Any]], Any]
) -> None:
    path = "/api/now/table/incident"
    limits = {"to the byte": 100, "one more": 101}
    control("switches", {"url_limit": limits["to the byte"]})
    answers = [
        integration.get("/table/incident?a=" + "x" * (length - len(path) - len("a=")))
        for length in limits.values()
    ]
    assert [answer.status_code for answer in answers] == [200, 414]
    assert "<title>414 Request-URI Too Large</title>" in answers[1].text
