"""How long answers take by the time model; bounds from below only, a machine may be slow."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from tests.sandbox.servicenow.shorthand import error_of

Control = Callable[[str, dict[str, Any]], Any]
NOTHING = {
    "round_trip_ms": 0,
    "insert_ms": 0,
    "update_ms": 0,
    "query_ms": 0,
    "row_ms": 0,
    "parallel": 0,
    "queue": 50,
    "overflow": 429,
    "waiting": 0,
}


def took(asking: Callable[[], httpx.Response]) -> float:
    started = time.perf_counter()
    assert asking().is_success
    return (time.perf_counter() - started) * 1000


def test_by_default_nothing_is_added(sandbox: Any) -> None:
    url = f"{sandbox.servicenow_url}/_sandbox/time-model"
    assert httpx.get(url).json() == NOTHING
    assert httpx.post(url, json={"query_ms": 2.5}).json() == {**NOTHING, "query_ms": 2.5}
    assert httpx.post(url, json={"row_ms": 1}).json()["query_ms"] == 2.5
    assert httpx.delete(url).json() == NOTHING


def test_each_kind_of_work_has_its_cost(integration: httpx.Client, control: Control) -> None:
    control("seed", {"table": "incident", "count": 10})
    control("time-model", {"insert_ms": 60, "update_ms": 50, "query_ms": 40, "row_ms": 10})
    made: list[str] = []

    def create() -> httpx.Response:
        answer = integration.post("/table/incident", json={"short_description": "x"})
        made.append(answer.json()["result"]["sys_id"])
        return answer

    assert took(create) >= 59
    assert (
        took(lambda: integration.patch(f"/table/incident/{made[0]}", json={"urgency": "1"})) >= 49
    )
    listed = {"sysparm_limit": "5"}
    assert took(lambda: integration.get("/table/incident", params=listed)) >= 89
    assert took(lambda: integration.get(f"/table/incident/{made[0]}")) >= 49


def test_a_round_trip_is_added_to_everything(
    integration: httpx.Client, anonymous: httpx.Client, control: Control
) -> None:
    control("time-model", {"round_trip_ms": 80})
    assert took(lambda: integration.get("/table/incident")) >= 79
    assert took(lambda: anonymous.get("/login.do")) >= 79


def test_a_batch_makes_one_round_trip(integration: httpx.Client, control: Control) -> None:
    control("time-model", {"round_trip_ms": 100, "query_ms": 20})
    headers = [{"name": "Accept", "value": "application/json"}]
    items = [
        {"id": str(n), "method": "GET", "url": "/api/now/table/incident", "headers": headers}
        for n in range(3)
    ]
    asked = {"batch_request_id": "1", "rest_requests": items}
    assert took(lambda: integration.post("/v1/batch", json=asked)) >= 159
    inner = integration.get("/table/sys_user", params={"sysparm_limit": "1"})
    assert inner.status_code == 200


def test_requests_wait_for_a_session_and_are_told_how_long(sandbox: Any, control: Control) -> None:
    control("time-model", {"parallel": 1, "query_ms": 500})

    def ask(_: int) -> str:
        answer = httpx.get(
            f"{sandbox.servicenow_url}/api/now/table/incident", auth=("admin", "admin")
        )
        assert answer.status_code == 200
        return answer.headers["Server-Timing"]

    with ThreadPoolExecutor(3) as pool:
        told = list(pool.map(ask, range(3)))
    waits = sorted(int(re.search(r"sem_wait;dur=(\d+)", one)[1]) for one in told)  # type: ignore[index] # the header is always there
    assert waits[0] == 0
    assert waits[2] > waits[1] > 0


@pytest.mark.parametrize("status", [429, 503])
def test_too_many_waiting_requests_are_rejected(
    sandbox: Any, control: Control, status: int
) -> None:
    control("time-model", {"parallel": 1, "queue": 0, "query_ms": 800, "overflow": status})

    def ask(_: int) -> httpx.Response:
        return httpx.get(
            f"{sandbox.servicenow_url}/api/now/table/incident", auth=("admin", "admin")
        )

    with ThreadPoolExecutor(3) as pool:
        answers = sorted(pool.map(ask, range(3)), key=lambda answer: answer.status_code)
    assert [answer.status_code for answer in answers] == [200, status, status]
    assert error_of(answers[-1])[1] == "Transaction rejected"
    assert ask(0).status_code == 200


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"speed": 1}, "not speed"),
        ({"query_ms": "1"}, "query_ms is a number"),
        ({"parallel": 1.5}, "parallel is a whole number"),
        ({"row_ms": -1}, "row_ms is from 0"),
        ({"overflow": 200}, "overflow is 429 or 503"),
    ],
)
def test_a_wrong_model_is_refused(sandbox: Any, asked: dict[str, Any], said: str) -> None:
    answer = httpx.post(f"{sandbox.servicenow_url}/_sandbox/time-model", json=asked)
    assert answer.status_code == 400
    assert said in answer.json()["error"]
