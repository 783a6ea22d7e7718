"""What the database computes in Python: letters beyond ASCII, parts of dates in a zone."""

from __future__ import annotations

import sqlite3

from scoredesk.sandbox.servicenow.database.zones import parse_raw, zone_of


def register(db: sqlite3.Connection) -> None:
    """Make the functions known to a connection."""
    db.create_function("sn_fold", 1, _fold, deterministic=True)
    db.create_function("sn_has", 2, lambda text, part: part in _fold(text), deterministic=True)
    db.create_function(
        "sn_starts", 2, lambda text, part: _fold(text).startswith(part), deterministic=True
    )
    db.create_function(
        "sn_ends", 2, lambda text, part: _fold(text).endswith(part), deterministic=True
    )
    db.create_function("sn_part", 3, _part, deterministic=True)


def _fold(text: object) -> str:
    return str(text).casefold()


def _part(raw: str, part: str, zone: str) -> int | None:
    """The year, quarter, month, week, dayofweek (Monday is 1) or hour of a date in a zone."""
    moment = parse_raw(str(raw))
    if moment is None:
        return None
    local = moment.astimezone(zone_of(zone))
    return {
        "year": local.year,
        "quarter": (local.month - 1) // 3 + 1,
        "month": local.month,
        "week": local.isocalendar().week,
        "dayofweek": local.isoweekday(),
        "hour": local.hour,
    }.get(part)
