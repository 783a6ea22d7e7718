"""What is sent in the mapped fields of one ticket, and where each value comes from. Pure, but for
the one reading of rows in `defaults_of`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from scoredesk.connections.fields.catalogue import Book, FieldInfo
from scoredesk.connections.fields.known import mappable
from scoredesk.connections.fields.placeholders import fill
from scoredesk.connections.models import Catalogue, Connection, FieldDefault


class Origin(StrEnum):
    """Where the value of a field comes from."""

    CONSTANT = "constant"
    TEMPLATE = "template"
    ASKED = "asked"


@dataclass(frozen=True)
class Default:
    """What an administrator wants in a field."""

    field: str
    value: str = ""
    shown: str = ""
    template: bool = False
    asked: bool = False


@dataclass(frozen=True)
class Filled:
    """A field of one ticket: the raw value, what people see for it, where it comes from."""

    field: str
    value: str
    shown: str
    origin: Origin


def defaults_of(connection: Connection, table: str) -> list[Default]:
    """What is mapped for a table of tickets."""
    rows = FieldDefault.objects.filter(connection=connection, table=table)
    return [as_default(row) for row in rows]


def as_default(row: FieldDefault) -> Default:
    """A row as plain data. A template is shown as what it is, so `shown` marks it."""
    return Default(row.field, row.value, row.shown, row.shown == TEMPLATE, row.asked)


# Stands in `shown` of a template: what it becomes differs for each ticket.
TEMPLATE = "{}"


def filled(
    defaults: Sequence[Default], values: Mapping[str, str], extras: Mapping[str, str]
) -> list[Filled]:
    """The mapped fields of one ticket: what the person filled in wins over the mapping. `values`:
    of the placeholders. Empty ones are left out, so that the instance's own defaults hold."""
    found: dict[str, Filled] = {}
    for each in defaults:
        if not mappable(each.field):
            continue
        if each.template:
            text = fill(each.value, values)
            found[each.field] = Filled(each.field, text, text, Origin.TEMPLATE)
        elif not each.asked:
            shown = each.shown or each.value
            found[each.field] = Filled(each.field, each.value, shown, Origin.CONSTANT)
    for name, value in extras.items():
        if mappable(name):
            found[name] = Filled(name, value, value, Origin.ASKED)
    return [each for each in found.values() if each.value.strip()]


def asked_fields(book: Book, defaults: Sequence[Default]) -> list[FieldInfo]:
    """The fields that the person who shares must see: marked as asked, or demanded by the instance
    and filled by nobody."""
    by_field = {each.field: each for each in defaults}
    names = [each.field for each in defaults if each.asked and mappable(each.field)]
    names += [
        each.name for each in book.mandatory() if not each.unnamed and each.name not in by_field
    ]
    return [book.info(name) for name in dict.fromkeys(names)]


def book_of(connection: Connection, table: str, language: str) -> Book:
    """The catalogue of a table for pages in a language; an empty one before the first reading."""
    row = Catalogue.objects.filter(connection=connection, table=table).first()
    return Book(
        table, row.fields if row else {}, row.choices if row else {}, language.partition("-")[0]
    )
