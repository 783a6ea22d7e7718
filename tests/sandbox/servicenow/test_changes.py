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


def aborted(answer: httpx.Response, rule: str = "Change Model: Check State Transition") -> None:
    """Exactly the 403 of a business rule of the table change_request."""
    status, message, detail = error_of(answer)
    assert (status, message) == (403, "Operation Failed")
    assert detail is not None
    start = f"Operation against file 'change_request' was aborted by Business Rule '{rule}^"
    assert detail.startswith(start)
    rule_id = detail.removeprefix(start)[:32]
    assert detail == f"{start}{rule_id}'. Business Rule Stack:{rule}"


def test_71_a_change_always_starts_as_new(integration: httpx.Client) -> None:
    change = new_change(integration, state="3")
    assert (change["state"], change["type"], change["number"][:3]) == ("-5", "normal", "CHG")
    assert change["requested_by"]["value"] == change["opened_by"]["value"]


def test_71_by_switch_a_later_state_is_refused(integration: httpx.Client, control: Control) -> None:
    control("switches", {"change_insert_state": "refuse"})
    aborted(integration.post("/table/change_request", json={"state": "3"}))
    assert integration.post("/table/change_request", json={"state": "-5"}).status_code == 201


def test_71_by_switch_states_up_to_implement_are_taken(
    integration: httpx.Client, control: Control
) -> None:
    control("switches", {"change_insert_state": "up_to_implement"})
    assert new_change(integration, state="-2")["state"] == "-2"
    assert new_change(integration, state="-1")["work_start"]
    for state in ("0", "3", "4", "99"):
        aborted(integration.post("/table/change_request", json={"state": state}))


def test_72_from_new_to_implement_is_refused(integration: httpx.Client) -> None:
    aborted(move(integration, new_change(integration), "-1"))


def test_72_a_normal_change_goes_from_neighbour_to_neighbour(integration: httpx.Client) -> None:
    change = new_change(integration)
    walk(integration, change, "-4", "-3", "-2", "-1", "0")
    closed = move(integration, change, "3", **CLOSING).json()["result"]
    assert (closed["state"], closed["active"], bool(closed["closed_at"])) == ("3", "false", True)


def test_72_from_authorize_to_implement_is_refused(integration: httpx.Client) -> None:
    change = new_change(integration)
    walk(integration, change, "-4", "-3")
    aborted(move(integration, change, "-1"))


def test_72_back_to_new_from_assess_only(integration: httpx.Client) -> None:
    change = new_change(integration)
    walk(integration, change, "-4", "-5")
    walk(integration, change, "-4", "-3")
    aborted(move(integration, change, "-5"))


def test_72_every_move_can_be_refused_by_switch(
    integration: httpx.Client, control: Control
) -> None:
    control("switches", {"change_state_over_rest": "refuse"})
    aborted(move(integration, new_change(integration), "-4"))


@pytest.mark.parametrize(
    ("kind", "states"),
    [("standard", ["-2", "-1", "0"]), ("emergency", ["-3", "-2", "-1", "0"])],
)
def test_73_standard_and_emergency_skip_states(
    integration: httpx.Client, kind: str, states: list[str]
) -> None:
    change = new_change(integration, type=kind)
    walk(integration, change, *states)
    assert move(integration, change, "3", **CLOSING).status_code == 200


@pytest.mark.parametrize(
    ("kind", "state"), [("standard", "-4"), ("standard", "-3"), ("emergency", "-4")]
)
def test_73_a_skipped_state_is_refused(integration: httpx.Client, kind: str, state: str) -> None:
    aborted(move(integration, new_change(integration, type=kind), state))


def test_73_an_emergency_goes_back_to_new_from_authorize(integration: httpx.Client) -> None:
    change = new_change(integration, type="emergency")
    walk(integration, change, "-3", "-5")


@pytest.mark.parametrize("way", [[], ["-4"], ["-4", "-3"], ["-4", "-3", "-2"]])
def test_74_cancelling_is_allowed_until_implement(
    integration: httpx.Client, way: list[str]
) -> None:
    change = new_change(integration)
    walk(integration, change, *way)
    cancelled = move(integration, change, "4").json()["result"]
    assert (cancelled["state"], cancelled["active"]) == ("4", "false")


@pytest.mark.parametrize("closed", [False, True])
def test_74_cancelling_from_review_or_closed_is_refused(
    integration: httpx.Client, *, closed: bool
) -> None:
    change = new_change(integration, type="standard")
    walk(integration, change, "-2", "-1", "0")
    if closed:
        assert move(integration, change, "3", **CLOSING).status_code == 200
    aborted(move(integration, change, "4"))


@pytest.mark.parametrize(
    ("sent", "missing"),
    [
        ({}, "Close code, Close notes"),
        ({"close_code": "successful"}, "Close notes"),
        ({"close_notes": "Done"}, "Close code"),
    ],
)
def test_75_closing_needs_code_and_notes(
    integration: httpx.Client, sent: dict[str, str], missing: str
) -> None:
    change = new_change(integration, type="standard")
    walk(integration, change, "-2", "-1", "0")
    text = f"Data Policy Exception: The following fields are mandatory: {missing}"
    assert error_of(move(integration, change, "3", **sent)) == (403, "Operation Failed", text)


def test_76_priority_is_written_as_it_is(integration: httpx.Client) -> None:
    change = new_change(integration, impact="1", urgency="1", priority="3")
    assert change["priority"] == "3"
    path = f"/table/change_request/{change['sys_id']}"
    changed = integration.patch(path, json={"priority": "1", "impact": "3"}).json()["result"]
    assert (changed["priority"], changed["impact"]) == ("1", "3")


def test_80_the_type_changes_in_new_and_the_model_with_it(integration: httpx.Client) -> None:
    change = new_change(integration)
    path = f"/table/change_request/{change['sys_id']}"
    changed = integration.patch(path, json={"type": "standard"}).json()["result"]
    assert changed["type"] == "standard"
    assert changed["chg_model"]["value"] != change["chg_model"]["value"]
    walk(integration, change, "-2")


def test_80_after_new_the_type_stays(integration: httpx.Client) -> None:
    change = new_change(integration)
    walk(integration, change, "-4")
    path = f"/table/change_request/{change['sys_id']}"
    answer = integration.patch(path, json={"type": "standard"})
    assert (answer.status_code, answer.json()["result"]["type"]) == (200, "normal")


def test_a_group_can_be_demanded_before_a_change_leaves_new(
    integration: httpx.Client, control: Control
) -> None:
    control("switches", {"change_needs_group": True})
    change = new_change(integration)
    text = "Data Policy Exception: The following fields are mandatory: Assignment group"
    assert error_of(move(integration, change, "-4")) == (403, "Operation Failed", text)
    answer = move(integration, change, "-4", assignment_group="Security Operations")
    assert answer.status_code == 200


def test_a_change_on_hold_does_not_move_on_but_may_be_cancelled(
    integration: httpx.Client,
) -> None:
    change = new_change(integration)
    walk(integration, change, "-4")
    path = f"/table/change_request/{change['sys_id']}"
    held = integration.patch(path, json={"on_hold": "true", "on_hold_reason": "Waiting"})
    assert held.json()["result"]["on_hold_reason"] == "Waiting"
    aborted(move(integration, change, "-3"))
    freed = move(integration, change, "-3", on_hold="false").json()["result"]
    assert (freed["state"], freed["on_hold_reason"]) == ("-3", "")


def test_the_description_of_a_standard_change_is_not_edited(
    integration: httpx.Client, control: Control
) -> None:
    change = new_change(integration, type="standard", description="As approved")
    path = f"/table/change_request/{change['sys_id']}"
    rule = "Restrict fields from Standard Change"
    aborted(integration.patch(path, json={"description": "Other"}), rule)
    assert integration.patch(path, json={"short_description": "Other"}).status_code == 200
    control("switches", {"standard_change_restricted": False})
    assert integration.patch(path, json={"description": "Other"}).status_code == 200


def test_the_configuration_item_can_be_fixed_after_new(
    integration: httpx.Client, admin: httpx.Client, control: Control
) -> None:
    control("switches", {"change_ci_in_new_only": True})
    item = admin.post("/table/cmdb_ci", json={"name": "web-1"}).json()["result"]["sys_id"]
    change = new_change(integration)
    walk(integration, change, "-4")
    path = f"/table/change_request/{change['sys_id']}"
    assert integration.patch(path, json={"cmdb_ci": item}).json()["result"]["cmdb_ci"] == ""


@pytest.mark.parametrize("model", ["normal", "Emergency"])
def test_a_model_may_be_named_as_clients_do(integration: httpx.Client, model: str) -> None:
    change = new_change(integration, chg_model=model)
    assert change["type"] == model.lower()
    assert len(change["chg_model"]["value"]) == 32


def test_with_type_compatibility_a_change_follows_its_type(
    integration: httpx.Client, admin: httpx.Client
) -> None:
    name = "com.snc.change_management.change_model.type_compatibility"
    query = {"sysparm_query": f"name={name}"}
    row = admin.get("/table/sys_properties", params=query).json()["result"][0]
    admin.patch(f"/table/sys_properties/{row['sys_id']}", json={"value": "true"})
    change = new_change(integration, type="emergency")
    assert (change["type"], change["chg_model"]) == ("emergency", "")
    aborted(move(integration, change, "-4"))
    walk(integration, change, "-3")


def test_a_transition_that_an_administrator_removes_is_gone(
    integration: httpx.Client, admin: httpx.Client
) -> None:
    change = new_change(integration)
    model = change["chg_model"]["value"]
    query = {"sysparm_query": f"sttrm_model={model}^from_state=-5^to_state=-4"}
    [row] = admin.get("/table/sttrm_state_transition", params=query).json()["result"]
    admin.patch(f"/table/sttrm_state_transition/{row['sys_id']}", json={"to_state": "-2"})
    aborted(move(integration, change, "-4"))
    walk(integration, change, "-2")
