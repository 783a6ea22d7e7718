"""Builder for encoded queries (servicenow-api 3).

An unknown field or a malformed term is dropped by the instance, and the rest runs: a query with
one bad term returns everything. So nothing that a person typed may break out of its term.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from scoredesk.servicenow.timestamps import to_wire

_FIELD = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")
_OPERATORS = frozenset(
    {"=", "!=", "<", "<=", ">", ">=", "LIKE", "NOT LIKE", "STARTSWITH", "ENDSWITH", "SAMEAS"}
)
_BARE = frozenset({"ISEMPTY", "ISNOTEMPTY"})

Value = str | int | datetime
Term = tuple[str, str, Value]


class UnsafeQuery(ValueError):
    """A field, operator or value that would change the meaning of the query."""


@dataclass(frozen=True, slots=True)
class Query:
    """An encoded query, built term by term; every method returns a new one.

        Query().where("active", "=", "true").order_by("sys_updated_on", "sys_id")

    `groups`: terms joined with AND, groups joined with OR. `orders`: the ORDERBY terms.
    Raises UnsafeQuery for a value with `^` or a line break: whether the instance unescapes `^^` is
    not documented, and a term that is cut in two returns other people's records.
    """

    groups: tuple[tuple[str, ...], ...] = ((),)
    orders: tuple[str, ...] = ()

    def where(self, field: str, operator: str, value: Value = "") -> Query:
        """AND: `field operator value`. `ISEMPTY` and `ISNOTEMPTY` take no value."""
        return self._and(_term(field, operator, value))

    def in_list(self, field: str, values: Iterable[Value]) -> Query:
        """AND: the field has one of the values. Raises UnsafeQuery for none, or one with a comma.

        An empty list would become a term without meaning, which the instance drops.
        """
        texts = [_value(value) for value in values]
        if not texts or any(not text or "," in text for text in texts):
            raise UnsafeQuery(f"{field}IN needs values without commas, and at least one")
        return self._and(f"{_field(field)}IN{','.join(texts)}")

    def any_of(self, *terms: Term) -> Query:
        """AND: at least one of the terms holds; `^OR` binds tighter than `^`."""
        if not terms:
            raise UnsafeQuery("any_of needs a term")
        return self._and("^OR".join(_term(*term) for term in terms))

    def new_query(self, other: Query) -> Query:
        """OR: this query or the other one (`^NQ`). Orders of both are kept."""
        return Query(self.groups + other.groups, self.orders + other.orders)

    def caller(self, field: str) -> Query:
        """AND: the field is the user that asks, resolved by the instance (servicenow-api 3.3)."""
        return self._and(f"{_field(field)}=javascript:gs.getUserID()")

    def order_by(self, *fields: str) -> Query:
        """Ascending by these fields. Without a unique field, pages overlap (servicenow-api 2.6)."""
        return Query(self.groups, self.orders + tuple(f"ORDERBY{_field(name)}" for name in fields))

    def order_by_desc(self, *fields: str) -> Query:
        """Descending by these fields."""
        more = tuple(f"ORDERBYDESC{_field(name)}" for name in fields)
        return Query(self.groups, self.orders + more)

    def each_group(self, field: str, operator: str, value: Value) -> Query:
        """AND for every group of a query made with `new_query`."""
        term = _term(field, operator, value)
        return Query(tuple((*group, term) for group in self.groups), self.orders)

    def _and(self, term: str) -> Query:
        return Query((*self.groups[:-1], (*self.groups[-1], term)), self.orders)

    def __str__(self) -> str:
        filters = "^NQ".join("^".join(group) for group in self.groups if group)
        return "^".join(part for part in (filters, *self.orders) if part)

    def __bool__(self) -> bool:
        return bool(str(self))


def _term(field: str, operator: str, value: Value = "") -> str:
    if operator in _BARE:
        return f"{_field(field)}{operator}"
    if operator not in _OPERATORS:
        raise UnsafeQuery(f"{operator} is not an operator that is used here")
    return f"{_field(field)}{operator}{_value(value)}"


def _field(name: str) -> str:
    if not _FIELD.fullmatch(name):
        raise UnsafeQuery(f"{name!r} is not a field name")
    return name


def _value(value: Value) -> str:
    text = to_wire(value) if isinstance(value, datetime) else str(value)
    if "^" in text or any(ord(sign) < 32 for sign in text):
        raise UnsafeQuery("a value may not hold ^ or a line break")
    if text.lower().startswith("javascript:"):
        raise UnsafeQuery("a value may not be a script")
    return text
