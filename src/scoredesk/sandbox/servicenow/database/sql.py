"""Encoded queries as SQL over the one table of records, so that 200,000 of them stay quick."""

from __future__ import annotations

from dataclasses import dataclass

from scoredesk.sandbox.servicenow.database.columns import STOCK, Scope, Where, joined
from scoredesk.sandbox.servicenow.database.conditions import condition
from scoredesk.sandbox.servicenow.database.query import Clause, Group, Join, Query, Relation
from scoredesk.sandbox.servicenow.database.schema import (
    CHOICE,
    INTEGER,
    Field,
    Schema,
    family,
)

__all__ = ["Scope", "Where", "find_field", "order_by", "value_of", "where"]
# Lower bounds of the column that every sync reads by.
BOUNDS = {">", ">=", "="}
# For more alternatives than these SQLite's search for an index takes longer than reading all.
MANY = 100


def find_field(table: str, path: str, schema: Schema = STOCK) -> Field | None:
    """The field that a (dot-walked) path ends at; None if any part does not exist."""
    return schema.find(table, path)


def value_of(table: str, path: str, schema: Schema = STOCK) -> str:
    """The SQL for the value of a path that `find_field` knows; empty is ''."""
    return Scope(table, schema).value(path)


def where(
    table: str, query: Query, *, no_rows_if_invalid: bool = False, schema: Schema = STOCK
) -> Where:
    """The whole condition of a table's query; terms that make no sense are dropped (3.4).

    With `no_rows_if_invalid` a query with such a term gives no rows at all.
    """
    maker = _Maker(Scope(table, schema))
    made = maker.query(query)
    if no_rows_if_invalid and maker.invalid:
        return Where("0")
    return made


def order_by(table: str, query: Query, schema: Schema = STOCK) -> str:
    """The ORDER BY clause; unknown fields are dropped, no order means as stored."""
    scope = Scope(table, schema)
    parts = []
    for path, descending in query.order:
        found = scope.find(path)
        if found is None:
            continue
        word = "DESC" if descending else "ASC"
        shown = scope.display(path)
        if found.kind in {INTEGER, CHOICE}:
            parts.append(f"CAST({shown} AS INTEGER) {word}")
        parts.append(f"{shown} {word}")
    return f" ORDER BY {', '.join(parts)}" if parts else ""


@dataclass
class _Maker:
    """Makes the condition of one query and notes whether anything in it was dropped."""

    scope: Scope
    invalid: bool = False

    def query(self, query: Query) -> Where:
        tables = _of_family(self.scope)
        common, groups = _factored(query.groups)
        made = [where for clause in common if (where := self.clause(self.scope, clause))]
        rest = [self.group(group) for group in groups]
        kept = [where for where in rest if where is not None]
        if len(kept) < len(rest) or not kept:
            # A group of which nothing is left holds for every row.
            return joined("AND", [tables, *made])
        bound = _lower_bound(groups)
        if bound is not None:
            made.append(bound)
        if bound is not None or len(kept) > MANY:
            kept = [_plainly(joined("OR", kept))]
        return joined("AND", [tables, *made, joined("OR", kept)])

    def group(self, group: Group) -> Where | None:
        parts = self.clauses(self.scope, group.clauses)
        for relation in group.relations:
            made = self.relation(relation)
            self.invalid |= made is None
            if made is not None:
                parts.append(made)
        return joined("AND", parts) if parts else None

    def clauses(self, scope: Scope, clauses: tuple[Clause, ...]) -> list[Where]:
        return [made for clause in clauses if (made := self.clause(scope, clause))]

    def clause(self, scope: Scope, clause: Clause) -> Where | None:
        terms = [condition(scope, term) for term in clause]
        kept = [term for term in terms if term is not None]
        self.invalid |= len(kept) < len(terms)
        if len(kept) > MANY:
            return _plainly(joined("OR", kept))
        return joined("OR", kept) if kept else None

    def relation(self, relation: Relation) -> Where | None:
        """Rows that have, or are pointed to by, rows of another table."""
        other = Scope(relation.other, self.scope.schema, f"{self.scope.alias}j")
        if relation.other not in other.schema.tables or other.find(relation.other_field) is None:
            return None
        own = "sys_id"
        if isinstance(relation, Join):
            own = relation.field
            if relation.table != self.scope.table or self.scope.find(own) is None:
                return None
        same = Where(f"{other.value(relation.other_field)} = {self.scope.value(own)}")
        inner = joined("AND", [_of_family(other), same, *self.clauses(other, relation.clauses)])
        rows = f"FROM sn_record {other.alias} WHERE {inner.text}"
        if isinstance(relation, Join):
            return Where(f"EXISTS (SELECT 1 {rows})", inner.params)
        count = f"(SELECT COUNT(*) {rows}) {relation.compare} ?"
        return Where(count, [*inner.params, relation.number])


def _plainly(where: Where) -> Where:
    """The plus keeps SQLite from reading each side of an OR apart and sorting it all."""
    return Where(f"+{where.text}", where.params)


def _of_family(scope: Scope) -> Where:
    names = family(scope.table)
    return Where(f"{scope.alias}.tbl IN ({', '.join('?' * len(names))})", [*names])


def _factored(groups: tuple[Group, ...]) -> tuple[list[Clause], list[Group]]:
    """The clauses that every group has, and the groups without them: these can use an index."""
    if not groups:
        return [], []
    if len(groups) == 1:
        return [], list(groups)
    shared = set(groups[0].clauses)
    for group in groups[1:]:
        shared &= set(group.clauses)
    rest = [
        Group(tuple(c for c in group.clauses if c not in shared), group.relations)
        for group in groups
    ]
    return [clause for clause in dict.fromkeys(groups[0].clauses) if clause in shared], rest


def _lower_bound(groups: list[Group]) -> Where | None:
    """The earliest `sys_updated_on` of `sys_updated_on>W^NQsys_updated_on=W^sys_id>LAST`.

    None where SQLite finds it without help, or where there is none.
    """
    if len(groups) == 1 and all(len(clause) == 1 for clause in groups[0].clauses):
        return None
    bounds = []
    for group in groups:
        own = [_bound(clause) for clause in group.clauses]
        known = [value for value in own if value is not None]
        if not known:
            return None
        bounds.append(max(known))
    return Where("r.sys_updated_on >= ?", [min(bounds)]) if bounds else None


def _bound(clause: Clause) -> str | None:
    values = [
        term.value if term.field == "sys_updated_on" and term.operator in BOUNDS else None
        for term in clause
    ]
    known = [value for value in values if value is not None]
    return min(known) if len(known) == len(values) else None
