"""Time zones and the raw form of dates (servicenow-api 2.4)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

TIME_FORMAT = "%Y-%m-%d %H:%M:%S"
DIRECTIVES = {
    "yyyy": "%Y",
    "MM": "%m",
    "dd": "%d",
    "HH": "%H",
    "hh": "%I",
    "mm": "%M",
    "ss": "%S",
    "a": "%p",
}
WORD = re.compile(r"yyyy|MM|dd|HH|hh|mm|ss|a|[-./ :]")


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


@cache
def pattern_of(words: str) -> str:
    """`dd/MM/yyyy HH:mm:ss` of a profile as Python writes it; anything else is the raw form."""
    found = WORD.findall(words)
    if "".join(found) != words or {"yyyy", "MM", "dd"} - set(found):
        return TIME_FORMAT
    return "".join(DIRECTIVES.get(word, word) for word in found)


def in_zone(raw: str, zone: str, pattern: str = TIME_FORMAT) -> str:
    """A raw UTC date as the caller's zone and format show it; what is no date stays as it is."""
    moment = parse_raw(raw)
    try:
        return moment.astimezone(zone_of(zone)).strftime(pattern) if moment else raw
    except OverflowError:
        return raw


def to_utc(shown: str, zone: str, pattern: str = TIME_FORMAT) -> str:
    """The raw UTC form of a date typed in the caller's zone; what is no date stays as it is."""
    moment: datetime | None
    try:
        moment = datetime.strptime(shown, pattern).replace(tzinfo=UTC)
    except ValueError:
        moment = parse_raw(shown)
    try:
        return as_raw(moment.replace(tzinfo=zone_of(zone))) if moment else shown
    except OverflowError:
        return shown


def as_raw(moment: datetime) -> str:
    """A moment with its zone in the raw form."""
    return moment.astimezone(UTC).strftime(TIME_FORMAT)
