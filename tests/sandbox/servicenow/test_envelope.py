"""Envelope, headers and value shapes; numbers are those of servicenow-api 13."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from tests.sandbox.servicenow.shorthand import new_incident

from scoredesk.sandbox.program import RunningSandbox

Control = Callable[[str, dict[str, Any]], Any]


def test_30_31_42_raw_values(integration: httpx.Client, sandbox: RunningSandbox) -> None:
    incident = new_incident(integration)
    assert incident["active"] == "true"
    assert incident["sys_mod_count"] == "0"
    assert incident["assigned_to"] == ""
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", incident["sys_updated_on"])
    opener = incident["opened_by"]
    assert opener["link"] == f"{sandbox.servicenow_url}/api/now/table/sys_user/{opener['value']}"
    assert not [name for name, value in incident.items() if value is None]


@pytest.mark.parametrize(
    ("display", "exclude", "state", "keys"),
    [
        ("true", "false", "New", {"display_value", "link"}),
        (
            "all",
            "false",
            {"display_value": "New", "value": "1"},
            {"display_value", "link", "value"},
        ),
        ("all", "true", {"display_value": "New", "value": "1"}, {"display_value", "value"}),
    ],
)
def test_32_33_display_values(
    integration: httpx.Client, display: str, exclude: str, state: Any, keys: set[str]
) -> None:
    sys_id = new_incident(integration)["sys_id"]
    params = {"sysparm_display_value": display, "sysparm_exclude_reference_link": exclude}
    shown = integration.get(f"/table/incident/{sys_id}", params=params).json()["result"]
    assert shown["state"] == state
    assert set(shown["opened_by"]) == keys
    empty = {"display_value": "", "value": ""} if display == "all" else ""
    assert shown["assigned_to"] == empty


def test_31_32_without_links_a_reference_is_a_bare_string(integration: httpx.Client) -> None:
    sys_id = new_incident(integration)["sys_id"]
    shape = {"sysparm_exclude_reference_link": "true"}
    raw = integration.get(f"/table/incident/{sys_id}", params=shape).json()["result"]
    assert re.fullmatch(r"[0-9a-f]{32}", raw["opened_by"])
    shape["sysparm_display_value"] = "true"
    shown = integration.get(f"/table/incident/{sys_id}", params=shape).json()["result"]
    assert shown["opened_by"] == "Scoredesk Integration"


def test_34_43_fields_asked_for(integration: httpx.Client, control: Control) -> None:
    sys_id = new_incident(integration)["sys_id"]
    params = {"sysparm_fields": "number,no_such_field,opened_by.user_name,opened_by.nothing"}
    shown = integration.get(f"/table/incident/{sys_id}", params=params).json()["result"]
    assert set(shown) == {"number", "opened_by.user_name"}
    assert shown["opened_by.user_name"] == "scoredesk.integration"
    control("switches", {"unreadable_fields": {"incident": ["correlation_id"]}})
    shown = integration.get(f"/table/incident/{sys_id}").json()["result"]
    assert "correlation_id" not in shown


def test_42_102_display_dates_are_in_the_users_zone(as_user: Callable[[str], httpx.Client]) -> None:
    client = as_user("zh.owner")
    sys_id = new_incident(client, due_date="2026-01-22 20:28:24")["sys_id"]
    params = {"sysparm_display_value": "all", "sysparm_fields": "due_date,state"}
    shown = client.get(f"/table/incident/{sys_id}", params=params).json()["result"]
    assert shown["due_date"] == {
        "display_value": "2026-01-23 04:28:24",
        "value": "2026-01-22 20:28:24",
    }
    assert shown["state"]["display_value"] == "新建"


def test_97_the_clock_of_the_instance_can_be_shifted(
    integration: httpx.Client, control: Control
) -> None:
    before = new_incident(integration)["sys_created_on"]
    control("clock", {"offset_seconds": 86_400})
    answer = integration.post("/table/incident", json={})
    assert answer.json()["result"]["sys_created_on"][:10] > before[:10]
    assert "GMT" in answer.headers["Date"]


def test_secrets_of_the_instance_are_never_delivered(admin: httpx.Client) -> None:
    assert "user_password" not in admin.get("/table/sys_user").json()["result"][0]
    assert "client_secret" not in admin.get("/table/oauth_entity").json()["result"][0]
