"""Fields that every instance has as shipped, for where it shows us neither its dictionary nor a
record; and the fields that nobody may map, since the portal or the platform writes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from scoredesk.connections.models import TicketTable

GROUP: Final = "sys_user_group"
USER: Final = "sys_user"


@dataclass(frozen=True)
class Shipped:
    """A field as shipped (servicenow-api 6.3, 7.4)."""

    label: str | Promise
    kind: str = "string"
    reference: str = ""
    max_length: int = 0
    only: str = ""  # the table that has it; "": both


# In the order in which the page offers them.
SHIPPED: Final[dict[str, Shipped]] = {
    "assignment_group": Shipped(_("Assignment group"), "reference", GROUP),
    "assigned_to": Shipped(_("Assigned to"), "reference", USER),
    "category": Shipped(pgettext_lazy("field of a record", "Category"), "choice"),
    "subcategory": Shipped(_("Subcategory"), "choice", only=TicketTable.INCIDENT),
    "caller_id": Shipped(_("Caller"), "reference", USER, only=TicketTable.INCIDENT),
    "requested_by": Shipped(_("Requested by"), "reference", USER, only=TicketTable.CHANGE_REQUEST),
    "contact_type": Shipped(_("Contact type"), "choice"),
    "type": Shipped(
        pgettext_lazy("field of a record", "Type"), "choice", only=TicketTable.CHANGE_REQUEST
    ),
    "risk": Shipped(_("Risk"), "choice", only=TicketTable.CHANGE_REQUEST),
    "severity": Shipped(_("Severity"), "choice", only=TicketTable.INCIDENT),
    "business_service": Shipped(_("Service"), "reference", "cmdb_ci_service"),
    "cmdb_ci": Shipped(_("Configuration item"), "reference", "cmdb_ci"),
    "location": Shipped(_("Location"), "reference", "cmn_location"),
    "company": Shipped(_("Company"), "reference", "core_company"),
    "justification": Shipped(_("Justification"), max_length=4000, only=TicketTable.CHANGE_REQUEST),
    "implementation_plan": Shipped(
        _("Implementation plan"), max_length=4000, only=TicketTable.CHANGE_REQUEST
    ),
    "risk_impact_analysis": Shipped(
        _("Risk and impact analysis"), max_length=4000, only=TicketTable.CHANGE_REQUEST
    ),
    "backout_plan": Shipped(_("Backout plan"), max_length=4000, only=TicketTable.CHANGE_REQUEST),
    "test_plan": Shipped(_("Test plan"), max_length=4000, only=TicketTable.CHANGE_REQUEST),
    "start_date": Shipped(
        _("Planned start date"), "glide_date_time", only=TicketTable.CHANGE_REQUEST
    ),
    "end_date": Shipped(_("Planned end date"), "glide_date_time", only=TicketTable.CHANGE_REQUEST),
    "work_notes": Shipped(_("Work notes"), "journal_input", max_length=4000),
}
ALWAYS_OFFERED: Final = ("assignment_group", "assigned_to", "category", "subcategory", "caller_id")

# What `tickets.payload.compose` fills itself.
OURS: Final[dict[str, str | Promise]] = {
    "short_description": _("Short description"),
    "description": _("Description"),
    "correlation_id": _("Correlation ID"),
    "correlation_display": _("Correlation display"),
    "priority": _("Priority"),
    "impact": _("Impact"),
    "urgency": _("Urgency"),
    "due_date": _("Due date"),
}
# What the platform or the course of the work writes.
_LEFT_ALONE: Final = frozenset(
    {
        *("number", "state", "incident_state", "active", "opened_at", "opened_by", "closed_at"),
        *("closed_by", "close_code", "close_notes", "resolved_at", "resolved_by", "approval"),
        *("approval_history", "made_sla", "sla_due", "reassignment_count", "reopen_count"),
        *("reopened_by", "reopened_time", "calendar_duration", "business_duration"),
        *("business_stc", "calendar_stc", "child_incidents", "activity_due", "escalation"),
        *("task_effective_number", "comments_and_work_notes", "hold_reason", "on_hold", "phase"),
        *("phase_state", "conflict_status", "conflict_last_run", "work_start", "work_end"),
        *("upon_approval", "upon_reject", "approval_set", "expected_start", "group_list"),
    }
)
JOURNAL: Final = frozenset({"work_notes", "comments", "comments_and_work_notes"})
# Choices that we use though nobody maps them.
USED_CHOICES: Final = ("priority", "impact", "urgency")


def mappable(field: str) -> bool:
    """Whether an administrator may have this field sent."""
    return not (field in OURS or field in _LEFT_ALONE or field.startswith("sys_"))


def shipped(table: str) -> dict[str, Shipped]:
    """The fields of a table as shipped that may be mapped."""
    return {name: each for name, each in SHIPPED.items() if each.only in {"", table}}
