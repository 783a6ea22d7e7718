"""As whom a request comes, read from its credentials without checking them."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Iterable, Mapping

TokenUser = Callable[[str], str]
CLAIMS = ("upn", "preferred_username", "user_name", "appid", "azp", "sub")


def claimed_user(headers: Mapping[str, str], by_token: Iterable[TokenUser]) -> str:
    """The user name of Basic credentials, or whom a token was issued for; empty if nobody."""
    scheme, _, value = headers.get("authorization", "").partition(" ")
    value = value.strip()
    if scheme.lower() == "basic":
        return _decoded(value).partition(":")[0]
    if scheme.lower() != "bearer":
        return ""
    for user_of in by_token:
        found = user_of(value)
        if found:
            return found
    return _of_claims(value)


def _of_claims(token: str) -> str:
    parts = token.split(".")
    if len(parts) != 3:
        return ""
    try:
        claims = json.loads(_decoded(parts[1]) or "{}")
    except ValueError:
        return ""
    if not isinstance(claims, dict):
        return ""
    return next((str(claims[name]) for name in CLAIMS if claims.get(name)), "")


def _decoded(text: str) -> str:
    padded = text.replace("-", "+").replace("_", "/") + "=" * (-len(text) % 4)
    try:
        return base64.b64decode(padded).decode("utf-8", "replace")
    except binascii.Error:
        return ""
