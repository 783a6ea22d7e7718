"""What the pages show of a connection: its status, its checks, how far the set-up has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from scoredesk.common.errors import Explanation
from scoredesk.connections.authorization import is_complete
from scoredesk.connections.faults import explain, explain_reason, facts_of
from scoredesk.connections.findings import Check, Outcome
from scoredesk.connections.instance import redirect_uri
from scoredesk.connections.models import Connection, Status

COLOURS = {
    Status.NOT_CONNECTED: "secondary",
    Status.AUTHORIZING: "blue",
    Status.CONNECTED: "green",
    Status.ATTENTION: "orange",
    Status.REMOVED: "secondary",
}
_OUTCOMES = {
    Outcome.GOOD: ("green", "circle-check"),
    Outcome.WARNING: ("orange", "alert-triangle"),
    Outcome.UNSURE: ("yellow", "info-circle"),
    Outcome.FAILED: ("red", "circle-x"),
    Outcome.SKIPPED: ("secondary", "circle-dashed"),
}
# A person has two weeks to plan a new authorization with the ServiceNow administrator.
WARN_BEFORE = timedelta(days=14)


@dataclass(frozen=True)
class CheckLine:
    """A stored check result as the page shows it."""

    label: str
    outcome: str
    colour: str
    icon: str
    fault: Explanation | None
    detail: str


def check_lines(connection: Connection) -> list[CheckLine]:
    """The results of the last check, explained in the language of the page."""
    return [_line(stored, connection) for stored in connection.check_results]


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
        "checks": check_lines(connection),
        "authorization_ends_soon": bool(ends and connection.usable and ends - now < WARN_BEFORE),
        "complete": is_complete(connection),
        "first": not connection.usable,
    }


def steps_for_page(connection: Connection | None) -> dict[str, Any]:
    """Context of the checklist: which step is done, which one is next."""
    saved = connection is not None
    done = {
        "address": saved and not (connection and connection.reason.startswith("servicenow.")),
        "client": bool(connection and connection.client_id and connection.sealed_client_secret),
        "user": bool(connection and connection.integration_user),
        "authorized": bool(connection and connection.usable),
    }
    return {
        "connection": connection,
        "redirect_uri": redirect_uri(),
        "done": done,
        "next": next((name for name, finished in done.items() if not finished), ""),
        "may_authorize": bool(connection and is_complete(connection)),
        "fault": explain_reason(connection) if connection else None,
        "detail": connection.reason_detail if connection else "",
    }


def _line(stored: dict[str, Any], connection: Connection) -> CheckLine:
    outcome = Outcome(stored["outcome"])
    colour, icon = _OUTCOMES[outcome]
    facts = {**facts_of(connection), **stored["facts"]}
    fault = explain(stored["code"], facts) if stored["code"] else None
    label = str(Check(stored["check"]).label)
    return CheckLine(label, str(outcome.label), colour, icon, fault, stored["detail"])
