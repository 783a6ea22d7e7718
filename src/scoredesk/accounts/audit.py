"""Writing the audit log: one call beside each change, in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest

from scoredesk.accounts.addresses import client_address
from scoredesk.accounts.models import AuditEntry, Person, Tenant

Value = str | int | float | bool | None


@dataclass(frozen=True)
class Actor:
    """Who changes something: a person at an address, or a job by its name."""

    label: str
    person: Person | None = None
    address: str | None = None

    @classmethod
    def of(cls, request: HttpRequest) -> Actor:
        """The signed-in person behind a request."""
        person = request.user if isinstance(request.user, Person) else None
        label = person.email if person else "anonymous"
        return cls(label=label, person=person, address=client_address(request))

    @classmethod
    def job(cls, name: str) -> Actor:
        """A background job, e.g. "deliver"."""
        return cls(label=f"job:{name}")


def record(
    actor: Actor,
    action: str,
    *,
    tenant: Tenant | None,
    subject: object = "",
    before: Mapping[str, Value] | None = None,
    after: Mapping[str, Value] | None = None,
) -> AuditEntry:
    """Adds one audit row. `action` is dotted ("connection.removed"); never pass a secret."""
    return AuditEntry.objects.create(
        tenant=tenant,
        person=actor.person,
        actor=actor.label[:160],
        address=actor.address,
        action=action,
        subject=str(subject)[:200],
        before=dict(before or {}),
        after=dict(after or {}),
    )
