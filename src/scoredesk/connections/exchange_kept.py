"""What the portal keeps of a connection, and how long. A test walks through every column."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from scoredesk.connections.attempts import KEPT as ATTEMPTS_KEPT
from scoredesk.connections.models import Connection

Text = str | Promise
_UNTIL_REMOVED = _("until the connection is removed")
_WITH_TENANT = _("as long as the tenant is in the portal")
_WITH_CONNECTION = _("with the connection, also after it was removed")


@dataclass(frozen=True)
class Kept:
    """A kind of data. `columns`: "Model.column" of all that belong to it; `value`: what this
    connection has in it, where that is harmless to show."""

    what: Text
    how_long: Text
    columns: tuple[str, ...]
    secret: bool = False
    value: Callable[[Connection], str] | None = field(default=None)


def _of(model: str, *columns: str) -> tuple[str, ...]:
    return tuple(f"{model}.{column}" for column in columns)


KEPT: Final = (
    Kept(
        _("Address of the instance"),
        _WITH_TENANT,
        _of("Connection", "address", "moved_from"),
        value=lambda row: row.address,
    ),
    Kept(
        _("Client ID of the OAuth application"),
        _WITH_TENANT,
        _of("Connection", "client_id"),
        value=lambda row: row.client_id,
    ),
    Kept(
        _("Client secret, encrypted"),
        _UNTIL_REMOVED,
        _of("Connection", "sealed_client_secret"),
        secret=True,
    ),
    Kept(
        _("Access token and refresh token, encrypted, and when they lapse"),
        _UNTIL_REMOVED,
        _of(
            "Connection",
            *("sealed_access_token", "sealed_refresh_token"),
            *("access_expires_at", "refresh_expires_at"),
        ),
        secret=True,
    ),
    Kept(
        _("User name and ID of the integration user"),
        _WITH_TENANT,
        _of("Connection", "integration_user", "integration_user_id"),
        value=lambda row: row.integration_user,
    ),
    Kept(
        _("How the connection signs in, whether the connector app is used, the language"),
        _WITH_TENANT,
        _of("Connection", "sign_in", "connector_app", "language"),
        value=lambda row: f"{row.get_sign_in_display()}, {row.language}",
    ),
    Kept(
        _("Release of the instance"),
        _WITH_TENANT,
        _of("Connection", "release"),
        value=lambda row: row.release,
    ),
    Kept(
        _("Status, its reason, and the times of the last success, attempt and check"),
        _WITH_TENANT,
        _of(
            "Connection",
            *("status", "reason", "reason_detail", "reason_facts", "failures", "next_try_at"),
            *("told_reason", "attempted_at", "succeeded_at", "checked_at", "connected_at"),
            *("removed_at", "created_at", "created_by"),
        ),
        value=lambda row: row.get_status_display(),
    ),
    Kept(
        _("Results of the last check and of the last trial record"),
        _UNTIL_REMOVED,
        _of("Connection", "check_results", "trial_results"),
    ),
    Kept(
        _("Authorizations that were begun: who, when, a digest of their one-time value"),
        _WITH_CONNECTION,
        _of(
            "Authorization",
            *("connection", "person", "state_digest", "sealed_verifier", "begun_at", "used_at"),
        ),
        secret=True,
    ),
    Kept(
        _("States of change requests and incidents: labels, the names given here, phases"),
        _WITH_CONNECTION,
        _of(
            "StateName",
            *("connection", "table", "value", "labels", "names", "listed", "retired", "before"),
            *("phase", "position"),
        ),
    ),
    Kept(
        _("How far tracking has come"),
        _WITH_CONNECTION,
        _of("Watermark", "connection", "table", "seen_at"),
    ),
    Kept(
        _("Fields and choices of change requests and incidents, and what changed of them"),
        _WITH_CONNECTION,
        _of("Catalogue", "connection", "table", "fields", "choices", "differences", "read_at"),
    ),
    Kept(
        _("What an administrator wants to be sent in further fields"),
        _WITH_CONNECTION,
        _of("FieldDefault", "connection", "table", "field", "value", "shown", "asked"),
    ),
    Kept(
        _("Every request to the instance: time, address, result, duration; no content"),
        _("%(days)s days"),
        _of(
            "Attempt",
            *("connection", "ticket_uid", "at", "method", "path", "status", "milliseconds"),
            "fault_code",
        ),
    ),
    Kept(
        _("What ServiceNow says of a ticket, as in the list of what is read"),
        _WITH_TENANT,
        _of(
            "Ticket",
            *("connection", "table", "correlation_id", "tracked", "sys_id", "number", "state"),
            *("state_label", "phase", "remote_priority", "remote_priority_label", "remote_name"),
            *("remote_due_at", "assigned_to", "assignment_group", "resolution_code"),
            *("resolution_notes", "remote_updated_at", "mod_count", "missing_since", "missing"),
        ),
    ),
    Kept(
        _("What was asked for and sent with a ticket, and who shared it"),
        _WITH_TENANT,
        (
            *_of(
                "Ticket",
                *("source", "action", "category", "name", "description", "priority", "due_date"),
                *("shared_by", "shared_at", "form_key", "extras", "delivery"),
            ),
            *_of(
                "Outgoing",
                *("ticket", "kind", "payload", "state", "tries", "next_try_at", "sending_since"),
                *("held", "delivered_at", "error_code", "error_detail", "error_facts"),
                "created_at",
            ),
        ),
    ),
    Kept(
        _("What happened to a ticket, with the user name in ServiceNow of who changed it"),
        _WITH_TENANT,
        _of("TicketEvent", "ticket", "kind", "key", "at", "actor", "facts"),
    ),
)

# Of every row: whose it is, and its number.
OF_EVERY_ROW: Final = frozenset({"id", "uid", "tenant"})


@dataclass(frozen=True)
class KeptLine:
    """A kind of data as the page shows it."""

    what: str
    how_long: str
    value: str
    columns: tuple[str, ...]


def lines(connection: Connection | None) -> list[KeptLine]:
    """The list, with what this connection has where that is harmless."""
    return [
        KeptLine(
            what=str(each.what),
            how_long=str(each.how_long) % {"days": ATTEMPTS_KEPT.days},
            value=each.value(connection) if connection and each.value and not each.secret else "",
            columns=each.columns,
        )
        for each in KEPT
    ]
