"""What the share form accepts, and what it says when it does not."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from scoredesk.tickets.forms import TicketForm

TODAY = dt.date(2026, 11, 23)
GOOD = {
    "table": "incident",
    "name": "Require multifactor authentication for administrative roles",
    "description": "Turn on the policy.",
    "priority": "2",
    "due_date": "2026-12-24",
    "form_key": str(uuid.UUID(int=7)),
}


def form(**changes: str) -> TicketForm:
    return TicketForm({**GOOD, **changes}, description_room=200, today=TODAY)


def test_a_complete_form_is_accepted() -> None:
    filled = form()
    assert filled.is_valid()
    assert filled.cleaned_data["priority"] == 2
    assert filled.cleaned_data["due_date"] == dt.date(2026, 12, 24)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "x" * 161, "161 characters"),
        ("name", "   ", "Give the ticket a name"),
        ("description", "", "Describe what is to be done"),
        ("description", "x" * 201, "1 more than"),
        ("due_date", "2026-11-22", "2026-11-22 has passed"),
        ("due_date", "2226-11-22", "five years"),
        ("due_date", "soon", "not a date"),
        ("due_date", "", "Set a date"),
        ("priority", "9", "9"),
        ("table", "problem", "problem"),
    ],
)
def test_each_wrong_input_is_told_beside_its_field(field: str, value: str, words: str) -> None:
    filled = form(**{field: value})
    assert not filled.is_valid()
    assert words in " ".join(filled.errors[field])
    assert filled.data["name"] or field == "name", "what was typed stays in the form"


def test_today_is_not_in_the_past() -> None:
    assert form(due_date=TODAY.isoformat()).is_valid()


def test_exactly_160_characters_are_kept() -> None:
    assert form(name="x" * 160).is_valid()


def test_line_breaks_in_a_name_become_spaces() -> None:
    filled = form(name="two\r\nlines")
    assert filled.is_valid()
    assert filled.cleaned_data["name"] == "two lines"


def test_line_breaks_of_windows_are_counted_once() -> None:
    assert form(description="a\r\n" * 66).is_valid()


def test_a_new_form_brings_its_own_key_each_time() -> None:
    first = TicketForm(description_room=10, today=TODAY)
    second = TicketForm(description_room=10, today=TODAY)
    assert first["form_key"].value() != second["form_key"].value()
