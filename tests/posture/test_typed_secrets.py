"""Secrets in the form of the source: typed once, never in a page, never in another tenant."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse
from tests.posture.conftest import CLIENT, DIRECTORY, SECRET

from scoredesk.accounts.models import Membership, Person, Role, Tenant
from scoredesk.accounts.sealed import unseal
from scoredesk.posture.models import CredentialKind, SecureScoreSource
from scoredesk.sandbox.program import RunningSandbox

PAGE = "/secure-score/"
KEY = "-----BEGIN PRIVATE KEY-----\nMIIprivate\n-----END PRIVATE KEY-----"
CERTIFICATE = "-----BEGIN CERTIFICATE-----\nMIIpublic\n-----END CERTIFICATE-----"
RIGHT = {
    "kind": "client_secret",
    "directory": DIRECTORY,
    "client_id": CLIENT,
    "secret": SECRET,
    "then": "test",
}


def test_a_private_key_is_never_written_back_to_the_page(admin_client: Client) -> None:
    typed = {"kind": "certificate", "certificate": KEY + CERTIFICATE, "client_id": CLIENT}
    answer = admin_client.post(PAGE, typed)
    assert answer.status_code == 422
    assert "MIIprivate" not in answer.content.decode()


def test_a_secret_is_typed_once_although_another_field_was_wrong(
    tenant: Tenant, admin_client: Client, sandbox: RunningSandbox
) -> None:
    refused = admin_client.post(PAGE, {**RIGHT, "client_id": "two words"})
    page = refused.content.decode()
    assert SECRET not in page
    assert "Saved. Type it only to change it." in page
    admin_client.post(PAGE, {**RIGHT, "secret": ""})
    assert unseal(SecureScoreSource.objects.of(tenant).get().sealed_secret) == SECRET


def test_a_secret_that_microsoft_refused_does_not_wait(
    admin_client: Client, sandbox: RunningSandbox
) -> None:
    admin_client.post(PAGE, {**RIGHT, "secret": "wrong"})
    again = admin_client.post(PAGE, {**RIGHT, "secret": ""})
    assert "Type the value of the client secret" in again.content.decode()


def test_a_secret_that_waits_for_one_tenant_is_never_used_for_another(
    admin: Person, admin_client: Client, other_tenant: Tenant, sandbox: RunningSandbox
) -> None:
    Membership.objects.create(tenant=other_tenant, person=admin, role=Role.SECURITY_ADMIN)
    admin_client.post(PAGE, {**RIGHT, "client_id": "two words"})
    admin_client.post(reverse("accounts:switch-tenant"), {"tenant": other_tenant.uid})
    again = admin_client.post(PAGE, {**RIGHT, "secret": ""})
    assert "Type the value of the client secret" in again.content.decode()
    assert not SecureScoreSource.objects.exists()


def test_the_machines_identity_is_not_lent_to_a_second_tenant(
    tenant: Tenant, other_tenant: Tenant, admin_client: Client
) -> None:
    SecureScoreSource.objects.create(tenant=other_tenant, kind=CredentialKind.MANAGED_IDENTITY)
    answer = admin_client.post(PAGE, {"kind": "managed_identity", "then": "save"})
    assert answer.status_code == 422
    assert "belongs to another tenant" in answer.content.decode()
    assert not SecureScoreSource.objects.of(tenant).exists()
