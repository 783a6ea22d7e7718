"""A tenant's link to one ServiceNow instance, its state names, and how far tracking has come."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from scoredesk.accounts.models import Person, Tenant, TenantRows
from scoredesk.connections.languages import in_words


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


class SignIn(models.TextChoices):
    """How the connection gets its tokens (servicenow-api 1.4)."""

    AUTHORIZATION_CODE = "authorization_code", _("In the browser, as the integration user")
    CLIENT_CREDENTIALS = "client_credentials", _("Without a browser (client credentials)")


class ConnectorApp(models.TextChoices):
    """Whether the connector app is to be used; "" until somebody has chosen."""

    UNDECIDED = "", _("Not decided yet")
    WITHOUT = "without", _("Without the app")
    WITH = "with", _("With the connector app")


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
    # The address before it was changed, until the new one has proved to be the same instance.
    moved_from = models.URLField(max_length=255, blank=True)
    sign_in = models.CharField(
        max_length=24, choices=SignIn.choices, default=SignIn.AUTHORIZATION_CODE
    )
    connector_app = models.CharField(
        max_length=12, choices=ConnectorApp.choices, blank=True, default=ConnectorApp.UNDECIDED
    )
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
    check_results = models.JSONField(default=list)  # findings.Finding.as_json, newest of each check
    trial_results = models.JSONField(default=dict)  # {table: what a trial record showed}
    release = models.CharField(max_length=80, blank=True)
    # How often in a row it failed, when a job may try again, and what people were told by e-mail.
    failures = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    told_reason = models.CharField(max_length=80, blank=True)

    # What a person does about a secret that no key opens (accounts.rotation).
    SEALED: ClassVar = {
        "sealed_client_secret": _("Enter the client secret again on the set-up page."),
        "sealed_access_token": _("Authorize the connection again."),
        "sealed_refresh_token": _("Authorize the connection again."),
    }
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
    def has_tokens(self) -> bool:
        """Whether it was authorized and can get access tokens by itself. Client credentials come
        without a refresh token (servicenow-api 1.5): the application itself asks again."""
        if self.sign_in == SignIn.CLIENT_CREDENTIALS:
            return bool(self.sealed_access_token)
        return bool(self.sealed_refresh_token)

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

    SEALED: ClassVar = {"sealed_verifier": _("If it was not finished yet, authorize again.")}
    objects = TenantRows.as_manager()

    def __str__(self) -> str:
        return f"{self.connection} {self.begun_at:%Y-%m-%d %H:%M}"


class StateName(models.Model):
    """A state of the instance: its value, the instance's own labels, our names, its phase.

    `labels` and `names` are by the portal's languages; a name that is missing or empty means "as
    the instance calls it". `listed`: the instance's choice list has it; otherwise its labels are
    those of instances as shipped, or what a record showed. `retired`: no longer offered (inactive
    or, where it is not listed any more, gone). `before`: what an administrator last knew of it, if
    the instance has changed it since (states.Snapshot).
    """

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="state_names")
    table = models.CharField(max_length=20, choices=TicketTable.choices)
    value = models.CharField(max_length=40)
    labels: models.JSONField[dict[str, str]] = models.JSONField(default=dict)
    names: models.JSONField[dict[str, str]] = models.JSONField(default=dict)
    listed = models.BooleanField(default=False)
    retired = models.BooleanField(default=False)
    before: models.JSONField[dict[str, Any]] = models.JSONField(default=dict)
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
    def label(self) -> str:
        """The instance's own name, for the reader."""
        return in_words(self.labels) or self.value

    @property
    def shown(self) -> str:
        """The name the portal shows to the reader."""
        return self.shown_in(None)

    def shown_in(self, language: str | None) -> str:
        """The same for a reader of that language: our name, else the instance's label, in the
        first language that has one."""
        words = {**self.labels, **{key: name for key, name in self.names.items() if name}}
        return in_words(words, language) or self.value


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


class Catalogue(models.Model):
    """What the instance says of a table: its fields and choices, as last read.

    `fields`: {name: {"label", "type", "reference", "max_length", "mandatory_by"}}; `choices`:
    {element: [{"value", "labels": {language: label}, "dependent", "inactive"}]}; `differences`:
    what the last reading found changed and nobody has acknowledged yet.
    """

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="catalogues")
    table = models.CharField(max_length=20, choices=TicketTable.choices)
    fields = models.JSONField(default=dict)
    choices = models.JSONField(default=dict)
    differences = models.JSONField(default=list)
    read_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["connection", "table"], name="one_catalogue_per_table")
        ]

    def __str__(self) -> str:
        return f"{self.table}: {self.read_at:%Y-%m-%d %H:%M:%S}"


class FieldDefault(models.Model):
    """What is sent in a field of every ticket of a table: a constant, or a template with the
    ticket's values. `shown`: what people see for it (the name of a group, not its sys_id)."""

    connection = models.ForeignKey(
        Connection, on_delete=models.CASCADE, related_name="field_defaults"
    )
    table = models.CharField(max_length=20, choices=TicketTable.choices)
    field = models.CharField(max_length=80)
    value = models.TextField(blank=True)
    shown = models.CharField(max_length=255, blank=True)
    asked = models.BooleanField(default=False)  # the person who shares fills it in

    class Meta:
        ordering: ClassVar = ["table", "field"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["connection", "table", "field"], name="one_default_per_field"
            )
        ]

    def __str__(self) -> str:
        return f"{self.table}.{self.field}"


class Attempt(models.Model):
    """One request made to an instance: when, what, result, how long, which fault. No secrets.

    `ticket_uid` names the ticket it was made for, if any: tickets stand a floor higher.
    """

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+")
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="attempts")
    ticket_uid = models.UUIDField(null=True)
    at = models.DateTimeField()
    method = models.CharField(max_length=8)
    path = models.CharField(max_length=200)
    status = models.PositiveSmallIntegerField(null=True)
    milliseconds = models.PositiveIntegerField(null=True)
    fault_code = models.CharField(max_length=80, blank=True)

    objects = TenantRows.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["connection", "-at"], name="requests_of_connection"),
            models.Index(
                fields=["ticket_uid", "-id"],
                name="requests_of_ticket",
                condition=models.Q(ticket_uid__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.path}: {self.status or self.fault_code}"
