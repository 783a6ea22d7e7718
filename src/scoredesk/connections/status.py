"""What the pages show of a connection: its status, its checks, how far the set-up has come."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from scoredesk.connections.authorization import is_complete
from scoredesk.connections.faults import explain_reason
from scoredesk.connections.models import Connection, Status
from scoredesk.connections.results import by_step, check_lines
from scoredesk.connections.standing import ends_soon, standing_of

COLOURS = {
    Status.NOT_CONNECTED: "secondary",
    Status.AUTHORIZING: "blue",
    Status.CONNECTED: "green",
    Status.ATTENTION: "orange",
    Status.REMOVED: "secondary",
}


def colour_of(connection: Connection) -> str:
    """Tabler's colour of the status."""
    return COLOURS[Status(connection.status)]


def facts_for_page(connection: Connection, now: datetime) -> dict[str, Any]:
    """Context of the page "Manage ServiceNow configuration"."""
    return {
        **facts_now(connection, now),
        "checked": by_step(check_lines(connection)),
        "complete": is_complete(connection),
        "first": not connection.usable,
    }


def facts_now(connection: Connection, now: datetime) -> dict[str, Any]:
    """Context of the part of the page that renews itself."""
    return {
        "connection": connection,
        "colour": colour_of(connection),
        "fault": explain_reason(connection),
        "detail": connection.reason_detail,
        "standing": standing_of(connection, now),
        "authorization_ends_soon": ends_soon(connection, now),
    }
