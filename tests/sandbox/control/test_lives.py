"""Scripted lives of records."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from tests.sandbox.servicenow.shorthand import new_change, new_incident

Control = Callable[[str, dict[str, Any]], Any]
RESOLVED = {"state": "6", "close_code": "Solution provided", "close_notes": "Done"}


def state(client: httpx.Client, record: dict[str, Any]) -> str:
    answer = client.get(f"/table/incident/{record['sys_id']}").json()["result"]
    return str(answer["state"])


def lives(sandbox: Any) -> dict[str, Any]:
    return httpx.get(f"{sandbox.servicenow_url}/_sandbox/lives").json()


def test_a_record_moves_after_three_reads(
    integration: httpx.Client, control: Control, sandbox: Any
) -> None:
    record = new_incident(integration)
    step = {"after_reads": 3, "fields": {"state": "2"}, "as": "incident.owner"}
    control("lives", {"number": record["number"], **step})
    assert [state(integration, record) for _ in range(4)] == ["1", "1", "1", "2"]
    after = integration.get(f"/table/incident/{record['sys_id']}").json()["result"]
    assert (after["sys_updated_by"], after["sys_mod_count"]) == ("incident.owner", "1")
    assert [(one["done"], one["finished"]) for one in lives(sandbox)["lives"]] == [(1, True)]


def test_lists_count_as_reads(integration: httpx.Client, control: Control) -> None:
    record = new_incident(integration)
    control("lives", {"sys_id": record["sys_id"], "after_reads": 1, "fields": {"state": "2"}})
    listed = integration.get("/table/incident").json()["result"]
    assert listed[0]["state"] == "1"
    assert state(integration, record) == "2"


def test_a_step_comes_after_so_many_seconds_of_the_sandbox_at_its_own_time(
    integration: httpx.Client, control: Control
) -> None:
    control("clock", {"now": "2026-03-01T08:00:00Z", "freeze": True})
    record = new_incident(integration)
    steps = [
        {"after_seconds": 10, "fields": {"state": "2"}},
        {"after_seconds": 20, "fields": RESOLVED, "as": "incident.owner"},
    ]
    control("lives", {"number": record["number"], "steps": steps})
    control("clock", {"advance_seconds": 9})
    assert state(integration, record) == "1"
    control("clock", {"advance_seconds": 3600})
    after = integration.get(f"/table/incident/{record['sys_id']}").json()["result"]
    assert (after["state"], after["close_code"]) == ("6", "Solution provided")
    assert after["resolved_at"] == after["sys_updated_on"] == "2026-03-01 08:00:30"
    assert after["sys_mod_count"] == "2"


def test_a_step_comes_after_an_update_of_somebody_else(
    integration: httpx.Client, control: Control
) -> None:
    record = new_incident(integration)
    control(
        "lives",
        {"number": record["number"], "after_updates": 1, "fields": {"work_notes": "Seen"}},
    )
    integration.patch(f"/table/incident/{record['sys_id']}", json={"urgency": "1"})
    params = {"sysparm_query": f"element_id={record['sys_id']}"}
    rows = integration.get("/table/sys_journal_field", params=params).json()["result"]
    assert [(row["value"], row["sys_created_by"]) for row in rows] == [("Seen", "change.owner")]


def test_the_next_created_record_that_fits_gets_a_life(
    integration: httpx.Client, control: Control, sandbox: Any
) -> None:
    expected = {"table": "incident", "next": 1, "query": "correlation_idISNOTEMPTY"}
    control("lives", {**expected, "after_reads": 1, "fields": {"state": "2"}})
    other = new_incident(integration)
    first, second = (new_incident(integration, correlation_id=key) for key in ("a", "b"))
    for record in (other, first, second):
        state(integration, record)
    assert [state(integration, one) for one in (other, first, second)] == ["1", "2", "1"]
    assert lives(sandbox)["expected"] == []


def test_each_created_record_can_get_a_life(integration: httpx.Client, control: Control) -> None:
    control("lives", {"next": "each", "after_reads": 1, "fields": {"state": "2"}})
    records = [new_incident(integration) for _ in range(2)]
    for record in records:
        state(integration, record)
    assert [state(integration, record) for record in records] == ["2", "2"]


def test_a_refused_step_is_told_and_ends_the_life(
    integration: httpx.Client, control: Control, sandbox: Any
) -> None:
    change = new_change(integration)
    asked = {"table": "change_request", "number": change["number"]}
    control("lives", {**asked, "after_reads": 1, "fields": {"state": "3"}})
    integration.get(f"/table/change_request/{change['sys_id']}")
    life = lives(sandbox)["lives"][0]
    assert life["done"] == 0
    assert "Change Model: Check State Transition" in life["trouble"]


def test_a_life_can_be_ended(integration: httpx.Client, control: Control, sandbox: Any) -> None:
    record = new_incident(integration)
    asked = {"number": record["number"], "after_reads": 1, "fields": {"state": "2"}}
    number = control("lives", asked)["planned"][0]["number"]
    control("lives", {"remove": number})
    assert lives(sandbox) == {"lives": [], "expected": []}
    assert [state(integration, record) for _ in range(2)] == ["1", "1"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"number": "INC1", "fields": {"state": "2"}}, "exactly one of"),
        ({"number": "INC1", "after_reads": 1}, "A step writes fields"),
        ({"number": "INC1", "after_reads": 1, "fields": {"state": "2"}}, "No such record"),
        ({"after_reads": 1, "fields": {"state": "2"}}, "Say which records are meant"),
        ({"number": "INC1", "steps": []}, "at least one step"),
        ({"colour": "x"}, "not colour"),
        ({"next": 1, "after_reads": 1, "fields": {"state": "2"}, "as": "nobody"}, "no user"),
    ],
)
def test_a_wrong_life_is_refused(sandbox: Any, asked: dict[str, Any], said: str) -> None:
    answer = httpx.post(f"{sandbox.servicenow_url}/_sandbox/lives", json=asked)
    assert answer.status_code == 400
    assert said in answer.json()["error"]
