"""Time zones and the raw form of dates (servicenow-api 2.4)."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

TIME_FORMAT = "%Y-%m-%d %H:%M:%S"


@cache
def zone_of(name: str) -> ZoneInfo:
    """The zone of a user's profile; a name that is none means UTC."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def parse_raw(raw: str) -> datetime | None:
    """A raw UTC date and time; None for anything else."""
    try:
        return datetime.strptime(raw, TIME_FORMAT).replace(tzinfo=UTC)
    except ValueError:
        return None


def in_zone(raw: str, zone: str) -> str:
    """A raw UTC date as the caller's zone shows it; what is no date stays as it is."""
    moment = parse_raw(raw)
    try:
        return moment.astimezone(zone_of(zone)).strftime(TIME_FORMAT) if moment else raw
    except OverflowError:
        return raw


def to_utc(shown: str, zone: str) -> str:
    """The raw UTC form of a date typed in the caller's zone; what is no date stays as it is."""
    moment = parse_raw(shown)
    try:
        return as_raw(moment.replace(tzinfo=zone_of(zone))) if moment else shown
    except OverflowError:
        return shown


def as_raw(moment: datetime) -> str:
    """A moment with its zone in the raw form."""
    return moment.astimezone(UTC).strftime(TIME_FORMAT)
