"""Levers on records, choices, tokens, packs and the log of requests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from tests.sandbox.servicenow.shorthand import by_password, new_incident, token, who

Control = Callable[[str, dict[str, Any]], Any]


def test_records_are_changed_as_any_user(integration: httpx.Client, control: Control) -> None:
    record = new_incident(integration)
    asked = {"table": "incident", "number": record["number"], "as": "incident.owner"}
    changed = control("records", {**asked, "fields": {"urgency": "1", "impact": "1"}})["changed"]
    assert [(one["number"], one["sys_mod_count"]) for one in changed] == [(record["number"], "1")]
    after = integration.get(f"/table/incident/{record['sys_id']}").json()["result"]
    assert (after["priority"], after["sys_updated_by"]) == ("1", "incident.owner")


def test_records_are_made_and_found_by_query(integration: httpx.Client, control: Control) -> None:
    fields = {"short_description": "Made behind the back", "correlation_id": "made"}
    made = control("records", {"table": "incident", "create": fields})["created"]
    asked = {"table": "incident", "query": "correlation_id=made", "delete": True}
    assert control("records", asked)["deleted"] == made
    assert integration.get("/table/incident").json()["result"] == []


def test_an_update_without_rules_still_moves_the_stamp(
    integration: httpx.Client, control: Control
) -> None:
    record = new_incident(integration)
    asked = {"table": "incident", "number": record["number"], "workflow": False}
    control("records", {**asked, "fields": {"state": "6", "priority": "1"}})
    after = integration.get(f"/table/incident/{record['sys_id']}").json()["result"]
    assert (after["state"], after["priority"], after["sys_mod_count"]) == ("6", "1", "1")


def test_the_instances_refusal_is_told(sandbox: Any, integration: httpx.Client) -> None:
    record = new_incident(integration)
    asked = {"table": "incident", "number": record["number"], "fields": {"state": "6"}}
    answer = httpx.post(f"{sandbox.servicenow_url}/_sandbox/records", json=asked)
    assert answer.status_code == 409
    assert "mandatory: Resolution code, Resolution notes" in answer.json()["error"]


@pytest.mark.parametrize(
    ("lever", "asked", "said"),
    [
        ("records", {"table": "nothing", "fields": {}}, "There is no table 'nothing'"),
        ("records", {"table": "incident", "fields": {"state": "2"}}, "Say which records"),
        ("records", {"number": "INC1", "fields": {"state": "2"}}, "No such record"),
        ("records", {"number": "INC1", "as": "nobody"}, "There is no user 'nobody'"),
        ("records", {"colour": 1}, "not colour"),
        ("choices", {"table": "incident", "element": "state"}, "value"),
        (
            "choices",
            {"table": "incident", "element": "state", "value": "2"},
            "Say what becomes of the value",
        ),
        ("tokens", {}, "either revoke or expire"),
        ("tokens", {"revoke": "some"}, "takes one of: access"),
        ("packs", {"nothing": True}, "There is no pack 'nothing'"),
        ("packs", {"customised": 1}, "with true"),
        ("app", {"colour": "x"}, "not colour"),
        ("app", {"installed": "yes"}, "of type bool"),
        ("app", {"hook_url": "ftp://127.0.0.1/"}, "no http address"),
        ("app", {"hook_url": "http://127.0.0.1:99999/"}, "no http address"),
        ("app", {"hook_url": "http://[/"}, "no http address"),
        ("switches", {"nothing": 1}, "There is no switch 'nothing'"),
    ],
)
def test_a_wrong_order_is_refused_with_a_sentence(
    sandbox: Any, lever: str, asked: dict[str, Any], said: str
) -> None:
    answer = httpx.post(f"{sandbox.servicenow_url}/_sandbox/{lever}", json=asked)
    assert answer.status_code == 400
    assert said in answer.json()["error"]


def choices(client: httpx.Client, value: str) -> list[tuple[str, str, str]]:
    query = f"name=incident^element=state^value={value}^ORDERBYlanguage"
    rows = client.get("/table/sys_choice", params={"sysparm_query": query}).json()["result"]
    return [(row["language"], row["label"], row["inactive"]) for row in rows]


def test_a_choice_is_renamed_retired_and_removed(
    integration: httpx.Client, control: Control
) -> None:
    state = {"table": "incident", "element": "state", "value": "2"}
    before = {row[0]: row[1] for row in choices(integration, "2")}
    control("choices", {**state, "label": "Working"})
    assert choices(integration, "2")[0] == ("en", "Working", "false")
    control("choices", {**state, "inactive": True})
    assert {row[2] for row in choices(integration, "2")} == {"true"}
    assert before["zh"] in {row[1] for row in choices(integration, "2")}
    assert control("choices", {**state, "remove": True}) == {"rows": []}
    assert choices(integration, "2") == []


def test_a_choice_is_added(integration: httpx.Client, control: Control) -> None:
    state = {"table": "incident", "element": "state", "value": "20"}
    control("choices", {**state, "label": "Waiting for parts"})
    assert choices(integration, "20") == [("en", "Waiting for parts", "false")]
    record = new_incident(integration, state="20")
    shown = integration.get(
        f"/table/incident/{record['sys_id']}", params={"sysparm_display_value": "true"}
    )
    assert shown.json()["result"]["state"] == "Waiting for parts"


@pytest.mark.parametrize("verb", ["revoke", "expire"])
def test_access_tokens_end_and_refresh_tokens_stay(
    anonymous: httpx.Client, control: Control, verb: str
) -> None:
    tokens = by_password(anonymous).json()
    assert control("tokens", {verb: "access"}) == {"ended": 1}
    assert who(anonymous, tokens["access_token"]).status_code == 401
    renewed = token(anonymous, grant_type="refresh_token", refresh_token=tokens["refresh_token"])
    assert who(anonymous, renewed.json()["access_token"]).status_code == 200


def test_all_tokens_of_one_user_end(anonymous: httpx.Client, control: Control) -> None:
    tokens = {name: by_password(anonymous, name).json() for name in ("admin", "change.owner")}
    assert control("tokens", {"revoke": "all", "user": "change.owner"}) == {"ended": 2}
    assert who(anonymous, tokens["admin"]["access_token"]).status_code == 200
    assert who(anonymous, tokens["change.owner"]["access_token"]).status_code == 401
    refused = token(
        anonymous,
        grant_type="refresh_token",
        refresh_token=tokens["change.owner"]["refresh_token"],
    )
    assert refused.status_code == 401


def test_packs_turn_switches_and_turn_them_back(sandbox: Any, control: Control) -> None:
    switches = f"{sandbox.servicenow_url}/_sandbox/switches"
    control("packs", {"hardened": True})
    assert httpx.get(switches).json()["basic_restriction"] is True
    control("packs", {"hardened": False})
    assert httpx.get(switches).json()["basic_restriction"] is False


def test_an_older_release_has_other_resolution_codes(
    integration: httpx.Client, control: Control
) -> None:
    control("packs", {"older_close_codes": True})
    record = new_incident(integration)
    path = f"/table/incident/{record['sys_id']}"
    new = {"state": "6", "close_code": "Solution provided", "close_notes": "Done"}
    assert integration.patch(path, json=new).status_code == 403
    old = {**new, "close_code": "Solved (Permanently)"}
    assert integration.patch(path, json=old).status_code == 200


def test_the_log_is_searched(sandbox: Any, integration: httpx.Client, admin: httpx.Client) -> None:
    new_incident(integration, correlation_id="find me")
    admin.get("/table/change_request", params={"sysparm_limit": "1"})
    integration.get("/table/nothing")
    room = f"{sandbox.servicenow_url}/_sandbox/requests"

    def found(**params: str) -> list[str]:
        entries = httpx.get(room, params=params).json()["requests"]
        return [f"{entry['method']} {entry['path'].rsplit('/', 1)[-1]}" for entry in entries]

    assert found() == ["POST incident", "GET change_request", "GET nothing"]
    assert found(method="post") == ["POST incident"]
    assert found(path="table/(incident|nothing)$") == ["POST incident", "GET nothing"]
    assert found(user="admin", query="sysparm_limit=1") == ["GET change_request"]
    assert found(body="find me") == ["POST incident"]
    assert found(status="4xx") == ["GET nothing"]
    assert found(status="201", service="servicenow") == ["POST incident"]
    assert found(limit="1") == ["GET nothing"]
    newest = httpx.get(room).json()["requests"][1]["number"]
    assert found(since=str(newest)) == ["GET nothing"]
    refused = httpx.get(room, params={"colour": "x"})
    assert (refused.status_code, "not by colour" in refused.text) == (400, True)


def test_a_switch_takes_what_the_documentation_writes(control: Control) -> None:
    now = control("switches", {"mfa": "on", "unknown_path": 404})
    assert (now["mfa"], now["unknown_path"]) == (True, "404")
    assert control("switches", {"mfa": "off"})["mfa"] is False
