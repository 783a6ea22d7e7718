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
from scoredesk.connections.models import ConnectorApp, SignIn, Status
from scoredesk.servicenow import InstanceUser, Sighting
from scoredesk.servicenow.probe import AllowPage
from scoredesk.servicenow.releases import Release

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
class Trip:
    """The newest trip of a person to the Allow page. `answered`: whether they came back."""

    begun_at: datetime
    answered: bool


@dataclass(frozen=True)
class Subject:
    """The connection as it is set up.

    `declared`: the integration user's user name. `complete`: whether all is filled in that
    authorizing needs. `permission_ends`: about when the refresh token lapses, None if unknown.
    `refused`: what the newest trip to the Allow page ended with, if it failed.
    """

    address: str
    declared: str
    sign_in: SignIn
    status: Status
    has_tokens: bool
    connector_app: ConnectorApp = ConnectorApp.UNDECIDED
    client_id: str = ""
    complete: bool = True
    permission_ends: datetime | None = None
    trip: Trip | None = None
    refused: ScoredeskError | None = None


@dataclass(frozen=True)
class InstanceEvidence:
    """Looks at the address as nobody. `allow_page`: None as long as there is no client ID."""

    sighting: Seen[Sighting]
    allow_page: Seen[AllowPage] | None = None

    @property
    def reached(self) -> bool:
        """Whether an instance answers."""
        return self.sighting.fault is None


@dataclass(frozen=True)
class ReleaseEvidence:
    """`release`: as its properties name it, None where they cannot be read. `change_models`:
    whether the interface answers that came with Quebec, None if it was not asked."""

    release: Release | None = None
    change_models: bool | None = None


@dataclass(frozen=True)
class AppEvidence:
    """`version` of the connector app, None if it is not to be used. `older`: what the endpoint of
    the older app said, which many instances still have."""

    version: Seen[str] | None = None
    older: Seen[str] | None = None


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
    release: ReleaseEvidence | None = None
    app: AppEvidence | None = None
    user: UserEvidence | None = None
    tables: Mapping[str, TableEvidence] = field(default_factory=dict)
    choices: Seen[int] | None = None
