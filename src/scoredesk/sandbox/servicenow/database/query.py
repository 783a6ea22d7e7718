"""The encoded query: text to a tree and back, after servicenow-api 3 (no database here).

The grammar (EBNF). `^` separates, `^^` is a literal `^` inside a value:

    query     = [ group { "^NQ" group } ] ;
    group     = item { "^" item } ;
    item      = clause | relation | ordering | "EQ" | "" ;
    clause    = condition { "^OR" condition } ;         (* OR binds to the condition before *)
    condition = field operator [ value ] ;
    field     = name { "." name } ;                     (* dot-walk *)
    ordering  = ( "ORDERBY" | "ORDERBYDESC" | "GROUPBY" ) field ;
    relation  = join | related ;
    join      = "JOIN" name "." field "=" name "." field [ "!" { "^" clause } ] ;
    related   = "RLQUERY" name "." field "," compare number [ ",m2m" ] { "^" clause }
                "^ENDRLQUERY" ;
    compare   = "=" | "!=" | "<" | "<=" | ">" | ">=" ;
    operator  = any of OPERATORS, the longest that fits ;

The conditions of a join reach to the next relation, ordering, `^NQ` or the end. An ordering holds
for the whole query wherever it stands. Text that fits no rule is a Term without a field, which
the reader drops (3.4): parsing never fails.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

WITHOUT_VALUE = {"ISEMPTY", "ISNOTEMPTY", "EMPTYSTRING", "ANYTHING", "VALCHANGES"}
RELATIVE = {"RELATIVEGE", "RELATIVELE", "RELATIVEGT", "RELATIVELT", "RELATIVEEE"}
FIELD_COMPARISONS = {
    "SAMEAS": "=",
    "NSAMEAS": "!=",
    "GT_FIELD": ">",
    "LT_FIELD": "<",
    "GT_OR_EQUALS_FIELD": ">=",
    "LT_OR_EQUALS_FIELD": "<=",
}
# Meaningful only while a record changes, so never in a list (servicenow-api 3.2).
OF_CHANGES = {"CHANGESFROM", "CHANGESTO", "VALCHANGES"}
ALIASES = {
    "CONTAINS": "LIKE",
    "*": "LIKE",
    "!*": "NOT LIKE",
    "DOES NOT CONTAIN": "NOT LIKE",
    "%": "ENDSWITH",
    "EMPTY": "ISEMPTY",
    "NOTEMPTY": "ISNOTEMPTY",
}
CANONICAL = (
    WITHOUT_VALUE
    | RELATIVE
    | OF_CHANGES
    | set(FIELD_COMPARISONS)
    | {"=", "!=", "<", "<=", ">", ">=", "IN", "NOT IN", "LIKE", "NOT LIKE"}
    | {"STARTSWITH", "NOTSTARTSWITH", "ENDSWITH", "NOTENDSWITH", "BETWEEN", "ON", "NOTON"}
    | {"DATEPART", "MORETHAN", "LESSTHAN", "DYNAMIC", "IN_HIERARCHY", "INSTANCEOF"}
)
# Longest first, so that `>=` is not read as `>` and `NOT LIKE` not as `LIKE`.
OPERATORS = tuple(sorted(CANONICAL | set(ALIASES), key=lambda word: (-len(word), word)))
NAME = r"[a-z][a-z0-9_]*"
FIELD = rf"{NAME}(?:\.{NAME})*"
TERM = re.compile(
    rf"(?P<field>{FIELD})(?P<operator>{'|'.join(map(re.escape, OPERATORS))})(?P<value>.*)",
    re.DOTALL,
)
JOIN = re.compile(rf"JOIN({NAME})\.({FIELD})=({NAME})\.({FIELD})(?:!(.*))?", re.DOTALL)
RELATED = re.compile(rf"RLQUERY({NAME})\.({FIELD}),(<=|>=|!=|<|>|=)(\d{{1,9}})(,m2m)?")
ORDERING = re.compile(r"(ORDERBYDESC|ORDERBY|GROUPBY)(.*)", re.DOTALL)
# What a query may do to a field by the ACL operation `query_match`; the rest is `query_range`.
MATCHING = {"=", "!=", "IN", "NOT IN", "SAMEAS", "NSAMEAS", "ANYTHING", "ISEMPTY", "ISNOTEMPTY"}
UNREADABLE = "could not be read"


@dataclass(frozen=True)
class Term:
    """One condition, e.g. `state` `=` `1`; without a field it could not be read (see `value`)."""

    field: str | None
    operator: str = ""
    value: str = ""


Clause = tuple[Term, ...]


@dataclass(frozen=True)
class Join:
    """Rows that have a row in another table: `table.field=other.other_field`, and its clauses."""

    table: str
    field: str
    other: str
    other_field: str
    clauses: tuple[Clause, ...] = ()


@dataclass(frozen=True)
class Related:
    """Rows to which `compare` `number` rows of another table point by its field."""

    other: str
    other_field: str
    compare: str
    number: int
    many_to_many: bool = False
    clauses: tuple[Clause, ...] = ()


Relation = Join | Related


@dataclass(frozen=True)
class Group:
    """Clauses and relations that must all hold."""

    clauses: tuple[Clause, ...] = ()
    relations: tuple[Relation, ...] = ()


@dataclass(frozen=True)
class Query:
    """Groups of which one must hold, and the order as `(field, descending)`."""

    groups: tuple[Group, ...] = ()
    order: tuple[tuple[str, bool], ...] = ()
    grouped_by: tuple[str, ...] = ()

    def terms(self) -> Iterator[Term]:
        """Every term on the table itself, wherever it stands."""
        for group in self.groups:
            for clause in group.clauses:
                yield from clause

    def changed(self, change: Callable[[str, Term], Term], *, table: str) -> Query:
        """The same query with every term replaced by `change(its table, term)`."""

        def all_of(owner: str, clauses: tuple[Clause, ...]) -> tuple[Clause, ...]:
            return tuple(tuple(change(owner, term) for term in clause) for clause in clauses)

        groups = tuple(
            Group(
                all_of(table, group.clauses),
                tuple(replace(r, clauses=all_of(r.other, r.clauses)) for r in group.relations),
            )
            for group in self.groups
        )
        return replace(self, groups=groups)


def parse_term(text: str) -> Term:
    """`state=1` as a Term; a malformed one has no field and keeps its text as the value."""
    found = TERM.fullmatch(text)
    if found is None:
        return Term(None, UNREADABLE, text)
    operator = ALIASES.get(found["operator"], found["operator"])
    # aiosnow writes `ISEMPTYNone`: an operator that takes no value does not look for one.
    value = "" if operator in WITHOUT_VALUE else found["value"]
    return Term(found["field"], operator, value)


def parse(text: str) -> Query:
    """The tree of an encoded query; never fails."""
    return _Parser(_parts(text)).query()


def encode(query: Query) -> str:
    """The text of a tree, the inverse of `parse`.

    Raises ValueError for a term that no text stands for: one that could not be read, or `<` with
    the value `=1`.
    """
    parts = []
    for place, group in enumerate(query.groups):
        inside = [_clause(clause) for clause in group.clauses]
        inside += [_relation(relation) for relation in group.relations]
        parts.append(("NQ" if place else "") + "^".join(inside))
    parts += [f"GROUPBY{_escaped(name)}" for name in query.grouped_by]
    parts += [f"ORDERBY{'DESC' if down else ''}{_escaped(name)}" for name, down in query.order]
    return "^".join(parts)


class _Parser:
    """Reads parts from left to right; each method is a rule of the grammar."""

    def __init__(self, parts: list[str]) -> None:
        self._parts = parts
        self._at = 0
        self._order: list[tuple[str, bool]] = []
        self._grouped: list[str] = []

    def query(self) -> Query:
        groups = []
        while self._at < len(self._parts):
            group = self._group()
            if group.clauses or group.relations:
                groups.append(group)
        return Query(tuple(groups), tuple(self._order), tuple(self._grouped))

    def _group(self) -> Group:
        clauses: list[Clause] = []
        relations: list[Relation] = []
        first = True
        while self._at < len(self._parts):
            part = self._parts[self._at]
            if part.startswith("NQ"):
                if not first:
                    break
                self._parts[self._at] = part = part.removeprefix("NQ")
            first = False
            if self._ordering(part) or part in {"", "EQ"}:
                self._at += 1
            elif join := JOIN.fullmatch(part):
                relations.append(self._join(join))
            elif related := RELATED.fullmatch(part):
                relations.append(self._related(related))
            else:
                self._clause(clauses)
        return Group(tuple(clauses), tuple(relations))

    def _ordering(self, part: str) -> bool:
        found = ORDERING.fullmatch(part)
        if found is None:
            return False
        if found[1] == "GROUPBY":
            self._grouped.append(found[2])
        else:
            self._order.append((found[2], found[1] == "ORDERBYDESC"))
        return True

    def _clause(self, clauses: list[Clause]) -> None:
        """One condition, joined to the clause before it if it begins with OR."""
        part = self._parts[self._at]
        self._at += 1
        term = parse_term(part.removeprefix("OR"))
        if part.startswith("OR") and clauses:
            clauses[-1] = (*clauses[-1], term)
        else:
            # Several ORs in a row would copy the growing clause each time: gather them at once.
            gathered = [term]
            while self._at < len(self._parts) and _is_or(self._parts[self._at]):
                gathered.append(parse_term(self._parts[self._at].removeprefix("OR")))
                self._at += 1
            clauses.append(tuple(gathered))

    def _join(self, found: re.Match[str]) -> Join:
        if found[5]:
            self._parts[self._at] = found[5]
        else:
            self._at += 1
        return Join(found[1], found[2], found[3], found[4], self._inner())

    def _related(self, found: re.Match[str]) -> Related:
        self._at += 1
        clauses = self._inner()
        if self._at < len(self._parts) and self._parts[self._at] == "ENDRLQUERY":
            self._at += 1
        return Related(found[1], found[2], found[3], int(found[4]), bool(found[5]), clauses)

    def _inner(self) -> tuple[Clause, ...]:
        """The clauses of a relation, up to whatever else follows."""
        clauses: list[Clause] = []
        while self._at < len(self._parts):
            part = self._parts[self._at]
            ends = part == "ENDRLQUERY" or part.startswith(("NQ", "JOIN", "RLQUERY"))
            if ends or ORDERING.fullmatch(part):
                break
            if part in {"", "EQ"}:
                self._at += 1
            else:
                self._clause(clauses)
        return tuple(clauses)


def _is_or(part: str) -> bool:
    return part.startswith("OR") and not part.startswith("ORDERBY")


def _parts(text: str) -> list[str]:
    """What stands between the single `^`; a doubled one is a literal."""
    parts, pieces = [], []
    at = 0
    for found in re.finditer(r"\^\^|\^", text):
        pieces.append(text[at : found.start()])
        at = found.end()
        if found[0] == "^^":
            pieces.append("^")
        else:
            parts.append("".join(pieces))
            pieces = []
    parts.append("".join([*pieces, text[at:]]))
    return parts


def _escaped(text: str) -> str:
    return text.replace("^", "^^")


def _term(term: Term) -> str:
    text = f"{term.field}{term.operator}{term.value}"
    if term.field is None or parse_term(text) != term:
        raise ValueError(f"No text stands for {term}.")
    return _escaped(text)


def _clause(clause: Clause) -> str:
    return "^OR".join(_term(term) for term in clause)


def _relation(relation: Relation) -> str:
    inside = [_clause(clause) for clause in relation.clauses]
    if isinstance(relation, Join):
        head = f"JOIN{relation.table}.{relation.field}={relation.other}.{relation.other_field}!"
        return head + "^".join(inside)
    stop = ",m2m" if relation.many_to_many else ""
    head = f"RLQUERY{relation.other}.{relation.other_field},{relation.compare}{relation.number}"
    return "^".join([head + stop, *inside, "ENDRLQUERY"])
