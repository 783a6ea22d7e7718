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
from scoredesk.connections.fields.catalogue import FieldData
from scoredesk.connections.models import ConnectorApp, SignIn, Status
from scoredesk.servicenow import Choice, InstanceUser, RateRule, Record, Sighting
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
    `refused`: what the newest trip to the Allow page ended with, if it failed. `user_id`: the
    sys_id that the user had when it was authorized.
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
    user_id: str = ""


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
class AccountEvidence:
    """What the integration user's account is. `roles`: each with when it was given (None where
    that may not be read); `sees_secrets`: whether it reads what only administrators should, asked
    where its roles may not be read; `is_person`: its address is that of a person of the tenant."""

    roles: Seen[Mapping[str, datetime | None]]
    sees_secrets: bool = False
    is_person: bool = False


@dataclass(frozen=True)
class TableEvidence:
    """One table of tickets. `newest`: the record changed last (or nothing); `search`: what came
    when it was asked as tracking asks; `refused`: the fields that may not be searched by, looked
    for one by one once the search was refused; `states`: how many records of the last months are
    in each state; `dates_shifted`: whether a date in a query is read in another zone than UTC,
    None where there was no way to tell."""

    newest: Seen[tuple[Record, ...]]
    search: Seen[tuple[Record, ...]]
    refused: tuple[str, ...] = ()
    states: Seen[Mapping[str, int]] = field(default_factory=Seen)
    dates_shifted: bool | None = None


@dataclass(frozen=True)
class StateRow:
    """A state as the portal keeps it: the instance's `labels` for it by ServiceNow's codes of
    languages, `label` of them for a sentence; whether its phase is known; `listed`: it was read
    from the instance's list."""

    value: str
    label: str
    has_phase: bool
    retired: bool = False
    listed: bool = True
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ChoiceEvidence:
    """`rows`: the choices of all fields that we use, in English and in the connection's
    `language`; `ours`: the states as the portal keeps them, per table."""

    rows: Seen[tuple[Choice, ...]]
    language: str = "en"
    ours: Mapping[str, tuple[StateRow, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class FieldEvidence:
    """`policies`: fields that data policies demand always, per table, where that may be read;
    `mapped`: fields that are filled by a default or asked for; `known`: all fields of a table as
    they were read (`fields.catalogue`)."""

    policies: Seen[Mapping[str, frozenset[str]]]
    mapped: Mapping[str, frozenset[str]] = field(default_factory=dict)
    known: Mapping[str, Mapping[str, FieldData]] = field(default_factory=dict)


@dataclass(frozen=True)
class Refusal:
    """The newest refusal of a new record of a table: of a ticket that waits to be mended, or of a
    trial record."""

    table: str
    code: str
    at: datetime
    detail: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Above:
    """What the rooms above know. `known`: a sample of the sys_ids of our records, per table;
    `created`: when a record was last created, per table; `numbers`: the newest record's number;
    `actions`: how many improvement actions there are; `actions_elsewhere`: whether another tenant
    of the same people has some and no connection."""

    known: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    refusals: tuple[Refusal, ...] = ()
    created: Mapping[str, datetime] = field(default_factory=dict)
    numbers: Mapping[str, str] = field(default_factory=dict)
    actions: int | None = None
    actions_elsewhere: bool = False


@dataclass(frozen=True)
class KnownRecords:
    """How many of our records were looked for, and how many are there."""

    asked: int
    found: int


@dataclass(frozen=True)
class DeskEvidence:
    """What people of the tenant need to see cards and Share."""

    admins: int
    worker: bool


@dataclass(frozen=True)
class Evidence:
    """All that was collected at one moment (aware UTC)."""

    at: datetime
    subject: Subject
    instance: InstanceEvidence | None = None
    release: ReleaseEvidence | None = None
    app: AppEvidence | None = None
    user: UserEvidence | None = None
    account: AccountEvidence | None = None
    tables: Mapping[str, TableEvidence] = field(default_factory=dict)
    choices: ChoiceEvidence | None = None
    fields: FieldEvidence | None = None
    rate_rule: RateRule | None = None
    known: Seen[KnownRecords] | None = None
    above: Above = field(default_factory=Above)
    desk: DeskEvidence | None = None
