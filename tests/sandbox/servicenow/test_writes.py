"""Writing incidents: rules, policies, journal, rights; numbers of servicenow-api 13."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from tests.sandbox.servicenow.shorthand import error_of, new_incident

Control = Callable[[str, dict[str, Any]], Any]


def patch(client: httpx.Client, incident: dict[str, Any], **sent: Any) -> httpx.Response:
    return client.patch(f"/table/incident/{incident['sys_id']}", json=sent)


def policy(*labels: str) -> tuple[int, str, str]:
    listed = ", ".join(labels)
    text = f"Data Policy Exception: The following fields are mandatory: {listed}"
    return 403, "Operation Failed", text


def test_53_an_unknown_field_is_ignored_without_a_word(integration: httpx.Client) -> None:
    sent = {"short_description": "Test", "no_such_field": "x"}
    answer = integration.post("/table/incident", json=sent)
    assert (answer.status_code, list(answer.json())) == (201, ["result"])
    made = answer.json()["result"]
    assert (made["short_description"], "no_such_field" in made) == ("Test", False)


def test_54_an_empty_post_gets_all_defaults(integration: httpx.Client) -> None:
    answer = integration.post("/table/incident", json={})
    assert answer.status_code == 201
    made = answer.json()["result"]
    expected = {
        "state": "1", "impact": "3", "urgency": "3", "priority": "5", "active": "true",
        "category": "inquiry", "notify": "1", "approval": "not requested", "escalation": "0",
        "made_sla": "true", "upon_approval": "proceed", "upon_reject": "cancel",
        "knowledge": "false", "child_incidents": "0", "reassignment_count": "0",
        "reopen_count": "0", "contact_type": "", "caller_id": "", "incident_state": "1",
        "sys_class_name": "incident", "number": "INC0010001", "sys_mod_count": "0",
    }  # fmt: skip
    assert {name: made[name] for name in expected} == expected
    assert made["opened_at"] == made["sys_created_on"]
    assert made["opened_by"]["value"]


@pytest.mark.parametrize(
    ("impact", "urgency", "priority"),
    [
        (1, 1, "1"), (1, 2, "2"), (1, 3, "3"),
        (2, 1, "2"), (2, 2, "3"), (2, 3, "4"),
        (3, 1, "3"), (3, 2, "4"), (3, 3, "5"),
    ],
)  # fmt: skip
def test_55_priority_is_computed_whatever_was_sent(
    integration: httpx.Client, impact: int, urgency: int, priority: str
) -> None:
    made = new_incident(integration, impact=impact, urgency=urgency, priority="9")
    assert made["priority"] == priority


def test_56_a_new_urgency_computes_the_priority_anew(integration: httpx.Client) -> None:
    incident = new_incident(integration)
    assert patch(integration, incident, urgency="1").json()["result"]["priority"] == "3"


def test_64_without_a_role_nothing_is_written(
    integration: httpx.Client, as_user: Callable[[str], httpx.Client], admin: httpx.Client
) -> None:
    def refused(operation: str) -> tuple[int, str, str]:
        text = f"ACL Exception {operation} Failed due to security constraints"
        return 403, "Operation Failed", text

    nobody = as_user("no.roles")
    assert error_of(nobody.post("/table/incident", json={})) == refused("Insert")
    mine = new_incident(admin, caller_id="no.roles")
    assert error_of(patch(nobody, mine, urgency="1")) == refused("Update")
    answer = integration.delete(f"/table/incident/{mine['sys_id']}")
    assert error_of(answer) == refused("Delete")
    answer = integration.post("/table/sys_user", json={"user_name": "new"})
    assert error_of(answer) == refused("Insert")


def test_64_without_a_role_the_refusal_is_the_same_for_a_record_unseen(
    integration: httpx.Client, as_user: Callable[[str], httpx.Client]
) -> None:
    nobody, theirs = as_user("no.roles"), new_incident(integration)
    address = f"/table/incident/{theirs['sys_id']}"
    assert error_of(nobody.get(address))[0] == 404
    for method, operation in (("PATCH", "Update"), ("PUT", "Update"), ("DELETE", "Delete")):
        text = f"ACL Exception {operation} Failed due to security constraints"
        answer = nobody.request(method, address, json={"urgency": "1"})
        assert error_of(answer) == (403, "Operation Failed", text)
        missing = nobody.request(method, f"/table/incident/{'0' * 32}", json={"urgency": "1"})
        assert error_of(missing)[:2] == (404, "No Record found")


def test_66_of_several_records_only_the_first_is_made(integration: httpx.Client) -> None:
    sent = [{"short_description": "first"}, {"short_description": "second"}]
    answer = integration.post("/table/incident", json=sent)
    assert answer.json()["result"]["short_description"] == "first"
    assert integration.get("/table/incident").headers["X-Total-Count"] == "1"


def test_67_typed_values_by_parameter(as_user: Callable[[str], httpx.Client]) -> None:
    client = as_user("zh.owner")
    sent = {"assigned_to": "Chen Owen", "due_date": "2026-01-22 08:00:00", "urgency": "1 - 高"}
    fields = "assigned_to.user_name,due_date,urgency"
    params = {"sysparm_input_display_value": "true", "sysparm_fields": fields}
    made = client.post("/table/incident", json=sent, params=params).json()["result"]
    assert made == {
        "assigned_to.user_name": "change.owner",
        "due_date": "2026-01-22 00:00:00",
        "urgency": "1",
    }


def test_68_the_same_correlation_id_twice_makes_two_records(integration: httpx.Client) -> None:
    new_incident(integration, correlation_id="same")
    new_incident(integration, correlation_id="same")
    params = {"sysparm_query": "correlation_id=same"}
    assert len(integration.get("/table/incident", params=params).json()["result"]) == 2


def test_70_long_texts_are_cut_silently(integration: httpx.Client) -> None:
    assert new_incident(integration, short_description="x" * 200)["short_description"] == "x" * 160


def test_96_a_silent_update_moves_no_stamp(integration: httpx.Client, control: Control) -> None:
    incident = new_incident(integration)
    control("switches", {"silent_updates": True})
    control("clock", {"offset_seconds": 60})
    changed = patch(integration, incident, urgency="1").json()["result"]
    assert changed["urgency"] == "1"
    assert changed["sys_updated_on"] == incident["sys_updated_on"]
    assert changed["sys_mod_count"] == incident["sys_mod_count"]


def test_98_a_customised_instance(
    integration: httpx.Client, admin: httpx.Client, control: Control
) -> None:
    mandatory = {"incident": {"u_cost_center": "Cost center"}}
    control("switches", {"mandatory_fields": mandatory, "number_prefixes": {"incident": "TKT"}})
    assert error_of(integration.post("/table/incident", json={})) == policy("Cost center")
    made = new_incident(integration, u_cost_center="42")
    assert (made["u_cost_center"], made["number"][:3]) == ("42", "TKT")
    params = {"sysparm_query": "name=incident^element=state^value=1^language=en"}
    row = admin.get("/table/sys_choice", params=params).json()["result"][0]
    admin.patch(f"/table/sys_choice/{row['sys_id']}", json={"label": "Brand new"})
    params = {"sysparm_display_value": "true", "sysparm_fields": "state"}
    shown = integration.get(f"/table/incident/{made['sys_id']}", params=params)
    assert shown.json()["result"] == {"state": "Brand new"}
