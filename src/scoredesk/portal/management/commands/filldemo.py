"""Fills an empty database for the demo: a tenant, two people, and its Secure Score source."""

from __future__ import annotations

from django.core.management.base import BaseCommand
from django.db import transaction

from scoredesk.accounts.audit import Actor, record
from scoredesk.accounts.models import Membership, Person, Role, Tenant
from scoredesk.accounts.sealed import seal
from scoredesk.posture.models import CredentialKind, SecureScoreSource
from scoredesk.posture.tasks import refresh_soon

PASSWORD = "scoredesk-demo"  # noqa: S105  # printed on the demo's first screen
TENANT_ID = "11111111-2222-4333-8444-555555555555"
PEOPLE = (
    ("admin@demo.example", "Dana Demo", Role.SECURITY_ADMIN),
    ("reader@demo.example", "Rui Reader", Role.SECURITY_READER),
)


class Command(BaseCommand):
    """`scoredesk manage filldemo`: safe to repeat, never changes what is there."""

    help = "Fills an empty database for the demo."

    def handle(self, *_args: object, **_options: object) -> None:
        """Makes what is missing, in one transaction, and asks for a first refresh."""
        with transaction.atomic():
            tenant, made = Tenant.objects.get_or_create(
                entra_id=TENANT_ID, defaults={"name": "Demo organisation"}
            )
            for email, name, role in PEOPLE:
                if not Person.objects.filter(email=email).exists():
                    person = Person.objects.create_user(email, PASSWORD, name=name)
                    Membership.objects.create(tenant=tenant, person=person, role=role)
            if made:
                self._connect_microsoft(tenant)

    @staticmethod
    def _connect_microsoft(tenant: Tenant) -> None:
        SecureScoreSource.objects.create(
            tenant=tenant,
            directory=TENANT_ID,
            kind=CredentialKind.CLIENT_SECRET,
            client_id="scoredesk-graph",
            sealed_secret=seal("sandbox-secret"),
        )
        record(Actor.job("demo"), "demo.filled", tenant=tenant)
        refresh_soon(tenant)
