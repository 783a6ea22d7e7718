"""Signing in to Microsoft: what leaves, what each refusal is called, what stays inside."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qsl

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from tests.graph.peer import Script

from scoredesk.common.clock import now
from scoredesk.graph import (
    Certificate,
    ClientSecret,
    ManagedIdentity,
    MsalTokens,
    errors,
    thumbprint,
)
from scoredesk.graph.tokens import claims_of

TENANT = "11111111-2222-4333-8444-555555555555"
SECRET = ClientSecret(TENANT, "app-id", "s3cret")
GIVEN = {"access_token": "tok", "token_type": "Bearer", "expires_in": 3599}
PRIVATE_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def pem_key(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, passphrase: str = "") -> str:
    """The key as PEM."""
    locked: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if passphrase:
        locked = serialization.BestAvailableEncryption(passphrase.encode())
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8)
    return key.private_bytes(*form, locked).decode()


def pem_certificate() -> str:
    """A certificate for PRIVATE_KEY."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "scoredesk")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name)
    builder = builder.public_key(PRIVATE_KEY.public_key()).serial_number(1)
    builder = builder.not_valid_before(now()).not_valid_after(now() + timedelta(days=1))
    signed = builder.sign(PRIVATE_KEY, hashes.SHA256())
    return signed.public_bytes(serialization.Encoding.PEM).decode()


CERTIFICATE = pem_certificate()


def form(request: httpx.Request) -> dict[str, str]:
    """The form of a request for a token."""
    return dict(parse_qsl(request.content.decode()))


def test_a_secret_is_sent_to_the_tenant_and_the_token_kept() -> None:
    peer = Script(httpx.Response(200, json=GIVEN))
    tokens = MsalTokens(SECRET, wire=peer.wire)
    assert [tokens.token(), tokens.token()] == ["tok", "tok"]
    (request,) = peer.requests
    assert str(request.url) == f"https://login.microsoftonline.com/{TENANT}/oauth2/v2.0/token"
    sent = form(request)
    assert sent["grant_type"] == "client_credentials"
    assert sent["scope"] == "https://graph.microsoft.com/.default"
    assert (sent["client_id"], sent["client_secret"]) == ("app-id", "s3cret")


@pytest.mark.parametrize("passphrase", ["", "open sesame"])
def test_a_certificate_signs_for_the_real_address(passphrase: str) -> None:
    peer = Script(httpx.Response(200, json=GIVEN))
    key = pem_key(PRIVATE_KEY, passphrase)
    credential = Certificate(TENANT, "app-id", key, CERTIFICATE, passphrase)
    assert MsalTokens(credential, wire=peer.wire).token() == "tok"
    sent = form(peer.requests[0])
    assert "client_secret" not in sent
    claims = claims_of(sent["client_assertion"]) or {}
    assert claims["iss"] == "app-id"
    assert claims["aud"] == f"https://login.microsoftonline.com/{TENANT}/oauth2/v2.0/token"


@pytest.mark.parametrize(
    ("key", "certificate"),
    [
        ("not a key", CERTIFICATE),
        (pem_key(PRIVATE_KEY, "locked"), CERTIFICATE),
        (pem_key(ec.generate_private_key(ec.SECP256R1())), CERTIFICATE),
        (pem_key(PRIVATE_KEY), "not a certificate"),
        (pem_key(rsa.generate_private_key(public_exponent=65537, key_size=2048)), CERTIFICATE),
    ],
    ids=["garbage", "locked", "elliptic", "no certificate", "another key"],
)
def test_an_unusable_pair_is_refused_before_anything_is_sent(key: str, certificate: str) -> None:
    peer = Script()
    with pytest.raises(errors.CertificateUnusable) as raised:
        MsalTokens(Certificate(TENANT, "app-id", key, certificate), wire=peer.wire)
    assert "BEGIN" not in str(raised.value)
    assert peer.requests == []


def test_a_thumbprint_is_shown_as_entra_shows_it() -> None:
    assert len(thumbprint(CERTIFICATE)) == 40
    assert thumbprint(CERTIFICATE) == thumbprint(CERTIFICATE).upper()
    with pytest.raises(errors.CertificateUnusable):
        thumbprint("nothing")


@pytest.mark.parametrize(
    ("number", "error"),
    [
        (90002, errors.WrongTenant),
        (900023, errors.WrongTenant),
        (700016, errors.UnknownApplication),
        (7000112, errors.ApplicationDisabled),
        (7000215, errors.WrongSecret),
        (7000222, errors.SecretExpired),
        (700027, errors.CertificateRefused),
        (65001, errors.ConsentMissing),
        (53003, errors.AccessBlocked),
        (12345, errors.SignInRefused),
    ],
)
@pytest.mark.parametrize("told_as_number", [True, False])
def test_each_refusal_of_entra_has_its_error(
    number: int, error: type[errors.SignInRefused], *, told_as_number: bool
) -> None:
    body = {"error": "invalid_client", "error_description": f"AADSTS{number}: words. Trace ID: 1"}
    numbers = {"error_codes": [number]} if told_as_number else {}
    peer = Script(httpx.Response(401, json={**body, **numbers}))
    with pytest.raises(errors.SignInRefused) as raised:
        MsalTokens(SECRET, wire=peer.wire).token()
    assert type(raised.value) is error
    assert raised.value.detail.startswith(f"AADSTS{number}")


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (httpx.Response(429, headers={"Retry-After": "7"}, json={}), errors.Throttled),
        (httpx.Response(503, text="busy"), errors.GraphFault),
        (httpx.ConnectTimeout("x"), errors.Unreachable),
        (httpx.ReadError("x"), errors.Unreachable),
        (httpx.Response(200, html="<html>proxy</html>"), errors.UnreadableAnswer),
    ],
)
def test_trouble_on_the_way_is_no_refusal(
    answer: httpx.Response | Exception, error: type[errors.GraphError]
) -> None:
    with pytest.raises(errors.GraphError) as raised:
        MsalTokens(SECRET, wire=Script(answer).wire).token()
    assert type(raised.value) is error
    assert raised.value.retryable


def test_a_tenant_that_is_no_name_is_refused_in_our_words() -> None:
    for tenant in ("", "a b", "../x", "contoso.com/evil", "x?y", "Common"):
        with pytest.raises(errors.WrongTenant):
            MsalTokens(ClientSecret(tenant, "app-id", "s"), wire=Script().wire)


@pytest.mark.parametrize("client_id", ["", "22222222-aaaa-4bbb-8ccc-dddddddddddd"])
def test_a_managed_identity_asks_the_machine(
    client_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("IDENTITY_ENDPOINT", "MSI_ENDPOINT", "AZURE_POD_IDENTITY_AUTHORITY_HOST"):
        monkeypatch.delenv(name, raising=False)
    peer = Script(httpx.Response(200, json={**GIVEN, "expires_in": "3599"}))
    assert MsalTokens(ManagedIdentity(client_id), wire=peer.wire).token() == "tok"
    (request,) = peer.requests
    assert request.url.host == "169.254.169.254"
    assert request.headers["metadata"] == "true"
    assert request.url.params.get("client_id", "") == client_id


@pytest.mark.parametrize(
    "answer",
    [
        httpx.ConnectTimeout("x"),
        httpx.Response(400, json={"error": "invalid_request", "error_description": "none"}),
        httpx.Response(404, html="<html></html>"),
    ],
)
def test_a_machine_without_an_identity_is_said(answer: httpx.Response | Exception) -> None:
    with pytest.raises(errors.ManagedIdentityMissing):
        MsalTokens(ManagedIdentity(), wire=Script(answer).wire).token()


def test_nothing_secret_is_shown() -> None:
    credential = Certificate(TENANT, "app-id", "KEYKEY", "CERT", "sesame")
    tokens = MsalTokens(SECRET, wire=Script().wire)
    shown = f"{SECRET!r} {credential!r} {tokens!r}"
    assert not any(secret in shown for secret in ("s3cret", "KEYKEY", "CERT", "sesame"))
