"""pysnow's QueryBuilder and criteria, and its old interface with `query` and `insert`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pysnow
import pytest
from pysnow import QueryBuilder, legacy_exceptions
from pysnow.criterion import Table
from pysnow.enums import DateTimeOn, Order
from tests.sandbox.servicenow.shorthand import new_incident
from tests.sandbox.strangers.pysnow_shorthand import connect, incidents_of

Control = Callable[[str, dict[str, Any]], Any]
TEXTS = ("alpha one", "beta two", "gamma one")
NOW = datetime.now(UTC).replace(tzinfo=None)
DAY = timedelta(days=1)
INCIDENT = Table("incident")
ALL = (1, 2, 3)


@pytest.fixture
def three(admin: httpx.Client) -> list[dict[str, Any]]:
    """Three incidents whose urgencies are 1, 2, 3; the last one is assigned."""
    return [
        new_incident(
            admin,
            short_description=text,
            urgency=str(place),
            assigned_to="change.owner" if place == 3 else "",
        )
        for place, text in enumerate(TEXTS, 1)
    ]


def text() -> QueryBuilder:
    return QueryBuilder().field("short_description")


def urgency() -> QueryBuilder:
    return QueryBuilder().field("urgency")


def created() -> QueryBuilder:
    return QueryBuilder().field("sys_created_on")


BUILT = [
    (text().starts_with("gam"), (3,)),
    (text().ends_with("one"), (1, 3)),
    (text().contains("ta t"), (2,)),
    (text().not_contains("one"), (2,)),
    (text().equals("beta two"), (2,)),
    (text().not_equals("beta two"), (1, 3)),
    (text().equals(["alpha one", "beta two"]), (1, 2)),
    (text().not_equals(["alpha one", "beta two"]), (3,)),
    (QueryBuilder().field("assigned_to").is_empty(), (1, 2)),
    (QueryBuilder().field("assigned_to").is_not_empty(), (3,)),
    (urgency().greater_than(1), (2, 3)),
    (urgency().greater_than_or_equal(2), (2, 3)),
    (urgency().less_than(2), (1,)),
    (urgency().less_than_or_equal(2), (1, 2)),
    (urgency().between(2, 3), (2, 3)),
    (created().greater_than(NOW - DAY), ALL),
    (created().less_than_or_equal(NOW - DAY), ()),
    (created().between(NOW - DAY, NOW + DAY), ALL),
    (created().between(NOW + DAY, NOW + 2 * DAY), ()),
    (urgency().equals("1").OR().field("urgency").equals("3"), (1, 3)),
    (urgency().equals("1").AND().field("short_description").ends_with("two"), ()),
    (urgency().equals("1").NQ().field("short_description").ends_with("two"), (1, 2)),
]
CRITERIA = [
    (INCIDENT.short_description.eq("beta two"), (2,)),
    (INCIDENT.short_description.ne("beta two"), (1, 3)),
    (INCIDENT.urgency.gt(1), (2, 3)),
    (INCIDENT.urgency <= 2, (1, 2)),
    (INCIDENT.short_description.starts_with("gam"), (3,)),
    (INCIDENT.short_description.ends_with("one"), (1, 3)),
    (INCIDENT.short_description.contains("ta t"), (2,)),
    (INCIDENT.short_description.not_contains("one"), (2,)),
    (INCIDENT.urgency.is_in([1, 3]), (1, 3)),
    (INCIDENT.urgency.not_in([1, 3]), (2,)),
    (INCIDENT.assigned_to.is_empty(), (1, 2)),
    (INCIDENT.assigned_to.is_not_empty(), (3,)),
    (INCIDENT.description.is_empty_string(), ALL),
    (INCIDENT.description.is_anything(None), ALL),
    (INCIDENT.urgency.between(2, 3), (2, 3)),
    (INCIDENT.urgency.is_same(INCIDENT.impact), (3,)),
    (INCIDENT.urgency.is_different(INCIDENT.impact), (1, 2)),
    (INCIDENT.sys_created_on.on(NOW), ALL),
    (INCIDENT.sys_created_on.on(NOW - 3 * DAY), ()),
    (INCIDENT.sys_created_on.not_on(NOW - 3 * DAY), ALL),
    (INCIDENT.sys_created_on.on(DateTimeOn.today), ALL),
    (INCIDENT.sys_created_on.not_on(DateTimeOn.today), ()),
    (INCIDENT.sys_created_on.between(NOW - DAY, NOW + DAY), ALL),
    (INCIDENT.urgency.eq(1) | INCIDENT.urgency.eq(3), (1, 3)),
    (INCIDENT.urgency.eq(1) & INCIDENT.short_description.ends_with("two"), ()),
    (INCIDENT.urgency.eq(1) ^ INCIDENT.short_description.ends_with("two"), (1, 2)),
    (INCIDENT["assigned_to.user_name"].eq("change.owner"), (3,)),
]
# Windows of time that hold this very moment, whenever it is.
WITH_NOW = [
    *("today", "this_week", "this_month", "this_quarter", "this_year", "this_hour", "last_7_days"),
    *("last_30_days", "last_60_days", "last_90_days", "last_120_days"),
]
WITHOUT_NOW = ["yesterday", "tomorrow", "last_week", "next_week", "last_month", "next_month"]


# Dates make the text of a query another one in each process, so only its place names it.
@pytest.mark.parametrize(
    ("query", "places"), BUILT + CRITERIA, ids=map(str, range(len(BUILT + CRITERIA)))
)
def test_every_condition(
    host: str, three: list[dict[str, Any]], query: Any, places: tuple[int, ...]
) -> None:
    rows = incidents_of(connect(host)).get(query=f"{query}^ORDERBYnumber").all()
    assert [row["short_description"] for row in rows] == [TEXTS[place - 1] for place in places]


@pytest.mark.parametrize("window", [*WITH_NOW, *WITHOUT_NOW])
def test_windows_of_time(host: str, three: list[dict[str, Any]], window: str) -> None:
    query = INCIDENT.sys_created_on.on(DateTimeOn[window])
    found = incidents_of(connect(host)).get(query=query).all()
    assert len(found) == (3 if window in WITH_NOW else 0)


def test_order(host: str, three: list[dict[str, Any]]) -> None:
    incidents = incidents_of(connect(host))
    built = urgency().greater_than(0).AND().field("short_description").order_descending()
    rows = incidents.get(query=built).all()
    assert [row["short_description"] for row in rows] == list(reversed(TEXTS))
    rows = incidents.get(query=INCIDENT.short_description.order(Order.asc)).all()
    assert [row["short_description"] for row in rows] == list(TEXTS)


def test_the_old_interface_reads(host: str, three: list[dict[str, Any]]) -> None:
    client = connect(host)
    query = client.query(table="incident", query={"urgency": "2"})
    assert query.get_one()["short_description"] == "beta two"
    assert query.count == 1
    assert query.status_code == 200
    everything = client.query(table="incident", query="active=true")
    rows = list(everything.get_multiple(fields=["short_description"], order_by=["-number"]))
    assert [row["short_description"] for row in rows] == list(reversed(TEXTS))
    with pytest.raises(legacy_exceptions.MultipleResults):
        everything.get_one()
    with pytest.raises(legacy_exceptions.NoResults):
        client.query(table="incident", query={"number": "INC0"}).get_one()


def test_the_old_interface_follows_links(host: str, control: Control) -> None:
    control("seed", {"table": "incident", "count": 25})
    client = pysnow.Client(
        host=host,
        use_ssl=False,
        user="admin",
        password="admin",
        request_params={"sysparm_limit": 10},
    )
    rows = client.query(table="incident", query="ORDERBYnumber").get_multiple(fields=["number"])
    assert len({row["number"] for row in rows}) == 25


def test_the_old_interface_writes(host: str, tmp_path: Any) -> None:
    client = connect(host)
    made = client.insert(table="incident", payload={"short_description": "Made"})
    query = client.query(table="incident", query={"number": made["number"]})
    assert query.update({"short_description": "Changed"})["short_description"] == "Changed"
    copy = query.clone(reset_fields=["number", "sys_id"])
    assert copy["number"] != made["number"]
    assert copy["short_description"] == "Changed"
    kept = tmp_path / "note.txt"
    kept.write_text("attached")
    assert query.attach(str(kept))["file_name"] == "note.txt"
    assert query.delete() == {"success": True}
