"""The clock's hands, and records made over a time span."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import httpx
import pytest
from tests.sandbox.servicenow.shorthand import new_incident

Control = Callable[[str, dict[str, Any]], Any]


def test_the_clock_is_set_frozen_advanced_and_runs_on(
    integration: httpx.Client, control: Control
) -> None:
    shown = control("clock", {"now": "2026-03-01T08:00:00Z", "freeze": True})
    assert shown["now"] == "2026-03-01T08:00:00+00:00"
    assert shown["frozen"] is True
    assert new_incident(integration)["sys_created_on"] == "2026-03-01 08:00:00"
    shown = control("clock", {"advance_seconds": 3600})
    assert shown["now"] == "2026-03-01T09:00:00+00:00"
    shown = control("clock", {"freeze": False})
    assert shown["frozen"] is False
    assert shown["now"].startswith("2026-03-01T09:00:0")


def test_the_offset_counts_from_the_machines_time(control: Control) -> None:
    shown = control("clock", {"offset_seconds": 86_400})
    assert shown["offset_seconds"] == 86_400
    assert control("clock", {"advance_seconds": -86_400})["offset_seconds"] == 0


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({}, "The clock takes"),
        ({"tomorrow": 1}, "not tomorrow"),
        ({"now": "noon"}, "now is a time such as"),
        ({"offset_seconds": "x"}, "offset_seconds is a number"),
        ({"advance_seconds": 1e20}, "too far away"),
        ({"now": "9999-12-31T00:00:00Z"}, "from the year 1990"),
    ],
)
def test_a_wrong_time_is_refused(sandbox: Any, asked: dict[str, Any], said: str) -> None:
    answer = httpx.post(f"{sandbox.servicenow_url}/_sandbox/clock", json=asked)
    assert answer.status_code == 400
    assert said in answer.json()["error"]


@pytest.mark.parametrize("table", ["incident", "change_request", "problem"])
def test_records_are_made_evenly_over_a_span(
    admin: httpx.Client, control: Control, table: str
) -> None:
    span = {"start": "2026-02-01T00:00:00Z", "end": "2026-02-11T00:00:00Z"}
    made = control("seed", {"table": table, "count": 5, **span})
    assert made == {"table": table, "made": 5}
    params = {"sysparm_query": "ORDERBYsys_created_on"}
    rows = admin.get(f"/table/{table}", params=params).json()["result"]
    stamps = [datetime.fromisoformat(row["opened_at"]) for row in rows]
    assert stamps[-1] == datetime.fromisoformat("2026-02-11 00:00:00")
    steps = {after - before for before, after in pairwise(stamps)}
    assert steps == {timedelta(days=2)}


def test_seeded_records_have_the_fields_asked_for(admin: httpx.Client, control: Control) -> None:
    fields = {"short_description": "The same", "impact": "1", "urgency": "1"}
    asked = {"count": 3, "over_days": 2, "fields": fields, "correlation_display": "Ours"}
    control("seed", {"table": "incident", **asked})
    rows = admin.get("/table/incident").json()["result"]
    assert {row["short_description"] for row in rows} == {"The same"}
    assert {row["correlation_display"] for row in rows} == {"Ours"}
    assert {row["priority"] for row in rows} == {"1"}
    assert len({row["sys_id"] for row in rows}) == 3


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"table": "sys_user"}, "not for 'sys_user'"),
        ({"number": 3}, "not number"),
        ({"count": -1}, "count is from 0"),
        ({"fields": {"no_such_field": "x"}}, "has no field no_such_field"),
        ({"start": "2026-02-02", "end": "2026-02-01"}, "start is before end"),
        ({"fields": ["x"]}, "fields is an object"),
    ],
)
def test_a_wrong_seed_is_refused(sandbox: Any, asked: dict[str, Any], said: str) -> None:
    answer = httpx.post(f"{sandbox.servicenow_url}/_sandbox/seed", json=asked)
    assert answer.status_code == 400
    assert said in answer.json()["error"]
