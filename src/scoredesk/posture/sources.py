"""How Microsoft Graph is reached for a tenant: credentials, trying them, saving, removing."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from django.conf import settings
from django.db import transaction

from scoredesk.accounts import audit
from scoredesk.accounts.audit import Actor
from scoredesk.accounts.models import Tenant
from scoredesk.accounts.sealed import seal, unseal
from scoredesk.common.addresses import AddressPolicy
from scoredesk.common.errors import ScoredeskError
from scoredesk.common.http import Timeouts, Wire
from scoredesk.common.retrying import ONCE, Pauses
from scoredesk.graph import (
    Certificate,
    ClientSecret,
    Graph,
    ManagedIdentity,
    MsalTokens,
    Snapshot,
)
from scoredesk.graph.credentials import Credential
from scoredesk.posture.errors import NoSource, OtherDirectory
from scoredesk.posture.models import CredentialKind, ScoreSnapshot, SecureScoreSource

_PEM_BLOCK = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----.*?-----END \1-----", re.DOTALL)
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


@dataclass(frozen=True)
class Access:
    """What a person gave to reach Graph. `secret`: client secret, or the private key's passphrase.

    `certificate`: private key and certificate in PEM, one after the other.
    """

    kind: CredentialKind
    directory: str = ""
    client_id: str = ""
    secret: str = field(default="", repr=False)
    certificate: str = field(default="", repr=False)

    def credential(self) -> Credential:
        """The credential for the client library."""
        if self.kind == CredentialKind.MANAGED_IDENTITY:
            return ManagedIdentity(client_id=self.client_id)
        if self.kind == CredentialKind.CERTIFICATE:
            key, certificate = pem_parts(self.certificate)
            return Certificate(
                tenant=self.directory,
                client_id=self.client_id,
                private_key=key,
                certificate=certificate,
                passphrase=self.secret,
            )
        return ClientSecret(tenant=self.directory, client_id=self.client_id, secret=self.secret)


def pem_parts(text: str) -> tuple[str, str]:
    """The private key and the (first) certificate in a PEM text; "" for one that is not there."""
    blocks = [(found.group(1), found.group(0) + "\n") for found in _PEM_BLOCK.finditer(text)]
    key = next((block for label, block in blocks if label.endswith("PRIVATE KEY")), "")
    certificate = next((block for label, block in blocks if label == "CERTIFICATE"), "")
    return key, certificate


def looks_like_id(secret: str) -> bool:
    """Whether a client secret has the form of a secret's ID, so often copied by mistake."""
    return _GUID.fullmatch(secret.strip()) is not None


def access_of(source: SecureScoreSource) -> Access:
    """What is stored, opened. Raises SecretError when the keys no longer fit."""
    return Access(
        kind=CredentialKind(source.kind),
        directory=source.directory,
        client_id=source.client_id,
        secret=unseal(source.sealed_secret),
        certificate=unseal(source.sealed_certificate),
    )


def open_graph(access: Access, *, timeouts: Timeouts, pauses: Pauses = ONCE) -> Graph:
    """A client for Microsoft Graph. Raises CertificateUnusable; close it after use."""
    wire = Wire(
        policy=AddressPolicy.trusting(settings.GRAPH_URL, settings.LOGIN_MICROSOFT_URL),
        timeouts=timeouts,
        pauses=pauses,
    )
    tokens = MsalTokens(access.credential(), login_url=settings.LOGIN_MICROSOFT_URL, wire=wire)
    return Graph(settings.GRAPH_URL, tokens, wire=wire)


def try_access(tenant: Tenant, access: Access) -> ScoredeskError | None:
    """What is wrong with `access`, asked of Microsoft now; None if nothing is.

    Waits no longer than a person at a page does. Never call it inside a transaction.
    """
    try:
        with open_graph(access, timeouts=Timeouts.page(settings.PAGE_TIMEOUT_SECONDS)) as graph:
            must_be_same_directory(tenant, graph.check())
    except ScoredeskError as fault:
        if access.kind == CredentialKind.CLIENT_SECRET and looks_like_id(access.secret):
            fault.facts["looks_like_id"] = "yes"
        return fault
    return None


def must_be_same_directory(tenant: Tenant, snapshot: Snapshot) -> None:
    """Raises OtherDirectory if the tenant's data came from another Microsoft 365 tenant.

    Mixing two would draw a history that never happened.
    """
    known = ScoreSnapshot.objects.of(tenant).values_list("raw__azureTenantId", flat=True).first()
    if known and snapshot.tenant_id and str(known).lower() != snapshot.tenant_id.lower():
        raise OtherDirectory(facts={"known": known, "given": snapshot.tenant_id})


def save_source(
    tenant: Tenant, access: Access, actor: Actor, fault: ScoredeskError | None
) -> SecureScoreSource:
    """Stores `access` sealed, with the fault that trying it showed, and writes the audit log."""
    with transaction.atomic():
        source = SecureScoreSource.objects.select_for_update().of(tenant).first()
        before = described(source) if source else {}
        source = source or SecureScoreSource(tenant=tenant)
        source.kind = access.kind
        source.directory = access.directory
        source.client_id = access.client_id
        source.sealed_secret = seal(access.secret)
        source.sealed_certificate = seal(access.certificate)
        source.saved_by = actor.person
        set_fault(source, fault)
        source.save()
        action = "secure_score.source_changed" if before else "secure_score.source_connected"
        audit.record(
            actor, action, tenant=tenant, subject=source, before=before, after=described(source)
        )
    return source


def remove_source(tenant: Tenant, actor: Actor) -> None:
    """Deletes the source with its secrets; scores and actions stay. Raises NoSource."""
    with transaction.atomic():
        source = SecureScoreSource.objects.select_for_update().of(tenant).first()
        if source is None:
            raise NoSource
        audit.record(
            actor,
            "secure_score.source_removed",
            tenant=tenant,
            subject=source,
            before=described(source),
        )
        source.delete()


def set_fault(source: SecureScoreSource, fault: ScoredeskError | None) -> None:
    """Puts a fault (or its absence) on the row; does not save."""
    source.fault_code = fault.code if fault else ""
    source.fault_detail = fault.detail if fault else ""
    source.fault_facts = fault.facts if fault else {}


def described(source: SecureScoreSource) -> dict[str, audit.Value]:
    """A source for the audit log: nothing secret."""
    return {"kind": source.kind, "directory": source.directory, "client_id": source.client_id}
