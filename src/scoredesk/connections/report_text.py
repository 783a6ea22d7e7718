"""The report as a text (Markdown) that a person reads, or sends on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

_HEADINGS: dict[str, str | Promise] = {
    "report": gettext_lazy("Report on a ServiceNow connection"),
    "findings": gettext_lazy("Last check"),
    "history": gettext_lazy("History"),
    "requests": gettext_lazy("Newest requests"),
    "versions": gettext_lazy("Versions"),
    "settings": gettext_lazy("Settings"),
    "connection": gettext_lazy("Set-up"),
    "status": gettext_lazy("Status"),
    "states": gettext_lazy("Ticket state names"),
    "catalogues": gettext_lazy("Fields and choices that were read"),
    "fields_sent": gettext_lazy("Fields that are sent besides"),
    "trial_records": gettext_lazy("Trial records"),
}
LABELS: dict[str, str | Promise] = {
    "scoredesk": "Scoredesk",
    "python": "Python",
    "django": "Django",
    "postgresql": "PostgreSQL",
    "system": gettext_lazy("System"),
    "public_url": gettext_lazy("Address of the portal"),
    "redirect_url": gettext_lazy("Redirect URL"),
    "allowed_hosts": gettext_lazy("Hosts that an instance may have"),
    "private_hosts": gettext_lazy("Hosts that may be private"),
    "outgoing_addresses": gettext_lazy("Addresses that the portal calls from"),
    "track_seconds": gettext_lazy("Seconds between two looks at changes"),
    "job_timeout_seconds": gettext_lazy("Longest wait of a job, seconds"),
    "page_timeout_seconds": gettext_lazy("Longest wait of a page, seconds"),
    "trusted_proxies": gettext_lazy("Reverse proxies"),
    "instance": gettext_lazy("Instance"),
    "release": gettext_lazy("Release"),
    "sign_in": gettext_lazy("Way of signing in"),
    "connector_app": gettext_lazy("Connector app"),
    "client_id": gettext_lazy("Client ID"),
    "client_secret_kept": gettext_lazy("Client secret is kept"),
    "integration_user": gettext_lazy("Integration user"),
    "integration_user_id": gettext_lazy("Its sys_id"),
    "language": gettext_lazy("Language"),
    "correlation_prefix": gettext_lazy("Correlation IDs begin with"),
    "status": gettext_lazy("Status"),
    "fault_code": gettext_lazy("Code"),
    "what": gettext_lazy("What happened"),
    "why": gettext_lazy("Why"),
    "cure": gettext_lazy("What to do"),
    "own_words": gettext_lazy("In its own words"),
    "failures_in_a_row": gettext_lazy("Failures in a row"),
    "next_try_at": gettext_lazy("Next try"),
    "connected_since": gettext_lazy("Connected since"),
    "last_success": gettext_lazy("Last success"),
    "last_attempt": gettext_lazy("Last attempt"),
    "last_check": gettext_lazy("Last check"),
    "access_renewed_by": gettext_lazy("Access token renewed by"),
    "permission_ends": gettext_lazy("The permission runs out"),
    "access_kept": gettext_lazy("Access token is kept"),
    "permission_kept": gettext_lazy("Refresh token is kept"),
    "table": gettext_lazy("Table"),
    "states": gettext_lazy("States"),
    "without_a_phase": gettext_lazy("Without a phase"),
    "no_longer_offered": gettext_lazy("No longer offered"),
    "fields": gettext_lazy("Fields"),
    "choice_fields": gettext_lazy("With choices"),
    "differences": gettext_lazy("Differences"),
    "read_at": pgettext_lazy("moment of reading", "Read"),
    "field": gettext_lazy("Field"),
    "at": gettext_lazy("Time"),
    "outcome": gettext_lazy("Result"),
    "detail": gettext_lazy("In its own words"),
    "event": gettext_lazy("Event"),
    "by": gettext_lazy("By"),
    "changes": gettext_lazy("Changes"),
    "method": gettext_lazy("Method"),
    "path": gettext_lazy("Path"),
    "milliseconds": gettext_lazy("Milliseconds"),
}
# What other machines wrote is set as code, so that no viewer takes it for formatting or a link.
_AS_CODE = {"own_words", "detail", "path", "fault_code", "changes", "link"}
_HISTORY = ("at", "event", "by", "changes")
_REQUESTS = ("at", "method", "path", "status", "milliseconds", "fault_code")


def markdown(report: Mapping[str, Any]) -> str:
    """The text of a report that `report.gather` made, in the language that is active."""
    lines = [
        f"# {_HEADINGS['report']}",
        _(
            "For your ServiceNow administrator, or for a support case. It holds no secrets. "
            "All times are UTC."
        ),
        _("Made at %(time)s.") % {"time": report["report"]["made_at"]},
    ]
    lines += [part for name in ("connection", "status") for part in _pairs(name, report[name])]
    lines += _findings(report["findings"])
    for name in ("states", "catalogues", "fields_sent", "trial_records"):
        if report[name]:
            lines += [f"## {_HEADINGS[name]}", _table(report[name], list(report[name][0]))]
    lines += [f"## {_HEADINGS['history']}", _table(_told(report["history"]), _HISTORY)]
    lines += _requests(report["requests"])
    lines += [part for name in ("settings", "versions") for part in _pairs(name, report[name])]
    return "\n\n".join(lines) + "\n"


def _pairs(name: str, values: Mapping[str, Any]) -> list[str]:
    rows = [f"| {LABELS[key]} | {_cell(key, value)} |" for key, value in values.items()]
    return [f"## {_HEADINGS[name]}", "\n".join(["| | |", "|---|---|", *rows])]


def _findings(findings: Sequence[Mapping[str, str]]) -> list[str]:
    lines = [f"## {_HEADINGS['findings']}"]
    if not findings:
        lines.append(_("The connection has not been checked yet."))
    for step in dict.fromkeys(found["step"] for found in findings):
        lines.append(f"### {step}")
        lines += [_finding(found) for found in findings if found["step"] == step]
    return lines


def _finding(found: Mapping[str, str]) -> str:
    lines = [f"- **{found['check']}**: {found['outcome']} ({found['at']})"]
    if found["fault_code"]:
        parts = ("what", "why", "cure", "own_words", "link", "fault_code")
        labels = {**LABELS, "link": _("In ServiceNow")}
        lines += [f"  - {labels[key]}: {_cell(key, found[key])}" for key in parts if found[key]]
    return "\n".join(lines)


def _told(history: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The history with each entry's changes as one text."""
    return [
        {
            **entry,
            "changes": "; ".join(
                f"{field}: {change['before']} > {change['after']}"
                for field, change in entry["changes"].items()
            ),
        }
        for entry in history
    ]


def _requests(requests: Mapping[str, Any]) -> list[str]:
    counts = _("In the last hour: %(all)s, of which %(failed)s failed.") % {
        "all": requests["in_the_last_hour"],
        "failed": requests["failed_in_the_last_hour"],
    }
    return [f"## {_HEADINGS['requests']}", counts, _table(requests["newest"], _REQUESTS)]


def _table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> str:
    if not rows:
        return _("None.")
    lines = [
        f"| {' | '.join(str(LABELS[column]) for column in columns)} |",
        "|" + "---|" * len(columns),
    ]
    lines += [f"| {' | '.join(_cell(column, row[column]) for column in columns)} |" for row in rows]
    return "\n".join(lines)


def _cell(name: str, value: Any) -> str:
    """One value that cannot leave its place, whatever an instance wrote into it."""
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    if isinstance(value, (list, tuple)):
        value = ", ".join(map(str, value))
    text = " ".join(str("" if value is None else value).split())
    if name in _AS_CODE:
        text = text.replace("`", "'").replace("|", "¦")
        return f"`{text}`" if text else ""
    for character in ("\\", "|", "[", "]", "*"):
        text = text.replace(character, f"\\{character}")
    return text.replace("<", "&lt;")
