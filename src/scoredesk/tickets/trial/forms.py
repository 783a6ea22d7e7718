"""The form of the trial page: that of a ticket, begun from an improvement action or a sample."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from scoredesk.accounts.models import Tenant
from scoredesk.posture.models import ImprovementAction
from scoredesk.tickets.forms import today_here
from scoredesk.tickets.models import Priority
from scoredesk.tickets.prefill import prefill

MOST_OFFERED = 100


def actions_offered(tenant: Tenant) -> list[ImprovementAction]:
    """The improvement actions that a trial can begin from, those worth most first."""
    return list(ImprovementAction.objects.of(tenant)[:MOST_OFFERED])


def beginning(action: ImprovementAction | None, room: int) -> dict[str, Any]:
    """The form's first values."""
    today = today_here()
    if action is None:
        return {
            "name": _("A ticket to try the settings"),
            "description": _("What the owner of the ticket is to do."),
            "priority": Priority.MODERATE,
            "due_date": today.replace(month=12, day=31),
        }
    start = prefill(action, today, room)
    return {
        "name": start.name,
        "description": start.description,
        "priority": start.priority,
        "due_date": start.due_date,
    }
