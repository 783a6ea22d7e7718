"""Access tokens of the sandbox: made by the token endpoint, read by Graph.

Signed with a key of the sandbox's own, which is nobody's business: to a client a Graph token is
opaque.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import jwt
from jwt.types import Options

from scoredesk.sandbox.microsoft import seed
from scoredesk.sandbox.microsoft.errors import InvalidToken

LIFETIME_SECONDS = 3599
AUDIENCE = "https://graph.microsoft.com"
# What a person needs besides the delegated permission (graph-secure-score 1 and 7).
SECURITY_ADMINISTRATOR = "194ae4cb-b126-40b2-bd5b-6091b380977d"
GLOBAL_ADMINISTRATOR = "62e90394-69f5-4237-9190-012177145e10"
SECURITY_READER = "5d6b6bb7-de71-4623-b4af-96380a352509"
WRITERS = {SECURITY_ADMINISTRATOR, GLOBAL_ADMINISTRATOR}
READERS = WRITERS | {SECURITY_READER}


@dataclass(frozen=True)
class Caller:
    """Whom a token speaks for: an application with `roles`, or a person with scopes and `wids`."""

    name: str
    permissions: frozenset[str]
    wids: frozenset[str] | None

    def may_read(self) -> bool:
        """Whether a GET of the Secure Score addresses is allowed."""
        granted = bool(self.permissions & {seed.READ, seed.READ_WRITE})
        return granted and (self.wids is None or bool(self.wids & READERS))

    def may_write(self) -> bool:
        """Whether a PATCH is allowed."""
        granted = seed.READ_WRITE in self.permissions
        return granted and (self.wids is None or bool(self.wids & WRITERS))


def issue_app_token(key: str, *, roles: Sequence[str], now: datetime) -> str:
    """A token for the application itself; no `roles` claim where nothing was granted."""
    granted: dict[str, Any] = {"roles": list(roles)} if roles else {}
    return _issue(key, {"idtyp": "app", "sub": seed.CLIENT_ID, **granted}, now=now)


def issue_user_token(
    key: str, *, upn: str, scopes: Sequence[str], wids: Sequence[str], now: datetime
) -> str:
    """A delegated token, which only the control room hands out."""
    claims = {"idtyp": "user", "upn": upn, "scp": " ".join(scopes), "wids": list(wids)}
    return _issue(key, claims, now=now)


def read_token(authorization: str | None, *, key: str, now: datetime) -> Caller:
    """Whom an Authorization header speaks for; InvalidToken says why nobody."""
    kind, _, token = (authorization or "").partition(" ")
    if kind.lower() != "bearer" or not token.strip():
        raise InvalidToken("Access token is empty.")
    unchecked: Options = {"verify_exp": False, "verify_nbf": False, "verify_iat": False}
    try:
        claims = jwt.decode(
            token.strip(), key, algorithms=["HS256"], audience=AUDIENCE, options=unchecked
        )
    except jwt.InvalidAudienceError as error:
        raise InvalidToken("Access token validation failure. Invalid audience.") from error
    except jwt.InvalidTokenError as error:
        raise InvalidToken("CompactToken parsing failed.") from error
    if not claims["nbf"] <= now.timestamp() < claims["exp"]:
        raise InvalidToken("Lifetime validation failed, the token is expired.")
    if claims["idtyp"] == "app":
        return Caller(claims["appid"], frozenset(claims.get("roles", [])), None)
    return Caller(claims["upn"], frozenset(claims["scp"].split()), frozenset(claims["wids"]))


def _issue(key: str, claims: dict[str, Any], *, now: datetime) -> str:
    issued = int(now.timestamp())
    common = {
        "aud": AUDIENCE,
        "iss": f"https://sts.windows.net/{seed.TENANT_ID}/",
        "iat": issued,
        "nbf": issued,
        "exp": issued + LIFETIME_SECONDS,
        "appid": seed.CLIENT_ID,
        "tid": seed.TENANT_ID,
        "uti": uuid.uuid4().hex,
        "ver": "1.0",
    }
    return jwt.encode({**common, **claims}, key, algorithm="HS256")
