"""Credentials of every kind: read from a form, tried, stored sealed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID
from django.test import Client
from tests.posture.conftest import CLIENT, DIRECTORY, SECRET

from scoredesk.accounts.models import Tenant
from scoredesk.accounts.sealed import unseal
from scoredesk.common import clock
from scoredesk.posture.models import CredentialKind, SecureScoreSource
from scoredesk.posture.refresh import refresh
from scoredesk.posture.sources import Access, access_of, looks_like_id, pem_parts, try_access
from scoredesk.sandbox.program import RunningSandbox


def pem_pair(passphrase: str = "") -> str:
    """A fresh certificate and its key, one after the other."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "scoredesk")])
    now = clock.now()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    lock = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock)
    return (certificate.public_bytes(Encoding.PEM) + private).decode()


@pytest.mark.parametrize("passphrase", ["", "open sesame"])
def test_a_certificate_signs_in_and_refreshes(
    tenant: Tenant, admin_client: Client, sandbox: RunningSandbox, passphrase: str
) -> None:
    typed = {
        "kind": "certificate",
        "directory": DIRECTORY,
        "client_id": CLIENT,
        "certificate": pem_pair(passphrase),
        "passphrase": passphrase,
        "then": "test",
    }
    assert admin_client.post("/secure-score/", typed).status_code == 302
    source = SecureScoreSource.objects.of(tenant).get()
    assert "PRIVATE KEY" not in source.sealed_certificate
    assert "PRIVATE KEY" in unseal(source.sealed_certificate)
    assert refresh(tenant).actions >= 60
    typed |= {"certificate": "", "passphrase": ""}
    assert admin_client.post("/secure-score/", typed).status_code == 302  # the stored one
    assert "PRIVATE KEY" not in admin_client.get("/secure-score/").content.decode()


def test_a_key_of_another_certificate_is_refused_before_it_is_sent(
    tenant: Tenant, settings: Any
) -> None:
    settings.GRAPH_URL = settings.LOGIN_MICROSOFT_URL = "http://127.0.0.1:9"
    _, certificate = pem_parts(pem_pair())
    key, _ = pem_parts(pem_pair())
    access = Access(CredentialKind.CERTIFICATE, DIRECTORY, CLIENT, "", key + certificate)
    fault = try_access(tenant, access)
    assert fault is not None
    assert fault.code == "graph.certificate_unusable"


def test_a_machine_without_managed_identity_is_told_so(
    tenant: Tenant, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The address under which a machine in Azure names its identity service.
    monkeypatch.setenv("IDENTITY_ENDPOINT", "http://127.0.0.1:9/token")
    monkeypatch.setenv("IDENTITY_HEADER", "x")
    fault = try_access(tenant, Access(CredentialKind.MANAGED_IDENTITY))
    assert fault is not None
    assert fault.code == "graph.managed_identity_missing"


def test_what_is_stored_comes_out_as_it_went_in(source: SecureScoreSource) -> None:
    assert access_of(source) == Access(CredentialKind.CLIENT_SECRET, DIRECTORY, CLIENT, SECRET)


def test_a_secret_is_not_in_the_representation() -> None:
    access = Access(CredentialKind.CERTIFICATE, DIRECTORY, CLIENT, "hush", "-----BEGIN")
    assert "hush" not in repr(access)
    assert "BEGIN" not in repr(access)


def test_key_and_certificate_are_found_in_any_order() -> None:
    pair = pem_pair()
    key, certificate = pem_parts(pair)
    assert pem_parts(f"Bag attributes\n{key}\nsubject=x\n{certificate}") == (key, certificate)
    assert pem_parts("nothing of it") == ("", "")


@pytest.mark.parametrize(
    ("secret", "is_id"),
    [
        ("33333333-2222-4333-8444-555555555555", True),
        (" 33333333-2222-4333-8444-55555555555A ", True),
        ("abc8Q~secretvaluesecretvaluesecretvalue", False),
        ("", False),
    ],
)
def test_a_secrets_id_is_told_from_its_value(secret: str, *, is_id: bool) -> None:
    assert looks_like_id(secret) is is_id
