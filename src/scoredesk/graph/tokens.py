"""What stands inside an access token, read without verifying it: a hint for people, no decision."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

READ_PERMISSION = "SecurityEvents.Read.All"
# A higher permission also satisfies a read (graph-secure-score 1).
READING_PERMISSIONS = frozenset({READ_PERMISSION, "SecurityEvents.ReadWrite.All"})


def claims_of(token: str) -> dict[str, Any] | None:
    """The claims of a JWT; None for an opaque token, which Microsoft may give at any time."""
    parts = token.split(".")
    if len(parts) != 3:
        return None
    try:
        text = base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4))
        claims = json.loads(text)
    except (binascii.Error, ValueError):
        return None
    return claims if isinstance(claims, dict) else None


def permissions_in(token: str) -> frozenset[str] | None:
    """Application permissions (`roles`) and scopes (`scp`) of a token; None if it tells nothing."""
    claims = claims_of(token)
    if claims is None:
        return None
    roles = claims.get("roles")
    granted = [str(role) for role in roles] if isinstance(roles, list) else []
    return frozenset([*granted, *str(claims.get("scp") or "").split()])


def may_read_score(token: str) -> bool | None:
    """Whether the token carries a permission to read Secure Score; None if it tells nothing."""
    granted = permissions_in(token)
    return None if granted is None else bool(granted & READING_PERMISSIONS)
