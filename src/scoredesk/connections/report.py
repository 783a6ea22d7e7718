"""The report for a support case: what the portal knows of a connection, without any secret.

Plain data, ready for JSON; `report_text` makes the text of it. Sentences are in the language that
is active. Every time is UTC. Who changed something is not named, only whether a person or a job
did: the report leaves the house.
"""

from __future__ import annotations

import platform
from datetime import datetime
from typing import Any

import django
from django.conf import settings
from django.db import connection as database
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from scoredesk import __version__
from scoredesk.accounts.audit_words import in_words
from scoredesk.accounts.models import AuditEntry
from scoredesk.common.redaction import redact
from scoredesk.connections.faults import explain_reason
from scoredesk.connections.instance import redirect_uri
from scoredesk.connections.models import Attempt, Connection, Phase, TicketTable
from scoredesk.connections.outgoing import outgoing_addresses
from scoredesk.connections.results import check_lines
from scoredesk.connections.standing import standing_of

NEWEST = 50  # entries of the history, and requests


def gather(connection: Connection, *, now: datetime) -> dict[str, Any]:
    """All parts of the report, by name; secrets that a peer repeated to us are masked."""
    parts = {
        "report": {"made_at": _time(now), "language": get_language() or ""},
        "versions": _versions(),
        "settings": _settings(connection),
        "connection": _set_up(connection),
        "status": _status(connection),
        "findings": findings(connection),
        "history": _history(connection),
        "requests": _requests(connection, now),
        "states": [_states(connection, table) for table in TicketTable],
        "catalogues": _catalogues(connection),
        "fields_sent": _fields_sent(connection),
        "trial_records": _trials(connection),
    }
    found: dict[str, Any] = redact(parts)
    return found


def _versions() -> dict[str, str]:
    return {
        "scoredesk": __version__,
        "python": platform.python_version(),
        "django": django.get_version(),
        "postgresql": ".".join(map(str, database.get_database_version())),
        "system": f"{platform.system()} {platform.machine()}",
    }


def _settings(connection: Connection) -> dict[str, Any]:
    return {
        "public_url": settings.PUBLIC_URL,
        "redirect_url": redirect_uri(),
        "allowed_hosts": list(settings.INSTANCE_HOSTS),
        "private_hosts": list(settings.PRIVATE_INSTANCE_HOSTS),
        "outgoing_addresses": outgoing_addresses(connection.address),
        "track_seconds": settings.TRACK_SECONDS,
        "job_timeout_seconds": settings.HTTP_TIMEOUT_SECONDS,
        "page_timeout_seconds": settings.PAGE_TIMEOUT_SECONDS,
        "trusted_proxies": settings.TRUSTED_PROXIES,
    }


def _set_up(connection: Connection) -> dict[str, Any]:
    return {
        "instance": connection.address,
        "release": connection.release,
        "sign_in": connection.get_sign_in_display(),
        "connector_app": connection.get_connector_app_display(),
        "client_id": connection.client_id,
        "client_secret_kept": bool(connection.sealed_client_secret),
        "integration_user": connection.integration_user,
        "integration_user_id": connection.integration_user_id,
        "language": connection.language,
        "correlation_prefix": connection.correlation_prefix,
    }


def _status(connection: Connection) -> dict[str, Any]:
    told = explain_reason(connection)
    return {
        "status": connection.get_status_display(),
        "fault_code": connection.reason,
        "what": told.what if told else "",
        "why": told.why if told else "",
        "cure": told.cure if told else "",
        "own_words": connection.reason_detail,
        "failures_in_a_row": connection.failures,
        "next_try_at": _time(connection.next_try_at),
        "connected_since": _time(connection.connected_at),
        "last_success": _time(connection.succeeded_at),
        "last_attempt": _time(connection.attempted_at),
        "last_check": _time(connection.checked_at),
        "access_renewed_by": _time(connection.access_expires_at),
        "permission_ends": _time(connection.refresh_expires_at),
        "access_kept": bool(connection.sealed_access_token),
        "permission_kept": connection.has_tokens,
    }


def findings(connection: Connection) -> list[dict[str, str]]:
    """Every finding of the last check, explained in the language that is active."""
    return [
        {
            "step": str(line.step.label),
            "check": line.label,
            "outcome": str(line.outcome.label),
            "fault_code": line.fault.code if line.fault else "",
            "what": line.fault.what if line.fault else "",
            "why": line.fault.why if line.fault else "",
            "cure": line.fault.cure if line.fault else "",
            "own_words": line.detail,
            "link": line.link,
            "at": _time(line.at),
        }
        for line in check_lines(connection)
    ]


def _history(connection: Connection) -> list[dict[str, Any]]:
    entries = AuditEntry.objects.of(connection.tenant).filter(
        action__startswith="connection.", subject=connection.address
    )
    return [
        {
            "at": _time(entry.at),
            "event": in_words(entry.action),
            "action": entry.action,
            "by": _("a person") if entry.person_id else entry.actor,
            "changes": {
                change.field: {"before": change.before, "after": change.after}
                for change in entry.changes
            },
        }
        for entry in entries[:NEWEST]
    ]


def _requests(connection: Connection, now: datetime) -> dict[str, Any]:
    rows = Attempt.objects.of(connection.tenant).filter(connection=connection)
    figures = standing_of(connection, now)  # the same as on the status page
    return {
        "in_the_last_hour": figures.requests,
        "failed_in_the_last_hour": figures.failed,
        "newest": [
            {
                "at": _time(row.at),
                "method": row.method,
                "path": row.path,
                "status": row.status,
                "milliseconds": row.milliseconds,
                "fault_code": row.fault_code,
            }
            for row in rows[:NEWEST]
        ],
    }


def _states(connection: Connection, table: TicketTable) -> dict[str, Any]:
    rows = connection.state_names.filter(table=table)
    return {
        "table": table.value,
        "states": rows.count(),
        "without_a_phase": rows.filter(phase=Phase.UNKNOWN).count(),
        "no_longer_offered": rows.filter(retired=True).count(),
    }


def _catalogues(connection: Connection) -> list[dict[str, Any]]:
    return [
        {
            "table": row.table,
            "fields": len(row.fields),
            "choice_fields": sorted(row.choices),
            "differences": len(row.differences),
            "read_at": _time(row.read_at),
        }
        for row in connection.catalogues.order_by("table")
    ]


def _fields_sent(connection: Connection) -> list[dict[str, str]]:
    rows = connection.field_defaults.values_list("table", "field")
    return [{"table": table, "field": field} for table, field in rows]


def _trials(connection: Connection) -> list[dict[str, str]]:
    return [
        {
            "table": table,
            "fault_code": str(trial.get("code", "")),
            **{key: str(trial.get(key, "")) for key in ("at", "outcome", "detail")},
        }
        for table, trial in sorted(connection.trial_results.items())
        if isinstance(trial, dict)
    ]


def _time(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}Z" if moment else ""
