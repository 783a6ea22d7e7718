"""The dry run: the record of a ticket, field by field, with what the instance would make of it.

Pure: what is known of the instance comes as a `Book` and as looks at the records that fields point
to. Nothing is sent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from scoredesk.connections.fields.catalogue import UNNAMED, Book
from scoredesk.connections.fields.known import OURS, shipped
from scoredesk.connections.fields.sent import Filled, Origin
from scoredesk.connections.fields.widgets import DEPENDS_ON, shown_option, wrong_dependent
from scoredesk.servicenow.vocabulary import LENGTHS
from scoredesk.tickets.payload import text_length

Text = str | Promise


class Level(StrEnum):
    """How sure it is that the instance minds."""

    REFUSED = "refused"
    LOST = "lost"
    DOUBT = "doubt"


@dataclass(frozen=True)
class Problem:
    """What the instance would make of a field, in a sentence."""

    level: Level
    text: Text


@dataclass(frozen=True)
class Line:
    """One field of the record."""

    field: str
    label: str
    value: str
    shown: str
    origin: Text
    problems: Sequence[Problem] = ()


@dataclass(frozen=True)
class Target:
    """What a look at the record brought that a field points to; None: it could not be looked at."""

    found: bool | None
    active: bool = True


ORIGINS: Final[dict[str, Text]] = {
    Origin.CONSTANT: _("Mapping: the same in every ticket"),
    Origin.TEMPLATE: _("Mapping: a text with the ticket's values"),
    Origin.ASKED: _("Filled in by the person who shares"),
}
FROM_TICKET: Final = _("The ticket")
MISSING: Final = _("Nothing is sent")


def dry_run(
    record: Mapping[str, str],
    mapped: Sequence[Filled],
    book: Book,
    targets: Mapping[str, Target] | None = None,
) -> list[Line]:
    """The lines of a record: ours first, then the mapped ones, then those that are missing."""
    origin = {each.field: each for each in mapped}
    ours = [name for name in OURS if name in record]
    names = [*ours, *(name for name in record if name not in OURS)]
    lines = [_line(name, record, origin.get(name), book, targets or {}) for name in names]
    return lines + _missing(record, book)


def refused(lines: Sequence[Line]) -> bool:
    """Whether the instance certainly refuses the record."""
    return any(p.level is Level.REFUSED for line in lines for p in line.problems)


def _line(
    name: str,
    record: Mapping[str, str],
    mapped: Filled | None,
    book: Book,
    targets: Mapping[str, Target],
) -> Line:
    value = record[name]
    shown = mapped.shown if mapped else value
    if book.options(name):
        shown = shown_option(book, name, value)
    return Line(
        field=name,
        label=book.info(name).label,
        value=value,
        shown=shown,
        origin=ORIGINS[mapped.origin] if mapped else FROM_TICKET,
        problems=(
            *_unknown(name, book),
            *_choice(name, record, book),
            *_too_long(name, value, book),
            *_target(targets.get(name)),
        ),
    )


def _missing(record: Mapping[str, str], book: Book) -> list[Line]:
    lines = []
    for name in book.fields:
        info = book.info(name)
        if record.get(name) or not info.mandatory_by or name in OURS:
            continue
        label = info.name.removeprefix(UNNAMED) if info.unnamed else info.label
        if info.mandatory:
            text: Text = _("Mandatory: the instance refuses a record without it. Map it.")
            problem = Problem(Level.REFUSED, text)
        else:
            text = _("Mandatory in ServiceNow's own forms; programs may leave it empty.")
            problem = Problem(Level.DOUBT, text)
        lines.append(Line("" if info.unnamed else name, label, "", "", MISSING, (problem,)))
    return lines


def _unknown(name: str, book: Book) -> list[Problem]:
    known = book.knows(name)
    if known is False:
        return [
            Problem(
                Level.LOST, _("The instance has no such field: it drops the value without a word.")
            )
        ]
    if known is None and name not in shipped(book.table):
        return [Problem(Level.DOUBT, _("Whether the instance has this field is not known."))]
    return []


def _choice(name: str, record: Mapping[str, str], book: Book) -> list[Problem]:
    options = book.options(name)
    value = record[name]
    if not options:
        return []
    mine = [each for each in options if each.value == value]
    if not mine:
        return [Problem(Level.LOST, _("This is not one of the instance's choices."))]
    if all(each.inactive for each in mine):
        return [Problem(Level.LOST, _("The instance no longer offers this choice."))]
    parent = DEPENDS_ON.get(name, "")
    if parent and record.get(parent) and wrong_dependent(book, name, value, record[parent]):
        return [Problem(Level.LOST, _("This choice does not belong to the category that is sent."))]
    return []


def _too_long(name: str, value: str, book: Book) -> list[Problem]:
    room = book.info(name).max_length or LENGTHS.get(name, 0)
    length = text_length(value)
    if not room or length <= room:
        return []
    told = _("%(count)d characters: ServiceNow keeps %(room)d and cuts the rest without a word.")
    return [Problem(Level.LOST, str(told) % {"count": length, "room": room})]


def _target(target: Target | None) -> list[Problem]:
    if target is None:
        return []
    if target.found is None:
        return [Problem(Level.DOUBT, _("Whether it still exists could not be asked."))]
    if not target.found:
        text = _("It was deleted, or the integration user may not see it. Choose another.")
        return [Problem(Level.LOST, text)]
    if not target.active:
        return [Problem(Level.LOST, _("It is inactive. Choose another."))]
    return []
