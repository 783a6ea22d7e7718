"""The part of the share form that this instance asks for besides: per type of ticket the fields
that an administrator has marked, and those that the instance demands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from scoredesk.connections.fields.catalogue import Book, FieldInfo
from scoredesk.connections.fields.sent import asked_fields, book_of, defaults_of
from scoredesk.connections.fields.widgets import (
    DEPENDS_ON,
    form_field,
    raw,
    unraw,
    wrong_dependent,
)
from scoredesk.connections.models import Connection, TicketTable


@dataclass(frozen=True)
class Asked:
    """What one type of ticket asks for. `constants`: what other fields are filled with anyway, for
    choices that depend on them."""

    table: str
    book: Book
    fields: tuple[FieldInfo, ...]
    constants: Mapping[str, str]

    def name(self, info: FieldInfo) -> str:
        """The name of its form field."""
        return f"extra-{self.table}-{info.name}"


def asked_of(connection: Connection | None) -> list[Asked]:
    """What is asked for each type, in the language of the page; nothing without a connection."""
    if connection is None:
        return []
    found = []
    for table in TicketTable:
        book = book_of(connection, table, get_language() or "en")
        defaults = defaults_of(connection, table)
        constants = {each.field: each.value for each in defaults if not each.asked}
        found.append(Asked(table.value, book, tuple(asked_fields(book, defaults)), constants))
    return found


def add_fields(
    form: forms.Form, asked: list[Asked], chosen: str, filled: Mapping[str, str]
) -> None:
    """Adds the form fields. Where `chosen` says the type, only that type's are required. `filled`:
    raw values of the fields of that type from before."""
    for part in asked:
        for info in part.fields:
            mine = chosen in {"", part.table}
            name = part.name(info)
            kept = filled.get(info.name, "") if part.table == chosen else ""
            form.fields[name] = form_field(
                info, part.book, required=info.mandatory and mine, kept=kept
            )
            if kept:
                form.initial[name] = unraw(info, kept)


def clean(form: forms.Form, asked: list[Asked], chosen: str) -> dict[str, str]:
    """The raw values for the chosen type. What is wrong with the other type's fields, which the
    page hides, is no error; a choice that does not fit the one it depends on is."""
    values: dict[str, str] = {}
    for part in asked:
        for info in part.fields:
            name = part.name(info)
            if part.table != chosen:
                form.errors.pop(name, None)
            elif name in form.cleaned_data:
                values[info.name] = raw(form.cleaned_data[name])
    for part in asked:
        if part.table == chosen:
            _check_dependent(form, part, values)
    return {name: value for name, value in values.items() if value}


def groups(form: forms.Form, asked: list[Asked]) -> Iterator[dict[str, Any]]:
    """The added fields for the page, type by type; types without any are left out."""
    for part in asked:
        bound = [form[part.name(info)] for info in part.fields]
        if bound:
            yield {"table": part.table, "label": TicketTable(part.table).label, "fields": bound}


def _check_dependent(form: forms.Form, part: Asked, values: Mapping[str, str]) -> None:
    for info in part.fields:
        other = DEPENDS_ON.get(info.name)
        if other is None:
            continue
        parent = values.get(other) or part.constants.get(other, "")
        if parent and wrong_dependent(part.book, info.name, values.get(info.name, ""), parent):
            form.add_error(part.name(info), _("This choice does not belong to the category above."))
