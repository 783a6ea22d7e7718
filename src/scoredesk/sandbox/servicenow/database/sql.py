"""Encoded queries as SQL over the one table of records, so that 200,000 of them stay quick."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from scoredesk.sandbox.servicenow.database.query import Query, Term
from scoredesk.sandbox.servicenow.database.schema import (
    CHOICE,
    INTEGER,
    REFERENCE,
    TABLES,
    Field,
    family,
)

# These live in columns of their own, with indexes; all other fields live in the JSON body.
COLUMNS = {
    "sys_id",
    "number",
    "state",
    "sys_created_on",
    "sys_updated_on",
    "sys_mod_count",
    "correlation_id",
    "correlation_display",
}
WHOLE_NUMBER = re.compile(r"-?\d+")
COMPARISONS = {"=", "!=", "<", "<=", ">", ">="}
FIELD_COMPARISONS = {
    "SAMEAS": "=",
    "NSAMEAS": "!=",
    "GT_FIELD": ">",
    "LT_FIELD": "<",
    "GT_OR_EQUALS_FIELD": ">=",
    "LT_OR_EQUALS_FIELD": "<=",
}
# The filter option "Me" of every instance (servicenow-api 3.2, DYNAMIC).
ME = "90d1921e5f510100a9ad2572f2b477fe"


@dataclass
class Where:
    """A condition with its parameters."""

    text: str
    params: list[str | int] = field(default_factory=list)


def find_field(table: str, path: str) -> Field | None:
    """The field that a (dot-walked) path ends at; None if any part does not exist."""
    found: Field | None = None
    for part in path.split("."):
        if table not in TABLES:
            return None
        found = TABLES[table].fields.get(part)
        if found is None:
            return None
        table = found.target
    return found


def value_of(table: str, path: str, *, alias: str = "r") -> str:
    """The SQL for the value of a path that `find_field` knows; empty is ''."""
    first, _, rest = path.partition(".")
    if first in COLUMNS:
        own = f"{alias}.{first}"
    else:
        own = f"COALESCE(json_extract({alias}.body, '$.\"{first}\"'), '')"
    if not rest:
        return own if first in COLUMNS else f"({own} COLLATE NOCASE)"
    target = TABLES[table].fields[first].target
    inner = f"{alias}x"
    walked = value_of(target, rest, alias=inner)
    return f"COALESCE((SELECT {walked} FROM sn_record {inner} WHERE {inner}.sys_id = {own}), '')"  # noqa: S608 # names come from the schema


def where(table: str, query: Query, *, me: str, no_rows_if_invalid: bool = False) -> Where:
    """The whole condition of a table's query; terms of unknown fields are dropped (3.4)."""
    names = family(table)
    tables = Where(f"r.tbl IN ({', '.join('?' * len(names))})", list(names))
    groups = []
    for group in query.groups:
        clauses = [_any_of(table, clause, me=me) for clause in group]
        if no_rows_if_invalid and any(
            term.field is None or find_field(table, term.field) is None
            for clause in group
            for term in clause
        ):
            return Where("0")
        kept = [clause for clause in clauses if clause is not None]
        if not kept:
            return tables
        groups.append(_joined(" AND ", kept))
    if not groups:
        return tables
    return _joined(" AND ", [tables, _joined(" OR ", groups)])


def order_by(table: str, query: Query) -> str:
    """The ORDER BY clause; unknown fields are dropped, no order means as stored."""
    parts = []
    for path, descending in query.order:
        found = find_field(table, path)
        if found is None:
            continue
        shown = value_of(table, path)
        if found.kind == REFERENCE:
            shown = value_of(table, f"{path}.{TABLES[found.target].display}")
        elif found.kind in {INTEGER, CHOICE}:
            shown = f"CAST({shown} AS INTEGER) {'DESC' if descending else 'ASC'}, {shown}"
        parts.append(f"{shown} {'DESC' if descending else 'ASC'}")
    return f" ORDER BY {', '.join(parts)}" if parts else ""


def _joined(word: str, parts: list[Where]) -> Where:
    params = [param for part in parts for param in part.params]
    return Where("(" + word.join(part.text for part in parts) + ")", params)


def _any_of(table: str, clause: list[Term], *, me: str) -> Where | None:
    known = [term for term in clause if term.field and find_field(table, term.field)]
    terms = [made for term in known if (made := _term(table, term, me=me)) is not None]
    return _joined(" OR ", terms) if terms else None


def _term(table: str, term: Term, *, me: str) -> Where | None:
    """One condition; None if its value makes no sense, so that it is dropped."""
    path = str(term.field)
    found = find_field(table, path)
    if found is None:
        return None
    left = value_of(table, path)
    made: Where | None
    if term.operator in COMPARISONS:
        made = _compared(left, found, operator=term.operator, value=term.value)
    elif term.operator in {"IN", "NOT IN"}:
        values = term.value.split(",")
        made = Where(f"{left} {term.operator} ({', '.join('?' * len(values))})", list(values))
    elif term.operator in {"LIKE", "NOT LIKE", "STARTSWITH", "ENDSWITH"}:
        made = _alike(table, term, found=found)
    elif term.operator == "BETWEEN":
        made = _between(left, found, value=term.value)
    elif term.operator == "DYNAMIC":
        made = Where(f"{left} = ?", [me]) if term.value == ME else None
    elif term.operator in FIELD_COMPARISONS:
        made = _field_to_field(table, left, term=term)
    else:
        alone = {"ISNOTEMPTY": f"{left} != ''", "ANYTHING": "1"}
        made = Where(alone.get(term.operator, f"{left} = ''"))
    return made


def _field_to_field(table: str, left: str, *, term: Term) -> Where | None:
    if find_field(table, term.value) is None:
        return None
    return Where(f"{left} {FIELD_COMPARISONS[term.operator]} {value_of(table, term.value)}")


def _compared(left: str, found: Field, *, operator: str, value: str) -> Where:
    if operator in {"=", "!="}:
        return Where(f"{left} {operator} ?", [value])
    if found.kind in {INTEGER, CHOICE} and WHOLE_NUMBER.fullmatch(value):
        return Where(f"CAST({left} AS INTEGER) {operator} ?", [int(value)])
    return Where(f"({left} != '' AND {left} {operator} ?)", [value])


def _between(left: str, found: Field, *, value: str) -> Where | None:
    low, divider, high = value.partition("@")
    if not divider:
        return None
    return _joined(
        " AND ",
        [
            _compared(left, found, operator=">=", value=low),
            _compared(left, found, operator="<=", value=high),
        ],
    )


def _alike(table: str, term: Term, *, found: Field) -> Where:
    path = str(term.field)
    if found.kind == REFERENCE:
        path = f"{path}.{TABLES[found.target].display}"
    escaped = re.sub(r"([%_\\])", r"\\\1", term.value)
    pattern = {"STARTSWITH": f"{escaped}%", "ENDSWITH": f"%{escaped}"}.get(
        term.operator, f"%{escaped}%"
    )
    word = "NOT LIKE" if term.operator == "NOT LIKE" else "LIKE"
    return Where(f"{value_of(table, path)} {word} ? ESCAPE '\\'", [pattern])
