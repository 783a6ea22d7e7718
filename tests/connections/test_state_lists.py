"""What a new reading of the list makes of the states that are known: a table of cases."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils.translation import override

from scoredesk.connections.models import Phase, StateName
from scoredesk.connections.state_lists import (
    Change,
    State,
    differences,
    duplicates,
    listed_states,
    miss,
    take_in,
)
from scoredesk.servicenow import Choice

AT = "2026-11-25T08:00:00+00:00"


def row(**changes: Any) -> StateName:
    values: dict[str, Any] = {
        "table": "incident",
        "value": "2",
        "labels": {"en": "In Progress", "zh-hans": "进行中"},
        "listed": True,
        "phase": Phase.IN_PROGRESS,
    }
    return StateName(**{**values, **changes})


def state(en: str = "In Progress", **changes: Any) -> State:
    values: dict[str, Any] = {"value": "2", "phase": Phase.IN_PROGRESS}
    return State(labels={"en": en, "zh-hans": "进行中"}, **{**values, **changes})


def kinds(of: StateName) -> list[str]:
    return [each.change.value for each in differences(of)]


@pytest.mark.parametrize(
    ("known", "now", "expected"),
    [
        (row(), state(), []),
        (row(), state("Working"), [Change.RENAMED]),
        (row(), state(inactive=True), [Change.RETIRED]),
        (row(), state("Working", inactive=True), [Change.RENAMED, Change.RETIRED]),
        (row(retired=True), state(), [Change.RETURNED]),
        (row(retired=True, listed=False), state(), [Change.RETURNED]),
        (row(labels={"en": "In Progress"}), state(), []),
        (row(listed=False), state("Working"), []),
        (row(listed=False, labels={"und": "In Bearbeitung"}), state("Working"), []),
    ],
    ids=[
        *("same", "renamed", "inactive", "renamed and inactive", "active again", "back"),
        *("another language", "was as shipped", "was seen in a record"),
    ],
)
def test_what_a_reading_tells(known: StateName, now: State, expected: list[str]) -> None:
    take_in(known, now, position=0, at=AT)
    assert kinds(known) == expected
    assert known.labels == now.labels


@pytest.mark.parametrize(
    ("known", "expected", "retired"),
    [
        (row(), [Change.GONE], True),
        (row(retired=True), [Change.GONE], True),
        (row(listed=False), [], True),
        (row(listed=False, value="42"), [], False),
    ],
    ids=["gone", "inactive, then gone", "stood in as shipped", "only seen in a record"],
)
def test_what_is_told_of_a_value_that_the_list_lacks(
    known: StateName, expected: list[str], *, retired: bool
) -> None:
    miss(known, at=AT)
    assert (kinds(known), known.retired) == (expected, retired)


def test_a_change_that_was_taken_back_is_not_told() -> None:
    known = row()
    take_in(known, state("Working"), position=0, at=AT)
    take_in(known, state(), position=0, at=AT)
    assert known.before == {}


def test_of_two_changes_in_a_row_the_first_name_is_remembered() -> None:
    known = row()
    take_in(known, state("Working"), position=0, at=AT)
    take_in(known, state("Busy"), position=0, at="2026-11-26T08:00:00+00:00")
    [change] = differences(known)
    assert (change.was, change.now) == ("In Progress", "Busy")
    assert known.before["at"] == AT


def test_a_new_state_that_is_gone_before_anybody_looked_is_not_told() -> None:
    known = row(value="42", listed=False, before={"new": True, "at": AT}, labels={})
    take_in(known, state(value="42", phase=Phase.UNKNOWN), position=0, at=AT)
    assert kinds(known) == [Change.NEW]
    miss(known, at=AT)
    assert (kinds(known), known.before) == ([], {})


def test_name_and_phase_of_a_person_stay() -> None:
    known = row(names={"en": "Parked"}, phase=Phase.ON_HOLD)
    take_in(known, state("Working"), position=3, at=AT)
    assert (known.names, known.phase) == ({"en": "Parked"}, Phase.ON_HOLD)


def choice(value: str, language: str, label: str, *, inactive: bool = False) -> Choice:
    return Choice(
        value=value,
        label=label,
        table="incident",
        element="state",
        language=language,
        inactive=inactive,
    )


def test_the_rows_of_all_languages_make_one_state() -> None:
    [new, old] = listed_states(
        "incident",
        [
            choice("1", "en", "New"),
            choice("1", "zh", "新建"),
            choice("1", "de", "Neu"),
            choice("42", "en", "Old", inactive=True),
            choice("", "en", "-- None --"),
            choice("x" * 41, "en", "Too long to be a value"),
        ],
    )
    assert new.labels == {"en": "New", "zh-hans": "新建", "de": "Neu"}
    assert (new.inactive, old.inactive, old.phase) == (False, True, Phase.UNKNOWN)


@pytest.mark.parametrize(
    ("names", "labels", "english", "chinese"),
    [
        ({}, {"en": "New", "zh-hans": "新建"}, "New", "新建"),
        ({"en": "Fresh"}, {"en": "New", "zh-hans": "新建"}, "Fresh", "新建"),
        ({"en": "Fresh"}, {"en": "New"}, "Fresh", "Fresh"),
        ({"zh-hans": "新"}, {"en": "New"}, "New", "新"),
        ({"en": ""}, {"zh-hans": "新建"}, "新建", "新建"),
        ({}, {"und": "Neu"}, "Neu", "Neu"),
        ({}, {"de": "Neu"}, "Neu", "Neu"),
        ({}, {}, "2", "2"),
    ],
)
def test_every_reader_gets_a_name(
    names: dict[str, str], labels: dict[str, str], english: str, chinese: str
) -> None:
    known = row(names=names, labels=labels)
    with override("en"):
        assert known.shown == english
    with override("zh-hans"):
        assert known.shown == chinese


def test_names_that_clash_are_found_per_table_and_language() -> None:
    rows = [
        row(value="2"),
        row(value="3", labels={"en": "On Hold"}, names={"en": "in progress"}),
        row(value="7", retired=True),
        row(value="2", table="change_request"),
    ]
    [clash] = duplicates(rows)
    assert (clash.table, clash.language, clash.values) == ("incident", "en", ("2", "3"))
