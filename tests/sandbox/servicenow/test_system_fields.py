"""What the instance writes itself: counts and stamps, traces of deletions, rights for tables."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from tests.sandbox.servicenow.shorthand import error_of, new_incident

from scoredesk.sandbox.servicenow.instance import Instance
from scoredesk.sandbox.servicenow.state import Store
from scoredesk.sandbox.servicenow.switches import SWITCHES
from scoredesk.sandbox.servicenow.tables import records
from scoredesk.sandbox.shared import Shared

Control = Callable[[str, dict[str, Any]], Any]
As = Callable[[str], httpx.Client]
UNREADABLE = (403, "Insufficient rights to query records", None)


def patch(client: httpx.Client, incident: dict[str, Any], **sent: Any) -> dict[str, Any]:
    answer = client.patch(f"/table/incident/{incident['sys_id']}", json=sent)
    assert answer.status_code == 200, answer.text
    return answer.json()["result"]


def test_57_a_real_change_counts_and_moves_the_stamp(
    integration: httpx.Client, admin: httpx.Client, control: Control
) -> None:
    incident = new_incident(integration)
    control("clock", {"offset_seconds": 60})
    first = patch(admin, incident, urgency="2")
    second = patch(integration, incident, urgency="1")
    assert (first["sys_mod_count"], second["sys_mod_count"]) == ("1", "2")
    assert (first["sys_updated_by"], second["sys_updated_by"]) == ("admin", "scoredesk.integration")
    assert first["sys_updated_on"] > incident["sys_updated_on"] == incident["sys_created_on"]
    assert second["sys_created_by"] == "scoredesk.integration"


@pytest.mark.parametrize("sent", [{}, {"urgency": "3"}, {"no_such_field": "x"}, {"work_notes": ""}])
def test_57_an_empty_change_does_not(
    integration: httpx.Client, control: Control, sent: dict[str, str]
) -> None:
    incident = new_incident(integration)
    control("clock", {"offset_seconds": 60})
    assert patch(integration, incident, **sent) == incident


def test_58_two_updates_in_one_second_differ_in_their_count(
    integration: httpx.Client, control: Control
) -> None:
    incident = new_incident(integration)
    for _ in range(10):
        first = patch(integration, incident, urgency="2")
        second = patch(integration, incident, urgency="1")
        if first["sys_updated_on"] == second["sys_updated_on"]:
            break
    assert first["sys_updated_on"] == second["sys_updated_on"]
    assert int(second["sys_mod_count"]) == int(first["sys_mod_count"]) + 1


@pytest.mark.parametrize("table", ["sys_properties", "sys_script", "sys_dictionary", "sys_audit"])
def test_86_tables_of_the_administrator_are_closed_to_itil(
    integration: httpx.Client, control: Control, table: str
) -> None:
    assert error_of(integration.get(f"/table/{table}")) == UNREADABLE
    control("switches", {"unreadable_table": "empty"})
    assert integration.get(f"/table/{table}").json() == {"result": []}


@pytest.mark.parametrize(
    ("name", "start"),
    [("glide.war", "glide-yokohama-12-18-2024__patch4"), ("glide.buildtag.last", "glide-yoko")],
)
def test_86_properties_carry_the_release(admin: httpx.Client, name: str, start: str) -> None:
    rows = admin.get("/table/sys_properties", params={"name": name}).json()["result"]
    assert [row["value"][: len(start)] for row in rows] == [start]


def test_87_the_application_registry_is_closed_to_itil(
    integration: httpx.Client, admin: httpx.Client, control: Control
) -> None:
    assert error_of(integration.get("/table/oauth_entity")) == UNREADABLE
    assert [row["name"] for row in admin.get("/table/oauth_entity").json()["result"]]
    control("switches", {"unreadable_table": "empty"})
    assert integration.get("/table/oauth_entity").json() == {"result": []}


def test_the_dictionary_can_be_opened_to_everybody(
    integration: httpx.Client, control: Control
) -> None:
    control("switches", {"dictionary_readable": True})
    params = {"sysparm_query": "name=incident^element=caller_id"}
    row = integration.get("/table/sys_dictionary", params=params).json()["result"][0]
    assert (row["column_label"], row["internal_type"]["value"]) == ("Caller", "reference")
    assert (row["reference"]["value"], row["mandatory"]) == ("sys_user", "true")


def test_inactive_users_can_be_hidden(
    integration: httpx.Client, admin: httpx.Client, control: Control
) -> None:
    params = {"user_name": "inactive.user"}
    assert len(integration.get("/table/sys_user", params=params).json()["result"]) == 1
    control("switches", {"inactive_users_visible": False})
    assert integration.get("/table/sys_user", params=params).json()["result"] == []
    assert len(admin.get("/table/sys_user", params=params).json()["result"]) == 1


def test_roles_of_the_caller_can_be_read(integration: httpx.Client) -> None:
    params = {"sysparm_query": "user=javascript:gs.getUserID()", "sysparm_fields": "role.name"}
    rows = integration.get("/table/sys_user_has_role", params=params).json()["result"]
    assert rows == [{"role.name": "itil"}]


def test_95_a_deleted_record_is_gone(integration: httpx.Client, admin: httpx.Client) -> None:
    incident = new_incident(integration)
    assert admin.delete(f"/table/incident/{incident['sys_id']}").status_code == 204
    for method in ("GET", "PATCH", "DELETE"):
        answer = admin.request(method, f"/table/incident/{incident['sys_id']}", json={})
        assert error_of(answer)[:2] == (404, "No Record found")


def test_95_an_administrator_finds_what_was_deleted(
    integration: httpx.Client, admin: httpx.Client
) -> None:
    incident = new_incident(integration, short_description="Gone")
    admin.delete(f"/table/incident/{incident['sys_id']}")
    params = {"documentkey": incident["sys_id"]}
    kept = admin.get("/table/sys_audit_delete", params=params).json()["result"]
    assert [(row["tablename"], row["display_value"]) for row in kept] == [
        ("incident", incident["number"])
    ]
    assert json.loads(kept[0]["payload"])["short_description"] == "Gone"
    audit = admin.get("/table/sys_audit", params=params).json()["result"]
    words = [(row["fieldname"], row["oldvalue"], row["newvalue"]) for row in audit]
    assert words == [("DELETED", "DELETED", "DELETED")]


@pytest.mark.parametrize("table", ["sys_audit_delete", "sys_audit"])
def test_95_nobody_else_does(integration: httpx.Client, admin: httpx.Client, table: str) -> None:
    admin.delete(f"/table/incident/{new_incident(integration)['sys_id']}")
    assert error_of(integration.get(f"/table/{table}")) == UNREADABLE
    row = admin.get(f"/table/{table}").json()["result"][0]
    assert admin.delete(f"/table/{table}/{row['sys_id']}").status_code == 403


def test_95_the_table_cleaner_leaves_no_trace() -> None:
    shared = Shared()
    shared.switches.register(SWITCHES)
    instance = Instance(shared, Store(None))
    stamp = instance.stamp()
    own = {"sys_created_on": stamp, "sys_updated_on": stamp, "sys_mod_count": "0"}
    instance.store.insert("incident", {"sys_id": "a" * 32, **own})
    assert records.clean(instance, "task", sys_id="a" * 32)
    assert not records.clean(instance, "task", sys_id="a" * 32)
    assert not instance.store.find_all("sys_audit_delete")
    assert not instance.store.find_all("sys_audit")
