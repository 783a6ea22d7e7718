"""The Table API: list, read, create, change, delete (servicenow-api 2)."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from scoredesk.sandbox.servicenow import access, errors, query, records, scripts, sql
from scoredesk.sandbox.servicenow.instance import Caller, Instance
from scoredesk.sandbox.servicenow.paging import Page, link_header
from scoredesk.sandbox.servicenow.replies import json_reply
from scoredesk.sandbox.servicenow.schema import CHOICE, REFERENCE, TABLES
from scoredesk.sandbox.servicenow.values import Presenter, Shape

DEFAULT_LIMIT = 10_000
MAX_BODY = 10_485_760


async def answer(instance: Instance, caller: Caller, request: Request) -> Response:
    """Carry out one request to `/api/now[/v1|/v2]/table/{table}[/{sys_id}]`."""
    table = request.path_params["table"]
    sys_id = request.path_params.get("sys_id", "")
    if table not in TABLES:
        raise errors.invalid_table(table)
    method = request.headers.get("x-http-method-override", request.method).upper()
    if method in {"GET", "HEAD"}:
        return _one(instance, caller, request) if sys_id else _list(instance, caller, request)
    if method == "DELETE" and sys_id:
        records.delete(records.Writing(instance, caller), table, sys_id)
        return json_reply(instance, None, status=204)
    if method == "POST" and not sys_id:
        return await _create(instance, caller, request)
    if method in {"PATCH", "PUT"} and sys_id:
        return await _update(instance, caller, request)
    raise errors.Refusal(405, "Method not supported")


def encoded_query(request: Request, table: str) -> str:
    """`sysparm_query`, or the `name=value` parameters as one."""
    given = request.query_params.get("sysparm_query")
    if given is not None:
        return given
    pairs = request.query_params.multi_items()
    return "^".join(
        f"{name}={value}" for name, value in pairs if sql.find_field(table, name) is not None
    )


def conditions(
    instance: Instance, caller: Caller, request: Request, table: str
) -> tuple[sql.Where, query.Query]:
    """The query of a request as SQL, after the checks of what the caller may ask."""
    parsed = scripts.resolve(instance, caller, query.parse(encoded_query(request, table)))
    access.check_query(instance, caller, table=table, query=parsed)
    if "sysparm_query" not in request.query_params:
        parsed = _by_display_values(instance, caller, table, parsed)
    where = sql.where(
        table, parsed, me=caller.sys_id, no_rows_if_invalid=instance.on("invalid_query_no_rows")
    )
    return where, parsed


def shape_of(instance: Instance, caller: Caller, request: Request, table: str) -> Shape:
    """How the caller wants values shown."""
    params = request.query_params
    fields = params.get("sysparm_fields", "")
    display = params.get("sysparm_display_value", "false")
    return Shape(
        base_url=f"{request.url.scheme}://{request.url.netloc}",
        display=display if display in {"true", "all"} else "false",
        exclude_link=params.get("sysparm_exclude_reference_link") == "true",
        fields=tuple(name.strip() for name in fields.split(",") if name.strip()),
        hidden=access.hidden_fields(instance, caller, table),
    )


def _by_display_values(
    instance: Instance, caller: Caller, table: str, parsed: query.Query
) -> query.Query:
    """`state=Closed` and `caller_id=Abel Tuter` of name=value parameters as raw values."""

    def raw(term: query.Term) -> query.Term:
        found = sql.find_field(table, term.field or "")
        if found is None:
            return term
        if found.kind == CHOICE:
            labels = instance.choices(table, found.name, caller.language)
            values = {label.lower(): value for value, label in labels.items()}
            return query.Term(term.field, "=", values.get(term.value.lower(), term.value))
        if found.kind == REFERENCE:
            named = instance.store.find(found.target, **{TABLES[found.target].display: term.value})
            return query.Term(term.field, "=", named["sys_id"] if named else term.value)
        return term

    return query.Query(
        [[[raw(term) for term in c] for c in g] for g in parsed.groups], parsed.order
    )


def _list(instance: Instance, caller: Caller, request: Request) -> Response:
    table, params = request.path_params["table"], request.query_params
    if not access.check_table(instance, caller, table):
        return json_reply(instance, {"result": []}, headers={"X-Total-Count": "0"})
    where, parsed = conditions(instance, caller, request, table)
    offset, limit = (
        _number(params.get("sysparm_offset"), 0),
        _number(params.get("sysparm_limit"), DEFAULT_LIMIT),
    )
    order = sql.order_by(table, parsed)
    if not order and instance.on("shuffle"):
        order = " ORDER BY random()"
    rows = instance.store.select(where, order, limit=limit, offset=offset)
    presenter = Presenter(instance, caller, shape_of(instance, caller, request, table))
    # The limit comes before the row rights: a page may hold fewer rows (servicenow-api 2.3).
    shown = [
        presenter.record(found if table == "task" and not presenter.shape.fields else table, record)
        for found, record in rows
        if access.visible(caller, found, record)
    ]
    if not shown and request.path_params.get("version") == "v1":
        raise errors.not_found()
    headers = _page_headers(instance, request, where, (offset, limit))
    return json_reply(instance, {"result": shown}, headers=headers)


def _page_headers(
    instance: Instance, request: Request, where: sql.Where, window: tuple[int, int]
) -> dict[str, str]:
    params = request.query_params
    if params.get("sysparm_no_count") == "true":
        return {}
    total = instance.store.count(where)
    headers = {"X-Total-Count": str(total)}
    if params.get("sysparm_suppress_pagination_header") != "true":
        url = f"{request.url.scheme}://{request.url.netloc}{request.url.path}"
        link = link_header(url, params.multi_items(), Page(*window, total))
        if link:
            headers["Link"] = link
    return headers


def _one(instance: Instance, caller: Caller, request: Request) -> Response:
    table, sys_id = request.path_params["table"], request.path_params["sys_id"]
    if not access.check_table(instance, caller, table):
        raise errors.not_found()
    found = instance.store.get(table, sys_id)
    if found is None or not access.visible(caller, *found):
        raise errors.not_found()
    presenter = Presenter(instance, caller, shape_of(instance, caller, request, table))
    return json_reply(instance, {"result": presenter.record(table, found[1])})


async def _create(instance: Instance, caller: Caller, request: Request) -> Response:
    table = request.path_params["table"]
    sent = await _body(request)
    writing = _writing(instance, caller, request)
    record = records.create(writing, table, sent)
    base = f"{request.url.scheme}://{request.url.netloc}"
    location = f"{base}/api/now/table/{table}/{record['sys_id']}"
    content = _shown(instance, caller, request, (table, record))
    return json_reply(instance, content, status=201, headers={"Location": location})


async def _update(instance: Instance, caller: Caller, request: Request) -> Response:
    table, sys_id = request.path_params["table"], request.path_params["sys_id"]
    sent = await _body(request)
    writing = _writing(instance, caller, request)
    _, record = records.update(writing, table, sys_id=sys_id, sent=sent)
    return json_reply(instance, _shown(instance, caller, request, (table, record)))


def _shown(
    instance: Instance, caller: Caller, request: Request, stored: tuple[str, dict[str, str]]
) -> dict[str, Any] | None:
    if request.headers.get("x-no-response-body") == "true":
        return None
    presenter = Presenter(instance, caller, shape_of(instance, caller, request, stored[0]))
    return {"result": presenter.record(*stored)}


def _writing(instance: Instance, caller: Caller, request: Request) -> records.Writing:
    typed = request.query_params.get("sysparm_input_display_value") == "true"
    return records.Writing(instance, caller, input_display=typed)


async def _body(request: Request) -> dict[str, Any]:
    """The JSON object of a write; of several records only the first counts (2.1)."""
    length = int(request.headers.get("content-length") or 0)
    if length > MAX_BODY:
        raise errors.unreadable_body(
            f"Rejected large REST payload with content-length = {length} bytes. "
            f"Max allowed: {MAX_BODY} bytes."
        )
    kind = request.headers.get("content-type", "")
    if not kind:
        raise errors.Refusal(400, "Content-Type header is required")
    if "json" not in kind:
        raise errors.Refusal(415, "Unsupported Media Type", f"{kind} is not supported")
    try:
        sent = json.loads(await request.body() or b"{}")
    except ValueError as error:
        raise errors.unreadable_body(f"Unable to parse the request body: {error}") from error
    if isinstance(sent, dict) and isinstance(sent.get("records"), list):
        sent = sent["records"]
    if isinstance(sent, list):
        sent = sent[0] if sent else {}
    if not isinstance(sent, dict):
        raise errors.unreadable_body("The request body is not a JSON object")
    return sent


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isdigit() else default
