"""The notice that states wait for an administrator, for the home page and the status page."""

from __future__ import annotations

from django import template

from scoredesk.connections.models import Connection
from scoredesk.connections.states import waiting

register = template.Library()


@register.inclusion_tag("connections/_state_notice.html")
def state_notice(connection: Connection | None) -> dict[str, int]:
    """States without a phase, and those that the instance has changed; nothing if there are none.
    For administrators only: a reader can do nothing about it."""
    if connection is None:
        return {}
    found = waiting(connection)
    return {"phases": found.phases, "changes": found.changes}
