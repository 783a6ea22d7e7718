"""The shapes in which the Table API delivers values; numbers are those of servicenow-api 13."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from tests.sandbox.servicenow.shorthand import new_incident

from scoredesk.sandbox.program import RunningSandbox

Control = Callable[[str, dict[str, Any]], Any]
As = Callable[[str], httpx.Client]


def shown(client: httpx.Client, sys_id: str, **params: str) -> dict[str, Any]:
    answer = client.get(f"/table/incident/{sys_id}", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()["result"]


def test_30_all_values_are_strings_and_nothing_is_null(integration: httpx.Client) -> None:
    incident = new_incident(integration)
    plain = {
        name: incident[name] for name in ("active", "knowledge", "sys_mod_count", "close_code")
    }
    assert plain == {"active": "true", "knowledge": "false", "sys_mod_count": "0", "close_code": ""}
    shapes = {type(value) for value in incident.values()}
    assert shapes == {str, dict}


def test_31_a_reference_is_link_and_value_or_empty(
    integration: httpx.Client, sandbox: RunningSandbox
) -> None:
    incident = new_incident(integration)
    opener = incident["opened_by"]
    assert re.fullmatch(r"[0-9a-f]{32}", opener["value"])
    link = f"{sandbox.servicenow_url}/api/now/table/sys_user/{opener['value']}"
    assert opener == {"link": link, "value": opener["value"]}
    assert incident["assigned_to"] == ""
    bare = shown(integration, incident["sys_id"], sysparm_exclude_reference_link="true")
    assert (bare["opened_by"], bare["assigned_to"]) == (opener["value"], "")


def test_31_the_global_domain_is_a_link_of_its_own(
    integration: httpx.Client, sandbox: RunningSandbox
) -> None:
    link = f"{sandbox.servicenow_url}/api/now/table/sys_user_group/global"
    assert new_incident(integration)["sys_domain"] == {"link": link, "value": "global"}


def test_32_a_displayed_reference_has_no_value(integration: httpx.Client) -> None:
    incident = new_incident(integration)
    display = shown(integration, incident["sys_id"], sysparm_display_value="true")
    assert display["opened_by"] == {
        "display_value": "Scoredesk Integration",
        "link": incident["opened_by"]["link"],
    }
    assert (display["assigned_to"], display["state"]) == ("", "New")
    bare = shown(
        integration,
        incident["sys_id"],
        sysparm_display_value="true",
        sysparm_exclude_reference_link="true",
    )
    assert bare["opened_by"] == "Scoredesk Integration"


def test_33_all_gives_a_pair_for_every_field(integration: httpx.Client) -> None:
    incident = new_incident(integration)
    both = shown(integration, incident["sys_id"], sysparm_display_value="all")
    assert both["state"] == {"display_value": "New", "value": "1"}
    assert both["assigned_to"] == {"display_value": "", "value": ""}
    assert both["opened_by"] == {
        "display_value": "Scoredesk Integration",
        "link": incident["opened_by"]["link"],
        "value": incident["opened_by"]["value"],
    }
    assert not [name for name, pair in both.items() if not {"display_value", "value"} <= set(pair)]
    bare = shown(
        integration,
        incident["sys_id"],
        sysparm_display_value="all",
        sysparm_exclude_reference_link="true",
    )
    assert set(bare["opened_by"]) == {"display_value", "value"}


def test_34_unknown_names_are_ignored_and_walked_names_are_flat_keys(
    integration: httpx.Client,
) -> None:
    sys_id = new_incident(integration)["sys_id"]
    fields = "number,no_such_field,opened_by.user_name,opened_by.nothing,opened_by.sys_domain"
    row = shown(integration, sys_id, sysparm_fields=fields)
    assert set(row) == {"number", "opened_by.user_name", "opened_by.sys_domain"}
    assert row["opened_by.user_name"] == "scoredesk.integration"
    assert row["opened_by.sys_domain"]["value"] == "global"


def test_42_raw_dates_are_utc(as_user: As) -> None:
    incident = new_incident(as_user("zh.owner"), due_date="2026-01-22 20:28:24")
    assert incident["due_date"] == "2026-01-22 20:28:24"
    for name in ("sys_created_on", "sys_updated_on", "opened_at"):
        assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", incident[name])


def test_42_display_dates_are_in_the_users_zone(as_user: As) -> None:
    client = as_user("zh.owner")
    sys_id = new_incident(client, due_date="2026-01-22 20:28:24")["sys_id"]
    row = shown(client, sys_id, sysparm_display_value="all", sysparm_fields="due_date")
    assert row == {
        "due_date": {"display_value": "2026-01-23 04:28:24", "value": "2026-01-22 20:28:24"}
    }


def test_labels_are_in_the_users_language(as_user: As) -> None:
    client = as_user("zh.owner")
    sys_id = new_incident(client)["sys_id"]
    row = shown(client, sys_id, sysparm_display_value="true", sysparm_fields="state,priority")
    assert row == {"state": "新建", "priority": "5 - 计划"}


def test_43_a_field_without_the_right_to_read_it_is_missing(
    integration: httpx.Client, admin: httpx.Client, control: Control
) -> None:
    sys_id = new_incident(integration, correlation_id="c", caller_id="no.roles")["sys_id"]
    control(
        "switches",
        {"unreadable_fields": {"incident": ["correlation_id"], "sys_user": ["email"]}},
    )
    assert "correlation_id" not in shown(integration, sys_id)
    assert shown(admin, sys_id)["correlation_id"] == "c"
    fields = "caller_id.email,caller_id.name"
    assert shown(integration, sys_id, sysparm_fields=fields) == {"caller_id.name": "Nora Roth"}


@pytest.mark.parametrize(
    ("raw", "displayed"),
    [
        ("2026-03-29 00:59:59", "2026-03-29 01:59:59"),
        ("2026-03-29 01:00:00", "2026-03-29 03:00:00"),
        ("2026-10-25 00:59:59", "2026-10-25 02:59:59"),
        ("2026-10-25 01:00:00", "2026-10-25 02:00:00"),
    ],
)
def test_102_a_zone_with_summer_time_moves_what_is_shown_only(
    admin: httpx.Client, as_user: As, raw: str, displayed: str
) -> None:
    params = {"user_name": "change.owner"}
    person = admin.get("/table/sys_user", params=params).json()["result"][0]["sys_id"]
    admin.patch(f"/table/sys_user/{person}", json={"time_zone": "Europe/Berlin"})
    client = as_user("change.owner")
    sys_id = new_incident(client, due_date=raw)["sys_id"]
    row = shown(client, sys_id, sysparm_display_value="all", sysparm_fields="due_date")
    assert row["due_date"] == {"display_value": displayed, "value": raw}


@pytest.mark.parametrize(
    ("formats", "displayed"),
    [
        ({"date_format": "dd/MM/yyyy"}, "22/01/2026 20:28:24"),
        ({"date_format": "MM-dd-yyyy", "time_format": "hh:mm:ss a"}, "01-22-2026 08:28:24 PM"),
        ({"date_format": "%d?"}, "2026-01-22 20:28:24"),
    ],
)
def test_display_dates_are_in_the_users_format(
    admin: httpx.Client, as_user: As, formats: dict[str, str], displayed: str
) -> None:
    params = {"user_name": "change.owner"}
    person = admin.get("/table/sys_user", params=params).json()["result"][0]["sys_id"]
    admin.patch(f"/table/sys_user/{person}", json=formats)
    client = as_user("change.owner")
    sent, typed = {"due_date": displayed}, {"sysparm_input_display_value": "true"}
    sys_id = client.post("/table/incident", json=sent, params=typed).json()["result"]["sys_id"]
    row = shown(client, sys_id, sysparm_display_value="all", sysparm_fields="due_date")
    assert row["due_date"] == {"display_value": displayed, "value": "2026-01-22 20:28:24"}


def test_a_zone_that_is_none_means_utc(admin: httpx.Client, as_user: As) -> None:
    params = {"user_name": "change.owner"}
    person = admin.get("/table/sys_user", params=params).json()["result"][0]["sys_id"]
    admin.patch(f"/table/sys_user/{person}", json={"time_zone": "../nowhere"})
    client = as_user("change.owner")
    sys_id = new_incident(client, due_date="2026-01-22 20:28:24")["sys_id"]
    row = shown(client, sys_id, sysparm_display_value="true", sysparm_fields="due_date")
    assert row == {"due_date": "2026-01-22 20:28:24"}
