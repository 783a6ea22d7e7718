"""What an administrator makes of an instance: columns, choices, people, applications, rules."""

from __future__ import annotations

import json
import re
from typing import Any

import httpx
import pytest
from tests.sandbox.servicenow.shorthand import error_of, new_change, new_incident

from scoredesk.sandbox.program import RunningSandbox


def made(client: httpx.Client, table: str, **sent: Any) -> dict[str, Any]:
    answer = client.post(f"/table/{table}", json=sent)
    assert answer.status_code == 201, answer.text
    return answer.json()["result"]


def rows(client: httpx.Client, table: str, query: str) -> list[dict[str, Any]]:
    answer = client.get(f"/table/{table}", params={"sysparm_query": query})
    assert answer.status_code == 200, answer.text
    return answer.json()["result"]


def choice(admin: httpx.Client, table: str, element: str, value: str) -> str:
    query = f"name={table}^element={element}^value={value}^language=en"
    return rows(admin, "sys_choice", query)[0]["sys_id"]


def test_a_column_of_ones_own(integration: httpx.Client, admin: httpx.Client) -> None:
    made(admin, "sys_dictionary", name="incident", element="u_cost_center",
         column_label="Cost center", internal_type="string", max_length="5")  # fmt: skip
    incident = new_incident(integration, u_cost_center="1234567")
    assert incident["u_cost_center"] == "12345"
    found = rows(integration, "incident", "u_cost_centerSTARTSWITH123^ORDERBYu_cost_center")
    assert [row["number"] for row in found] == [incident["number"]]
    assert rows(integration, "incident", "u_cost_center=other") == []
    assert "u_cost_center" not in new_change(integration)


def test_a_column_of_all_tasks_with_a_reference(
    integration: httpx.Client, admin: httpx.Client
) -> None:
    column = made(admin, "sys_dictionary", name="task", column_label="Budget owner",
                  internal_type="reference", reference="sys_user")  # fmt: skip
    assert column["element"] == "u_budget_owner"
    change = new_change(integration, u_budget_owner="Chen Owen")
    query = "u_budget_owner.user_name=change.owner"
    assert [row["sys_id"] for row in rows(integration, "task", query)] == [change["sys_id"]]
    admin.delete(f"/table/sys_dictionary/{column['sys_id']}")
    path = f"/table/change_request/{change['sys_id']}"
    assert "u_budget_owner" not in integration.get(path).json()["result"]


def test_added_columns_are_gone_after_a_reset(sandbox: RunningSandbox, admin: httpx.Client) -> None:
    made(admin, "sys_dictionary", name="incident", element="u_x", internal_type="boolean")
    assert "u_x" in new_incident(admin)
    sandbox.reset()
    assert "u_x" not in new_incident(admin)


def test_a_column_can_be_mandatory_by_a_data_policy(
    integration: httpx.Client, admin: httpx.Client
) -> None:
    made(admin, "sys_dictionary", name="incident", element="u_cost_center",
         column_label="Cost center")  # fmt: skip
    policy = made(admin, "sys_data_policy2", model_table="incident", short_description="Money",
                  conditions="urgency=1")  # fmt: skip
    made(admin, "sys_data_policy_rule", sys_data_policy=policy["sys_id"], field="u_cost_center",
         mandatory="true")  # fmt: skip
    answer = integration.post("/table/incident", json={"urgency": "1"})
    text = "Data Policy Exception: The following fields are mandatory: Cost center"
    assert error_of(answer) == (403, "Operation Failed", text)
    assert new_incident(integration, urgency="1", u_cost_center="1")["u_cost_center"] == "1"
    assert new_incident(integration, urgency="2")["u_cost_center"] == ""


@pytest.mark.parametrize("sent", [{"name": "nothing", "element": "u_x"}, {"name": "incident"}])
def test_a_column_needs_a_table_and_a_name(admin: httpx.Client, sent: dict[str, str]) -> None:
    assert admin.post("/table/sys_dictionary", json=sent).status_code == 403


def test_the_dictionary_tells_the_truth(admin: httpx.Client) -> None:
    incident = new_incident(admin)
    query = "nameINincident,task^elementISNOTEMPTY"
    elements = {row["element"] for row in rows(admin, "sys_dictionary", query)}
    assert elements == set(incident)
    tables = {row["name"]: row for row in rows(admin, "sys_db_object", "nameINtask,incident")}
    assert tables["incident"]["super_class"]["value"] == tables["task"]["sys_id"]
    stock = rows(admin, "sys_dictionary", "name=incident^element=caller_id")[0]
    assert admin.delete(f"/table/sys_dictionary/{stock['sys_id']}").status_code == 403


def test_a_renamed_choice_shows_at_once(integration: httpx.Client, admin: httpx.Client) -> None:
    incident = new_incident(integration)
    sys_id = choice(admin, "incident", "state", "1")
    admin.patch(f"/table/sys_choice/{sys_id}", json={"label": "Brand new"})
    params = {"sysparm_display_value": "true", "sysparm_fields": "state"}
    shown = integration.get(f"/table/incident/{incident['sys_id']}", params=params)
    assert shown.json()["result"] == {"state": "Brand new"}


def test_a_retired_resolution_code_is_refused_and_a_new_one_taken(
    integration: httpx.Client, admin: httpx.Client
) -> None:
    sys_id = choice(admin, "incident", "close_code", "User error")
    admin.patch(f"/table/sys_choice/{sys_id}", json={"inactive": "true"})
    incident = new_incident(integration)
    path = f"/table/incident/{incident['sys_id']}"
    sent = {"state": "6", "close_code": "User error", "close_notes": "Done"}
    text = "Data Policy Exception: The following fields are mandatory: Resolution code"
    assert error_of(integration.patch(path, json=sent))[2] == text
    made(admin, "sys_choice", name="incident", element="close_code", value="Own", label="Own code")
    sent["close_code"] = "Own"
    assert integration.patch(path, json=sent).json()["result"]["close_code"] == "Own"


def test_subcategories_depend_on_their_category(integration: httpx.Client) -> None:
    query = "name=incident^element=subcategory^dependent_value=network^language=zh"
    labels = {row["value"]: row["label"] for row in rows(integration, "sys_choice", query)}
    assert (labels["wireless"], "cpu" in labels) == ("无线", False)


def test_a_new_person_signs_in_and_gets_rights_by_a_role(admin: httpx.Client, as_user: Any) -> None:
    user = made(admin, "sys_user", user_name="new.person", first_name="New", last_name="Person",
                user_password="new.person")  # fmt: skip
    assert (user["name"], user["active"]) == ("New Person", "true")
    person = as_user("new.person")
    assert person.post("/table/incident", json={}).status_code == 403
    grant = made(admin, "sys_user_has_role", user="new.person", role="itil")
    assert person.post("/table/incident", json={}).status_code == 201
    assert admin.delete(f"/table/sys_user_has_role/{grant['sys_id']}").status_code == 204
    assert person.post("/table/incident", json={}).status_code == 403
    admin.patch(f"/table/sys_user/{user['sys_id']}", json={"active": "false"})
    assert person.get("/table/incident").status_code == 401


def test_an_applications_secret_is_delivered_once(admin: httpx.Client) -> None:
    entity = made(admin, "oauth_entity", name="Another", redirect_url="https://x.example/back")
    assert re.fullmatch(r"[0-9a-f]{32}", entity["client_id"])
    assert len(entity["client_secret"]) >= 32
    assert (entity["access_token_lifespan"], entity["active"]) == ("1800", "true")
    read = admin.get(f"/table/oauth_entity/{entity['sys_id']}").json()["result"]
    assert "client_secret" not in read


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ({"order": "ten"}, {"order": ""}),
        ({"order": " 10 "}, {"order": "10"}),
        ({"due_date": "2026-01-22"}, {"due_date": "2026-01-22 00:00:00"}),
        ({"due_date": "soon"}, {"due_date": ""}),
        ({"description": None}, {"description": ""}),
        ({"knowledge": True}, {"knowledge": "true"}),
        ({"knowledge": "no"}, {"knowledge": "false"}),
        ({"impact": "", "urgency": ""}, {"impact": "3", "urgency": "3"}),
        ({"sys_mod_count": "7", "sys_class_name": "task"}, {"sys_mod_count": "0", "number": None}),
    ],
)
def test_what_a_column_cannot_hold_is_not_stored(
    integration: httpx.Client, sent: dict[str, Any], kept: dict[str, Any]
) -> None:
    incident = new_incident(integration, **sent)
    read = integration.get(f"/table/incident/{incident['sys_id']}").json()["result"]
    expected = {name: value for name, value in kept.items() if value is not None}
    assert {name: read[name] for name in expected} == expected


def test_half_a_letter_is_stored_as_a_question_mark(integration: httpx.Client) -> None:
    sent = json.dumps({"description": "half \ud83d"})
    headers = {"Content-Type": "application/json"}
    answer = integration.post("/table/incident", content=sent, headers=headers)
    assert answer.json()["result"]["description"] == "half ?"


def test_emptied_values_stay_empty(integration: httpx.Client) -> None:
    """Values that nearly every record has are not stored; an empty one must be."""
    incident = new_incident(integration)
    emptied = {"category": "", "upon_reject": "", "opened_at": "", "task_effective_number": ""}
    path = f"/table/incident/{incident['sys_id']}"
    assert integration.patch(path, json=emptied).status_code == 200
    read = integration.get(path).json()["result"]
    assert {name: read[name] for name in emptied} == emptied
    for name in emptied:
        assert len(rows(integration, "incident", f"{name}ISEMPTY")) == 1


def test_a_sys_id_that_another_table_holds_is_not_taken(
    integration: httpx.Client, admin: httpx.Client
) -> None:
    taken = new_incident(integration)["sys_id"]
    user = made(admin, "sys_user", user_name="x", sys_id=taken)
    assert user["sys_id"] != taken
