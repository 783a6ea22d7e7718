"""Tenants, people, their roles, and the append-only audit log."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from scoredesk.accounts.audit_words import in_words


class Role(models.TextChoices):
    """What a person may do in a tenant; Microsoft Entra app roles carry the same values."""

    SECURITY_ADMIN = "security_admin", _("Security administrator")
    SECURITY_READER = "security_reader", _("Security reader")


class Tenant(models.Model):
    """One Microsoft 365 tenant: the border of all data."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=120)
    entra_id = models.CharField(_("tenant ID"), max_length=80, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    language = models.CharField(_("language"), max_length=16, default="en")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class TenantRows(models.QuerySet[Any]):
    """Rows that belong to a tenant: `Model.objects.of(tenant)` is how every page begins."""

    def of(self, tenant: Tenant) -> Self:
        """Only this tenant's rows."""
        return self.filter(tenant=tenant)


class PersonManager(BaseUserManager["Person"]):
    """Makes people; e-mail addresses are kept in lower case so that one person has one account."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Person:
        """A person who can sign in with `password` (None: cannot sign in by password)."""
        person = self.model(email=email.strip().lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, username: str | None) -> Person:
        """The person with this e-mail address, whatever its case."""
        return self.get(email=(username or "").strip().lower())


class Person(AbstractBaseUser):
    """Somebody who signs in. What they may see follows from their memberships only."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=16, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        ordering: ClassVar = ["email"]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        """The name to show."""
        return str(self)


class Membership(models.Model):
    """A person's role in a tenant."""

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="memberships")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=32, choices=Role.choices)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TenantRows.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "person"], name="one_role_per_person_and_tenant"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} ({self.role})"

    @property
    def may_write(self) -> bool:
        """Whether this role changes things."""
        return self.role == Role.SECURITY_ADMIN


@dataclass(frozen=True)
class Change:
    """One field of an audit entry; None where there was nothing before, or is nothing after."""

    field: str
    before: Any
    after: Any


class AuditEntry(models.Model):
    """Who did what, when, from where, before and after. A database trigger refuses changes."""

    tenant = models.ForeignKey(Tenant, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    actor = models.CharField(max_length=160)
    address = models.GenericIPAddressField(null=True)
    action = models.CharField(max_length=64)
    subject = models.CharField(max_length=200, blank=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    objects = TenantRows.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["tenant", "-id"], name="audit_of_tenant")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.actor} {self.action} {self.subject}"

    @property
    def in_words(self) -> str:
        """What was done, in the reader's language."""
        return in_words(self.action)

    @property
    def changes(self) -> list[Change]:
        """What differs between before and after, field by field in alphabetical order."""
        changes = [
            Change(field, self.before.get(field), self.after.get(field))
            for field in sorted({*self.before, *self.after})
        ]
        return [change for change in changes if change.before != change.after]
