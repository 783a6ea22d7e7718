"""The states that an instance lists, and what a new reading makes of those we know. Pure.

A difference is told until an administrator has acknowledged it. What was known before the first
reading (names as shipped, values seen in records) is no knowledge of the instance's list: it is
replaced without a word.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from scoredesk.connections.languages import portal_code
from scoredesk.connections.models import Phase, StateName
from scoredesk.servicenow import Choice
from scoredesk.servicenow.vocabulary import STATES, Table, phase_of

LONGEST_VALUE: Final = 40  # as ServiceNow allows (servicenow-api 8), and as wide as our column
LONGEST_LABEL: Final = 120  # ServiceNow itself allows more

# Names of the states as shipped, for readers of an instance that does not show its choices.
_SHIPPED: Final[dict[str, str | Promise]] = {
    "New": pgettext_lazy("state of a record", "New"),
    "In Progress": pgettext_lazy("state of a record", "In Progress"),
    "On Hold": pgettext_lazy("state of a record", "On Hold"),
    "Resolved": pgettext_lazy("state of a record", "Resolved"),
    "Closed": pgettext_lazy("state of a record", "Closed"),
    "Canceled": pgettext_lazy("state of a record", "Canceled"),
    "Assess": pgettext_lazy("state of a record", "Assess"),
    "Authorize": pgettext_lazy("state of a record", "Authorize"),
    "Scheduled": pgettext_lazy("state of a record", "Scheduled"),
    "Implement": pgettext_lazy("state of a record", "Implement"),
    "Review": pgettext_lazy("state of a record", "Review"),
}


@dataclass(frozen=True)
class State:
    """A state as the instance lists it: its labels by the portal's languages."""

    value: str
    labels: dict[str, str]
    phase: Phase
    inactive: bool = False


def listed_states(table: str, choices: Iterable[Choice]) -> list[State]:
    """The states of a table in the order of the choices, which are one row per language.

    A value that instances as shipped do not have gets Phase.UNKNOWN: a person must say what it
    amounts to. A state is inactive if it is so in every language.
    """
    rows: dict[str, list[Choice]] = {}
    for choice in choices:
        if choice.value and len(choice.value) <= LONGEST_VALUE:
            rows.setdefault(choice.value, []).append(choice)
    return [
        State(
            value=value,
            labels={portal_code(row.language): row.label[:LONGEST_LABEL] for row in found},
            phase=proposed_phase(table, value),
            inactive=all(row.inactive for row in found),
        )
        for value, found in rows.items()
    ]


def shipped_states(table: str) -> list[State]:
    """The states as instances are shipped, named in each of the portal's languages."""
    return [
        State(value, _shipped_labels(label), Phase(phase.value))
        for value, (label, phase) in STATES[Table(table)].items()
    ]


def proposed_phase(table: str, value: str) -> Phase:
    """What a value amounts to in instances as shipped."""
    phase = phase_of(table, value)
    return Phase(phase.value) if phase else Phase.UNKNOWN


def take_in(row: StateName, state: State, *, position: int, at: str) -> None:
    """Brings a row to what the instance lists now; the name and phase of a person stay.

    `at`: the time of the reading, as ISO text.
    """
    known = _snapshot(row, at) if row.listed or row.retired else row.before
    row.labels, row.position = dict(state.labels), position
    row.listed, row.retired = True, state.inactive
    if row.phase == Phase.UNKNOWN:
        row.phase = state.phase
    _compare(row, known)


def miss(row: StateName, *, at: str) -> None:
    """The instance's list does not have the row's value (any more)."""
    if row.listed:
        known = _snapshot(row, at)
        row.listed, row.retired = False, True
        _compare(row, known)
    elif proposed_phase(row.table, row.value) != Phase.UNKNOWN:
        row.retired = True  # it stood in as shipped, and this instance does not have it


class Change(StrEnum):
    """What an instance can do to a state."""

    NEW = "new"
    RENAMED = "renamed"
    RETIRED = "retired"
    GONE = "gone"
    RETURNED = "returned"


@dataclass(frozen=True)
class Difference:
    """One thing that changed. `was` and `now`: labels in `language`, for a renamed state."""

    change: Change
    language: str = ""
    was: str = ""
    now: str = ""


def differences(row: StateName) -> list[Difference]:
    """What the instance has changed since an administrator last knew."""
    before = row.before
    if not before:
        return []
    if before.get("new"):
        return [Difference(Change.NEW)] if row.listed else []
    found = [
        Difference(Change.RENAMED, language, was, row.labels[language])
        for language, was in before["labels"].items()
        if row.labels.get(language, was) != was
    ]
    if before["retired"] and not row.retired:
        found.append(Difference(Change.RETURNED))
    elif row.retired and (not before["retired"] or before["listed"] != row.listed):
        found.append(Difference(Change.RETIRED if row.listed else Change.GONE))
    return found


@dataclass(frozen=True)
class Duplicate:
    """Several states of a table that a reader cannot tell apart."""

    table: str
    language: str
    name: str
    values: tuple[str, ...]


def duplicates(rows: Sequence[StateName]) -> list[Duplicate]:
    """Names that more than one state of a table has in a language; retired states do not count."""
    found: dict[tuple[str, str, str], list[StateName]] = {}
    for row in rows:
        if row.retired:
            continue
        for language, _name in settings.LANGUAGES:
            key = (row.table, language, row.shown_in(language).casefold())
            found.setdefault(key, []).append(row)
    return [
        Duplicate(table, language, same[0].shown_in(language), tuple(row.value for row in same))
        for (table, language, _name), same in found.items()
        if len(same) > 1
    ]


def _shipped_labels(label: str) -> dict[str, str]:
    labels = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            labels[language] = str(_SHIPPED[label])
    return labels


def _snapshot(row: StateName, at: str) -> dict[str, object]:
    return row.before or {
        "labels": row.labels,
        "listed": row.listed,
        "retired": row.retired,
        "at": at,
    }


def _compare(row: StateName, known: dict[str, object]) -> None:
    """Keeps what was known as long as it differs; a change that was taken back needs no word."""
    row.before = known
    if not differences(row):
        row.before = {}
