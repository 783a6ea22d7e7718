"""Many requests in one; numbers are those of servicenow-api 13, facts those of 5.1."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from tests.sandbox.servicenow.shorthand import by_password, error_of

from scoredesk.sandbox.program import RunningSandbox

Control = Callable[[str, dict[str, Any]], Any]


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
    answer = client.post("/v1/batch", json={"batch_request_id": 7, "rest_requests": list(items)})
    assert answer.status_code == 200, answer.text
    return answer.json()


def read(done: dict[str, Any]) -> Any:
    return json.loads(base64.b64decode(done["body"]))


def by_id(reply: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["id"]: one for one in reply["serviced_requests"]}


def test_84_each_item_has_its_own_status_and_the_outer_is_200(integration: httpx.Client) -> None:
    reply = batch(
        integration,
        item(1, "POST", "/api/now/table/incident", {"short_description": "übergroß"}),
        item(2, "POST", "/api/now/table/nothing", {}),
        item(3, "GET", "/api/now/table/incident?sysparm_fields=short_description"),
    )
    assert reply["unserviced_requests"] == []
    done = by_id(reply)
    assert {number: (one["status_code"], one["status_text"]) for number, one in done.items()} == {
        "1": (201, "Created"),
        "2": (400, "Bad Request"),
        "3": (200, "OK"),
    }
    assert read(done["2"])["error"]["message"] == "Invalid table nothing"
    assert read(done["3"]) == {"result": [{"short_description": "übergroß"}]}
    assert all(isinstance(one["execution_time"], int) for one in done.values())


@pytest.mark.parametrize(("sent", "shown"), [(7, "7"), ("a", "a")])
def test_84_the_id_of_the_batch_comes_back_as_a_string(
    integration: httpx.Client, sent: object, shown: str
) -> None:
    answer = integration.post("/v1/batch", json={"batch_request_id": sent, "rest_requests": []})
    assert answer.json() == {
        "batch_request_id": shown,
        "serviced_requests": [],
        "unserviced_requests": [],
    }


def test_84_headers_are_named_unless_they_are_not_wanted(integration: httpx.Client) -> None:
    reply = batch(
        integration,
        item(1, "POST", "/api/now/table/incident", {}),
        item(2, "POST", "/api/now/table/incident", {}, exclude_response_headers=True),
    )
    done = by_id(reply)
    named = {header["name"]: header["value"] for header in done["1"]["headers"]}
    assert named["Location"].endswith(read(done["1"])["result"]["sys_id"])
    assert named["Content-Type"] == "application/json;charset=UTF-8"
    assert {"Server", "X-Is-Logged-In", "X-Transaction-ID"} <= set(named)
    assert done["2"]["headers"] == []


def test_84_an_oversize_item_is_not_serviced(integration: httpx.Client, control: Control) -> None:
    control("switches", {"batch_item_limit": 1000})
    large = item(1, "POST", "/api/now/table/incident", {"description": "x" * 2000})
    reply = batch(integration, large, item(2, "GET", "/api/now/table/incident"))
    assert reply["unserviced_requests"] == ["1"]
    assert read(by_id(reply)["2"]) == {"result": []}


def test_84_what_comes_after_a_full_answer_is_not_serviced(
    integration: httpx.Client, control: Control
) -> None:
    control("switches", {"batch_output_limit": 100})
    reads = [item(number, "GET", "/api/now/table/sys_user") for number in (1, 2)]
    reply = batch(integration, *reads)
    assert list(by_id(reply)) == ["1"]
    assert reply["unserviced_requests"] == ["2"]


def test_84_the_header_lowers_the_limit_of_the_answer(integration: httpx.Client) -> None:
    reads = [item(number, "GET", "/api/now/table/sys_user") for number in (1, 2)]
    answer = integration.post(
        "/v1/batch",
        json={"batch_request_id": "1", "rest_requests": reads},
        headers={"X-BATCHREQUEST-MAX-OUTPUT-SIZE": "100"},
    )
    assert answer.json()["unserviced_requests"] == ["2"]


def test_84_properties_set_the_limits(integration: httpx.Client, admin: httpx.Client) -> None:
    for name, value in (
        ("glide.rest.batch.max.inputSize", "1000"),
        ("glide.rest.batch.max.outputSize", "100"),
    ):
        admin.post("/table/sys_properties", json={"name": name, "value": value})
    large = item(1, "POST", "/api/now/table/incident", {"description": "x" * 2000})
    reads = [item(number, "GET", "/api/now/table/sys_user") for number in (2, 3)]
    assert batch(integration, large, *reads)["unserviced_requests"] == ["1", "3"]


def test_84_out_of_time_the_rest_is_not_serviced(
    integration: httpx.Client, control: Control
) -> None:
    control("switches", {"batch_seconds": 0})
    made = [item(number, "POST", "/api/now/table/incident", {}) for number in (1, 2)]
    reply = batch(integration, *made)
    assert (reply["serviced_requests"], reply["unserviced_requests"]) == ([], ["1", "2"])
    assert integration.get("/table/incident").json() == {"result": []}


def test_nothing_is_rolled_back(integration: httpx.Client) -> None:
    post = "/api/now/table/incident"
    batch(integration, item(1, "POST", post, {}), item(2, "POST", post, {"state": "6"}))
    assert integration.get("/table/incident").headers["X-Total-Count"] == "1"


def test_batches_are_not_nested(integration: httpx.Client) -> None:
    nested = {"batch_request_id": "2", "rest_requests": []}
    done = by_id(batch(integration, item(1, "POST", "/api/now/v1/batch", nested)))["1"]
    text = "Batch requests cannot be nested"
    assert (done["status_code"], done["error_message"]) == (400, text)
    assert read(done)["error"]["message"] == text


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"url": None}, "Missing required parameter: url"),
        ({"method": ""}, "Missing required parameter: method"),
        ({"url": "https://acme.example/api"}, "url must be a relative path that begins with /"),
        ({"body": "%%%"}, "body is not Base64 encoded"),
    ],
)
def test_an_item_that_makes_no_sense_gets_a_400_of_its_own(
    integration: httpx.Client, change: dict[str, object], text: str
) -> None:
    good = item(2, "GET", "/api/now/table/incident")
    wrong = {**item(1, "POST", "/api/now/table/incident", {}), **change}
    done = by_id(batch(integration, wrong, good))
    assert (done["1"]["status_code"], done["1"]["error_message"]) == (400, text)
    assert done["2"]["status_code"] == 200


def test_each_item_brings_the_type_of_its_body(integration: httpx.Client) -> None:
    bare = item(1, "POST", "/api/now/table/incident", {}, headers=[])
    assert by_id(batch(integration, bare))["1"]["status_code"] == 400
    text = [{"name": "Content-Type", "value": "text/plain"}]
    typed = item(1, "POST", "/api/now/table/incident", {}, headers=text)
    assert by_id(batch(integration, typed))["1"]["status_code"] == 415


def test_items_are_carried_out_for_who_sent_the_batch(
    anonymous: httpx.Client, integration: httpx.Client
) -> None:
    token = by_password(anonymous).json()["access_token"]
    one = item(1, "POST", "/api/now/table/incident", {})
    sent = {"batch_request_id": "1", "rest_requests": [one]}
    answer = anonymous.post(
        f"/api/now/v1/batch?access_token={token}",
        json=sent,
        headers={"Accept": "application/json"},
    )
    made = read(by_id(answer.json())["1"])["result"]
    assert made["sys_created_by"] == "scoredesk.integration"


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
    assert error_of(integration.post("/v1/batch", json={"rest_requests": ["x"]}))[0] == 400
    assert integration.get("/v1/batch").status_code == 405
