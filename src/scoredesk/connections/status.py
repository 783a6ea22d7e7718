"""What the pages show of a connection: its status, its checks, how far the set-up has come."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from scoredesk.connections.authorization import is_complete
from scoredesk.connections.faults import explain_reason
from scoredesk.connections.models import Connection, Status
from scoredesk.connections.results import by_step, check_lines

COLOURS = {
    Status.NOT_CONNECTED: "secondary",
    Status.AUTHORIZING: "blue",
    Status.CONNECTED: "green",
    Status.ATTENTION: "orange",
    Status.REMOVED: "secondary",
}
# A person has two weeks to plan a new authorization with the ServiceNow administrator.
WARN_BEFORE = timedelta(days=14)


def colour_of(connection: Connection) -> str:
    """Tabler's colour of the status."""
    return COLOURS[Status(connection.status)]


def facts_for_page(connection: Connection, now: datetime) -> dict[str, Any]:
    """Context of the page "Manage ServiceNow configuration"."""
    ends = connection.refresh_expires_at
    return {
        "connection": connection,
        "colour": colour_of(connection),
        "fault": explain_reason(connection),
        "detail": connection.reason_detail,
        "checked": by_step(check_lines(connection)),
        "authorization_ends_soon": bool(ends and connection.usable and ends - now < WARN_BEFORE),
        "complete": is_complete(connection),
        "first": not connection.usable,
    }
