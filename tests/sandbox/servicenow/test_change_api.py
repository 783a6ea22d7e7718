"""The Change Management API; numbers are those of servicenow-api 13."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from tests.sandbox.servicenow.shorthand import error_of

from scoredesk.sandbox.program import RunningSandbox

Control = Callable[[str, dict[str, Any]], Any]
Client = Callable[[str], httpx.Client]
RULE = "Change Model: Check State Transition"


@pytest.fixture
def api(sandbox: RunningSandbox, as_user: Client) -> Client:
    """`api("change.owner")` talks to `/api/sn_chg_rest`."""

    def client(user_name: str) -> httpx.Client:
        made = as_user(user_name)
        made.base_url = httpx.URL(f"{sandbox.servicenow_url}/api/sn_chg_rest/")
        return made

    return client


@pytest.fixture
def chg(api: Client) -> httpx.Client:
    return api("change.owner")


def made(client: httpx.Client, path: str = "/change/normal", **sent: Any) -> dict[str, Any]:
    answer = client.post(path, json=sent)
    assert answer.status_code == 200, answer.text
    return answer.json()["result"]


def moved(client: httpx.Client, change: dict[str, Any], state: str, **sent: str) -> httpx.Response:
    return client.patch(f"/change/{change['sys_id']['value']}", json={"state": state, **sent})


def test_77_fields_are_pairs_of_value_and_display_value(chg: httpx.Client) -> None:
    change = made(chg, short_description="Renew", assignment_group="Service Desk")
    assert change["state"] == {"display_value": "New", "value": -5.0}
    assert change["type"] == {"display_value": "Normal", "value": "normal"}
    assert change["short_description"] == {"display_value": "Renew", "value": "Renew"}
    assert change["active"] == {"display_value": "true", "value": True}
    assert change["assignment_group"]["display_value"] == "Service Desk"
    assert change["chg_model"]["display_value"] == "Normal"
    assert set(change["sys_created_on"]) == {"display_value", "value", "display_value_internal"}
    assert change["due_date"] == {"display_value": "", "value": "", "display_value_internal": ""}
    pairs = [pair for name, pair in change.items() if name != "__meta"]
    assert all({"display_value", "value"} <= set(pair) for pair in pairs)


def test_77_by_switch_all_values_are_strings(chg: httpx.Client, control: Control) -> None:
    control("switches", {"change_api_typed_values": False})
    change = made(chg)
    assert change["state"] == {"display_value": "New", "value": "-5"}
    assert change["on_hold"] == {"display_value": "false", "value": "false"}


def test_77_unknown_fields_are_named(chg: httpx.Client) -> None:
    change = made(chg, no_such_field="x", description="y")
    assert change["__meta"] == {"ignoredFields": ["no_such_field"]}
    answer = chg.patch(f"/v1/change/{change['sys_id']['value']}", json={"nothing": "x"})
    assert answer.json()["result"]["__meta"] == {"ignoredFields": ["nothing"]}


def test_77_fields_may_stand_in_the_address(chg: httpx.Client) -> None:
    params = {"no_such_field": "something", "short_description": "Reboot server"}
    answer = chg.post("/v1/change/emergency", params=params)
    change = answer.json()["result"]
    assert change["type"]["value"] == "emergency"
    assert change["short_description"]["value"] == "Reboot server"
    assert change["__meta"] == {"ignoredFields": ["no_such_field"]}


def test_78_nextstates_tells_states_transitions_and_labels(chg: httpx.Client) -> None:
    change = made(chg)
    for state in ("-4", "-3", "-2", "-1"):
        assert moved(chg, change, state).status_code == 200
    result = chg.get(f"/change/{change['sys_id']['value']}/nextstates").json()["result"]
    assert set(result) == {"available_states", "state_transitions", "state_label"}
    assert result["available_states"] == ["0", "4", "-1"]
    assert result["state_label"] == {"0": "Review", "4": "Canceled", "-1": "Implement"}
    [[forward], [cancel]] = result["state_transitions"]
    assert {**forward, "sys_id": "", "conditions": []} == {
        "sys_id": "",
        "display_value": "Implement to Review",
        "from_state": "-1",
        "to_state": "0",
        "transition_available": True,
        "automatic_transition": False,
        "conditions": [],
    }
    assert len(forward["sys_id"]) == 32
    [condition] = forward["conditions"]
    assert condition["passed"] is True
    assert set(condition["condition"]) == {"name", "description", "sys_id"}
    assert (condition["condition"]["name"], condition["condition"]["description"]) == (
        "Not On hold",
        None,
    )
    assert (cancel["to_state"], cancel["conditions"]) == ("4", [])


def test_78_a_condition_that_is_not_met_closes_the_way(chg: httpx.Client, control: Control) -> None:
    control("switches", {"change_needs_group": True})
    change = made(chg)
    path = f"/change/{change['sys_id']['value']}"
    forward = chg.get(f"{path}/nextstates").json()["result"]["state_transitions"][0][0]
    assert forward["transition_available"] is False
    missing = [one["condition"]["name"] for one in forward["conditions"] if not one["passed"]]
    assert missing == ["Assignment group is set"]
    chg.patch(path, json={"assignment_group": "Service Desk", "on_hold": True})
    forward = chg.get(f"{path}/nextstates").json()["result"]["state_transitions"][0][0]
    missing = [one["condition"]["name"] for one in forward["conditions"] if not one["passed"]]
    assert missing == ["Not On hold"]


def test_79_the_text_of_a_refusal_is_in_the_message(chg: httpx.Client) -> None:
    change = made(chg)
    status, message, detail = error_of(moved(chg, change, "0"))
    assert (status, detail) == (400, "")
    start = (
        "Change Request record could not be updated. Operation against file 'change_request' was "
        f"aborted by Business Rule '{RULE}^"
    )
    assert message.startswith(start)
    assert message.endswith(f"Business Rule Stack:{RULE}")
    missing = chg.get(f"/change/{'0' * 32}")
    assert error_of(missing) == (404, "No Record found", "")


def test_lists_can_be_filtered_and_paged(chg: httpx.Client) -> None:
    for path in ("/change/normal", "/change/emergency", "/change/normal"):
        made(chg, path)
    params = {"sysparm_query": "ORDERBYnumber", "sysparm_limit": "1", "sysparm_offset": "1"}
    answer = chg.get("/change", params=params)
    assert [one["type"]["value"] for one in answer.json()["result"]] == ["emergency"]
    assert answer.headers["X-Total-Count"] == "3"
    assert len(chg.get("/change/normal").json()["result"]) == 2
    assert len(chg.get("/change", params={"type": "emergency"}).json()["result"]) == 1


def test_a_change_is_read_by_its_type_only_if_it_has_it(chg: httpx.Client) -> None:
    sys_id = made(chg)["sys_id"]["value"]
    assert chg.get(f"/change/{sys_id}").json() == chg.get(f"/change/normal/{sys_id}").json()
    assert error_of(chg.get(f"/change/emergency/{sys_id}"))[0] == 404


def test_deleting_answers_what_was_deleted(chg: httpx.Client, api: Client) -> None:
    change = made(chg)
    path = f"/change/{change['sys_id']['value']}"
    refused = error_of(chg.delete(path))
    text = "ACL Exception Delete Failed due to security constraints"
    assert refused == (400, f"Change Request record could not be deleted. {text}", "")
    gone = api("admin").delete(path)
    assert (gone.status_code, gone.json()["result"]["number"]) == (200, change["number"])
    assert chg.get(path).status_code == 404


def test_models_are_records_and_a_change_is_made_by_one(chg: httpx.Client) -> None:
    models = chg.get("/change/model").json()["result"]
    names = {model["name"]["value"]: model["sys_id"]["value"] for model in models}
    assert set(names) == {"Normal", "Standard", "Emergency", "Change Registration"}
    change = made(chg, "/change", chg_model=names["Change Registration"])
    result = chg.get(f"/change/{change['sys_id']['value']}/nextstates").json()["result"]
    assert result["available_states"] == ["-1", "4", "-5"]
    one = chg.get(f"/change/model/{names['Emergency']}").json()["result"]
    assert one["record_preset"]["value"] == "type=emergency^EQ"


def test_a_standard_change_takes_its_plans_from_the_template(chg: httpx.Client) -> None:
    templates = chg.get("/change/standard/template").json()["result"]
    template = next(one for one in templates if one["name"]["value"] == "Restart a server")
    path = f"/change/standard/{template['sys_id']['value']}"
    change = made(chg, path, description="Other", assignment_group="Service Desk")
    assert change["type"]["value"] == "standard"
    assert change["description"]["value"] == "Restart the server that is named."
    assert change["std_change_producer_version"]["value"] == template["current_version"]["value"]
    assert change["assignment_group"]["display_value"] == "Service Desk"
    assert change["__meta"] == {"ignoredFields": ["description"]}
    assert error_of(chg.post(f"/change/standard/{'0' * 32}"))[0] == 404


def test_tasks_belong_to_their_change(chg: httpx.Client, api: Client) -> None:
    change, other = made(chg), made(chg)
    path = f"/change/{change['sys_id']['value']}/task"
    task = chg.post(path, json={"short_description": "Announce"}).json()["result"]
    assert task["number"]["value"].startswith("CTASK")
    assert task["parent"]["display_value"] == change["number"]["value"]
    assert [one["sys_id"] for one in chg.get(path).json()["result"]] == [task["sys_id"]]
    mine = f"{path}/{task['sys_id']['value']}"
    closed = chg.patch(mine, json={"state": "3"}).json()["result"]
    assert closed["active"]["value"] is False
    assert (
        error_of(chg.get(mine.replace(path, f"/change/{other['sys_id']['value']}/task")))[0] == 404
    )
    assert api("admin").delete(mine).status_code == 200
    assert chg.get(path).json() == {"result": []}


def test_without_the_plugin_the_address_does_not_exist(chg: httpx.Client, control: Control) -> None:
    control("switches", {"change_api": False})
    expected = (400, "Requested URI does not represent any resource", None)
    assert error_of(chg.get("/change/model")) == expected


def test_a_role_is_needed(api: Client) -> None:
    text = "ACL Exception Insert Failed due to security constraints"
    refused = error_of(api("no.roles").post("/change/normal", json={}))
    assert refused == (400, f"Change Request record could not be created. {text}", "")
