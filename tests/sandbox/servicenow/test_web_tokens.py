"""JSON web tokens of the instance: assertions for a token, and tokens in JWT format."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import jwt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from tests.sandbox.servicenow.shorthand import (
    CLIENT,
    REFUSED,
    by_password,
    error_of,
    set_field,
    token,
    who,
)

# The sandbox's public secret is shorter than a key should be.
pytestmark = pytest.mark.filterwarnings("ignore::jwt.InsecureKeyLengthWarning")

Control = Callable[[str, dict[str, Any]], Any]
ENTITY = f"client_id={CLIENT['client_id']}"
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"


def refused(answer: httpx.Response) -> None:
    """The one answer to every failure."""
    assert (answer.status_code, answer.json()) == (401, REFUSED)


def assertion(secret: str = CLIENT["client_secret"], **claims: Any) -> str:
    """A JSON web token in the name of change.owner."""
    right = {"iss": CLIENT["client_id"], "aud": CLIENT["client_id"], "sub": "change.owner"}
    return jwt.encode({**right, "exp": time.time() + 300, **claims}, secret, algorithm="HS256")


def test_a_web_token_stands_for_its_user(anonymous: httpx.Client, admin: httpx.Client) -> None:
    in_form = token(anonymous, grant_type=JWT_BEARER, assertion=assertion())
    user = who(anonymous, in_form.json()["access_token"]).json()["result"][0]
    assert user["user_name"] == "change.owner"
    in_header = anonymous.post(
        "/oauth_token.do",
        data={**CLIENT, "grant_type": JWT_BEARER},
        headers={"Authentication": f"Bearer {assertion()}"},
    )
    assert in_header.json()["access_token"] == in_form.json()["access_token"]
    set_field(admin, "oauth_entity", ENTITY, jwt_secret="another secret of at least 32 bytes")
    refused(token(anonymous, grant_type=JWT_BEARER, assertion=assertion()))


@pytest.mark.parametrize(
    "claims",
    [{"iss": "another"}, {"aud": "another"}, {"sub": "nobody"}, {"exp": 1}, {"secret": "wrong"}],
)
def test_a_web_token_that_does_not_fit_is_refused(
    anonymous: httpx.Client, claims: dict[str, Any]
) -> None:
    refused(token(anonymous, grant_type=JWT_BEARER, assertion=assertion(**claims)))


def certificate_of(key: rsa.RSAPrivateKey) -> str:
    """A certificate of the key in PEM, signed with itself."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "issuer")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM).decode()


def test_a_web_token_signed_with_the_registered_certificate(
    anonymous: httpx.Client, admin: httpx.Client
) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    set_field(
        admin, "oauth_entity", ENTITY, jwt_certificate=certificate_of(key), user_field="email"
    )
    right = {
        "iss": CLIENT["client_id"],
        "aud": CLIENT["client_id"],
        "sub": "change.owner@sandbox.example",
        "exp": time.time() + 300,
    }
    signed = jwt.encode(right, key, algorithm="RS256")
    answer = token(anonymous, grant_type=JWT_BEARER, assertion=signed)
    assert answer.status_code == 200
    # Neither another field than the registered one, nor another kind of signature will do.
    by_name = jwt.encode({**right, "sub": "change.owner"}, key, algorithm="RS256")
    refused(token(anonymous, grant_type=JWT_BEARER, assertion=by_name))
    by_secret = jwt.encode(right, CLIENT["client_secret"], algorithm="HS256")
    refused(token(anonymous, grant_type=JWT_BEARER, assertion=by_secret))


def test_tokens_in_jwt_format_are_signed_with_the_published_key(
    anonymous: httpx.Client, control: Control
) -> None:
    control("switches", {"token_format": "jwt"})
    access = by_password(anonymous).json()["access_token"]
    keys = jwt.PyJWKSet.from_dict(anonymous.get("/api/now/oauth/jwks").json())
    key = keys[jwt.get_unverified_header(access)["kid"]]
    claims = jwt.decode(access, key, audience=CLIENT["client_id"])
    assert claims["scope"] == "useraccount"
    assert who(anonymous, access).status_code == 200


def test_a_call_without_right_is_refused_even_in_jwt_format(
    anonymous: httpx.Client, control: Control
) -> None:
    control("switches", {"token_format": "jwt"})
    access = by_password(anonymous).json()["access_token"]
    anonymous.post("/oauth_revoke_token.do", params={"token": access})
    assert error_of(who(anonymous, access))[0] == 401
