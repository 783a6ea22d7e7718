"""The Batch API: many requests in one, carried out one after the other (servicenow-api 5.1)."""

from __future__ import annotations

import base64
import binascii
import json
import time
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Scope

from scoredesk.sandbox.servicenow import errors
from scoredesk.sandbox.servicenow.apis.call import Call
from scoredesk.sandbox.servicenow.instance import Instance
from scoredesk.sandbox.servicenow.replies import json_reply
from scoredesk.sandbox.wire import SERVED_BY, TRANSPORT


@dataclass
class _Answer:
    """What an inner request was answered; status 0 means that its connection was dropped."""

    status: int = 0
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""


async def answer(call: Call) -> Response:
    """Carry out one request to `/api/now/v1/batch`; 200 even if every item fails."""
    if call.request.method != "POST":
        raise errors.Refusal(405, "Method not supported")
    asked = await _asked(call.request)
    started = time.monotonic()
    limit = int(call.instance.shared.switches.get("batch_output_limit"))
    lowered = call.request.headers.get("x-batchrequest-max-output-size", "")
    if lowered.isdigit():
        limit = min(limit, int(lowered))
    serviced: list[dict[str, Any]] = []
    unserviced: list[str] = []
    written = 0
    for item in asked["rest_requests"]:
        over_time = time.monotonic() - started >= call.instance.shared.switches.get("batch_seconds")
        if over_time or written >= limit or _too_large(call.instance, item):
            unserviced.append(str(item.get("id", "")))
            continue
        done = await _service(call.request, item)
        written += len(done["body"])
        serviced.append(done)
    content = {
        "batch_request_id": str(asked.get("batch_request_id", "")),
        "serviced_requests": serviced,
        "unserviced_requests": unserviced,
    }
    return json_reply(call.instance, content)


async def _asked(request: Request) -> dict[str, Any]:
    try:
        asked = json.loads(await request.body())
    except ValueError as error:
        raise errors.unreadable_body(f"Unable to parse the request body: {error}") from error
    items = asked.get("rest_requests") if isinstance(asked, dict) else None
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise errors.unreadable_body("rest_requests must be a list of requests")
    return dict(asked)


def _too_large(instance: Instance, item: dict[str, Any]) -> bool:
    return len(str(item.get("body", ""))) > int(instance.shared.switches.get("batch_item_limit"))


async def _service(request: Request, item: dict[str, Any]) -> dict[str, Any]:
    started = time.monotonic()
    path, _, query = str(item.get("url", "")).partition("?")
    try:
        body = base64.b64decode(str(item.get("body") or ""), validate=True)
    except binascii.Error:
        done = _Answer(400, [], b"The body is not base64")
    else:
        if path.rstrip("/").endswith("/batch"):
            done = _Answer(400, [], b"Batch requests cannot be nested")
        else:
            done = await _call(request, _scope(request, item, path=path, query=query), body=body)
    status = done.status or 500
    shown: dict[str, Any] = {
        "id": str(item.get("id", "")),
        "body": base64.b64encode(done.body).decode(),
        "status_code": status,
        "status_text": HTTPStatus(status).phrase,
        "execution_time": int((time.monotonic() - started) * 1000),
    }
    if not item.get("exclude_response_headers"):
        shown["headers"] = [{"name": name, "value": value} for name, value in done.headers]
    return shown


def _scope(request: Request, item: dict[str, Any], *, path: str, query: str) -> Scope:
    """The inner request; it borrows the outer one's sign-in and connection."""
    given = {
        str(header.get("name", "")).lower(): str(header.get("value", ""))
        for header in item.get("headers") or []
    }
    for name in ("authorization", "host"):
        if name in request.headers:
            given[name] = request.headers[name]
    # PySNC's items name no Accept; a real instance answers them in the outer request's kind.
    given.setdefault("accept", request.headers.get("accept", "*/*"))
    outer = request.scope
    return {
        **{name: outer[name] for name in ("type", "asgi", "http_version", "scheme", "server")},
        "client": outer.get("client"),
        "root_path": "",
        "method": str(item.get("method", "GET")).upper(),
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in given.items()],
        TRANSPORT: outer.get(TRANSPORT),
        SERVED_BY: outer[SERVED_BY],
    }


async def _call(request: Request, scope: Scope, *, body: bytes) -> _Answer:
    """Through the whole sandbox again, so that faults and the record of requests apply."""
    answered = _Answer()

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            answered.status = message["status"]
            answered.headers = [
                (name.decode("latin-1"), value.decode("latin-1"))
                for name, value in message["headers"]
            ]
        else:
            answered.body += message.get("body", b"")

    await request.scope[SERVED_BY](scope, receive, send)
    return answered
