"""The Batch API: many requests in one, carried out one after the other (servicenow-api 5.1)."""

from __future__ import annotations

import base64
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
from scoredesk.sandbox.servicenow.apis.bodies import json_value
from scoredesk.sandbox.servicenow.apis.call import Call
from scoredesk.sandbox.servicenow.instance import Instance
from scoredesk.sandbox.servicenow.replies import JSON_TYPE, json_reply
from scoredesk.sandbox.wire import SERVED_BY, TRANSPORT

# Who an item is carried out for is who sent the batch.
BORROWED = ("authorization", "host", "cookie", "x-usertoken", "x-sn-apikey")
PHRASES = {status.value: status.phrase for status in HTTPStatus}


@dataclass
class _Answer:
    """What an inner request was answered; status 0 means that its connection was dropped."""

    status: int = 0
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""
    error: str = ""


async def answer(call: Call) -> Response:
    """Carry out one request to `/api/now/v1/batch`; 200 even if every item fails."""
    if call.request.method != "POST":
        raise errors.Refusal(405, "Method not supported")
    asked = await _asked(call.request)
    started = time.monotonic()
    limit = _output_limit(call)
    seconds = call.instance.shared.switches.get("batch_seconds")
    serviced: list[dict[str, Any]] = []
    unserviced: list[str] = []
    written = 0
    for item in asked["rest_requests"]:
        over_time = time.monotonic() - started >= seconds
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


def _output_limit(call: Call) -> int:
    """Property and switch set the limit, the caller's header may lower it (5.1)."""
    limit = int(call.instance.shared.switches.get("batch_output_limit"))
    for lower in (
        call.instance.property("glide.rest.batch.max.outputSize"),
        call.request.headers.get("x-batchrequest-max-output-size", ""),
    ):
        if lower.isascii() and lower.isdecimal():
            limit = min(limit, int(lower[:12]))
    return limit


async def _asked(request: Request) -> dict[str, Any]:
    asked = await json_value(request, limited=False)
    items = asked.get("rest_requests") if isinstance(asked, dict) else None
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise errors.unreadable_body("rest_requests must be a list of requests")
    return dict(asked)


def _too_large(instance: Instance, item: dict[str, Any]) -> bool:
    limit = int(instance.shared.switches.get("batch_item_limit"))
    lower = instance.property("glide.rest.batch.max.inputSize")
    if lower.isascii() and lower.isdecimal():
        limit = min(limit, int(lower[:12]))
    return len(str(item.get("body", ""))) > limit


async def _service(request: Request, item: dict[str, Any]) -> dict[str, Any]:
    started = time.monotonic()
    done = await _done(request, item)
    status = done.status or 500
    shown: dict[str, Any] = {
        "id": str(item.get("id", "")),
        "body": base64.b64encode(done.body).decode(),
        "status_code": status,
        "status_text": PHRASES.get(status, ""),
        "headers": [],
        "execution_time": int((time.monotonic() - started) * 1000),
    }
    if done.error:
        shown["error_message"] = done.error
    if item.get("exclude_response_headers") is not True:
        shown["headers"] = [{"name": name, "value": value} for name, value in done.headers]
    return shown


async def _done(request: Request, item: dict[str, Any]) -> _Answer:
    """What one item was answered; one that makes no sense gets a 400 of its own."""
    missing = [name for name in ("id", "method", "url") if item.get(name) in (None, "")]
    if missing:
        return _refused(f"Missing required parameter: {', '.join(missing)}")
    path, _, query = str(item["url"]).partition("?")
    if not path.startswith("/"):
        return _refused("url must be a relative path that begins with /")
    if path.rstrip("/").endswith("/batch"):
        return _refused("Batch requests cannot be nested")
    try:
        body = base64.b64decode(str(item.get("body") or ""), validate=True)
    except ValueError:
        return _refused("body is not Base64 encoded")
    return await _call(request, _scope(request, item, path=path, query=query), body=body)


def _refused(text: str) -> _Answer:
    body = json.dumps(errors.Refusal(400, text).body()).encode()
    return _Answer(400, [("Content-Type", JSON_TYPE)], body, error=text)


def _scope(request: Request, item: dict[str, Any], *, path: str, query: str) -> Scope:
    """The inner request; it borrows the outer one's sign-in and connection."""
    listed = item.get("headers")
    given = {
        str(header.get("name", "")).lower(): str(header.get("value", ""))
        for header in (listed if isinstance(listed, list) else [])
        if isinstance(header, dict)
    }
    for name in BORROWED:
        if name in request.headers:
            given[name] = request.headers[name]
    token = request.query_params.get("access_token")
    if token and "authorization" not in request.headers:
        given["authorization"] = f"Bearer {token}"
    # PySNC's items name no Accept; a real instance answers them in the outer request's kind.
    given.setdefault("accept", request.headers.get("accept", "*/*"))
    outer = request.scope
    return {
        **{name: outer[name] for name in ("type", "asgi", "http_version", "scheme", "server")},
        "client": outer.get("client"),
        "root_path": "",
        "method": str(item["method"]).upper(),
        "path": unquote(path),
        "raw_path": path.encode("utf-8", "replace"),
        "query_string": query.encode("utf-8", "replace"),
        "headers": [
            (name.encode("latin-1", "replace"), value.encode("latin-1", "replace"))
            for name, value in given.items()
        ],
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
