"""A tenant's link to one ServiceNow instance, its state names, and how far tracking has come."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from scoredesk.accounts.models import Person, Tenant, TenantRows


class Status(models.TextChoices):
    """The life of a connection (DESIGN: Set up a connection)."""

    NOT_CONNECTED = "not_connected", _("Not connected")
    AUTHORIZING = "authorizing", _("Authorizing")
    CONNECTED = "connected", _("Connected")
    ATTENTION = "attention", _("Needs attention")
    REMOVED = "removed", _("Removed")


class Phase(models.TextChoices):
    """What a ServiceNow state amounts to; cards count by it."""

    TO_DO = "to_do", _("To do")
    IN_PROGRESS = "in_progress", _("In progress")
    ON_HOLD = "on_hold", _("On hold")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")
    UNKNOWN = "unknown", _("Needs a phase")


class TicketTable(models.TextChoices):
    """The two kinds of ServiceNow record that a ticket can be; the value is the table's name."""

    CHANGE_REQUEST = "change_request", _("Change request")
    INCIDENT = "incident", _("Incident")


class Connection(models.Model):
    """One tenant's link to one instance. The row outlives removal: its tickets belong to it, and
    connecting the same instance again wakes it up."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="connections")
    address = models.URLField(_("instance address"), max_length=255)
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.NOT_CONNECTED)
    reason = models.CharField(max_length=80, blank=True)
    reason_detail = models.TextField(blank=True)
    reason_facts = models.JSONField(default=dict)
    client_id = models.CharField(_("client ID"), max_length=120, blank=True)
    sealed_client_secret = models.TextField(blank=True)
    integration_user = models.CharField(_("integration user"), max_length=120, blank=True)
    integration_user_id = models.CharField(max_length=32, blank=True)
    sealed_access_token = models.TextField(blank=True)
    sealed_refresh_token = models.TextField(blank=True)
    access_expires_at = models.DateTimeField(null=True)
    refresh_expires_at = models.DateTimeField(null=True)
    language = models.CharField(max_length=16, default="en")
    created_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    connected_at = models.DateTimeField(null=True)
    attempted_at = models.DateTimeField(null=True)
    succeeded_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    check_results = models.JSONField(default=list)

    objects = TenantRows.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "address"], name="one_connection_per_instance"
            ),
            models.UniqueConstraint(
                fields=["tenant"],
                condition=~models.Q(status="removed"),
                name="one_live_connection_per_tenant",
            ),
        ]

    def __str__(self) -> str:
        return self.address

    @property
    def usable(self) -> bool:
        """Whether tickets may be queued: authorized once and not removed."""
        return self.status in {Status.CONNECTED, Status.ATTENTION}

    @property
    def correlation_prefix(self) -> str:
        """How each of its correlation ids begins: tracking asks for these records only."""
        return f"scoredesk-{self.uid.hex}-"


class Authorization(models.Model):
    """A trip to the instance's Allow page: its `state` works once, for who began it."""

    connection = models.ForeignKey(
        Connection, on_delete=models.CASCADE, related_name="authorizations"
    )
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    state_digest = models.CharField(max_length=64, unique=True)
    sealed_verifier = models.TextField()
    begun_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    objects = TenantRows.as_manager()

    def __str__(self) -> str:
        return f"{self.connection} {self.begun_at:%Y-%m-%d %H:%M}"


class StateName(models.Model):
    """A state of the instance: its value, the instance's own label, our name for it, its phase."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="state_names")
    table = models.CharField(max_length=20, choices=TicketTable.choices)
    value = models.CharField(max_length=40)
    label = models.CharField(max_length=120)
    name = models.CharField(max_length=120, blank=True)
    phase = models.CharField(max_length=16, choices=Phase.choices, default=Phase.UNKNOWN)
    position = models.IntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["table", "position", "value"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["connection", "table", "value"], name="one_name_per_state"
            )
        ]

    def __str__(self) -> str:
        return self.shown

    @property
    def shown(self) -> str:
        """The name the portal shows."""
        return self.name or self.label or self.value


class Watermark(models.Model):
    """The largest `sys_updated_on` seen for a connection and table (never our own clock)."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="watermarks")
    table = models.CharField(max_length=20, choices=TicketTable.choices)
    seen_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["connection", "table"], name="one_watermark_per_table")
        ]

    def __str__(self) -> str:
        return f"{self.table}: {self.seen_at:%Y-%m-%d %H:%M:%S}"
