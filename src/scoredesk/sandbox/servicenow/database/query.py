"""The encoded query: text to terms, after servicenow-api 3 (no database here)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

# Longest first, so that `>=` is not read as `>` and `NOT LIKE` not as `LIKE`.
OPERATORS = (
    "GT_OR_EQUALS_FIELD",
    "LT_OR_EQUALS_FIELD",
    "EMPTYSTRING",
    "ISNOTEMPTY",
    "STARTSWITH",
    "NOT LIKE",
    "ENDSWITH",
    "CONTAINS",
    "GT_FIELD",
    "LT_FIELD",
    "ANYTHING",
    "NSAMEAS",
    "NOT IN",
    "ISEMPTY",
    "BETWEEN",
    "DYNAMIC",
    "SAMEAS",
    "LIKE",
    "!=",
    "!*",
    ">=",
    "<=",
    "IN",
    "=",
    "<",
    ">",
    "*",
    "%",
)
ALIASES = {"CONTAINS": "LIKE", "*": "LIKE", "!*": "NOT LIKE", "%": "ENDSWITH"}
WITHOUT_VALUE = {"ISEMPTY", "ISNOTEMPTY", "EMPTYSTRING", "ANYTHING"}
TERM = re.compile(
    r"(?P<field>[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*)"
    r"(?P<operator>" + "|".join(re.escape(operator) for operator in OPERATORS) + r")"
    r"(?P<value>.*)",
    re.DOTALL,
)
# Operators that the ACL operation `query_match` covers; the others need `query_range` (3.4).
MATCHING = {"=", "!=", "IN", "NOT IN", "SAMEAS", "NSAMEAS", "ANYTHING", "ISEMPTY", "ISNOTEMPTY"}


@dataclass(frozen=True)
class Term:
    """One condition, e.g. `state` `=` `1`; `field` None marks a term that cannot be read."""

    field: str | None
    operator: str = ""
    value: str = ""


@dataclass
class Query:
    """Groups (joined by ^NQ) of clauses (joined by ^) of terms (joined by ^OR), and the order."""

    groups: list[list[list[Term]]] = field(default_factory=list)
    order: list[tuple[str, bool]] = field(default_factory=list)

    def terms(self) -> list[Term]:
        """Every term, wherever it stands."""
        return [term for group in self.groups for clause in group for term in clause]


def parse_term(text: str) -> Term:
    """`state=1` as a Term; a malformed one has no field and is dropped by the caller."""
    found = TERM.fullmatch(text)
    if found is None:
        return Term(None)
    operator = found["operator"]
    if operator in WITHOUT_VALUE and found["value"]:
        return Term(None)
    return Term(found["field"], ALIASES.get(operator, operator), found["value"])


def parse(text: str) -> Query:
    """The terms and the order of an encoded query; `^^` is a literal `^`."""
    query = Query(groups=[[]])
    for part in _parts(text):
        if part == "EQ" or not part:
            continue
        if part.startswith("ORDERBYDESC"):
            query.order.append((part.removeprefix("ORDERBYDESC"), True))
        elif part.startswith("ORDERBY"):
            query.order.append((part.removeprefix("ORDERBY"), False))
        elif part.startswith("NQ"):
            query.groups.append([])
            _append(query, part.removeprefix("NQ"))
        elif part.startswith("OR") and query.groups[-1]:
            query.groups[-1][-1].append(parse_term(part.removeprefix("OR")))
        else:
            _append(query, part)
    return query


def _append(query: Query, text: str) -> None:
    if text:
        query.groups[-1].append([parse_term(text)])


def _parts(text: str) -> list[str]:
    marked = text.replace("^^", "\0")
    return [part.replace("\0", "^") for part in marked.split("^")]
