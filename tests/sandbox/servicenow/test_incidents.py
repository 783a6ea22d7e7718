"""The rules of incidents; numbers are those of servicenow-api 13."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from tests.sandbox.servicenow.shorthand import error_of, new_incident

Control = Callable[[str, dict[str, Any]], Any]
Client = Callable[[str], httpx.Client]
RESOLVING = {"state": "6", "close_code": "Solution provided", "close_notes": "Done"}
DAY = 86_400


def patch(client: httpx.Client, incident: dict[str, Any], **sent: Any) -> httpx.Response:
    return client.patch(f"/table/incident/{incident['sys_id']}", json=sent)


def read(client: httpx.Client, incident: dict[str, Any], **params: str) -> dict[str, Any]:
    return client.get(f"/table/incident/{incident['sys_id']}", params=params).json()["result"]


def policy(*labels: str) -> tuple[int, str, str]:
    listed = ", ".join(labels)
    text = f"Data Policy Exception: The following fields are mandatory: {listed}"
    return 403, "Operation Failed", text


def refused(operation: str) -> tuple[int, str, str]:
    text = f"ACL Exception {operation} Failed due to security constraints"
    return 403, "Operation Failed", text


def test_59_a_note_reads_empty_and_is_one_journal_row(integration: httpx.Client) -> None:
    incident = new_incident(integration)
    for count in (1, 2):
        changed = patch(integration, incident, work_notes="Look at this").json()["result"]
        assert (changed["work_notes"], changed["sys_mod_count"]) == ("", str(count))
        query = {"sysparm_query": f"element_id={incident['sys_id']}^element=work_notes"}
        rows = integration.get("/table/sys_journal_field", params=query).json()["result"]
        assert [row["value"] for row in rows] == ["Look at this"] * count
    assert {(row["name"], row["sys_created_by"]) for row in rows} == {
        ("incident", "scoredesk.integration")
    }


def test_59_the_display_value_is_all_entries_newest_first(integration: httpx.Client) -> None:
    incident = new_incident(integration)
    for text in ("First", "Second"):
        patch(integration, incident, work_notes=text)
    shown = read(integration, incident, sysparm_display_value="true")["work_notes"]
    title = "- Scoredesk Integration (Work notes)\n"
    assert [part.partition(title)[2] for part in shown.split("\n\n")] == ["Second", "First", ""]


@pytest.mark.parametrize(
    ("sent", "missing"),
    [
        ({}, ("Resolution code", "Resolution notes")),
        ({"close_code": "User error"}, ("Resolution notes",)),
        ({"close_notes": "Done"}, ("Resolution code",)),
    ],
)
def test_60_resolving_needs_a_code_and_notes(
    integration: httpx.Client, sent: dict[str, str], missing: tuple[str, ...]
) -> None:
    incident = new_incident(integration)
    assert error_of(patch(integration, incident, state="6", **sent)) == policy(*missing)
    assert read(integration, incident)["state"] == "1"


def test_60_a_new_incident_cannot_be_resolved_without_them_either(
    integration: httpx.Client,
) -> None:
    answer = integration.post("/table/incident", json={"state": "6"})
    assert error_of(answer) == policy("Resolution code", "Resolution notes")


def test_60_resolving_fills_in_by_whom_and_when(integration: httpx.Client) -> None:
    incident = new_incident(integration)
    resolved = patch(integration, incident, **RESOLVING).json()["result"]
    assert (resolved["state"], resolved["incident_state"], resolved["active"]) == ("6", "6", "true")
    assert resolved["resolved_at"] == resolved["sys_updated_on"]
    assert resolved["resolved_by"]["value"] == incident["opened_by"]["value"]
    assert (resolved["closed_at"], resolved["closed_by"]) == ("", "")


def test_61_a_code_that_is_not_on_the_list_is_missed(integration: httpx.Client) -> None:
    incident = new_incident(integration)
    sent = {**RESOLVING, "close_code": "Old word"}
    assert error_of(patch(integration, incident, **sent)) == policy("Resolution code")


def test_61_while_open_such_a_code_is_stored_empty(integration: httpx.Client) -> None:
    assert new_incident(integration, close_code="Old word")["close_code"] == ""


def test_62_only_itil_admin_closes(integration: httpx.Client, as_user: Client) -> None:
    incident = new_incident(integration, close_code="User error", close_notes="Done")
    assert error_of(patch(integration, incident, state="7")) == refused("Update")
    sent = {"state": "7", "close_code": "User error", "close_notes": "Done"}
    assert error_of(integration.post("/table/incident", json=sent)) == refused("Insert")
    closed = patch(as_user("itil.admin"), incident, state="7").json()["result"]
    assert (closed["state"], closed["active"], bool(closed["closed_at"])) == ("7", "false", True)


def test_62_a_closed_incident_is_read_only(integration: httpx.Client, as_user: Client) -> None:
    incident = new_incident(integration, close_code="User error", close_notes="Done")
    patch(as_user("itil.admin"), incident, state="7")
    assert error_of(patch(integration, incident, urgency="1")) == refused("Update")
    assert patch(as_user("admin"), incident, urgency="1").status_code == 200


def test_62_by_switch_everyone_closes(integration: httpx.Client, control: Control) -> None:
    control("switches", {"close_needs_itil_admin": False})
    incident = new_incident(integration, close_code="User error", close_notes="Done")
    assert patch(integration, incident, state="7").json()["result"]["state"] == "7"


def test_63_what_was_resolved_long_ago_is_closed_by_the_system(
    integration: httpx.Client, control: Control
) -> None:
    incident = new_incident(integration)
    patch(integration, incident, **RESOLVING)
    control("clock", {"offset_seconds": 7 * DAY - 60})
    assert read(integration, incident)["state"] == "6"
    control("clock", {"offset_seconds": 7 * DAY + 60})
    closed = read(integration, incident)
    assert (closed["state"], closed["active"], closed["sys_updated_by"]) == ("7", "false", "system")
    assert closed["closed_by"] == closed["resolved_by"]
    assert closed["sys_mod_count"] == "2"


@pytest.mark.parametrize(("days", "state"), [("2", "7"), ("30", "6"), ("0", "6")])
def test_63_the_property_says_after_how_many_days(
    integration: httpx.Client, admin: httpx.Client, control: Control, days: str, state: str
) -> None:
    query = {"sysparm_query": "name=glide.ui.autoclose.time"}
    [row] = admin.get("/table/sys_properties", params=query).json()["result"]
    admin.patch(f"/table/sys_properties/{row['sys_id']}", json={"value": days})
    incident = new_incident(integration)
    patch(integration, incident, **RESOLVING)
    control("clock", {"offset_seconds": 10 * DAY})
    assert read(integration, incident)["state"] == state


def test_63_counted_from_the_last_update_by_property(
    integration: httpx.Client, admin: httpx.Client, control: Control
) -> None:
    query = {"sysparm_query": "name=com.snc.incident.autoclose.basedon.resolved_at"}
    [row] = admin.get("/table/sys_properties", params=query).json()["result"]
    admin.patch(f"/table/sys_properties/{row['sys_id']}", json={"value": "false"})
    incident = new_incident(integration)
    patch(integration, incident, **RESOLVING)
    control("clock", {"offset_seconds": 5 * DAY})
    patch(integration, incident, work_notes="Still looking")
    control("clock", {"offset_seconds": 8 * DAY})
    assert read(integration, incident)["state"] == "6"
    control("clock", {"offset_seconds": 13 * DAY})
    assert read(integration, incident)["state"] == "7"


def test_65_a_custom_rule_aborts_and_its_own_text_is_not_delivered(
    integration: httpx.Client, control: Control
) -> None:
    control("switches", {"business_rules": {"incident": "Check center"}})
    status, message, detail = error_of(integration.post("/table/incident", json={}))
    assert (status, message) == (403, "Operation Failed")
    assert detail is not None
    start = "Operation against file 'incident' was aborted by Business Rule 'Check center^"
    assert detail.startswith(start)
    rule_id = detail.removeprefix(start)[:32]
    assert detail == f"{start}{rule_id}'. Business Rule Stack:Check center"
    assert integration.get("/table/incident").json() == {"result": []}


def test_65_the_rule_that_the_refusal_names_can_be_opened_and_ended_there(
    integration: httpx.Client, admin: httpx.Client, control: Control
) -> None:
    control("switches", {"business_rules": {"incident": "Check center"}})
    _status, _message, detail = error_of(integration.post("/table/incident", json={}))
    assert detail is not None
    rule = f"/table/sys_script/{detail.partition('^')[2][:32]}"
    assert admin.get(rule).json()["result"]["name"] == "Check center"
    admin.patch(rule, json={"active": "false"}).raise_for_status()
    assert integration.post("/table/incident", json={}).status_code == 201
    control("switches", {"business_rules": {}})
    assert integration.post("/table/incident", json={}).status_code == 201
    assert admin.get(rule).status_code == 404


def test_69_by_switch_awaiting_the_caller_needs_a_comment(
    integration: httpx.Client, control: Control
) -> None:
    incident = new_incident(integration)
    assert patch(integration, incident, state="3", hold_reason="1").status_code == 200
    control("switches", {"comments_for_awaiting_caller": True})
    other = new_incident(integration)
    answer = patch(integration, other, state="3", hold_reason="1")
    assert error_of(answer) == policy("Additional comments")
    assert patch(integration, other, state="3", hold_reason="4").status_code == 200
    assert error_of(patch(integration, other, hold_reason="1")) == policy("Additional comments")
    answer = patch(integration, other, hold_reason="1", comments="Call us")
    assert answer.status_code == 200


def test_the_callers_answer_ends_the_waiting(integration: httpx.Client, as_user: Client) -> None:
    incident = new_incident(integration, caller_id="incident.owner")
    patch(integration, incident, state="3", hold_reason="1", comments="Which one?")
    patch(integration, incident, comments="Hello?")
    assert read(integration, incident)["state"] == "3"
    patch(as_user("incident.owner"), incident, comments="The second")
    answered = read(integration, incident)
    assert (answered["state"], answered["hold_reason"]) == ("2", "")


def test_reopening_counts(integration: httpx.Client) -> None:
    incident = new_incident(integration)
    patch(integration, incident, **RESOLVING)
    reopened = patch(integration, incident, state="2").json()["result"]
    assert (reopened["reopen_count"], reopened["resolved_at"]) == ("1", "")
    assert reopened["reopened_by"]["value"] == incident["opened_by"]["value"]


def test_cancelling_ends_an_incident(integration: httpx.Client) -> None:
    incident = new_incident(integration)
    cancelled = patch(integration, incident, state="8").json()["result"]
    assert (cancelled["active"], cancelled["resolved_at"]) == ("false", "")


def test_the_old_state_field_mirrors_the_state_both_ways(integration: httpx.Client) -> None:
    incident = new_incident(integration)
    assert patch(integration, incident, incident_state="2").json()["result"]["state"] == "2"
    assert patch(integration, incident, state="1").json()["result"]["incident_state"] == "1"


def test_an_administrator_changes_the_matrix_of_priorities(
    integration: httpx.Client, admin: httpx.Client
) -> None:
    query = {"sysparm_query": "impact=3^urgency=3"}
    [row] = admin.get("/table/dl_u_priority", params=query).json()["result"]
    admin.patch(f"/table/dl_u_priority/{row['sys_id']}", json={"priority": "4"})
    assert new_incident(integration, priority="1")["priority"] == "4"
    for row in admin.get("/table/dl_u_priority").json()["result"]:
        admin.patch(f"/table/dl_u_priority/{row['sys_id']}", json={"active": "false"})
    assert new_incident(integration, priority="1")["priority"] == "1"


def test_an_assignment_rule_works_some_seconds_later(
    integration: httpx.Client, control: Control
) -> None:
    fields = {"assignment_group": "Service Desk", "category": "network"}
    rule = {"incident": {"after_seconds": 20, "fields": fields}}
    control("switches", {"assignment_rules": rule})
    incident = new_incident(integration)
    assert (incident["assignment_group"], incident["category"]) == ("", "inquiry")
    control("clock", {"offset_seconds": 25})
    changed = read(integration, incident)
    assert (changed["category"], changed["sys_updated_by"]) == ("network", "system")
    shown = read(integration, incident, sysparm_display_value="true")
    assert shown["assignment_group"]["display_value"] == "Service Desk"


def test_an_assignment_rule_works_after_some_reads(
    integration: httpx.Client, control: Control
) -> None:
    rule = {"incident": {"after_reads": 2, "fields": {"category": "network"}}}
    control("switches", {"assignment_rules": rule})
    incident = new_incident(integration)
    seen = [read(integration, incident)["category"] for _ in range(3)]
    assert seen == ["inquiry", "inquiry", "network"]
