"""The condition builder of a list: rows of field, operator and value, to an encoded query and back.

What the builder cannot show (joins, scripts) stays in `rest` and in force.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from scoredesk.sandbox.servicenow.database.schema import (
    BOOLEAN,
    CHOICE,
    DATETIME,
    JOURNAL,
    REFERENCE,
    TABLES,
    Field,
)
from scoredesk.sandbox.servicenow.instance import Caller, Instance, in_zone, to_utc
from scoredesk.sandbox.servicenow.tables.values import NEVER_DELIVERED

OPERATORS = (
    ("=", "is"),
    ("!=", "is not"),
    ("LIKE", "contains"),
    ("NOT LIKE", "does not contain"),
    ("STARTSWITH", "starts with"),
    ("ENDSWITH", "ends with"),
    ("IN", "is one of"),
    ("NOT IN", "is not one of"),
    (">=", "greater than or is"),
    ("<=", "less than or is"),
    ("ISEMPTY", "is empty"),
    ("ISNOTEMPTY", "is not empty"),
)
NAMES = dict(OPERATORS)
ALIASES = {"CONTAINS": "LIKE", "*": "LIKE", "%": "ENDSWITH"}
WITHOUT_VALUE = {"ISEMPTY", "ISNOTEMPTY"}
SPELT = sorted([*NAMES, *ALIASES], key=len, reverse=True)
TERM = re.compile(
    r"([a-z][a-z0-9_]*)(" + "|".join(re.escape(word) for word in SPELT) + ")(.*)", re.DOTALL
)
JOINTS = {"": "^", "AND": "^", "OR": "^OR", "NQ": "^NQ"}


@dataclass(frozen=True)
class Condition:
    """One row of the builder; `joint` says how it follows the row before."""

    joint: str
    field: str
    operator: str
    value: str


@dataclass(frozen=True)
class Filter:
    """An encoded query taken apart."""

    conditions: list[Condition] = field(default_factory=list)
    rest: list[str] = field(default_factory=list)
    order: str = ""


def read(known: Mapping[str, Field], encoded: str) -> Filter:
    """The rows that stand for an encoded query."""
    marked = encoded.replace("^^", "\0")
    conditions: list[Condition] = []
    rest: list[str] = []
    order = ""
    for part in (each.replace("\0", "^") for each in marked.split("^")):
        if part.startswith("ORDERBY"):
            # The first ordering is the one that the headings show.
            order = order or _ordering(part)
        elif part and part != "EQ":
            joint, text = _joint(part)
            term = TERM.fullmatch(text)
            if term is None or not _showable(known, term[1], term[3]):
                rest.append(part)
            else:
                operator = ALIASES.get(term[2], term[2])
                conditions.append(
                    Condition(joint if conditions else "", term[1], operator, term[3])
                )
    return Filter(conditions, rest, order)


def encode(conditions: Sequence[Condition], *, rest: Sequence[str] = (), order: str = "") -> str:
    """The encoded query of rows, with what the builder could not show and the order."""
    text = ""
    for each in conditions:
        value = "" if each.operator in WITHOUT_VALUE else each.value.replace("^", "^^")
        joint = JOINTS.get(each.joint, "^") if text else ""
        text += f"{joint}{each.field}{each.operator}{value}"
    parts = [text, *(part.replace("^", "^^") for part in rest)]
    if order:
        parts.append(f"ORDERBYDESC{order[1:]}" if order.startswith("-") else f"ORDERBY{order}")
    return "^".join(part for part in parts if part)


def fields(known: Mapping[str, Field]) -> list[tuple[str, str]]:
    """Names and labels of the fields that a condition may name, by label."""
    return sorted(
        (
            (each.name, each.label)
            for each in known.values()
            if each.kind != JOURNAL and each.name not in NEVER_DELIVERED
        ),
        key=lambda pair: pair[1].lower(),
    )


class Wording:
    """Values of conditions as a person reads and types them."""

    def __init__(self, instance: Instance, caller: Caller, table: str) -> None:
        self._instance = instance
        self._caller = caller
        self._table = table
        self._fields = instance.schema.tables[table].fields

    def shown(self, condition: Condition) -> str:
        """A stored value as a person reads it."""
        parts = condition.value.split(",") if condition.operator.endswith("IN") else None
        if parts is None:
            return self._shown(condition.field, condition.value)
        return ", ".join(self._shown(condition.field, part) for part in parts)

    def typed(self, condition: Condition) -> Condition:
        """A row as typed, with the value as it is stored."""
        exact = condition.operator in {"=", "!=", ">=", "<=", "IN", "NOT IN"}
        if not exact:
            return condition
        parts = condition.value.split(",") if condition.operator.endswith("IN") else None
        if parts is None:
            value = self._stored(condition.field, condition.value.strip())
        else:
            value = ",".join(self._stored(condition.field, part.strip()) for part in parts)
        return Condition(condition.joint, condition.field, condition.operator, value)

    def _labels(self, name: str) -> dict[str, str]:
        return self._instance.choices(self._table, name, language=self._caller.language)

    def _shown(self, name: str, value: str) -> str:
        found = self._fields[name]
        if found.kind == CHOICE:
            return self._labels(name).get(value, value)
        if found.kind == DATETIME:
            return in_zone(value, self._caller.zone)
        if found.kind == REFERENCE:
            referred = self._instance.store.get(found.target, value)
            return referred[1].get(TABLES[found.target].display, "") if referred else value
        return value

    def _stored(self, name: str, text: str) -> str:
        found = self._fields[name]
        if found.kind == CHOICE:
            by_label = {label.lower(): value for value, label in self._labels(name).items()}
            return by_label.get(text.lower(), text)
        if found.kind == DATETIME:
            return to_utc(text, self._caller.zone)
        if found.kind == BOOLEAN:
            return {"yes": "true", "no": "false", "是": "true", "否": "false"}.get(
                text.lower(), text
            )
        if found.kind == REFERENCE and not self._instance.store.get(found.target, text):
            named = self._instance.store.find(found.target, **{TABLES[found.target].display: text})
            return named["sys_id"] if named else text
        return text


def _showable(known: Mapping[str, Field], name: str, value: str) -> bool:
    return name in known and name not in NEVER_DELIVERED and "javascript:" not in value


def _joint(part: str) -> tuple[str, str]:
    if part.startswith("NQ"):
        return "NQ", part.removeprefix("NQ")
    if part.startswith("OR"):
        return "OR", part.removeprefix("OR")
    return "AND", part


def _ordering(part: str) -> str:
    if part.startswith("ORDERBYDESC"):
        return f"-{part.removeprefix('ORDERBYDESC')}"
    return part.removeprefix("ORDERBY")
