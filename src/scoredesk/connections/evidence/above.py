"""What the rooms above know of a connection: they register a look, nothing is imported upward."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from scoredesk.connections.errors import CreatedInvisible
from scoredesk.connections.evidence.facts import Above, Refusal
from scoredesk.connections.models import Connection

_IN_DOUBT = ("running", "uncertain")  # of a trial record: nothing is known of it yet

Look = Callable[[Connection, Above], Above]

_looks: dict[str, Look] = {}


def register(room: str, look: Look) -> None:
    """Has `look` add what its room knows of a connection, each time it is checked."""
    _looks[room] = look


def look_above(connection: Connection) -> Above:
    """What all rooms above know, and what trial records showed."""
    known = Above()
    for look in _looks.values():
        known = look(connection, known)
    return with_trials(known, connection.trial_results)


def with_trials(known: Above, results: dict[str, Any]) -> Above:
    """Adds trial records: one that was refused, or one that was created. Whatever is not as it
    should be in the stored results is passed over."""
    refusals, created = list(known.refusals), dict(known.created)
    for table, result in results.items():
        at = _moment(result)
        if at is None:
            continue
        outcome, code = result.get("outcome"), str(result.get("code") or "")
        if outcome in _IN_DOUBT:
            continue
        if outcome == "invisible":
            code = CreatedInvisible.code
        if code:
            facts = {str(key): str(value) for key, value in (result.get("facts") or {}).items()}
            detail = str(result.get("detail") or "")
            refusals.append(Refusal(table, code, at, detail, facts))
        elif table not in created or created[table] < at:
            created[table] = at
    return replace(known, refusals=tuple(refusals), created=created)


def _moment(result: Any) -> datetime | None:
    try:
        at = datetime.fromisoformat(result["at"])
    except (KeyError, TypeError, ValueError):
        return None
    return at if at.tzinfo else None
