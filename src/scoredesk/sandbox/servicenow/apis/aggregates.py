"""The SQL of the Aggregate API: figures, and what filters and orders their groups (5.2)."""

from __future__ import annotations

from starlette.datastructures import QueryParams

from scoredesk.sandbox.servicenow.database.columns import Scope

FUNCTIONS = ("avg", "sum", "min", "max")
OPERATORS = {"=", "!=", ">", ">=", "<", "<="}
Asked = tuple[str, str]


def figure(scope: Scope, asked: Asked) -> str:
    """The SQL of one function over one field, such as the largest `sys_created_on`."""
    function, name = asked
    if function == "count":
        return "COUNT(*)"
    value = f"NULLIF({scope.value(name)}, '')"
    if function in {"min", "max"}:
        # Dates and texts have a least and a largest value too.
        number = f"CASE WHEN {value} GLOB '*[^0-9.-]*' THEN {value}"
        return f"{function.upper()}({number} ELSE CAST({value} AS NUMERIC) END)"
    return f"{function.upper()}(CAST({value} AS NUMERIC))"


def having(scope: Scope, params: QueryParams) -> tuple[str, list[str | int | float]]:
    """HAVING of `sysparm_having=count^state^>^3,avg^impact^<^2`; what makes no sense is dropped."""
    terms, values = [], []
    for text in params.get("sysparm_having", "").split(","):
        parts = [part.strip() for part in text.split("^")]
        if len(parts) != 4 or parts[2] not in OPERATORS:
            continue
        asked = parts[0].lower(), parts[1]
        number = _number(parts[3])
        if number is None or not _known(scope, asked):
            continue
        terms.append(f"{figure(scope, asked)} {parts[2]} ?")
        values.append(number)
    return (f" HAVING {' AND '.join(terms)}" if terms else ""), [*values]


def order(scope: Scope, params: QueryParams, groups: list[str]) -> str:
    """ORDER BY of `sysparm_order_by=COUNT^DESC,AVG^impact,state`; at last the groups' values."""
    terms = []
    for text in params.get("sysparm_order_by", "").split(","):
        first, *rest = [part.strip() for part in text.split("^")]
        direction = " DESC" if rest and rest[-1].upper() == "DESC" else ""
        asked = first.lower(), rest[0] if rest else ""
        if first in groups:
            terms.append(scope.value(first) + direction)
        elif _known(scope, asked):
            terms.append(figure(scope, asked) + direction)
    return ", ".join([*terms, *map(scope.value, groups)])


def _known(scope: Scope, asked: Asked) -> bool:
    function, name = asked
    return function == "count" or (function in FUNCTIONS and scope.find(name) is not None)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
