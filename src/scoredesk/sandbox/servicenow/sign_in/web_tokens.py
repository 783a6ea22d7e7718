"""JSON web tokens: the instance's own (token format JWT), and assertions of others (1.2, 1.4)."""

from __future__ import annotations

import json
from datetime import UTC
from functools import cache
from typing import Any

import jwt
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from scoredesk.sandbox.servicenow.errors import TokenRefused
from scoredesk.sandbox.servicenow.instance import Instance
from scoredesk.sandbox.servicenow.state import Record

KEY_ID = "sandbox-1"
SUBJECTS = ("user_name", "email", "sys_id")


@cache
def _key() -> rsa.RSAPrivateKey:
    # Made when first needed: most sandboxes never sign anything.
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def key_set() -> dict[str, Any]:
    """What `/api/now/oauth/jwks` publishes."""
    public = json.loads(RSAAlgorithm.to_jwk(_key().public_key()))
    return {"keys": [{**public, "kid": KEY_ID, "alg": "RS256", "use": "sig"}]}


def signed(claims: dict[str, Any]) -> str:
    """An access token in JWT format."""
    return jwt.encode(claims, _key(), algorithm="RS256", headers={"kid": KEY_ID})


def subject(instance: Instance, client: Record, *, assertion: str) -> Record:
    """The user whom an assertion names; raises TokenRefused.

    Signed with HS256 and the application's `jwt_secret` (else its client secret), or with RS256
    and the key of its `jwt_certificate`. `iss` and `aud` are the client ID.
    """
    try:
        claims = _verified(client, assertion)
    except (jwt.PyJWTError, ValueError) as error:
        raise TokenRefused(f"JWT assertion refused: {error}") from error
    now = instance.now().astimezone(UTC).timestamp()
    if not isinstance(claims.get("exp"), int | float) or claims["exp"] <= now:
        raise TokenRefused("JWT assertion refused: it has expired")
    field = client.get("user_field", "")
    for name in (field,) if field in SUBJECTS else SUBJECTS:
        user = instance.store.find("sys_user", **{name: str(claims["sub"])})
        if user:
            return user
    raise TokenRefused(f"JWT assertion refused: no user {claims['sub']}")


def _verified(client: Record, assertion: str) -> dict[str, Any]:
    pem = client.get("jwt_certificate", "")
    key: Any
    if pem:
        key, algorithm = x509.load_pem_x509_certificate(pem.encode()).public_key(), "RS256"
    else:
        key, algorithm = client.get("jwt_secret") or client.get("client_secret", ""), "HS256"
    claims: dict[str, Any] = jwt.decode(
        assertion,
        key,
        algorithms=[algorithm],
        audience=client["client_id"],
        issuer=client["client_id"],
        # The sandbox has a clock of its own, so the caller compares `exp` with that.
        options={
            "require": ["exp", "sub", "iss", "aud"],
            "verify_exp": False,
            "verify_iat": False,
            "verify_nbf": False,
        },
    )
    return claims
