"""What the instance does behind a client's back: behaviours 95 to 99 of servicenow-api 13."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
from tests.sandbox.servicenow.shorthand import by_password, error_of, new_change, new_incident, who

Control = Callable[[str, dict[str, Any]], Any]
AsUser = Callable[[str], httpx.Client]


def read(client: httpx.Client, record: dict[str, Any], **params: str) -> dict[str, Any]:
    answer = client.get(f"/table/incident/{record['sys_id']}", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()["result"]


def traces(client: httpx.Client, record: dict[str, Any]) -> httpx.Response:
    params = {"sysparm_query": f"documentkey={record['sys_id']}"}
    return client.get("/table/sys_audit_delete", params=params)


def test_95_a_deleted_record_is_gone_and_leaves_a_trace_for_administrators(
    integration: httpx.Client, admin: httpx.Client, control: Control
) -> None:
    record = new_incident(integration)
    control("records", {"table": "incident", "number": record["number"], "delete": True})
    assert integration.get(f"/table/incident/{record['sys_id']}").status_code == 404
    rows = traces(admin, record).json()["result"]
    assert [(row["tablename"], row["display_value"]) for row in rows] == [
        ("incident", record["number"])
    ]
    assert traces(integration, record).status_code == 403
    control("switches", {"unreadable_table": "empty"})
    hidden = traces(integration, record)
    assert (hidden.status_code, hidden.json()["result"]) == (200, [])


def test_95_the_table_cleaner_leaves_no_trace(
    integration: httpx.Client, admin: httpx.Client, control: Control
) -> None:
    record = new_incident(integration)
    asked = {"table": "incident", "sys_id": record["sys_id"], "delete": True, "audit": False}
    answer = control("records", asked)
    assert [gone["number"] for gone in answer["deleted"]] == [record["number"]]
    assert integration.get(f"/table/incident/{record['sys_id']}").status_code == 404
    assert traces(admin, record).json()["result"] == []


def test_96_a_silent_update_moves_no_stamp(integration: httpx.Client, control: Control) -> None:
    record = new_incident(integration)
    control("clock", {"advance_seconds": 60})
    asked = {"table": "incident", "number": record["number"], "silently": True}
    control("records", {**asked, "fields": {"short_description": "Changed by a script"}})
    after = read(integration, record)
    assert after["short_description"] == "Changed by a script"
    for stamp in ("sys_updated_on", "sys_mod_count", "sys_updated_by"):
        assert after[stamp] == record[stamp]


def test_96_the_switch_makes_every_update_silent(
    integration: httpx.Client, control: Control
) -> None:
    record = new_incident(integration)
    control("clock", {"advance_seconds": 60})
    control("switches", {"silent_updates": True})
    changed = integration.patch(
        f"/table/incident/{record['sys_id']}", json={"short_description": "Silent"}
    ).json()["result"]
    assert changed["short_description"] == "Silent"
    assert changed["sys_updated_on"] == record["sys_updated_on"]
    assert changed["sys_mod_count"] == "0"


def test_97_the_instances_clock_is_ahead_by_switch(
    integration: httpx.Client, control: Control
) -> None:
    now = datetime.fromisoformat(control("clock", {"freeze": True})["now"]).replace(microsecond=0)
    control("switches", {"clock_offset": 300})
    answer = integration.post("/table/incident", json={"short_description": "Ahead"})
    assert parsedate_to_datetime(answer.headers["Date"]) == now + timedelta(seconds=300)
    stamp = datetime.fromisoformat(f"{answer.json()['result']['sys_updated_on']}+00:00")
    assert stamp == now + timedelta(seconds=300)


def test_98_a_customised_instance_wants_its_own_field(
    integration: httpx.Client, control: Control
) -> None:
    control("packs", {"customised": True})
    answer = integration.post("/table/incident", json={"short_description": "Plain"})
    assert error_of(answer)[0] == 403
    assert error_of(answer)[2] == (
        "Data Policy Exception: The following fields are mandatory: Cost center"
    )
    made = new_incident(integration, u_cost_center="4711")
    assert made["u_cost_center"] == "4711"


def test_98_a_customised_instance_has_its_own_numbers_and_names(
    integration: httpx.Client, admin: httpx.Client, control: Control
) -> None:
    control("packs", {"customised": True})
    made = new_incident(admin, u_cost_center="4711", state="2")
    assert made["number"].startswith("TKT")
    assert read(admin, made, sysparm_display_value="true")["state"] == "Being worked on"
    assert read(integration, made, sysparm_display_value="true")["state"] == "In Bearbeitung"
    assert read(integration, made)["state"] == "2"


def test_98_a_customised_instance_has_fewer_categories_and_one_language_more(
    integration: httpx.Client, control: Control
) -> None:
    control("packs", {"customised": True})
    query = "name=incident^element=category^value=network"
    rows = integration.get("/table/sys_choice", params={"sysparm_query": query}).json()["result"]
    assert rows == []
    query = "name=incident^element=state^value=6^language=de"
    rows = integration.get("/table/sys_choice", params={"sysparm_query": query}).json()["result"]
    assert [row["label"] for row in rows] == ["Gelöst"]


def test_98_the_pack_can_be_taken_away_again(integration: httpx.Client, control: Control) -> None:
    control("packs", {"customised": True})
    packs = control("packs", {"customised": False})
    assert packs["customised"]["on"] is False
    made = new_incident(integration, state="2")
    assert made["number"].startswith("INC")
    assert read(integration, made, sysparm_display_value="true")["state"] == "In Progress"
    query = "name=incident^element=category^value=network^language=en"
    rows = integration.get("/table/sys_choice", params={"sysparm_query": query}).json()["result"]
    assert len(rows) == 1


def test_99_a_clone_replaces_all_records_at_once(
    integration: httpx.Client, control: Control
) -> None:
    ours = [new_incident(integration)["sys_id"] for _ in range(3)]
    ours.append(new_change(integration)["sys_id"])
    control("packs", {"clone": True})
    for sys_id in ours:
        assert integration.get(f"/table/task/{sys_id}").status_code == 404
    for table in ("incident", "change_request"):
        answer = integration.get(f"/table/{table}", params={"sysparm_limit": "1"})
        assert answer.headers["X-Total-Count"] == "25"


def test_99_a_clone_replaces_the_oauth_application(
    anonymous: httpx.Client, control: Control
) -> None:
    token = by_password(anonymous).json()["access_token"]
    assert who(anonymous, token).status_code == 200
    control("packs", {"clone": True})
    assert who(anonymous, token).status_code == 401
    assert by_password(anonymous).json() == {
        "error_description": "access_denied",
        "error": "server_error",
    }


def test_99_a_clone_cannot_be_undone_but_reset(
    integration: httpx.Client, anonymous: httpx.Client, control: Control
) -> None:
    control("packs", {"clone": True})
    url = anonymous.base_url.join("/_sandbox/packs")
    refused = httpx.post(url, json={"clone": False})
    assert refused.status_code == 400
    assert "cannot be undone" in refused.json()["error"]
    control("reset", {})
    assert by_password(anonymous).status_code == 200
    assert integration.get("/table/incident").json()["result"] == []
