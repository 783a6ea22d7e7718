"""Choices, statistics and batches; numbers are those of servicenow-api 13."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from tests.sandbox.servicenow.shorthand import error_of, new_change, new_incident

from scoredesk.sandbox.program import RunningSandbox

Control = Callable[[str, dict[str, Any]], Any]


def labels(client: httpx.Client, query: str) -> dict[str, str]:
    params = {"sysparm_query": f"{query}^ORDERBYsequence", "sysparm_fields": "value,label"}
    rows = client.get("/table/sys_choice", params=params).json()["result"]
    return {row["value"]: row["label"] for row in rows}


def test_81_a_row_per_language_and_retired_rows(integration: httpx.Client) -> None:
    query = "name=incident^element=state^inactive=false"
    assert labels(integration, f"{query}^language=en") == {
        "1": "New", "2": "In Progress", "3": "On Hold",
        "6": "Resolved", "7": "Closed", "8": "Canceled",
    }  # fmt: skip
    assert labels(integration, f"{query}^language=zh")["6"] == "已解决"
    assert "4" in labels(integration, "name=incident^element=state^language=en")


@pytest.mark.parametrize(
    ("table", "element"),
    [
        ("task", "priority"), ("task", "impact"), ("task", "urgency"), ("incident", "category"),
        ("incident", "close_code"), ("change_request", "state"), ("change_request", "type"),
        ("change_request", "priority"), ("change_request", "close_code"),
    ],
)  # fmt: skip
def test_81_every_list_is_there_in_both_languages(
    integration: httpx.Client, table: str, element: str
) -> None:
    query = f"name={table}^element={element}^inactive=false"
    english = labels(integration, f"{query}^language=en")
    assert english
    assert list(labels(integration, f"{query}^language=zh")) == list(english)


def test_82_choices_may_be_closed(integration: httpx.Client, control: Control) -> None:
    control("switches", {"choices_readable": "empty"})
    assert labels(integration, "name=incident") == {}
    control("switches", {"choices_readable": "forbidden"})
    assert error_of(integration.get("/table/sys_choice"))[0] == 403


def test_83_statistics_count_in_strings(
    integration: httpx.Client, as_user: Callable[[str], httpx.Client]
) -> None:
    for urgency in ("1", "1", "3"):
        new_incident(integration, urgency=urgency)
    params = {"sysparm_count": "true", "sysparm_avg_fields": "urgency"}
    stats = integration.get("/stats/incident", params=params).json()["result"]["stats"]
    assert stats["count"] == "3"
    assert stats["avg"]["urgency"].startswith("1.66")
    params = {"sysparm_count": "true", "sysparm_group_by": "state,urgency"}
    groups = integration.get("/stats/incident", params=params).json()["result"]
    assert groups == [
        {
            "stats": {"count": count},
            "groupby_fields": [
                {"field": "state", "value": "1"},
                {"field": "urgency", "value": urgency},
            ],
        }
        for urgency, count in (("1", "2"), ("3", "1"))
    ]
    shown = {**params, "sysparm_group_by": "urgency", "sysparm_display_value": "all"}
    fields = integration.get("/stats/incident", params=shown).json()["result"][0]["groupby_fields"]
    assert fields[0]["display_value"] == "1 - High"
    nobody = as_user("no.roles").get("/stats/incident", params={"sysparm_count": "true"})
    assert nobody.json()["result"]["stats"]["count"] == "0"


def test_ids_of_the_seed_are_the_same_in_every_sandbox(
    sandbox: RunningSandbox, admin: httpx.Client
) -> None:
    before = admin.get("/table/sys_user?sysparm_fields=sys_id").json()
    sandbox.reset()
    assert admin.get("/table/sys_user?sysparm_fields=sys_id").json() == before
    assert new_change(admin)["number"] == "CHG0010001"


def three_groups(client: httpx.Client) -> None:
    for impact in ("1", "2", "2", "3", "3", "3"):
        new_incident(client, impact=impact, urgency=impact)


def shown_groups(client: httpx.Client, **params: str) -> list[str]:
    asked = {"sysparm_count": "true", "sysparm_group_by": "impact", **params}
    groups = client.get("/stats/incident", params=asked).json()["result"]
    return [group["groupby_fields"][0]["value"] for group in groups]


@pytest.mark.parametrize(
    ("having", "groups"),
    [
        ("count^impact^>^1", ["2", "3"]),
        ("count^impact^>^1,avg^urgency^<=^2", ["2"]),
        ("sum^urgency^=^9", ["3"]),
        ("nonsense", ["1", "2", "3"]),
    ],
)
def test_83_groups_are_filtered_by_their_figures(
    integration: httpx.Client, having: str, groups: list[str]
) -> None:
    three_groups(integration)
    assert shown_groups(integration, sysparm_having=having) == groups


@pytest.mark.parametrize(
    ("order", "groups"),
    [
        ("impact^DESC", ["3", "2", "1"]),
        ("COUNT^DESC", ["3", "2", "1"]),
        ("AVG^urgency", ["1", "2", "3"]),
        ("MAX^urgency^DESC", ["3", "2", "1"]),
        ("nonsense", ["1", "2", "3"]),
    ],
)
def test_83_groups_come_in_the_order_asked_for(
    integration: httpx.Client, order: str, groups: list[str]
) -> None:
    three_groups(integration)
    assert shown_groups(integration, sysparm_order_by=order) == groups


def test_83_a_date_has_a_least_and_a_greatest_value(integration: httpx.Client) -> None:
    made = new_incident(integration, impact="1")
    new_incident(integration, impact="3")
    params = {"sysparm_max_fields": "impact", "sysparm_min_fields": "sys_created_on"}
    stats = integration.get("/stats/incident", params=params).json()["result"]["stats"]
    assert stats == {"max": {"impact": "3"}, "min": {"sys_created_on": made["sys_created_on"]}}
