"""JSON replies with the headers of a real instance (servicenow-api 2.2)."""

from __future__ import annotations

import gzip
import json
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any

from starlette.responses import Response

from scoredesk.sandbox.servicenow.errors import Refusal
from scoredesk.sandbox.servicenow.instance import Instance

JSON_TYPE = "application/json;charset=UTF-8"
WORTH_PACKING = 256


def standard_headers(instance: Instance, *, logged_in: bool) -> dict[str, str]:
    """What every API reply carries; `Date` is the instance's own time."""
    return {
        "Server": "ServiceNow",
        "Date": format_datetime(instance.now(), usegmt=True),
        "X-Is-Logged-In": "true" if logged_in else "false",
        "X-Transaction-ID": secrets.token_hex(6),
        "X-Content-Type-Options": "nosniff",
        "Pragma": "no-store,no-cache",
        "Cache-Control": "no-cache,no-store,must-revalidate,max-age=-1",
        "Expires": "0",
        "Server-Timing": "sem_wait;dur=0, sesh_wait;dur=0",
        "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    }


def json_reply(
    instance: Instance,
    content: Any,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    logged_in: bool = True,
) -> Response:
    """A reply of the API; `content` None gives an empty body."""
    body = (
        b""
        if content is None
        else json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    )
    reply = Response(
        body,
        status_code=status,
        headers={**standard_headers(instance, logged_in=logged_in), **(headers or {})},
        media_type=None,
    )
    if content is not None:
        reply.headers["Content-Type"] = JSON_TYPE
    _set_cookies(reply, instance.now())
    return reply


def refusal_reply(instance: Instance, refusal: Refusal, *, logged_in: bool) -> Response:
    """The reply of a refusal in its envelope."""
    return json_reply(
        instance,
        refusal.body(),
        status=refusal.status,
        headers=refusal.headers,
        logged_in=logged_in,
    )


def _set_cookies(reply: Response, now: datetime) -> None:
    """The cookies of a real instance (servicenow-api 2.2); nothing here reads them back."""
    node, session = secrets.token_hex(16), secrets.token_hex(16).upper()
    ended = "Max-Age=0; Expires=Thu, 01-Jan-1970 00:00:10 GMT"
    cookies = (
        f"glide_user=; {ended}",
        f"glide_user_session=; {ended}",
        f"glide_user_route=glide.{node}; {_lasting(now, 2**31 - 1)}",
        f"glide_session_store={session}; {_lasting(now, 1800)}",
        f"JSESSIONID={session}",
        f"BIGipServerpool_sandbox={node}",
    )
    for cookie in cookies:
        reply.headers.append("Set-Cookie", f"{cookie}; Path=/; HttpOnly; SameSite=None; Secure")


def _lasting(now: datetime, seconds: int) -> str:
    day, rest = format_datetime(now + timedelta(seconds=seconds), usegmt=True).split(", ")
    return f"Max-Age={seconds}; Expires={day}, {rest.replace(' ', '-', 2)}"


def packed(reply: Response, accepted: str) -> Response:
    """The reply compressed, if its body is worth it and `accepted` names gzip."""
    body = bytes(reply.body)
    if "gzip" not in accepted.lower() or len(body) < WORTH_PACKING:
        return reply
    reply.body = gzip.compress(body, compresslevel=1, mtime=0)
    reply.headers["Content-Encoding"] = "gzip"
    reply.headers["Content-Length"] = str(len(reply.body))
    return reply
