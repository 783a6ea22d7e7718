"""One term of an encoded query as SQL (servicenow-api 3.2)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from scoredesk.sandbox.servicenow.database.columns import Scope, Where, joined
from scoredesk.sandbox.servicenow.database.query import FIELD_COMPARISONS, OF_CHANGES, Term
from scoredesk.sandbox.servicenow.database.schema import (
    CHOICE,
    INTEGER,
    REFERENCE,
    Field,
)

WHOLE_NUMBER = re.compile(r"[+-]?[0-9]{1,18}")
# Lists up to here are parameters of their own; longer ones are one parameter in JSON.
FEW = 50
# SQLite's own LIKE refuses patterns of 50,000 bytes.
SHORT = 1000
# Terms that `tables.dates` and `tables.scripts` make of others; no query can hold them.
NEVER, NOT_BETWEEN, PART = "never", "not between", "part"
SECONDS = {
    "second": 1,
    "minute": 60,
    "hour": 3600,
    "day": 86_400,
    "dayofweek": 86_400,
    "week": 604_800,
    "month": 2_629_746,
    "quarter": 7_889_238,
    "year": 31_556_952,
}


def condition(scope: Scope, term: Term) -> Where | None:
    """The term as SQL; None if the field or the value makes no sense, so that it is dropped."""
    found = scope.find(term.field)
    if found is None or term.operator in OF_CHANGES:
        return None
    return MAKERS.get(term.operator, _no_such)(scope, term, found)


def _no_such(scope: Scope, term: Term, found: Field) -> None:  # noqa: ARG001 # the shape of all
    return None


def _compared(scope: Scope, term: Term, found: Field) -> Where:
    if term.operator == "=" and _plain(term.value):
        return Where(f"{scope.indexed(str(term.field), [term.value])} = ?", [term.value])
    return compare(scope.value(str(term.field)), found, operator=term.operator, value=term.value)


def compare(left: str, found: Field, *, operator: str, value: str) -> Where:
    """`left` against a literal: whole numbers by size, texts without regard to case."""
    if operator in {"=", "!="}:
        if _plain(value):
            return Where(f"{left} {operator} ?", [value])
        return Where(f"sn_fold({left}) {operator} ?", [value.casefold()])
    if found.kind in {INTEGER, CHOICE} and WHOLE_NUMBER.fullmatch(value):
        number = f"CAST({left} AS INTEGER)"
        return Where(f"({left} != '' AND {number} {operator} ?)", [int(value)])
    return Where(f"({left} != '' AND {left} {operator} ?)", [value])


def _listed(scope: Scope, term: Term, found: Field) -> Where:  # noqa: ARG001 # the shape of all
    left, values = scope.value(str(term.field)), term.value.split(",")
    if term.operator == "IN":
        left = scope.indexed(str(term.field), values)
    if not all(_plain(value) for value in values):
        left, values = f"sn_fold({left})", [value.casefold() for value in values]
    if len(values) <= FEW:
        return Where(f"{left} {term.operator} ({', '.join('?' * len(values))})", [*values])
    listed = f"{left} {term.operator} (SELECT value FROM json_each(?))"  # noqa: S608 # names come from the schema
    return Where(listed, [json.dumps(values)])


def _alike(scope: Scope, term: Term, found: Field) -> Where:  # noqa: ARG001 # the shape of all
    """LIKE and its kin; on a reference they look at the display name (3.2)."""
    left, value = scope.display(str(term.field)), term.value
    negated = term.operator.startswith("NOT")
    where = "STARTS" if "STARTSWITH" in term.operator else "ENDS"
    if "LIKE" in term.operator:
        where = "HAS"
    if not _plain(value) or len(value) > SHORT:
        text = f"sn_{where.lower()}({left}, ?)"
        return Where(f"NOT {text}" if negated else text, [value.casefold()])
    escaped = re.sub(r"([%_\\])", r"\\\1", value)
    pattern = {"STARTS": f"{escaped}%", "ENDS": f"%{escaped}", "HAS": f"%{escaped}%"}[where]
    return Where(f"{left} {'NOT LIKE' if negated else 'LIKE'} ? ESCAPE '\\'", [pattern])


def _between(scope: Scope, term: Term, found: Field) -> Where | None:
    low, divider, high = term.value.partition("@")
    if not divider:
        return None
    left = scope.value(str(term.field))
    ends = [
        compare(left, found, operator=">=", value=low),
        compare(left, found, operator="<=", value=high),
    ]
    inside = joined("AND", ends)
    if term.operator == NOT_BETWEEN:
        return Where(f"({left} != '' AND NOT {inside.text})", inside.params)
    return inside


def _field_to_field(scope: Scope, term: Term, found: Field) -> Where | None:
    other = scope.find(term.value)
    if other is None:
        return None
    left, right = scope.value(str(term.field)), scope.value(term.value)
    sign = FIELD_COMPARISONS[term.operator]
    if term.operator not in {"SAMEAS", "NSAMEAS"}:
        filled = f"{left} != '' AND {right} != ''"
        if {found.kind, other.kind} <= {INTEGER, CHOICE}:
            left, right = f"CAST({left} AS INTEGER)", f"CAST({right} AS INTEGER)"
        return Where(f"({filled} AND {left} {sign} {right})")
    return Where(f"{left} {sign} {right}")


def _apart(scope: Scope, term: Term, found: Field) -> Where | None:  # noqa: ARG001 # the shape of all
    """`fMORETHANg@hour@after@3`: f is more than three hours after g."""
    parts = term.value.split("@")
    if len(parts) != 4 or scope.find(parts[0]) is None:
        return None
    other, unit, direction, count = parts
    if unit not in SECONDS or direction not in {"before", "after"} or not count.isdecimal():
        return None
    first, second = scope.value(str(term.field)), scope.value(other)
    if direction == "before":
        first, second = second, first
    apart = f"(strftime('%s', {first}) - strftime('%s', {second}))"
    seconds = min(int(count[:12]) * SECONDS[unit], 2**60)
    if term.operator == "MORETHAN":
        return Where(f"{apart} > ?", [seconds])
    return Where(f"{apart} BETWEEN 0 AND ?", [seconds - 1])


def _part(scope: Scope, term: Term, found: Field) -> Where:  # noqa: ARG001 # the shape of all
    part, sign, number, zone = term.value.split(",")
    left = scope.value(str(term.field))
    return Where(f"sn_part({left}, ?, ?) {sign} ?", [part, zone, int(number)])


def _in_hierarchy(scope: Scope, term: Term, found: Field) -> Where | None:
    """The record itself, or one below it by the field `parent`."""
    if found.kind != REFERENCE or scope.schema.find(found.target, "parent") is None:
        return None
    inner = Scope(found.target, scope.schema, f"{scope.alias}h")
    below = (
        f"WITH RECURSIVE below(id) AS (SELECT ? UNION SELECT {inner.alias}.sys_id"  # noqa: S608 # names come from the schema
        f" FROM sn_record {inner.alias}, below WHERE {inner.value('parent')} = below.id"
        f" AND {inner.alias}.tbl = '{found.target}') SELECT id FROM below"
    )
    return Where(f"{scope.value(str(term.field))} IN ({below})", [term.value])


def _instance_of(scope: Scope, term: Term, found: Field) -> Where | None:  # noqa: ARG001 # the shape of all
    table = scope.schema.tables.get(term.value)
    if table is None:
        return None
    names = [table.name, *table.children]
    marks = ", ".join("?" * len(names))
    return Where(f"{scope.value(str(term.field))} IN ({marks})", [*names])


def _alone(text: str) -> Callable[[Scope, Term, Field], Where]:
    def made(scope: Scope, term: Term, found: Field) -> Where:  # noqa: ARG001 # the shape of all
        return Where(text.format(scope.value(str(term.field))))

    return made


MAKERS: dict[str, Callable[[Scope, Term, Field], Where | None]] = {
    **dict.fromkeys(("=", "!=", "<", "<=", ">", ">="), _compared),
    **dict.fromkeys(("IN", "NOT IN"), _listed),
    **dict.fromkeys(("LIKE", "NOT LIKE", "STARTSWITH", "NOTSTARTSWITH"), _alike),
    **dict.fromkeys(("ENDSWITH", "NOTENDSWITH"), _alike),
    **dict.fromkeys(("BETWEEN", NOT_BETWEEN), _between),
    **dict.fromkeys(FIELD_COMPARISONS, _field_to_field),
    **dict.fromkeys(("MORETHAN", "LESSTHAN"), _apart),
    **dict.fromkeys(("ISEMPTY", "EMPTYSTRING"), _alone("{} = ''")),
    "ISNOTEMPTY": _alone("{} != ''"),
    "ANYTHING": _alone("1"),
    NEVER: _alone("0"),
    PART: _part,
    "IN_HIERARCHY": _in_hierarchy,
    "INSTANCEOF": _instance_of,
}


def _plain(value: str) -> bool:
    """Whether SQLite's own comparison without case knows all of it."""
    return value.isascii() and "\0" not in value
