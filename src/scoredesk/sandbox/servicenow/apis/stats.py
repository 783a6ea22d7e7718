"""The Aggregate API: counts and sums without reading rows (servicenow-api 5.2)."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from scoredesk.sandbox.servicenow import errors
from scoredesk.sandbox.servicenow.apis import aggregates
from scoredesk.sandbox.servicenow.apis.call import Call
from scoredesk.sandbox.servicenow.apis.table import conditions
from scoredesk.sandbox.servicenow.database import sql
from scoredesk.sandbox.servicenow.database.columns import Scope
from scoredesk.sandbox.servicenow.database.schema import TABLES
from scoredesk.sandbox.servicenow.replies import json_reply
from scoredesk.sandbox.servicenow.tables import access
from scoredesk.sandbox.servicenow.tables.values import Presenter, Shape

Number = str | int | float | None


async def answer(call: Call) -> Response:
    """Carry out one request to `/api/now[/v1]/stats/{table}`."""
    table = call.request.path_params["table"]
    if table not in TABLES:
        raise errors.invalid_table(table)
    if call.request.method not in {"GET", "HEAD"}:
        raise errors.Refusal(405, "Method not supported")
    where, _ = conditions(call, table)
    if not _countable(call, table):
        where = sql.Where("0")
    groups = _names(call, table, parameter="sysparm_group_by")
    wanted = [
        (function, name)
        for function in aggregates.FUNCTIONS
        for name in _names(call, table, parameter=f"sysparm_{function}_fields")
    ]
    rows = _rows(call, Scope(table, call.instance.schema), where, groups=groups, wanted=wanted)
    counted = call.asks("sysparm_count")
    if not groups:
        row = rows[0] if rows else (0, *[None for _ in wanted])
        return json_reply(
            call.instance, {"result": {"stats": _stats(row, wanted, counted=counted)}}
        )
    presenter = Presenter(call.instance, call.caller, Shape("", display="true"))
    shown = call.request.query_params.get("sysparm_display_value", "false").lower()
    result = [
        {
            "stats": _stats(row[len(groups) :], wanted, counted=counted),
            "groupby_fields": [
                _group(presenter, table, pair=(name, str(value)), shown=shown)
                for name, value in zip(groups, row, strict=False)
            ],
        }
        for row in rows
    ]
    return json_reply(call.instance, {"result": result})


def _countable(call: Call, table: str) -> bool:
    """Statistics have no row rights here: who may not read the table counts nothing."""
    if not access.check_table(call.instance, call.caller, table=table):
        return False
    return table not in access.READERS or call.caller.has(*access.READERS[table])


def _names(call: Call, table: str, *, parameter: str) -> list[str]:
    given = call.request.query_params.get(parameter, "").split(",")
    return [name for name in given if call.instance.schema.find(table, name) is not None]


def _rows(
    call: Call, scope: Scope, where: sql.Where, *, groups: list[str], wanted: list[tuple[str, str]]
) -> list[tuple[Number, ...]]:
    """Each group's values, its count and its figures; one row if nothing is grouped."""
    params = call.request.query_params
    grouped = [scope.value(name) for name in groups]
    figures = [aggregates.figure(scope, asked) for asked in (("count", ""), *wanted)]
    selected = ", ".join([*grouped, *figures])
    by, values = "", list(where.params)
    if grouped:
        kept, limits = aggregates.having(scope, params)
        ordered = aggregates.order(scope, params, groups)
        by = f" GROUP BY {', '.join(grouped)}{kept} ORDER BY {ordered}"
        values += limits
    statement = f"SELECT {selected} FROM sn_record r WHERE {where.text}{by}"  # noqa: S608 # names come from the schema
    return call.instance.store.rows(statement, values)


def _stats(
    row: tuple[Number, ...], wanted: list[tuple[str, str]], *, counted: bool
) -> dict[str, Any]:
    """Numbers are strings, as everywhere in this API."""
    stats: dict[str, Any] = {"count": str(row[0])} if counted else {}
    for (function, name), figure in zip(wanted, row[1:], strict=True):
        stats.setdefault(function, {})[name] = "" if figure is None else str(figure)
    return stats


def _group(
    presenter: Presenter, table: str, *, pair: tuple[str, str], shown: str
) -> dict[str, str]:
    name, value = pair
    display = value
    if name in TABLES[table].fields:
        display = presenter.display(table, name, record={"sys_id": "", name: value})
    if shown == "all":
        return {"field": name, "value": value, "display_value": display}
    return {"field": name, "value": display if shown == "true" else value}
