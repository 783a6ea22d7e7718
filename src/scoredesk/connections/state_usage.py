"""What the room above makes of the states: it counts its tickets by state, and follows phases.

Rows point down the floors, so this room cannot look at tickets. The module of their rows registers
itself here when Django loads it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from scoredesk.connections.models import Connection

Counts = Mapping[tuple[str, str], int]  # (table, state value): tickets in it


@dataclass
class _Users:
    counters: list[Callable[[Connection], Counts]] = field(default_factory=list)
    followers: list[Callable[[Connection], None]] = field(default_factory=list)


_users = _Users()


def register(
    *, count: Callable[[Connection], Counts], follow: Callable[[Connection], None]
) -> None:
    """`count`: tickets of a connection by state; `follow`: brings them to the phases that their
    states have now, inside the caller's transaction."""
    _users.counters.append(count)
    _users.followers.append(follow)


def tickets_by_state(connection: Connection) -> dict[tuple[str, str], int]:
    """How many tickets are in each state, by (table, value)."""
    found: dict[tuple[str, str], int] = {}
    for count in _users.counters:
        for state, number in count(connection).items():
            found[state] = found.get(state, 0) + number
    return found


def follow_phases(connection: Connection) -> None:
    """Moves tickets to the phases of their states; call it when a phase has changed."""
    for follow in _users.followers:
        follow(connection)
