"""Reading the JSON body of a request (servicenow-api 2.1, 2.2, 4)."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request

from scoredesk.sandbox.servicenow import errors

MAX_BODY = 10_485_760


async def json_object(request: Request) -> dict[str, Any]:
    """The JSON object of a write; of several records only the first counts (2.1).

    Raises the 400 of a missing header, of a body that is no JSON or too large, and the 415.
    """
    sent = await json_value(request)
    if isinstance(sent, dict) and isinstance(sent.get("records"), list):
        sent = sent["records"]
    if isinstance(sent, list):
        sent = sent[0] if sent else {}
    if not isinstance(sent, dict):
        raise errors.unreadable_body("The request body is not a JSON object")
    return sent


async def json_value(request: Request, *, limited: bool = True) -> Any:
    """Whatever JSON the body holds; an empty body is an empty object.

    `limited`: the size of the whole body counts; a batch measures each of its items instead.
    """
    given = request.headers.get("content-length", "")
    if limited:
        _check_size(int(given[:20]) if given.isdecimal() else 0)
    _check_type(request)
    body = await request.body()
    if limited:
        # A body in chunks tells its length only when it is read.
        _check_size(len(body))
    try:
        return parsed(body or b"{}")
    except ValueError as error:
        raise errors.unreadable_body(f"Unable to parse the request body: {error}") from error


def parsed(raw: bytes) -> Any:
    """The JSON in UTF-8; half of a surrogate pair becomes `?`, as Java writes it.

    Raises ValueError for what is no JSON, or nested too deep.
    """
    text = raw.decode("utf-8-sig")
    try:
        read = json.loads(text, parse_constant=_no_number)
        if "\\ud" in text.lower():
            read = json.loads(json.dumps(read, ensure_ascii=False).encode("utf-8", "replace"))
    except RecursionError:
        raise ValueError("nested too deep") from None
    return read


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no JSON number")


def _check_size(length: int) -> None:
    if length > MAX_BODY:
        raise errors.unreadable_body(
            f"Rejected large REST payload with content-length = {length} bytes. "
            f"Max allowed: {MAX_BODY} bytes."
        )


def _check_type(request: Request) -> None:
    kind = request.headers.get("content-type", "")
    if not kind:
        raise errors.Refusal(400, "Content-Type header is required")
    if "json" not in kind.lower():
        raise errors.Refusal(415, "Unsupported Media Type", f"{kind} is not supported")
