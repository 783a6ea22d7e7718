"""The rules of problems: the same lookup of priority as for incidents (servicenow-api 6.2)."""

from __future__ import annotations

from typing import Any

import httpx


def problem(client: httpx.Client, **fields: str) -> dict[str, Any]:
    answer = client.post("/table/problem", json=fields)
    assert answer.status_code == 201, answer.text
    return answer.json()["result"]


def test_a_new_problem_has_its_number_state_and_priority(admin: httpx.Client) -> None:
    made = problem(admin, impact="1", urgency="2", priority="5")
    assert made["number"].startswith("PRB")
    assert (made["state"], made["problem_state"], made["priority"]) == ("101", "101", "2")
    assert (made["active"], made["opened_at"]) == ("true", made["sys_created_on"])


def test_resolving_and_closing_fill_in_by_whom_and_when(admin: httpx.Client) -> None:
    made = problem(admin)
    path = f"/table/problem/{made['sys_id']}"
    resolved = admin.patch(path, json={"state": "106"}).json()["result"]
    assert resolved["resolved_by"] == made["opened_by"]
    assert (bool(resolved["resolved_at"]), resolved["active"]) == (True, "true")
    closed = admin.patch(path, json={"problem_state": "107"}).json()["result"]
    assert (closed["state"], closed["active"]) == ("107", "false")
    assert closed["closed_by"] == made["opened_by"]


def test_a_new_impact_computes_the_priority_anew(admin: httpx.Client) -> None:
    path = f"/table/problem/{problem(admin)['sys_id']}"
    assert admin.patch(path, json={"impact": "1"}).json()["result"]["priority"] == "3"
