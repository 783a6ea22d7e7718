"""Data policies and business rules that an administrator makes as records (servicenow-api 12)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from tests.sandbox.servicenow.shorthand import error_of, new_change, new_incident

Control = Callable[[str, dict[str, Any]], Any]


def made(admin: httpx.Client, table: str, **fields: str) -> str:
    answer = admin.post(f"/table/{table}", json=fields)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["result"]["sys_id"])


def policy(admin: httpx.Client, *fields: str, **other: str) -> str:
    given = {"model_table": "incident", "short_description": "P", "active": "true", **other}
    sys_id = made(admin, "sys_data_policy2", **given)
    for name in fields:
        made(admin, "sys_data_policy_rule", sys_data_policy=sys_id, field=name, mandatory="true")
    return sys_id


def rule(admin: httpx.Client, **other: str) -> str:
    given = {
        "name": "Guard",
        "collection": "incident",
        "active": "true",
        "when": "before",
        "abort_action": "true",
        "action_insert": "true",
    }
    return made(admin, "sys_script", **{**given, **other})


def missing(*labels: str) -> tuple[int, str, str]:
    listed = ", ".join(labels)
    text = f"Data Policy Exception: The following fields are mandatory: {listed}"
    return 403, "Operation Failed", text


def aborted(name: str, rule_id: str, table: str = "incident") -> tuple[int, str, str]:
    return (
        403,
        "Operation Failed",
        (
            f"Operation against file '{table}' was aborted by Business Rule '{name}^{rule_id}'. "
            f"Business Rule Stack:{name}"
        ),
    )


def test_a_policy_makes_fields_mandatory(integration: httpx.Client, admin: httpx.Client) -> None:
    sys_id = policy(admin, "short_description", "caller_id")
    answer = integration.post("/table/incident", json={})
    assert error_of(answer) == missing("Short description", "Caller")
    answer = integration.post("/table/incident", json={"caller_id": "no.roles"})
    assert error_of(answer) == missing("Short description")
    admin.patch(f"/table/sys_data_policy2/{sys_id}", json={"active": "false"})
    assert integration.post("/table/incident", json={}).status_code == 201


def test_a_policy_has_a_condition(integration: httpx.Client, admin: httpx.Client) -> None:
    policy(admin, "description", conditions="state=2^ORstate=3^EQ")
    incident = new_incident(integration)
    path = f"/table/incident/{incident['sys_id']}"
    assert error_of(integration.patch(path, json={"state": "2"})) == missing("Description")
    sent = {"state": "2", "description": "Known"}
    assert integration.patch(path, json=sent).status_code == 200


def test_a_policy_of_task_holds_for_its_children(
    integration: httpx.Client, admin: httpx.Client
) -> None:
    policy(admin, "short_description", model_table="task")
    answer = integration.post("/table/change_request", json={})
    assert error_of(answer) == missing("Short description")


def test_policies_add_up_with_those_of_the_table(
    integration: httpx.Client, admin: httpx.Client
) -> None:
    policy(admin, "description", conditions="state=6")
    incident = new_incident(integration)
    answer = integration.patch(f"/table/incident/{incident['sys_id']}", json={"state": "6"})
    assert error_of(answer) == missing("Resolution code", "Resolution notes", "Description")


def test_by_switch_a_single_field_is_worded_in_the_singular(
    integration: httpx.Client, admin: httpx.Client, control: Control
) -> None:
    policy(admin, "short_description")
    control("switches", {"data_policy_singular": True})
    answer = integration.post("/table/incident", json={})
    text = "Data Policy Exception: Short description is mandatory"
    assert error_of(answer) == (403, "Operation Failed", text)


@pytest.mark.parametrize(
    ("action", "status"), [("action_insert", 403), ("action_update", 201), ("action_delete", 201)]
)
def test_a_rule_runs_for_its_actions_only(
    integration: httpx.Client, admin: httpx.Client, action: str, status: int
) -> None:
    rule(admin, **{"action_insert": "false", action: "true"})
    assert integration.post("/table/incident", json={}).status_code == status


def test_65_a_rule_made_by_an_administrator_is_named_with_its_sys_id(
    integration: httpx.Client, admin: httpx.Client
) -> None:
    rule_id = rule(admin, name="No network", filter_condition="category=network", message="Ask us")
    assert integration.post("/table/incident", json={}).status_code == 201
    answer = integration.post("/table/incident", json={"category": "network"})
    assert error_of(answer) == aborted("No network", rule_id)
    assert "Ask us" not in answer.text


def test_a_rule_may_look_at_what_changes(integration: httpx.Client, admin: httpx.Client) -> None:
    rule_id = rule(
        admin,
        name="Stay",
        collection="change_request",
        action_update="true",
        filter_condition="riskVALCHANGES^riskCHANGESTO1",
    )
    path = f"/table/change_request/{new_change(integration)['sys_id']}"
    assert integration.patch(path, json={"risk": "2"}).status_code == 200
    answer = integration.patch(path, json={"risk": "1"})
    assert error_of(answer) == aborted("Stay", rule_id, "change_request")


def test_a_rule_may_forbid_deleting(admin: httpx.Client) -> None:
    incident = new_incident(admin)
    rule_id = rule(admin, name="Keep", action_insert="false", action_delete="true")
    answer = admin.delete(f"/table/incident/{incident['sys_id']}")
    assert error_of(answer) == aborted("Keep", rule_id)
    assert admin.get(f"/table/incident/{incident['sys_id']}").status_code == 200


def test_a_rule_may_set_values_instead(integration: httpx.Client, admin: httpx.Client) -> None:
    rule(admin, abort_action="false", template="category=hardware^EQ")
    assert new_incident(integration, category="network")["category"] == "hardware"


def test_what_an_administrator_fills_in_wrongly_does_no_harm(
    integration: httpx.Client, admin: httpx.Client
) -> None:
    rule(admin, order="first", filter_condition="category=network")
    policy(admin, "no_such_field")
    policy(admin, "description", conditions="((")
    made(admin, "sys_trigger", name="X", next_action="2020-01-01 00:00:00", script="{")
    made(admin, "sys_trigger", name="Y", document="nothing", document_key="x")
    assert integration.post("/table/incident", json={}).status_code == 201


def test_a_rule_that_does_not_run_before_or_is_inactive_does_nothing(
    integration: httpx.Client, admin: httpx.Client
) -> None:
    rule(admin, when="after")
    rule(admin, active="false")
    assert integration.post("/table/incident", json={}).status_code == 201


def test_60_the_policy_of_closing_is_a_row_that_an_administrator_stops(
    integration: httpx.Client, admin: httpx.Client
) -> None:
    params = {"sysparm_query": "model_table=incident", "sysparm_fields": "sys_id,conditions"}
    (row,) = admin.get("/table/sys_data_policy2", params=params).json()["result"]
    assert row["conditions"] == "stateIN6,7"
    params = {"sysparm_query": f"sys_data_policy={row['sys_id']}", "sysparm_fields": "field"}
    rules = admin.get("/table/sys_data_policy_rule", params=params).json()["result"]
    assert sorted(rule["field"] for rule in rules) == ["close_code", "close_notes"]
    path = f"/table/incident/{new_incident(integration)['sys_id']}"
    answer = integration.patch(path, json={"state": "6"})
    assert error_of(answer) == missing("Resolution code", "Resolution notes")
    admin.patch(f"/table/sys_data_policy2/{row['sys_id']}", json={"active": "false"})
    assert integration.patch(path, json={"state": "6"}).status_code == 200


def test_72_the_rule_that_refuses_is_found_by_its_sys_id(
    integration: httpx.Client, admin: httpx.Client
) -> None:
    made = integration.post("/table/change_request", json={}).json()["result"]
    path = f"/table/change_request/{made['sys_id']}"
    detail = error_of(integration.patch(path, json={"state": "-1"}))[2]
    rule_id = str(detail).partition("^")[2][:32]
    rule = admin.get(f"/table/sys_script/{rule_id}").json()["result"]
    assert rule["name"] == "Change Model: Check State Transition"
    admin.patch(f"/table/sys_script/{rule_id}", json={"active": "false"})
    assert integration.patch(path, json={"state": "-1"}).status_code == 200
