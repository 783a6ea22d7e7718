"""Dates of encoded queries, in the caller's zone (servicenow-api 3.2 and 3.3)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from tests.sandbox.servicenow.shorthand import new_incident

Control = Callable[[str, dict[str, Any]], Any]
As = Callable[[str], httpx.Client]
# A Wednesday; in Shanghai it is already Thursday.
NOW = datetime(2026, 7, 15, 20, 30, tzinfo=UTC)
DUE = {
    "a": "2026-07-15 20:00:00",
    "b": "2026-07-15 15:59:59",
    "c": "2026-07-14 12:00:00",
    "d": "2026-06-30 12:00:00",
    "e": "2025-07-16 12:00:00",
}


@pytest.fixture
def dated(integration: httpx.Client, control: Control) -> httpx.Client:
    control("clock", {"offset_seconds": (NOW - datetime.now(UTC)).total_seconds()})
    for name, due in DUE.items():
        new_incident(integration, short_description=name, due_date=due)
    return integration


def found(client: httpx.Client, condition: str) -> str:
    params = {
        "sysparm_query": f"due_date{condition}^ORDERBYshort_description",
        "sysparm_fields": "short_description",
    }
    answer = client.get("/table/incident", params=params)
    assert answer.status_code == 200, answer.text
    return "".join(row["short_description"] for row in answer.json()["result"])


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (">=2026-07-15 15:59:59", "ab"),
        (">2026-07-15 15:59:59", "a"),
        (">=javascript:gs.beginningOfToday()", "ab"),
        ("<=javascript:gs.endOfToday()", "abcde"),
        (">=javascript:gs.daysAgo(1)", "ab"),
        (">=javascript:gs.daysAgoStart(1)", "abc"),
        ("<javascript:gs.daysAgoEnd(1)", "cde"),
        (">=javascript:gs.hoursAgo(1)", "a"),
        (">=javascript:gs.hoursAgoStart(5)", "ab"),
        (">=javascript:gs.minutesAgo(40)", "a"),
        (">=javascript:gs.monthsAgo(1)", "abcd"),
        (">=javascript:gs.monthsAgoStart(0)", "abc"),
        (">=javascript:gs.yearsAgo(1)", "abcde"),
        (">=javascript:gs.quartersAgoStart(0)", "abc"),
        ("<javascript:gs.daysAgo(-1)", "abcde"),
        (">=javascript:gs.dateGenerate('2026-07-14','start')", "abc"),
        (">javascript:gs.dateGenerate('2026-07-14','12:00:00')", "ab"),
        ("<javascript:gs.nowDateTime()", "abcde"),
        ("BETWEENjavascript:gs.beginningOfYesterday()@javascript:gs.endOfYesterday()", "c"),
        ("BETWEENjavascript:gs.beginningOfLastMonth()@javascript:gs.endOfLastMonth()", "d"),
        ("BETWEEN2026-07-14 12:00:00@javascript:gs.endOfYesterday()", "c"),
        ("ONToday@javascript:gs.beginningOfToday()@javascript:gs.endOfToday()", "ab"),
        ("ONToday", "ab"),
        ("ONYesterday", "c"),
        ("ONThis week", "abc"),
        ("ONLast month", "d"),
        ("ONLast 30 days", "abcd"),
        ("ON2026-07-14", "c"),
        ("NOTONToday", "cde"),
        ("ONNonsense", "abcde"),
        ("RELATIVEGE@hour@ago@5", "ab"),
        ("RELATIVEGT@dayofweek@ago@1", "ab"),
        ("RELATIVEGE@dayofweek@ago@1", "abc"),
        ("RELATIVELT@month@ago@1", "e"),
        ("RELATIVELE@month@ago@1", "de"),
        ("RELATIVEEE@dayofweek@ago@1", "c"),
        ("RELATIVELE@year@ahead@1", "abcde"),
        ("RELATIVEGE@fortnight@ago@1", "abcde"),
        ("DATEPARTTuesday@javascript:gs.datePart('dayofweek','tuesday','EE')", "cd"),
        ("DATEPARTJune@javascript:gs.datePart('month','june','EE')", "d"),
        ("DATEPART2025@javascript:gs.datePart('year','2025','LE')", "e"),
        ("DATEPARTx@javascript:gs.datePart('hour','15','GE')", "ab"),
        ("MORETHANsys_created_on@day@before@30", "e"),
        ("LESSTHANsys_created_on@hour@before@5", "ab"),
        (">=javascript:gs.daysAgo(x)", ""),
    ],
)
def test_dates_are_computed(dated: httpx.Client, condition: str, expected: str) -> None:
    assert found(dated, condition) == expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (">=javascript:gs.beginningOfToday()", "a"),
        ("ONYesterday", "b"),
        ("DATEPARTx@javascript:gs.datePart('dayofweek','thursday','EE')", "ae"),
        (">=javascript:gs.dateGenerate('2026-07-16','00:00:00')", "a"),
        (">=2026-07-15 15:59:59", "ab"),
    ],
)
def test_dates_are_those_of_the_callers_zone(
    dated: httpx.Client, as_user: As, condition: str, expected: str
) -> None:
    assert found(as_user("zh.owner"), condition) == expected.replace("e", "")


def test_literal_dates_are_the_callers_by_switch(
    dated: httpx.Client, as_user: As, control: Control
) -> None:
    control("switches", {"literal_date_zone": "session"})
    assert found(as_user("zh.owner"), ">2026-07-15 23:59:59") == "a"
    assert found(dated, ">2026-07-15 15:59:59") == "a"
