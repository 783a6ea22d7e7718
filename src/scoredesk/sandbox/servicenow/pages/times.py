"""Moments as people read them in lists."""

from __future__ import annotations

from datetime import UTC, datetime

from scoredesk.sandbox.servicenow.instance import TIME_FORMAT

STEPS = ((60, 60, "{}m ago"), (3600, 24, "{}h ago"), (86400, 30, "{}d ago"))


def ago(raw: str, now: datetime) -> tuple[str, int]:
    """`("{}m ago", 5)` for a raw date five minutes before `now`; an empty text for no date."""
    try:
        moment = datetime.strptime(raw, TIME_FORMAT).replace(tzinfo=UTC)
    except ValueError:
        return "", 0
    seconds = int((now - moment).total_seconds())
    if seconds < 60:
        return "just now", 0
    for size, limit, text in STEPS:
        if seconds < size * limit:
            return text, seconds // size
    return "{} months ago", seconds // (86400 * 30)
