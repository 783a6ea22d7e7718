"""Tickets, what is to be brought to ServiceNow, what happened, and every request made."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import OuterRef, Subquery, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce, JSONObject, NullIf
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from scoredesk.accounts.models import Person, Tenant, TenantRows
from scoredesk.connections import state_usage
from scoredesk.connections.languages import reading_order
from scoredesk.connections.models import (
    Catalogue,
    Connection,
    Phase,
    StateName,
    Status,
    TicketTable,
)
from scoredesk.posture.models import ImprovementAction

SHORT_DESCRIPTION_LENGTH = 160  # ServiceNow cuts longer ones silently (servicenow-api 2.5)


class Source(models.TextChoices):
    """Recommendation source."""

    MICROSOFT = "microsoft", _("Microsoft")
    USER = "user", pgettext_lazy("recommendation source", "User")


class Priority(models.IntegerChoices):
    """The four priorities that change requests and incidents share (servicenow-api 6.2, 7.4)."""

    CRITICAL = 1, _("1 - Critical")
    HIGH = 2, _("2 - High")
    MODERATE = 3, _("3 - Moderate")
    LOW = 4, _("4 - Low")


class Delivery(models.TextChoices):
    """How far one thing is on its way to ServiceNow."""

    QUEUED = "queued", _("Queued")
    SENDING = "sending", _("Sending")
    UNCERTAIN = "uncertain", _("Being checked")
    DELIVERED = "delivered", _("Delivered")
    FAILED = "failed", _("Refused")


class TicketRows(TenantRows):
    """Tickets, with the state names that an administrator may have changed."""

    def with_states(self) -> Self:
        """Adds what the reader's language calls the state and the priority, in the same query.

        `state_shown`: the portal's name for the state, else the instance's label, in the first
        language that has one. `priority_words`: the instance's labels of the priority by
        ServiceNow's languages, or None.
        """
        names = StateName.objects.filter(
            connection=OuterRef("connection"), table=OuterRef("table"), value=OuterRef("state")
        ).order_by()
        catalogues = Catalogue.objects.filter(
            connection=OuterRef("connection"), table=OuterRef("table")
        )
        return self.annotate(
            state_shown=Coalesce(
                Subquery(names.values_list(_first_words())[:1], output_field=models.TextField()),
                "state_label",
                output_field=models.TextField(),
            ),
            priority_words=Subquery(catalogues.values_list(_labels_of_priority())[:1]),
        )

    def by_state(
        self, connection: Connection, phase: Phase | None = None
    ) -> dict[tuple[str, str], int]:
        """How many of a connection's tickets (of one phase) are in each state, by (table, value).

        The tenant and the tables are named for the index's sake.
        """
        rows = self.filter(tenant=connection.tenant_id, table__in=TicketTable.values)
        rows = rows.filter(connection=connection).exclude(state="").order_by()
        if phase is not None:
            rows = rows.filter(phase=phase)
        counted = rows.values_list("table", "state").annotate(number=models.Count("pk"))
        return {(table, state): number for table, state, number in counted}

    def follow_phases(self, connection: Connection) -> None:
        """Brings tickets to the phases that an administrator has given their states meanwhile.

        One reading; it finds nothing to write unless somebody has just changed a phase. Tickets
        that a job writes at this moment are left out, so that neither waits for the other: the
        next look of tracking brings them along.
        """
        rows = StateName.objects.filter(connection=connection)
        named = {(row.table, row.value): row.phase for row in rows}
        tickets = self.filter(connection=connection).order_by()
        for table, state, phase in tickets.values_list("table", "state", "phase").distinct():
            wanted = named.get((table, state), phase)
            if wanted != phase:
                there = tickets.filter(table=table, state=state, phase=phase)
                free = there.select_for_update(skip_locked=True).values("pk")
                self.filter(pk__in=free).update(phase=wanted)


def _first_words() -> Coalesce:
    """The words of the first language, in the reader's order, that has a name or a label."""
    texts = [
        NullIf(KT(f"{column}__{language}"), Value(""))
        for language in reading_order()
        for column in ("names", "labels")
    ]
    return Coalesce(*texts, output_field=models.TextField())


def _labels_of_priority() -> models.Func:
    """The labels of the outer ticket's priority, of its catalogue's choices."""
    priority = Coalesce(
        NullIf(OuterRef("remote_priority"), Value("")),
        Cast(OuterRef("priority"), models.TextField()),
        output_field=models.TextField(),
    )
    path = models.Func(
        Value("$.priority[*] ? (@.value == $value).labels"), template="%(expressions)s::jsonpath"
    )
    return models.Func(
        "choices",
        path,
        JSONObject(value=priority),
        function="jsonb_path_query_first",
        output_field=models.JSONField(),
    )


class Ticket(models.Model):
    """A task shared to ServiceNow: what was asked for, and what ServiceNow says of it."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="tickets")
    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, related_name="tickets")
    table = models.CharField(_("type"), max_length=20, choices=TicketTable.choices)
    source = models.CharField(max_length=12, choices=Source.choices)
    action = models.ForeignKey(
        ImprovementAction, null=True, on_delete=models.SET_NULL, related_name="tickets"
    )
    category = models.CharField(max_length=24, blank=True)
    name = models.CharField(_("name"), max_length=SHORT_DESCRIPTION_LENGTH)
    description = models.TextField(_("description"))
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority.choices)
    due_date = models.DateField(_("due date"), null=True)
    shared_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    shared_at = models.DateTimeField(auto_now_add=True)
    correlation_id = models.CharField(max_length=100, unique=True)
    form_key = models.UUIDField()
    # What the person filled into fields that this instance asks for besides: {field: raw value}.
    extras: models.JSONField[dict[str, str]] = models.JSONField(default=dict)
    delivery = models.CharField(max_length=12, choices=Delivery.choices, default=Delivery.QUEUED)
    tracked = models.BooleanField(default=True)
    # From here on: what ServiceNow says.
    sys_id = models.CharField(max_length=32, blank=True)
    number = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=40, blank=True)
    state_label = models.CharField(max_length=120, blank=True)
    phase = models.CharField(max_length=16, choices=Phase.choices, default=Phase.TO_DO)
    remote_priority = models.CharField(max_length=40, blank=True)
    remote_priority_label = models.CharField(max_length=120, blank=True)
    remote_name = models.TextField(blank=True)
    remote_due_at = models.DateTimeField(null=True)
    assigned_to = models.CharField(max_length=200, blank=True)
    assignment_group = models.CharField(max_length=200, blank=True)
    resolution_code = models.CharField(max_length=200, blank=True)
    resolution_notes = models.TextField(blank=True)
    remote_updated_at = models.DateTimeField(null=True)
    mod_count = models.IntegerField(null=True)
    missing_since = models.DateTimeField(null=True)
    missing = models.BooleanField(default=False)  # missing twice, a day apart: told

    objects = TicketRows.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            # A double click or a form sent again carries the same key and finds the first ticket.
            models.UniqueConstraint(fields=["tenant", "form_key"], name="one_ticket_per_form"),
            models.UniqueConstraint(
                fields=["connection", "sys_id"],
                condition=~models.Q(sys_id=""),
                name="one_ticket_per_record",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "table", "phase"], name="tickets_by_phase"),
            models.Index(fields=["connection", "delivery"], name="tickets_by_delivery"),
        ]

    def __str__(self) -> str:
        return self.number or self.name

    @property
    def followed(self) -> bool:
        """Whether ServiceNow's changes still arrive: not once the connection was removed."""
        return self.tracked and self.connection.status != Status.REMOVED

    @property
    def record_url(self) -> str:
        """Where the record opens in ServiceNow; "" until it is there."""
        if not self.sys_id:
            return ""
        return f"{self.connection.address}/nav_to.do?uri={self.table}.do?sys_id={self.sys_id}"


class OutgoingKind(models.TextChoices):
    """What is brought to ServiceNow; notes and changes come with a later issue."""

    CREATE = "create", _("Create")


class Outgoing(models.Model):
    """One thing to bring to ServiceNow, written in the transaction that asked for it."""

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+")
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="outgoing")
    kind = models.CharField(max_length=12, choices=OutgoingKind.choices)
    payload: models.JSONField[dict[str, Any]] = models.JSONField(default=dict)
    state = models.CharField(max_length=12, choices=Delivery.choices, default=Delivery.QUEUED)
    tries = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField()
    sending_since = models.DateTimeField(null=True)
    held = models.BooleanField(default=False)  # waits until the connection works again
    delivered_at = models.DateTimeField(null=True)
    error_code = models.CharField(max_length=80, blank=True)
    error_detail = models.TextField(blank=True)
    error_facts = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TenantRows.as_manager()

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(
                fields=["next_try_at"],
                name="outgoing_to_do",
                condition=models.Q(state__in=["queued", "sending", "uncertain"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.ticket} ({self.state})"


class EventKind(models.TextChoices):
    """What can happen to a ticket; the timeline writes a sentence for each."""

    SHARED = "shared", _("Shared")
    DELIVERED = "delivered", _("Delivered")
    ADOPTED = "adopted", _("Found again")
    REFUSED = "refused", _("Refused")
    DELAYED = "delayed", _("Delayed")
    MENDED = "mended", _("Mended and sent again")
    FIELD_DIFFERS = "field_differs", _("Stored differently")
    STATE_CHANGED = "state_changed", _("State changed")
    PRIORITY_CHANGED = "priority_changed", _("Priority changed")
    ASSIGNED = "assigned", _("Assigned")
    DUE_CHANGED = "due_changed", _("Due date changed")
    RENAMED = "renamed", _("Renamed")
    RESOLVED = "resolved", _("Resolution written")
    MISSING = "missing", _("Deleted or no longer visible")
    FOUND = "found", _("Visible again")
    UNTRACKED = "untracked", _("No longer tracked")
    TRACKED = "tracked", _("Tracked again")


class TicketEvent(models.Model):
    """Something that happened to a ticket, once: `key` makes a second telling of it harmless."""

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+")
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=20, choices=EventKind.choices)
    key = models.CharField(max_length=120)
    at = models.DateTimeField()
    actor = models.CharField(max_length=200, blank=True)
    facts: models.JSONField[dict[str, Any]] = models.JSONField(default=dict)

    objects = TenantRows.as_manager()

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ticket", "key"], name="each_event_once")
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.kind}"


state_usage.register(count=Ticket.objects.by_state, follow=Ticket.objects.follow_phases)
