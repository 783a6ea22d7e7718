"""What is concluded from the fields and choices of an instance; pure."""

from __future__ import annotations

from typing import Any

import pytest

from scoredesk.connections.errors import PlaceholderUnknown
from scoredesk.connections.fields import placeholders
from scoredesk.connections.fields.catalogue import (
    NO_FIELD,
    Book,
    compare,
    merged,
    named,
    with_mandatory,
    without_demands,
)
from scoredesk.connections.fields.known import OURS, mappable
from scoredesk.connections.fields.sent import Default, Origin, asked_fields, filled
from scoredesk.connections.fields.widgets import wrong_dependent


def data(**more: Any) -> dict[str, Any]:
    return {**NO_FIELD, "labels": {}, **more}


def choice(value: str, label: str, dependent: str = "", *, inactive: bool = False) -> Any:
    return {
        "value": value,
        "labels": {"en": label, "zh": f"{label}文"},
        "dependent": dependent,
        "inactive": inactive,
    }


@pytest.mark.parametrize(
    ("label", "fields", "name"),
    [
        ("Cost center", {"u_kst": data(label="Cost center")}, "u_kst"),
        ("成本中心", {"u_kst": data(labels={"zh": "成本中心"})}, "u_kst"),
        ("Cost center", {"u_cost_center": data()}, "u_cost_center"),
        ("Caller", {"caller": data()}, "caller"),
        ("Kostenstelle", {"u_cost_center": data()}, ""),
    ],
)
def test_a_label_of_a_refusal_finds_its_field(label: str, fields: Any, name: str) -> None:
    assert named(label, fields) == name


def test_a_label_that_no_field_has_is_kept_until_a_reading_shows_the_field() -> None:
    fields, added = with_mandatory({}, ["Kostenstelle"])
    assert added == ["label:Kostenstelle"]
    again, nothing_new = with_mandatory(fields, ["Kostenstelle"])
    assert nothing_new == []
    read = merged(again, {"u_kst": data(label="Kostenstelle")})
    assert read["u_kst"]["mandatory_by"] == "refusal"
    assert "label:Kostenstelle" not in read


def test_a_record_that_was_taken_without_a_field_ends_the_demand() -> None:
    fields, _added = with_mandatory({"u_a": data(label="A"), "u_b": data(label="B")}, ["A", "B"])
    kept = without_demands(fields, ["u_b"])
    assert [name for name, each in kept.items() if each["mandatory_by"]] == ["u_b"]


def test_what_a_data_policy_demands_stays_whatever_one_record_shows() -> None:
    fields = {"u_a": data(mandatory_by="data_policy")}
    assert without_demands(fields, []) == fields


def test_a_first_reading_brings_no_differences() -> None:
    new = Book("incident", {"u_a": data(mandatory_by="refusal")}, {"category": [choice("a", "A")]})
    assert compare(Book("incident"), new, ["category"]) == []


def test_differences_tell_of_what_is_used_only() -> None:
    old_choices = {
        "category": [choice("a", "A"), choice("b", "B")],
        "u_other": [choice("x", "X")],
    }
    new_choices = {
        "category": [choice("a", "Alpha"), choice("b", "B", inactive=True), choice("c", "C")],
        "u_other": [],
    }
    whole = {"sys_id": data(), "u_mine": data(label="Mine")}
    found = compare(
        Book("incident", whole, old_choices),
        Book("incident", {"sys_id": data(), "u_x": data(mandatory_by="data_policy")}, new_choices),
        ["category", "u_mine"],
    )
    assert [(each["kind"], each["field"], each["value"]) for each in found] == [
        ("choice_renamed", "category", "a"),
        ("choice_gone", "category", "b"),
        ("choice_new", "category", "c"),
        ("field_gone", "u_mine", ""),
        ("field_mandatory", "u_x", ""),
    ]


def test_choices_depend_on_the_category_and_speak_the_language_of_the_page() -> None:
    book = Book(
        "incident",
        choices={"subcategory": [choice("dns", "DNS", "network"), choice("os", "OS", "software")]},
        language="zh",
    )
    assert [each.label for each in book.options("subcategory", "network")] == ["DNS文"]
    assert wrong_dependent(book, "subcategory", "os", "network")
    assert not wrong_dependent(book, "subcategory", "dns", "network")


@pytest.mark.parametrize("name", [*OURS, "sys_id", "state", "number", "close_code"])
def test_nobody_can_map_what_the_portal_or_the_platform_fills(name: str) -> None:
    assert not mappable(name)
    assert filled([Default(name, "x")], {}, {name: "y"}) == []


def test_a_template_is_filled_with_the_values_of_the_ticket() -> None:
    text = "{{literal}} {name} until {due_date}"
    placeholders.check(text)
    values = {"name": "Turn it on", "due_date": "2027-01-31"}
    assert placeholders.fill(text, values) == "{literal} Turn it on until 2027-01-31"


@pytest.mark.parametrize("text", ["{nmae}", "{", "a } b", "{name.__class__}", "{0}", "{ name }"])
def test_braces_without_a_value_are_refused_by_name(text: str) -> None:
    with pytest.raises(PlaceholderUnknown) as refusal:
        placeholders.check(text)
    assert refusal.value.facts["placeholder"] in text


def test_a_value_that_looks_like_a_placeholder_is_not_filled_again() -> None:
    assert placeholders.fill("{name}", {"name": "{link}", "link": "x"}) == "{link}"


def test_what_the_person_fills_in_wins_and_empty_values_are_not_sent() -> None:
    defaults = [
        Default("u_a", "one"),
        Default("u_b", "{category}", template=True),
        Default("u_c", asked=True),
    ]
    found = filled(defaults, {"category": ""}, {"u_a": "mine", "u_c": "typed"})
    assert [(each.field, each.value, each.origin) for each in found] == [
        ("u_a", "mine", Origin.ASKED),
        ("u_c", "typed", Origin.ASKED),
    ]


def test_the_share_form_asks_for_marked_fields_and_for_demanded_ones_that_nobody_mapped() -> None:
    book = Book(
        "incident",
        {
            "u_mapped": data(mandatory_by="data_policy"),
            "u_open": data(label="Open", mandatory_by="refusal"),
            "u_hint": data(mandatory_by="dictionary"),
            "label:Unknown": data(label="Unknown", mandatory_by="refusal"),
        },
    )
    defaults = [Default("u_mapped", "x"), Default("u_marked", asked=True)]
    assert [each.name for each in asked_fields(book, defaults)] == ["u_marked", "u_open"]
