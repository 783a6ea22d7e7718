"""Choices, statistics and batches; numbers are those of servicenow-api 13."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from tests.sandbox.servicenow.shorthand import error_of, new_change, new_incident

from scoredesk.sandbox.program import RunningSandbox

Control = Callable[[str, dict[str, Any]], Any]


def labels(client: httpx.Client, query: str) -> dict[str, str]:
    params = {"sysparm_query": f"{query}^ORDERBYsequence", "sysparm_fields": "value,label"}
    rows = client.get("/table/sys_choice", params=params).json()["result"]
    return {row["value"]: row["label"] for row in rows}


def item(
    number: int, method: str, url: str, sent: object = None, **other: object
) -> dict[str, object]:
    """One request of a batch; `sent` becomes its JSON body."""
    body = "" if sent is None else base64.b64encode(json.dumps(sent).encode()).decode()
    names = {"Accept": "application/json", "Content-Type": "application/json"}
    headers = [{"name": name, "value": value} for name, value in names.items()]
    made = {"id": str(number), "method": method, "url": url, "headers": headers, "body": body}
    return {**made, **other}


def batch(client: httpx.Client, *items: dict[str, object]) -> dict[str, Any]:
    sent = {"batch_request_id": 7, "rest_requests": list(items)}
    answer = client.post("/v1/batch", json=sent)
    assert answer.status_code == 200, answer.text
    return answer.json()


def read(done: dict[str, Any]) -> Any:
    return json.loads(base64.b64decode(done["body"]))


def test_81_a_row_per_language_and_retired_rows(integration: httpx.Client) -> None:
    query = "name=incident^element=state^inactive=false"
    assert labels(integration, f"{query}^language=en") == {
        "1": "New", "2": "In Progress", "3": "On Hold",
        "6": "Resolved", "7": "Closed", "8": "Canceled",
    }  # fmt: skip
    assert labels(integration, f"{query}^language=zh")["6"] == "已解决"
    assert "4" in labels(integration, "name=incident^element=state^language=en")


@pytest.mark.parametrize(
    ("table", "element"),
    [
        ("task", "priority"), ("task", "impact"), ("task", "urgency"), ("incident", "category"),
        ("incident", "close_code"), ("change_request", "state"), ("change_request", "type"),
        ("change_request", "priority"), ("change_request", "close_code"),
    ],
)  # fmt: skip
def test_81_every_list_is_there_in_both_languages(
    integration: httpx.Client, table: str, element: str
) -> None:
    query = f"name={table}^element={element}^inactive=false"
    english = labels(integration, f"{query}^language=en")
    assert english
    assert list(labels(integration, f"{query}^language=zh")) == list(english)


def test_82_choices_may_be_closed(integration: httpx.Client, control: Control) -> None:
    control("switches", {"choices_readable": "empty"})
    assert labels(integration, "name=incident") == {}
    control("switches", {"choices_readable": "forbidden"})
    assert error_of(integration.get("/table/sys_choice"))[0] == 403


def test_83_statistics_count_in_strings(
    integration: httpx.Client, as_user: Callable[[str], httpx.Client]
) -> None:
    for urgency in ("1", "1", "3"):
        new_incident(integration, urgency=urgency)
    params = {"sysparm_count": "true", "sysparm_avg_fields": "urgency"}
    stats = integration.get("/stats/incident", params=params).json()["result"]["stats"]
    assert stats["count"] == "3"
    assert stats["avg"]["urgency"].startswith("1.66")
    params = {"sysparm_count": "true", "sysparm_group_by": "state,urgency"}
    groups = integration.get("/stats/incident", params=params).json()["result"]
    assert groups == [
        {
            "stats": {"count": count},
            "groupby_fields": [
                {"field": "state", "value": "1"},
                {"field": "urgency", "value": urgency},
            ],
        }
        for urgency, count in (("1", "2"), ("3", "1"))
    ]
    shown = {**params, "sysparm_group_by": "urgency", "sysparm_display_value": "all"}
    fields = integration.get("/stats/incident", params=shown).json()["result"][0]["groupby_fields"]
    assert fields[0]["display_value"] == "1 - High"
    nobody = as_user("no.roles").get("/stats/incident", params={"sysparm_count": "true"})
    assert nobody.json()["result"]["stats"]["count"] == "0"


def test_84_a_batch_serves_each_item_in_order(integration: httpx.Client) -> None:
    reply = batch(
        integration,
        item(1, "POST", "/api/now/table/incident", {"short_description": "übergroß"}),
        item(2, "POST", "/api/now/table/nothing", {}),
        item(3, "GET", "/api/now/table/incident?sysparm_fields=short_description"),
        item(4, "GET", "/api/now/v1/batch", exclude_response_headers=True),
    )
    assert reply["batch_request_id"] == "7"
    assert reply["unserviced_requests"] == []
    done = {one["id"]: one for one in reply["serviced_requests"]}
    assert {number: one["status_code"] for number, one in done.items()} == {
        "1": 201, "2": 400, "3": 200, "4": 400,
    }  # fmt: skip
    assert "Location" in {header["name"].title() for header in done["1"]["headers"]}
    assert "headers" not in done["4"]
    assert read(done["3"]) == {"result": [{"short_description": "übergroß"}]}


def test_84_what_does_not_fit_comes_back_unserviced(
    integration: httpx.Client, control: Control
) -> None:
    control("switches", {"batch_item_limit": 1000})
    large = item(1, "POST", "/api/now/table/incident", {"description": "x" * 2000})
    reads = [item(number, "GET", "/api/now/table/sys_user") for number in (2, 3)]
    assert batch(integration, large)["unserviced_requests"] == ["1"]
    control("switches", {"batch_output_limit": 100})
    reply = batch(integration, *reads)
    assert [one["id"] for one in reply["serviced_requests"]] == ["2"]
    assert reply["unserviced_requests"] == ["3"]


def test_a_fault_can_strike_one_item_of_a_batch(
    integration: httpx.Client, control: Control, sandbox: RunningSandbox
) -> None:
    match = {"method": "POST", "path": "table/change_request", "body": "second"}
    control("faults", {"kind": "business_rule", "name": "No seconds", "match": match})
    texts = ("first", "second")
    reply = batch(
        integration,
        *(
            item(number, "POST", "/api/now/table/change_request", {"short_description": text})
            for number, text in enumerate(texts)
        ),
    )
    assert [one["status_code"] for one in reply["serviced_requests"]] == [201, 403]
    recorded = httpx.get(f"{sandbox.servicenow_url}/_sandbox/requests").json()["requests"]
    inner = [entry for entry in recorded if entry["in_batch"]]
    assert [entry["json"]["short_description"] for entry in inner] == list(texts)


def test_a_lost_reply_inside_a_batch_loses_the_whole_answer(
    integration: httpx.Client, control: Control
) -> None:
    match = {"method": "POST", "path": "table/change_request"}
    control("faults", {"kind": "lost_reply", "match": match})
    with pytest.raises(httpx.TransportError):
        batch(integration, item(1, "POST", "/api/now/table/change_request", {}))
    assert integration.get("/table/change_request").headers["X-Total-Count"] == "1"


def test_a_batch_must_hold_a_list_of_requests(integration: httpx.Client) -> None:
    assert error_of(integration.post("/v1/batch", json={"rest_requests": 3}))[0] == 400
    assert integration.get("/v1/batch").status_code == 405


def test_ids_of_the_seed_are_the_same_in_every_sandbox(
    sandbox: RunningSandbox, admin: httpx.Client
) -> None:
    before = admin.get("/table/sys_user?sysparm_fields=sys_id").json()
    sandbox.reset()
    assert admin.get("/table/sys_user?sysparm_fields=sys_id").json() == before
    assert new_change(admin)["number"] == "CHG0010001"
