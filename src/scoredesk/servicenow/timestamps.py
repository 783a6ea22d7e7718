"""ServiceNow's raw dates: UTC, `YYYY-MM-DD HH:MM:SS`, in whole seconds (servicenow-api 2.4)."""

from __future__ import annotations

from datetime import UTC, datetime

_FORMAT = "%Y-%m-%d %H:%M:%S"
_DATE = "%Y-%m-%d"


def from_wire(text: str) -> datetime | None:
    """A raw date as aware UTC; None if empty or not a date. A bare day is its midnight."""
    for form in (_FORMAT, _DATE):
        try:
            return datetime.strptime(text.strip(), form).replace(tzinfo=UTC)
        except ValueError:
            continue
    return None


def to_wire(moment: datetime) -> str:
    """An aware datetime as a raw date. Raises ValueError for a naive one: its zone is a guess."""
    if moment.tzinfo is None:
        raise ValueError("a date for ServiceNow needs a time zone")
    return moment.astimezone(UTC).strftime(_FORMAT)
