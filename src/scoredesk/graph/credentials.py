"""The three ways to sign in to Microsoft Graph as an application, on MSAL."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import msal
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)

from scoredesk.common.http import Wire
from scoredesk.graph import errors as e
from scoredesk.graph.sign_in import AUTHORITY, EntraDoor, MachineDoor, refusal

LOGIN_URL = AUTHORITY
RESOURCE = "https://graph.microsoft.com"
_TENANT = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,252}")
_NO_TENANTS = frozenset({"common", "organizations", "consumers"})


@dataclass(frozen=True, slots=True)
class ClientSecret:
    """An application with a client secret. `tenant`: its ID or a domain of it."""

    tenant: str
    client_id: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Certificate:
    """An application with a certificate; both in PEM. `passphrase`: of the key, "" if none."""

    tenant: str
    client_id: str
    private_key: str = field(repr=False)
    certificate: str = field(repr=False)
    passphrase: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class ManagedIdentity:
    """The identity of the machine in Azure; `client_id` names a user-assigned one."""

    client_id: str = ""


Credential = ClientSecret | Certificate | ManagedIdentity


class TokenSource(Protocol):
    """Something that has a token for Microsoft Graph."""

    def token(self) -> str:
        """A valid access token; renewed before it lapses. Raises GraphError."""
        ...


class MsalTokens:
    """Tokens from MSAL, which keeps one until shortly before it lapses.

    `login_url`: where Microsoft Entra ID answers (the sandbox's address in the demo).
    Raises CertificateUnusable when made with a key or certificate that cannot be used.
    """

    def __init__(self, credential: Credential, *, login_url: str = LOGIN_URL, wire: Wire) -> None:
        self._acquire = _acquirer(credential, login_url, wire)

    def token(self) -> str:
        """A valid access token. Raises SignInRefused and its kinds, Unreachable, Throttled."""
        result = self._acquire()
        token = result.get("access_token")
        if not token:
            raise refusal(result)
        return str(token)

    def __repr__(self) -> str:
        return "<MsalTokens>"


def thumbprint(certificate: str) -> str:
    """The thumbprint of a PEM certificate as Microsoft Entra ID shows it: SHA-1, hexadecimal.

    To compare by eye only; signing uses SHA-256. Raises CertificateUnusable.
    """
    return _certificate(certificate).fingerprint(SHA1()).hex().upper()  # noqa: S303 - see above


def _acquirer(
    credential: Credential, login_url: str, wire: Wire
) -> Callable[[], Mapping[str, Any]]:
    if isinstance(credential, ManagedIdentity):
        return _machine(credential, wire)
    _check_tenant(credential.tenant)
    app = msal.ConfidentialClientApplication(
        credential.client_id,
        client_credential=_client_credential(credential),
        authority=f"{AUTHORITY}/{credential.tenant}",
        instance_discovery=False,
        http_client=EntraDoor(login_url, wire),
    )
    return lambda: app.acquire_token_for_client(scopes=[f"{RESOURCE}/.default"]) or {}


def _check_tenant(tenant: str) -> None:
    """`common` and its kin are no tenant, and a slash would lead to another address."""
    if not _TENANT.fullmatch(tenant) or tenant.lower() in _NO_TENANTS:
        raise e.WrongTenant("A tenant is named by its ID or by one of its domains.")


def _machine(credential: ManagedIdentity, wire: Wire) -> Callable[[], Mapping[str, Any]]:
    identity = (
        msal.UserAssignedManagedIdentity(client_id=credential.client_id)
        if credential.client_id
        else msal.SystemAssignedManagedIdentity()
    )
    client = msal.ManagedIdentityClient(identity, http_client=MachineDoor(wire))

    def acquire() -> Mapping[str, Any]:
        try:
            result: Mapping[str, Any] = client.acquire_token_for_client(resource=RESOURCE) or {}
        except (msal.ManagedIdentityError, e.Unreachable, ValueError) as fault:
            # ValueError: MSAL reads whatever answers there as JSON
            raise e.ManagedIdentityMissing(str(fault)) from fault
        if not result.get("access_token"):
            raise e.ManagedIdentityMissing(str(result.get("error_description") or ""))
        return result

    return acquire


def _client_credential(credential: ClientSecret | Certificate) -> str | dict[str, str]:
    if isinstance(credential, ClientSecret):
        return credential.secret
    _check_pair(credential)
    parts = {"private_key": credential.private_key, "public_certificate": credential.certificate}
    return {**parts, "passphrase": credential.passphrase} if credential.passphrase else parts


def _check_pair(credential: Certificate) -> None:
    """Say here what MSAL would only say as a ValueError in the middle of signing."""
    passphrase = credential.passphrase.encode() or None
    try:
        key = load_pem_private_key(credential.private_key.encode(), passphrase)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise e.CertificateUnusable("The private key cannot be read.") from None
    if not isinstance(key, RSAPrivateKey):
        raise e.CertificateUnusable("The private key must be an RSA key.")
    shape = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    own = _certificate(credential.certificate).public_key().public_bytes(*shape)
    if key.public_key().public_bytes(*shape) != own:
        raise e.CertificateUnusable("The private key does not belong to the certificate.")


def _certificate(pem: str) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(pem.encode())
    except ValueError:
        raise e.CertificateUnusable("The certificate cannot be read.") from None
