"""Approvals move a change on (servicenow-api 7.1, 7.3, 7.5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
from tests.sandbox.servicenow.shorthand import error_of, new_change

from scoredesk.sandbox.program import RunningSandbox

Control = Callable[[str, dict[str, Any]], Any]
Client = Callable[[str], httpx.Client]


def assessed(client: httpx.Client) -> dict[str, Any]:
    """A change in Assess with the group of change.owner and incident.owner."""
    change = new_change(client, assignment_group="Security Operations")
    path = f"/table/change_request/{change['sys_id']}"
    assert client.patch(path, json={"state": "-4"}).status_code == 200
    return change


def state_of(client: httpx.Client, change: dict[str, Any]) -> tuple[str, str]:
    shown = client.get(f"/table/change_request/{change['sys_id']}").json()["result"]
    return shown["state"], shown["approval"]


def approvals(client: httpx.Client, change: dict[str, Any], state: str) -> set[str]:
    params = {
        "sysparm_query": f"sysapproval={change['sys_id']}^state={state}",
        "sysparm_fields": "approver.user_name",
    }
    rows = client.get("/table/sysapproval_approver", params=params).json()["result"]
    return {row["approver.user_name"] for row in rows}


def decide(
    sandbox: RunningSandbox, client: httpx.Client, change: dict[str, Any], **sent: str
) -> httpx.Response:
    url = f"{sandbox.servicenow_url}/api/sn_chg_rest/change/{change['sys_id']}/approvals"
    return client.patch(url, json=sent)


def test_assess_asks_the_assignment_group(integration: httpx.Client) -> None:
    change = assessed(integration)
    assert state_of(integration, change) == ("-4", "requested")
    assert approvals(integration, change, "requested") == {"change.owner", "incident.owner"}


def test_one_approval_moves_the_change_on(
    integration: httpx.Client, as_user: Client, sandbox: RunningSandbox
) -> None:
    change = assessed(integration)
    answer = decide(sandbox, as_user("change.owner"), change, state="approved")
    assert answer.status_code == 200
    assert answer.json()["result"]["state"] == {"display_value": "Authorize", "value": -3.0}
    assert approvals(integration, change, "approved") == {"change.owner"}
    assert approvals(integration, change, "not_required") == {"incident.owner"}
    assert approvals(integration, change, "requested") == {"itil.admin"}
    decide(sandbox, as_user("itil.admin"), change, state="approved")
    assert state_of(integration, change) == ("-2", "approved")


def test_a_rejection_brings_the_change_back_to_new(
    integration: httpx.Client, as_user: Client, sandbox: RunningSandbox
) -> None:
    change, owner = assessed(integration), as_user("change.owner")
    assert error_of(decide(sandbox, owner, change, state="rejected"))[0] == 400
    assert decide(sandbox, owner, change, state="rejected", comments="No").status_code == 200
    assert state_of(integration, change) == ("-5", "rejected")
    assert approvals(integration, change, "cancelled") == {"incident.owner"}


def test_nobody_approves_for_others(
    integration: httpx.Client, as_user: Client, sandbox: RunningSandbox
) -> None:
    change = assessed(integration)
    answer = decide(sandbox, integration, change, state="approved")
    expected = (400, "User does not have an approval to approve or reject", "")
    assert error_of(answer) == expected
    assert error_of(decide(sandbox, as_user("change.owner"), change, state="maybe"))[0] == 400
    params = {"sysparm_query": f"sysapproval={change['sys_id']}"}
    row = integration.get("/table/sysapproval_approver", params=params).json()["result"][0]
    path = f"/table/sysapproval_approver/{row['sys_id']}"
    text = "ACL Exception Update Failed due to security constraints"
    answer = integration.patch(path, json={"state": "approved"})
    assert error_of(answer) == (403, "Operation Failed", text)


def test_an_approval_may_be_given_in_its_record(integration: httpx.Client, as_user: Client) -> None:
    change = assessed(integration)
    owner = as_user("incident.owner")
    query = f"sysapproval={change['sys_id']}^approver=javascript:gs.getUserID()"
    [row] = owner.get("/table/sysapproval_approver", params={"sysparm_query": query}).json()[
        "result"
    ]
    path = f"/table/sysapproval_approver/{row['sys_id']}"
    assert owner.patch(path, json={"state": "approved"}).status_code == 200
    assert state_of(integration, change) == ("-3", "requested")


def test_going_back_to_new_withdraws_what_was_asked(integration: httpx.Client) -> None:
    change = assessed(integration)
    integration.patch(f"/table/change_request/{change['sys_id']}", json={"state": "-5"})
    assert state_of(integration, change) == ("-5", "not requested")
    assert approvals(integration, change, "requested") == set()


def test_by_switch_only_an_approval_leaves_assess(
    integration: httpx.Client, as_user: Client, sandbox: RunningSandbox, control: Control
) -> None:
    control("switches", {"change_approval_required": True})
    change = assessed(integration)
    path = f"/table/change_request/{change['sys_id']}"
    detail = error_of(integration.patch(path, json={"state": "-3"}))[2]
    assert detail is not None
    assert "'Change Model: Check State Transition^" in detail
    url = f"{sandbox.servicenow_url}/api/sn_chg_rest/change/{change['sys_id']}/nextstates"
    forward = integration.get(url).json()["result"]["state_transitions"][0][0]
    assert (forward["automatic_transition"], forward["transition_available"]) == (True, False)
    decide(sandbox, as_user("change.owner"), change, state="approved")
    assert state_of(integration, change) == ("-3", "requested")


def test_by_switch_approvals_come_with_time(integration: httpx.Client, control: Control) -> None:
    control("switches", {"change_approval_seconds": 60})
    change = assessed(integration)
    assert state_of(integration, change) == ("-4", "requested")
    control("clock", {"offset_seconds": 61})
    assert state_of(integration, change) == ("-3", "requested")
    control("clock", {"offset_seconds": 130})
    assert state_of(integration, change) == ("-2", "approved")
