"""The query builder: what it builds, and what it refuses to build."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoredesk.servicenow import Query, UnsafeQuery


def test_terms_are_joined_in_order() -> None:
    query = (
        Query()
        .where("active", "=", "true")
        .any_of(("state", "=", 2), ("state", "=", 3))
        .in_list("sys_id", ["a1", "b2"])
        .where("closed_at", "ISEMPTY")
        .order_by("sys_updated_on", "sys_id")
    )
    assert str(query) == (
        "active=true^state=2^ORstate=3^sys_idINa1,b2^closed_atISEMPTY"
        "^ORDERBYsys_updated_on^ORDERBYsys_id"
    )


def test_a_second_query_joins_with_or_and_orders_come_last() -> None:
    later = Query().where("sys_updated_on", ">", "W")
    same = Query().where("sys_updated_on", "=", "W").where("sys_id", ">", "x")
    query = later.new_query(same).each_group("active", "=", "true").order_by("sys_id")
    assert str(query) == (
        "sys_updated_on>W^active=true^NQsys_updated_on=W^sys_id>x^active=true^ORDERBYsys_id"
    )


def test_the_caller_is_resolved_by_the_instance() -> None:
    assert str(Query().caller("sys_id")) == "sys_id=javascript:gs.getUserID()"


def test_an_empty_query_is_false_and_empty() -> None:
    assert str(Query()) == ""
    assert not Query()
    assert str(Query().order_by_desc("sys_created_on")) == "ORDERBYDESCsys_created_on"


def test_dates_are_written_in_utc() -> None:
    moment = datetime(2026, 1, 1, 8, 0, 5, tzinfo=timezone(timedelta(hours=8)))
    query = Query().where("sys_updated_on", ">=", moment)
    assert str(query) == "sys_updated_on>=2026-01-01 00:00:05"
    with pytest.raises(ValueError, match="time zone"):
        Query().where("sys_updated_on", ">=", moment.replace(tzinfo=None))


def test_a_query_is_not_changed_by_building_on_it() -> None:
    base = Query().where("active", "=", "true")
    base.where("state", "=", "1")
    base.order_by("sys_id")
    assert str(base) == "active=true"


@pytest.mark.parametrize(
    "value", ["a^ORactive=true", "a^", "a\nb", "a\rb", "a\x00", "javascript:gs.x()", "JavaScript:x"]
)
def test_a_value_cannot_break_out_of_its_term(value: str) -> None:
    with pytest.raises(UnsafeQuery):
        Query().where("short_description", "=", value)
    with pytest.raises(UnsafeQuery):
        Query().in_list("short_description", [value])
    with pytest.raises(UnsafeQuery):
        Query().any_of(("short_description", "=", value))


@pytest.mark.parametrize("field", ["", "State", "state=1^x", "a b", "a..b", "1a", "état"])
def test_a_field_must_be_a_field_name(field: str) -> None:
    with pytest.raises(UnsafeQuery):
        Query().where(field, "=", "1")
    with pytest.raises(UnsafeQuery):
        Query().order_by(field)


@pytest.mark.parametrize("operator", ["", "==", "=1^active=true^x=", "RLQUERY"])
def test_an_operator_must_be_known(operator: str) -> None:
    with pytest.raises(UnsafeQuery):
        Query().where("state", operator, "1")


def test_a_list_without_values_or_with_commas_is_refused() -> None:
    for values in ([], ["a,b"], [""]):
        with pytest.raises(UnsafeQuery):
            Query().in_list("sys_id", values)
    with pytest.raises(UnsafeQuery):
        Query().any_of()


@given(st.text(max_size=40))
def test_no_value_makes_more_terms(value: str) -> None:
    try:
        query = Query().where("correlation_id", "=", value).where("active", "=", "true")
    except UnsafeQuery:
        return
    assert str(query).split("^") == [f"correlation_id={value}", "active=true"]


def test_zone_of_a_utc_date_stays() -> None:
    assert str(Query().where("x", "<", datetime(2026, 1, 1, tzinfo=UTC))) == "x<2026-01-01 00:00:00"
