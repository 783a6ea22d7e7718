"""What can be known about a connection when it is checked; plain data, no I/O.

`None` in the place of evidence means: not looked at (an earlier look made it pointless, or only
some steps were asked for).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

from scoredesk.common.errors import ScoredeskError
from scoredesk.connections.models import SignIn, Status
from scoredesk.servicenow import InstanceUser, Sighting

Value = TypeVar("Value")


@dataclass(frozen=True)
class Seen(Generic[Value]):
    """What a look brought: a value, or the fault that it ended with."""

    value: Value | None = None
    fault: ScoredeskError | None = None


def look(ask: Callable[[], Value]) -> Seen[Value]:
    """Carries out a look; whatever an instance can cause becomes evidence."""
    try:
        return Seen(ask())
    except ScoredeskError as fault:
        return Seen(fault=fault)


@dataclass(frozen=True)
class Subject:
    """The connection as it is set up. `declared`: the integration user's user name."""

    address: str
    declared: str
    sign_in: SignIn
    status: Status
    has_tokens: bool


@dataclass(frozen=True)
class InstanceEvidence:
    """A look at the address as nobody."""

    sighting: Seen[Sighting]


@dataclass(frozen=True)
class UserEvidence:
    """Who the instance says that we are."""

    user: Seen[InstanceUser]


@dataclass(frozen=True)
class TableEvidence:
    """One table of tickets. `rows`: how many records a look saw (0 or 1); `search`: whether it
    may be asked as tracking asks."""

    rows: Seen[int]
    search: Seen[int]


@dataclass(frozen=True)
class Evidence:
    """All that was collected at one moment (aware UTC)."""

    at: datetime
    subject: Subject
    instance: InstanceEvidence | None = None
    user: UserEvidence | None = None
    tables: Mapping[str, TableEvidence] = field(default_factory=dict)
    choices: Seen[int] | None = None
