"""The Table API: list, read, create, change, delete (servicenow-api 2)."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from scoredesk.sandbox.servicenow import errors
from scoredesk.sandbox.servicenow.apis.bodies import json_object
from scoredesk.sandbox.servicenow.apis.call import Call
from scoredesk.sandbox.servicenow.apis.paging import Page, link_header
from scoredesk.sandbox.servicenow.database import query, sql
from scoredesk.sandbox.servicenow.database.columns import joined
from scoredesk.sandbox.servicenow.database.schema import CHOICE, REFERENCE, TABLES, Schema
from scoredesk.sandbox.servicenow.instance import Instance
from scoredesk.sandbox.servicenow.replies import json_reply
from scoredesk.sandbox.servicenow.tables import access, records, scripts
from scoredesk.sandbox.servicenow.tables.values import Presenter, Shape

DEFAULT_LIMIT = 10_000
# More than any address can hold; a batch could bring more, and SQLite could not. Its time for
# references that are followed grows with their square: 1,000 take half a second.
MOST_TERMS, MOST_WALKS = 10_000, 1000
NO_ROWS_PROPERTY = "glide.invalid_query.returns_no_rows"


async def answer(call: Call) -> Response:
    """Carry out one request to `/api/now[/v1|/v2]/table/{table}[/{sys_id}]`."""
    table = call.request.path_params["table"]
    sys_id = call.request.path_params.get("sys_id", "")
    if table not in TABLES:
        raise errors.invalid_table(table)
    method = call.request.method
    if method in {"GET", "HEAD"}:
        return _one(call) if sys_id else _list(call)
    if method == "DELETE" and sys_id:
        records.delete(records.Writing(call.instance, call.caller), table, sys_id=sys_id)
        return json_reply(call.instance, None, status=204)
    if method == "POST" and not sys_id:
        return await _create(call)
    if method in {"PATCH", "PUT"} and sys_id:
        return await _update(call)
    raise errors.Refusal(405, "Method not supported")


def encoded_query(request: Request, table: str, *, schema: Schema) -> str:
    """`sysparm_query`, or the `name=value` parameters as one."""
    given = request.query_params.get("sysparm_query")
    if given is not None:
        return given
    pairs = request.query_params.multi_items()
    return "^".join(
        f"{name}={value.replace('^', '^^')}"
        for name, value in pairs
        if schema.find(table, name) is not None
    )


def conditions(call: Call, table: str) -> tuple[sql.Where, query.Query]:
    """The query of a request as SQL, after the checks of what the caller may ask."""
    instance = call.instance
    asked = query.parse(encoded_query(call.request, table, schema=instance.schema))
    if sum(1 for _ in asked.terms()) > MOST_TERMS:
        raise errors.query_too_long()
    access.check_query(instance, call.caller, table=table, query=asked)
    if "sysparm_query" not in call.request.query_params:
        asked = asked.changed(lambda owner, term: _by_display(call, owner, term), table=table)
    resolved = scripts.resolve(instance, call.caller, table=table, query=asked)
    where = sql.where(
        table,
        resolved,
        no_rows_if_invalid=_no_rows_if_invalid(instance),
        schema=instance.schema,
    )
    if table == "sys_user" and not _sees_inactive(call):
        active = query.Query((query.Group(((query.Term("active", "=", "true"),),)),))
        where = joined("AND", [where, sql.where(table, active)])
    if where.text.count("(SELECT") > MOST_WALKS:
        raise errors.query_too_long()
    return where, resolved


def _sees_inactive(call: Call) -> bool:
    return call.caller.has("user_admin") or call.instance.on("inactive_users_visible")


def _no_rows_if_invalid(instance: Instance) -> bool:
    """By switch, or as an administrator sets it for the whole instance (servicenow-api 3.4)."""
    if instance.on("invalid_query_no_rows"):
        return True
    found = instance.store.find("sys_properties", name=NO_ROWS_PROPERTY)
    return found is not None and found.get("value") == "true"


def shape_of(call: Call) -> Shape:
    """How the caller wants values shown."""
    params = call.request.query_params
    fields = params.get("sysparm_fields", "")
    display = params.get("sysparm_display_value", "false").lower()
    return Shape(
        table_url=call.table_url,
        display=display if display in {"true", "all"} else "false",
        exclude_link=call.asks("sysparm_exclude_reference_link"),
        fields=tuple(name.strip() for name in fields.split(",") if name.strip()),
    )


def _by_display(call: Call, table: str, term: query.Term) -> query.Term:
    """`state=Closed` and `caller_id=Abel Tuter` of name=value parameters as raw values."""
    found = call.instance.schema.find(table, term.field or "")
    if found is None:
        return term
    if found.kind == CHOICE:
        labels = call.instance.choices(table, found.name, language=call.caller.language)
        values = {label.lower(): value for value, label in labels.items()}
        return query.Term(term.field, "=", values.get(term.value.lower(), term.value))
    if found.kind == REFERENCE:
        named = call.instance.store.find(found.target, **{TABLES[found.target].display: term.value})
        return query.Term(term.field, "=", named["sys_id"] if named else term.value)
    return term


def _list(call: Call) -> Response:
    table, params = call.request.path_params["table"], call.request.query_params
    if not access.check_table(call.instance, call.caller, table=table):
        return json_reply(call.instance, {"result": []}, headers={"X-Total-Count": "0"})
    where, parsed = conditions(call, table)
    offset, limit = (
        _number(params.get("sysparm_offset"), 0),
        _number(params.get("sysparm_limit"), DEFAULT_LIMIT),
    )
    order = sql.order_by(table, parsed, call.instance.schema)
    if not order and call.instance.on("shuffle"):
        order = " ORDER BY random()"
    rows = call.instance.store.select(where, order, limit=limit, offset=offset)
    presenter = Presenter(call.instance, call.caller, shape_of(call))
    # The limit comes before the row rights: a page may hold fewer rows (servicenow-api 2.3).
    shown = [
        presenter.record(table, record, kind=found)
        for found, record in rows
        if access.visible(call.caller, (found, record))
    ]
    if not shown and call.request.path_params.get("version") == "v1":
        raise errors.not_found()
    headers = _page_headers(call, where, window=(offset, limit))
    call.instance.was_read(table, [record for _, record in rows])
    return json_reply(call.instance, {"result": shown}, headers=headers)


def _page_headers(call: Call, where: sql.Where, *, window: tuple[int, int]) -> dict[str, str]:
    params = call.request.query_params
    if call.asks("sysparm_no_count"):
        return {}
    total = call.instance.store.count(where)
    headers = {"X-Total-Count": str(total)}
    if not call.asks("sysparm_suppress_pagination_header"):
        url = f"{call.base_url}{call.request.url.path}"
        page = Page(*window, total, always_prev=call.instance.on("prev_on_first_page"))
        link = link_header(url, params.multi_items(), page=page)
        if link:
            headers["Link"] = link
    return headers


def _one(call: Call) -> Response:
    table, sys_id = call.request.path_params["table"], call.request.path_params["sys_id"]
    if not access.check_table(call.instance, call.caller, table=table):
        raise errors.not_found()
    found = call.instance.store.get(table, sys_id)
    if found is None or not access.visible(call.caller, found):
        raise errors.not_found()
    presenter = Presenter(call.instance, call.caller, shape_of(call))
    content = {"result": presenter.record(table, found[1])}
    call.instance.was_read(table, [found[1]])
    return json_reply(call.instance, content)


async def _create(call: Call) -> Response:
    table = call.request.path_params["table"]
    sent = await json_object(call.request)
    writing = _writing(call)
    record = records.create(writing, table, sent=sent)
    location = f"{call.table_url}/{table}/{record['sys_id']}"
    content = _shown(call, (table, record))
    if content and table == "oauth_entity" and not sent.get("client_secret"):
        # The generated secret is delivered this once (servicenow-api 1.3).
        content["result"]["client_secret"] = record["client_secret"]
    return json_reply(call.instance, content, status=201, headers={"Location": location})


async def _update(call: Call) -> Response:
    table, sys_id = call.request.path_params["table"], call.request.path_params["sys_id"]
    sent = await json_object(call.request)
    writing = _writing(call)
    _, record = records.update(writing, table, sys_id=sys_id, sent=sent)
    return json_reply(call.instance, _shown(call, (table, record)))


def _shown(call: Call, stored: tuple[str, dict[str, str]]) -> dict[str, Any] | None:
    if call.request.headers.get("x-no-response-body") == "true":
        return None
    presenter = Presenter(call.instance, call.caller, shape_of(call))
    return {"result": presenter.record(*stored)}


def _writing(call: Call) -> records.Writing:
    typed = call.asks("sysparm_input_display_value")
    silent = call.asks("sysparm_suppress_auto_sys_field")
    return records.Writing(call.instance, call.caller, input_display=typed, silent=silent)


def _number(text: str | None, default: int) -> int:
    """A number of the caller's; anything else is as if it were missing."""
    known = text is not None and text.isascii() and text.isdecimal()
    return min(int(text[:12]), 2**31) if text and known else default
