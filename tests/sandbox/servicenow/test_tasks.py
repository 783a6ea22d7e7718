"""Tasks that are neither incident, change nor problem (servicenow-api 2.5)."""

from __future__ import annotations

from collections.abc import Callable

import httpx
from tests.sandbox.servicenow.shorthand import error_of

As = Callable[[str], httpx.Client]


def test_a_plain_task_has_number_opener_and_defaults(integration: httpx.Client) -> None:
    answer = integration.post("/table/task", json={"short_description": "Call back"})
    assert answer.status_code == 201
    task = answer.json()["result"]
    assert task["number"] == "TASK0010001"
    assert task["task_effective_number"] == task["number"]
    assert (task["state"], task["priority"], task["active"]) == ("1", "4", "true")
    assert task["opened_at"] == task["sys_created_on"]
    assert task["sys_class_name"] == "task"
    opener = integration.get(f"/table/sys_user/{task['opened_by']['value']}").json()["result"]
    assert opener["user_name"] == "scoredesk.integration"


def test_a_plain_task_ends_with_its_closed_states(integration: httpx.Client) -> None:
    task = integration.post("/table/task", json={}).json()["result"]
    address = f"/table/task/{task['sys_id']}"
    closed = integration.patch(address, json={"state": "3"}).json()["result"]
    assert closed["active"] == "false"
    assert closed["closed_at"]
    assert closed["closed_by"]["value"] == task["opened_by"]["value"]
    assert integration.patch(address, json={"state": "2"}).json()["result"]["active"] == "true"


def test_nobody_without_a_role_creates_a_plain_task(as_user: As) -> None:
    answer = as_user("no.roles").post("/table/task", json={})
    assert error_of(answer) == (
        403,
        "Operation Failed",
        "ACL Exception Insert Failed due to security constraints",
    )
