"""Names of reply headers as the real services write them (servicenow-api 2.2).

HTTP does not mind, but a batch's answer carries names as text, and simple programs compare them.
"""

from __future__ import annotations

from functools import lru_cache

from starlette.types import Message

ODD = {
    b"etag": b"ETag",
    b"www-authenticate": b"WWW-Authenticate",
    b"x-mfa_token": b"X-MFA_TOKEN",
    b"x-ratelimit-limit": b"X-RateLimit-Limit",
    b"x-ratelimit-reset": b"X-RateLimit-Reset",
    b"x-ratelimit-rule": b"X-RateLimit-Rule",
    b"x-transaction-id": b"X-Transaction-ID",
    b"x-usertoken-response": b"X-UserToken-Response",
}
# Graph writes these in small letters.
SMALL = {b"client-request-id", b"request-id", b"x-ms-ags-diagnostic"}


def named(message: Message) -> Message:
    """The start of a reply, its headers named so; every other message as it is."""
    if message["type"] != "http.response.start":
        return message
    headers = [(_written(name), value) for name, value in message.get("headers", ())]
    return {**message, "headers": headers}


@lru_cache(maxsize=200)
def _written(name: bytes) -> bytes:
    return ODD.get(name) or (name if name in SMALL else name.title())
