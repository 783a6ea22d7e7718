"""Change requests: their states and rules; numbers are those of servicenow-api 13."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from tests.sandbox.servicenow.shorthand import error_of, new_change

Control = Callable[[str, dict[str, Any]], Any]
CLOSING = {"close_code": "successful", "close_notes": "Done"}


def move(client: httpx.Client, change: dict[str, Any], state: str, **sent: str) -> httpx.Response:
    return client.patch(f"/table/change_request/{change['sys_id']}", json={"state": state, **sent})


def walk(client: httpx.Client, change: dict[str, Any], *states: str) -> None:
    for state in states:
        answer = move(client, change, state)
        assert answer.status_code == 200, answer.text


def assert_transition_refused(answer: httpx.Response) -> None:
    status, message, detail = error_of(answer)
    assert (status, message) == (403, "Operation Failed")
    rule = "Change Model: Check State Transition"
    start = f"Operation against file 'change_request' was aborted by Business Rule '{rule}^"
    assert detail
    assert detail.startswith(start)
    assert detail.endswith(f"Business Rule Stack:{rule}")


def test_71_a_change_always_starts_as_new(integration: httpx.Client, control: Control) -> None:
    change = new_change(integration, state="3")
    assert (change["state"], change["type"], change["number"][:3]) == ("-5", "normal", "CHG")
    assert change["requested_by"]["value"] == change["opened_by"]["value"]
    control("switches", {"change_insert_state": "refuse"})
    assert_transition_refused(integration.post("/table/change_request", json={"state": "3"}))


@pytest.mark.parametrize(
    ("kind", "states"),
    [
        ("normal", ["-4", "-3", "-2", "-1", "0"]),
        ("standard", ["-2", "-1", "0"]),
        ("emergency", ["-3", "-2", "-1", "0"]),
    ],
)
def test_72_73_each_type_goes_its_own_way(
    integration: httpx.Client, kind: str, states: list[str]
) -> None:
    change = new_change(integration, type=kind)
    walk(integration, change, *states)
    closed = move(integration, change, "3", **CLOSING).json()["result"]
    assert (closed["active"], bool(closed["closed_at"])) == ("false", True)


@pytest.mark.parametrize(
    ("kind", "state"), [("normal", "-1"), ("normal", "0"), ("standard", "-4"), ("emergency", "-4")]
)
def test_72_73_a_leap_is_refused(integration: httpx.Client, kind: str, state: str) -> None:
    assert_transition_refused(move(integration, new_change(integration, type=kind), state))


def test_72_back_to_new_from_assess(integration: httpx.Client) -> None:
    change = new_change(integration)
    walk(integration, change, "-4", "-5")
    walk(integration, change, "-4", "-3")
    assert_transition_refused(move(integration, change, "-5"))


def test_72_every_move_can_be_refused_by_switch(
    integration: httpx.Client, control: Control
) -> None:
    control("switches", {"change_state_over_rest": "refuse"})
    assert_transition_refused(move(integration, new_change(integration), "-4"))


def test_74_cancel_from_new_to_implement_but_not_later(integration: httpx.Client) -> None:
    cancelled = move(integration, new_change(integration), "4").json()["result"]
    assert cancelled["active"] == "false"
    change = new_change(integration, type="standard")
    walk(integration, change, "-2", "-1", "0")
    assert_transition_refused(move(integration, change, "4"))


def test_75_closing_needs_code_and_notes(integration: httpx.Client) -> None:
    change = new_change(integration, type="standard")
    walk(integration, change, "-2", "-1", "0")
    text = "Data Policy Exception: The following fields are mandatory: Close code, Close notes"
    assert error_of(move(integration, change, "3")) == (403, "Operation Failed", text)


def test_76_priority_is_written_as_it_is(integration: httpx.Client) -> None:
    change = new_change(integration, impact="1", urgency="1", priority="3")
    assert change["priority"] == "3"
    path = f"/table/change_request/{change['sys_id']}"
    assert integration.patch(path, json={"priority": "1"}).json()["result"]["priority"] == "1"


def test_80_the_type_changes_in_new_only(integration: httpx.Client) -> None:
    change = new_change(integration)
    path = f"/table/change_request/{change['sys_id']}"
    assert integration.patch(path, json={"type": "standard"}).json()["result"]["type"] == "standard"
    walk(integration, change, "-2")
    assert integration.patch(path, json={"type": "normal"}).json()["result"]["type"] == "standard"


def test_a_group_can_be_demanded_before_a_change_leaves_new(
    integration: httpx.Client, control: Control
) -> None:
    control("switches", {"change_needs_group": True})
    change = new_change(integration)
    assert error_of(move(integration, change, "-4"))[0] == 403
    answer = move(integration, change, "-4", assignment_group="Security Operations")
    assert answer.status_code == 200
