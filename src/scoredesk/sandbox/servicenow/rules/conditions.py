"""Conditions of policies, rules and transitions, asked of one record and not of the table.

A condition is an encoded query (servicenow-api 3.1) without dot-walks; besides the operators of
lists it knows `CHANGES`, `VALCHANGES`, `CHANGESTO` and `CHANGESFROM`, which compare with the record
as it was before the write.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from scoredesk.sandbox.servicenow.state import Record

Compare = Callable[[str, str], bool]

COMPARISONS: dict[str, Compare] = {
    "!=": lambda value, wanted: value != wanted,
    ">=": lambda value, wanted: _ranked(value) >= _ranked(wanted),
    "<=": lambda value, wanted: _ranked(value) <= _ranked(wanted),
    "NOT IN": lambda value, wanted: value not in wanted.split(","),
    "NOT LIKE": lambda value, wanted: wanted not in value,
    "STARTSWITH": lambda value, wanted: value.startswith(wanted),
    "ENDSWITH": lambda value, wanted: value.endswith(wanted),
    "ISNOTEMPTY": lambda value, _: value != "",
    "ISEMPTY": lambda value, _: value == "",
    "ANYTHING": lambda _value, _: True,
    "LIKE": lambda value, wanted: wanted in value,
    "IN": lambda value, wanted: value in wanted.split(","),
    "=": lambda value, wanted: value == wanted,
    ">": lambda value, wanted: _ranked(value) > _ranked(wanted),
    "<": lambda value, wanted: _ranked(value) < _ranked(wanted),
}
CHANGES: dict[str, Callable[[str, str, str], bool]] = {
    "VALCHANGES": lambda old, new, _: old != new,
    "CHANGESFROM": lambda old, new, wanted: old == wanted != new,
    "CHANGESTO": lambda old, new, wanted: new == wanted != old,
    "CHANGES": lambda old, new, _: old != new,
}
TERM = re.compile(
    r"(?P<field>[a-z][a-z0-9_]*)(?P<operator>"
    + "|".join(re.escape(operator) for operator in (*CHANGES, *COMPARISONS))
    + r")(?P<value>.*)",
    re.DOTALL,
)


def met(condition: str, record: Record, *, old: Record | None = None) -> bool:
    """Whether the record fits; an empty condition always does, a term that cannot be read never.

    A policy with a wrong condition would otherwise strike every record.
    """
    return any(
        all(any(_term(text, record, old or {}) for text in clause) for clause in _clauses(group))
        for group in re.split(r"\^NQ", condition)
    )


def pairs(template: str) -> Record:
    """`type=normal^impact=2^EQ` of a template as values."""
    parts = (part.partition("=") for part in template.split("^") if part not in {"", "EQ"})
    return {name: value for name, _, value in parts}


def _clauses(group: str) -> list[list[str]]:
    clauses: list[list[str]] = []
    for part in group.split("^"):
        if part in {"", "EQ"} or part.startswith("ORDERBY"):
            continue
        if part.startswith("OR") and clauses:
            clauses[-1].append(part.removeprefix("OR"))
        else:
            clauses.append([part])
    return clauses


def _term(text: str, record: Record, old: Record) -> bool:
    found = TERM.fullmatch(text)
    if found is None:
        return False
    name, operator, wanted = found["field"], found["operator"], found["value"]
    value = record.get(name, "")
    if operator in CHANGES:
        return CHANGES[operator](old.get(name, ""), value, wanted)
    return COMPARISONS[operator](value.lower(), wanted.lower())


def _ranked(text: str) -> tuple[int, float, str]:
    """Numbers before texts, each in its own order."""
    try:
        return 0, float(text), ""
    except ValueError:
        return 1, 0.0, text
