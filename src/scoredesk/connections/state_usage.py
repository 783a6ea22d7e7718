"""What the room above makes of the states: it counts its tickets by state, and follows phases.

Rows point down the floors, so this room cannot look at tickets. The module of their rows registers
itself here when Django loads it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from scoredesk.connections.models import Connection, Phase, StateName

Counts = Mapping[tuple[str, str], int]  # (table, state value): tickets in it
# Counts all tickets of a connection, or those of one phase.
Count = Callable[[Connection, Phase | None], Counts]
Follow = Callable[[Connection], None]


@dataclass
class _Users:
    counters: list[Count] = field(default_factory=list)
    followers: list[Follow] = field(default_factory=list)


_users = _Users()


def register(*, count: Count, follow: Follow) -> None:
    """`count`: tickets by state; `follow`: brings a connection's tickets to the phases that their
    states have now, inside the caller's transaction."""
    _users.counters.append(count)
    _users.followers.append(follow)


def tickets_by_state(
    connection: Connection, phase: Phase | None = None
) -> dict[tuple[str, str], int]:
    """How many tickets (of one phase) are in each state, by (table, value)."""
    found: dict[tuple[str, str], int] = {}
    for count in _users.counters:
        for state, number in count(connection, phase).items():
            found[state] = found.get(state, 0) + number
    return found


def needs_phase(row: StateName, tickets: int) -> bool:
    """Whether an administrator should say what a state amounts to: not for one that is no longer
    offered and holds no ticket (instances are shipped with such ones)."""
    return row.phase == Phase.UNKNOWN and (not row.retired or tickets > 0)


def follow_phases(connection: Connection) -> None:
    """Moves tickets to the phases of their states; call it when a phase has changed."""
    for follow in _users.followers:
        follow(connection)
