"""OData query options of the two collections, and the pages they are served in."""

from __future__ import annotations

import operator
import re
import uuid
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from scoredesk.sandbox.microsoft.errors import BadQuery

Row = dict[str, Any]
Predicate = Callable[[Row], bool]

CLAUSE = re.compile(
    r"\s*(?P<name>\w+)\s+(?P<op>eq|ne|ge|gt|le|lt)\s+(?P<value>'(?:[^']|'')*'|[^\s']+)\s*"
    r"(?P<more>and\b|$)"
)
DATETIME = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$")
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "ge": operator.ge,
    "gt": operator.gt,
    "le": operator.le,
    "lt": operator.lt,
}
OPTIONS = {"$top", "$skip", "$count", "$filter", "$select", "$skiptoken"}
KEPT_TOKENS = 10_000

# Each property's kind: string, number, boolean, datetime, other (selectable, not filterable).
SCORE_FIELDS = {
    **dict.fromkeys(("id", "azureTenantId"), "string"),
    **dict.fromkeys(("activeUserCount", "licensedUserCount", "currentScore", "maxScore"), "number"),
    **dict.fromkeys(("enabledServices", "averageComparativeScores", "controlScores"), "other"),
    "createdDateTime": "datetime",
    "vendorInformation": "other",
}
PROFILE_TEXTS = (
    *("id", "azureTenantId", "actionType", "actionUrl", "controlCategory", "title"),
    *("implementationCost", "remediation", "remediationImpact", "service", "tier", "userImpact"),
)
PROFILE_FIELDS = {
    **dict.fromkeys(PROFILE_TEXTS, "string"),
    **dict.fromkeys(("maxScore", "rank"), "number"),
    **dict.fromkeys(("threats", "vendorInformation"), "other"),
    **dict.fromkeys(("complianceInformation", "controlStateUpdates"), "other"),
    "deprecated": "boolean",
    "lastModifiedDateTime": "datetime",
}


@dataclass(frozen=True)
class Options:
    """What a caller asked for; `top` None means the collection's own page size."""

    top: int | None = None
    skip: int = 0
    count: bool = False
    matches: Predicate | None = None
    select: tuple[str, ...] = ()
    kept: str = ""


def parse_options(params: Mapping[str, str], fields: Mapping[str, str]) -> Options:
    """Options from decoded query parameters; `fields` gives each property's kind.

    Kinds: string, number, boolean, datetime, other (selectable, not filterable). BadQuery says
    what is wrong, also for options that the reference does not list.
    """
    unknown = [name for name in params if name.startswith("$") and name not in OPTIONS]
    if unknown:
        raise BadQuery(f"The query option '{unknown[0]}' is not supported.")
    select = tuple(name.strip() for name in params.get("$select", "").split(",") if name.strip())
    for name in select:
        if name not in fields:
            raise BadQuery(f"Could not find a property named '{name}'.")
    kept = [name for name in ("$top", "$filter", "$count", "$select") if name in params]
    return Options(
        top=_whole(params, "$top"),
        skip=_whole(params, "$skip") or 0,
        count=_flag(params, "$count"),
        matches=parse_filter(params["$filter"], fields) if "$filter" in params else None,
        select=select,
        kept="".join(f"{name}={quote(params[name], safe=':,')}&" for name in kept),
    )


def parse_filter(text: str, fields: Mapping[str, str]) -> Predicate:
    """A test for rows from `name op value [and ...]`; BadQuery for anything else."""
    tests: list[Predicate] = []
    position, more = 0, "and"
    while more:
        found = CLAUSE.match(text, position)
        if found is None:
            raise BadQuery(f"Invalid filter clause: syntax error at position {position}.")
        tests.append(_test(found["name"], found["op"], found["value"], fields))
        position, more = found.end(), found["more"]
    return lambda row: all(test(row) for test in tests)


def _test(name: str, op: str, literal: str, fields: Mapping[str, str]) -> Predicate:
    kind = fields.get(name, "other")
    if kind == "other":
        raise BadQuery(f"Invalid filter clause: no property '{name}' to filter by.")
    wanted = None if literal == "null" else _literal(literal, kind)
    compare = COMPARE[op]

    def test(row: Row) -> bool:
        value = row.get(name)
        if kind == "datetime" and value is not None:
            value = _moment(value)
        if value is None or wanted is None:
            return op in {"eq", "ne"} and compare(value, wanted)
        return compare(value, wanted)

    return test


def _literal(literal: str, kind: str) -> Any:
    quoted = literal.startswith("'")
    if kind == "string" and quoted:
        return literal[1:-1].replace("''", "'")
    if kind == "datetime" and DATETIME.match(literal):
        return _moment(literal)
    if kind == "boolean" and literal in {"true", "false"}:
        return literal == "true"
    if kind == "number" and re.fullmatch(r"-?\d+(\.\d+)?", literal):
        return float(literal)
    raise BadQuery(f"Invalid filter clause: {literal} is not a value of type {kind}.")


def _moment(literal: str) -> datetime:
    """The moment of a literal; a date alone is its midnight in UTC."""
    try:
        moment = datetime.fromisoformat(literal)
    except ValueError as error:
        raise BadQuery(f"Invalid filter clause: there is no moment {literal}.") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _whole(params: Mapping[str, str], name: str) -> int | None:
    text = params.get(name)
    if text is None:
        return None
    if not re.fullmatch(r"\d{1,9}", text):
        raise BadQuery(f"Invalid value '{text}' for {name} query option found.")
    return int(text)


def _flag(params: Mapping[str, str], name: str) -> bool:
    text = params.get(name, "false").lower()
    if text not in {"true", "false"}:
        raise BadQuery(f"Invalid value '{text}' for {name} query option found.")
    return text == "true"


@dataclass(frozen=True)
class Page:
    """What is still to come after a page: ids in order, with the options of the first call."""

    collection: str
    ids: tuple[str, ...]
    options: Options
    total: int


class PageBook:
    """Opaque skip tokens; each stands for the rest of a list as it was when it was asked for."""

    def __init__(self) -> None:
        self._pages: OrderedDict[str, Page] = OrderedDict()

    def keep(self, page: Page) -> str:
        """A new token for `page`; the oldest tokens are forgotten in the end."""
        token = str(uuid.uuid4())
        self._pages[token] = page
        while len(self._pages) > KEPT_TOKENS:
            self._pages.popitem(last=False)
        return token

    def open(self, token: str, collection: str) -> Page:
        """The page of a token; BadQuery if it is none of this collection's."""
        page = self._pages.get(token)
        if page is None or page.collection != collection:
            raise BadQuery("The skip token is not valid.")
        return page

    def clear(self) -> None:
        """Forget all tokens."""
        self._pages.clear()
