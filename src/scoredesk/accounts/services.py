"""What happens to people and tenants: each change with its audit row, in one transaction."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection, transaction

from scoredesk.accounts.audit import Actor, record
from scoredesk.accounts.models import Membership, Person, Role, Tenant
from scoredesk.accounts.setup_code import nobody_yet

# Any number that no other code of ours locks; it stands for "the first administrator is made".
FIRST_RUN_LOCK = 5_106_220_001
# Without the letters that look alike, for a password that is handed over by hand.
READABLE = "abcdefghjkmnpqrstuvwxyz23456789"


class AlreadySetUp(Exception):
    """Somebody made the first administrator before."""


class AlreadyMember(Exception):
    """The person belongs to the tenant already."""


class LastAdministrator(Exception):
    """The change would leave the tenant with nobody who may change it."""


@dataclass(frozen=True)
class FirstSteps:
    """What the first-run page asks for."""

    tenant: str
    email: str
    name: str
    password: str
    time_zone: str
    language: str


@dataclass(frozen=True)
class Added:
    """A person added to a tenant; `password` is theirs to begin with, None when they had one."""

    person: Person
    password: str | None


def readable_password() -> str:
    """Five groups of four characters: 99 bits, easy to read out."""
    return "-".join("".join(secrets.choice(READABLE) for _ in range(4)) for _ in range(5))


def begin(actor: Actor, steps: FirstSteps) -> Person:
    """Makes the first tenant and its administrator.

    Raises AlreadySetUp for everybody but one, also when two do it at the same moment.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FIRST_RUN_LOCK])
        if not nobody_yet():
            raise AlreadySetUp
        tenant = Tenant.objects.create(
            name=steps.tenant, time_zone=steps.time_zone, language=steps.language
        )
        person = Person.objects.create_user(
            steps.email, steps.password, name=steps.name, language=steps.language
        )
        make_member(actor, tenant, person=person, role=Role.SECURITY_ADMIN)
        return person


def make_member(actor: Actor, tenant: Tenant, *, person: Person, role: str) -> Membership:
    """Gives a person a role in a tenant. Call it in a transaction."""
    membership = Membership.objects.create(tenant=tenant, person=person, role=role)
    record(actor, "person.added", tenant=tenant, subject=person.email, after={"role": role})
    return membership


def add_person(actor: Actor, tenant: Tenant, *, email: str, name: str, role: str) -> Added:
    """Adds a person, new or known from another tenant, whose name and password then stay.

    Raises AlreadyMember.
    """
    with transaction.atomic():
        person = Person.objects.filter(email=email).first()
        if person and Membership.objects.of(tenant).filter(person=person).exists():
            raise AlreadyMember
        password = None
        if person is None:
            password = readable_password()
            person = Person.objects.create_user(email, password, name=name)
        make_member(actor, tenant, person=person, role=role)
    return Added(person, password)


def change_role(actor: Actor, membership: Membership, role: str) -> None:
    """Raises LastAdministrator when nobody would be left to change the tenant."""
    with transaction.atomic():
        locked = _locked(membership)
        before = locked.role
        if before == role:
            return
        if before == Role.SECURITY_ADMIN:
            _keep_an_administrator(locked)
        locked.role = role
        locked.save(update_fields=["role"])
        record(
            actor,
            "person.role_changed",
            tenant=locked.tenant,
            subject=locked.person.email,
            before={"role": before},
            after={"role": role},
        )


def remove_person(actor: Actor, membership: Membership) -> None:
    """Takes a person out of the tenant; the account stays, since the audit log names it.

    Raises LastAdministrator when nobody would be left to change the tenant.
    """
    with transaction.atomic():
        locked = _locked(membership)
        if locked.role == Role.SECURITY_ADMIN:
            _keep_an_administrator(locked)
        record(
            actor,
            "person.removed",
            tenant=locked.tenant,
            subject=locked.person.email,
            before={"role": locked.role},
        )
        locked.delete()


def save_profile(actor: Actor, person: Person, values: Mapping[str, str]) -> None:
    """Keeps a person's own name, language and time zone."""
    before = {field: str(getattr(person, field)) for field in values}
    if before == dict(values):
        return
    with transaction.atomic():
        Person.objects.filter(pk=person.pk).update(**values)
        for membership in person.memberships.select_related("tenant"):
            record(
                actor,
                "person.changed",
                tenant=membership.tenant,
                subject=person.email,
                before=before,
                after=values,
            )


def save_tenant(actor: Actor, tenant: Tenant, values: Mapping[str, str]) -> None:
    """Keeps a tenant's name, language and time zone."""
    before = {field: str(getattr(tenant, field)) for field in values}
    if before == dict(values):
        return
    with transaction.atomic():
        Tenant.objects.filter(pk=tenant.pk).update(**values)
        record(
            actor,
            "tenant.changed",
            tenant=tenant,
            subject=values["name"],
            before=before,
            after=values,
        )


def _locked(membership: Membership) -> Membership:
    """The membership as it is now. Every member's row of the tenant is locked, so that two
    administrators cannot take each other's role at the same moment."""
    members = Membership.objects.select_for_update(of=("self",)).select_related("tenant", "person")
    rows: dict[int, Membership] = {
        row.pk: row for row in members.filter(tenant_id=membership.tenant_id).order_by("pk")
    }
    try:
        return rows[membership.pk]
    except KeyError:
        raise Membership.DoesNotExist from None


def _keep_an_administrator(membership: Membership) -> None:
    others = Membership.objects.of(membership.tenant).filter(
        role=Role.SECURITY_ADMIN, person__is_active=True
    )
    if not others.exclude(pk=membership.pk).exists():
        raise LastAdministrator
