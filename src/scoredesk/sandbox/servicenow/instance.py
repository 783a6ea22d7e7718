"""The instance as one object: its records, its clock, its switches, who is calling."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from scoredesk.sandbox.servicenow.database.schema import (
    CHOICE,
    KINDS,
    REFERENCE,
    STRING,
    TABLES,
    Field,
    Schema,
)
from scoredesk.sandbox.servicenow.database.zones import TIME_FORMAT, in_zone, pattern_of, to_utc
from scoredesk.sandbox.servicenow.state import Record, Store
from scoredesk.sandbox.shared import Shared

__all__ = ["TIME_FORMAT", "Caller", "Instance", "hashed", "in_zone", "to_utc", "usable"]

# The domain above all others: its people see every record.
GLOBAL = "global"
# What an administrator adds begins with u_, what an application adds with x_.
ADDED_COLUMNS = (
    "SELECT body FROM sn_record WHERE tbl = 'sys_dictionary'"
    " AND json_extract(body, '$.\"element\"') GLOB '[ux]_*'"
)


@dataclass(frozen=True)
class Caller:
    """Who is signed in, with what their profile says about language and zone."""

    sys_id: str
    user_name: str
    name: str
    roles: frozenset[str]
    language: str = "en"
    zone: str = "UTC"
    pattern: str = TIME_FORMAT
    domain: str = GLOBAL

    def has(self, *roles: str) -> bool:
        """Whether the caller holds one of the roles; admin holds all."""
        return "admin" in self.roles or any(role in self.roles for role in roles)


class Instance:
    """What every handler of the simulated ServiceNow works with."""

    def __init__(self, shared: Shared, store: Store) -> None:
        self.shared = shared
        self.store = store
        # Who wants to know: (table, records) after they were delivered to a caller of an API, and
        # (operation, table, record) after an insert, update or delete.
        self.on_read: list[Callable[[str, Sequence[Record]], None]] = []
        self.on_change: list[Callable[[str, str, Record], None]] = []
        self._schema = Schema()
        self._schema_holds = False
        self._labels: dict[tuple[str, str, str], dict[str, str]] | None = None
        store.on_write.append(self._forget)
        shared.switches.on_change.append(partial(self._forget, "sys_dictionary"))

    @property
    def schema(self) -> Schema:
        """The tables with the columns that were added by sys_dictionary or by switch."""
        if not self._schema_holds:
            self._schema.restore()
            for (body,) in self.store.rows(ADDED_COLUMNS, []):
                row = json.loads(str(body))
                self._schema.add(row.get("name", ""), _column(row))
            for table, extra in self.shared.switches.get("mandatory_fields").items():
                for name, label in extra.items():
                    self._schema.add(table, Field(name, STRING, label))
            self._schema_holds = True
        return self._schema

    def now(self) -> datetime:
        """The instance's time, to the second, as its records keep it."""
        ahead = self.shared.switches.get("clock_offset")
        now = self.shared.clock.now()
        return (now + timedelta(seconds=ahead) if ahead else now).replace(microsecond=0)

    def stamp(self) -> str:
        """Now in the raw form of dates: UTC, `YYYY-MM-DD HH:MM:SS`."""
        return self.now().strftime(TIME_FORMAT)

    def switch(self, name: str) -> object:
        """The value of a switch."""
        return self.shared.switches.get(name)

    def on(self, name: str) -> bool:
        """Whether a yes-or-no switch is on."""
        return bool(self.shared.switches.get(name))

    def was_read(self, table: str, records: Sequence[Record]) -> None:
        """Tell who wants to know that these records were delivered."""
        for told in self.on_read:
            told(table, records)

    def was_changed(self, operation: str, table: str, record: Record) -> None:
        """Tell who wants to know of an `insert`, `update` or `delete`."""
        for told in self.on_change:
            told(operation, table, record)

    def property(self, name: str, default: str = "") -> str:
        """The value of a system property; `default` if it was never created."""
        found = self.store.find("sys_properties", name=name)
        return found.get("value", "") if found else default

    def caller(self, user: Record) -> Caller:
        """The caller made of a sys_user record."""
        granted = self.store.find_all("sys_user_has_role", user=user["sys_id"])
        roles = set()
        for row in granted:
            found = self.store.get("sys_user_role", row.get("role", ""))
            if found:
                roles.add(found[1].get("name", ""))
        return Caller(
            sys_id=user["sys_id"],
            user_name=user.get("user_name", ""),
            name=user.get("name", ""),
            roles=frozenset(roles),
            language=user.get("preferred_language", "") or "en",
            zone=user.get("time_zone", "") or "UTC",
            pattern=_pattern(user),
            domain=user.get("sys_domain", "") or GLOBAL,
        )

    def sign_in(self, user_name: str, password: str) -> Record | None:
        """The user with this password who may sign in; None otherwise."""
        user = self.store.find("sys_user", user_name=user_name)
        if user is None or user.get("user_password") != hashed(password):
            return None
        return user if usable(user) else None

    def choices(self, table: str, element: str, *, language: str = "en") -> dict[str, str]:
        """Values and labels of a choice list, retired rows too; a child's set replaces task's."""
        labels = self._all_labels()
        for owner in (table, TABLES[table].parent):
            for wanted in (language, "en"):
                found = labels.get((owner, element, wanted))
                if found:
                    return found
        return {}

    def _all_labels(self) -> dict[tuple[str, str, str], dict[str, str]]:
        if self._labels is None:
            self._labels = {}
            rows = self.store.find_all("sys_choice")
            for row in sorted(rows, key=lambda row: int(row.get("sequence") or 0)):
                key = (row.get("name", ""), row.get("element", ""), row.get("language", "en"))
                self._labels.setdefault(key, {})[row.get("value", "")] = row.get("label", "")
        return self._labels

    def offered(self, table: str, element: str) -> set[str]:
        """The values of a choice list that are not retired in English; empty without a list."""
        owner = table
        if not self.store.find("sys_choice", name=owner, element=element):
            owner = TABLES[table].parent
        rows = self.store.find_all("sys_choice", name=owner, element=element, language="en")
        return {row.get("value", "") for row in rows if row.get("inactive") != "true"}

    def _forget(self, table: str) -> None:
        if table in {"", "sys_choice"}:
            self._labels = None
        if table in {"", "sys_dictionary"}:
            self._schema_holds = False


def _column(row: Record) -> Field:
    """A row of sys_dictionary as a column; classes that are not simulated hold plain texts."""
    kind = row.get("internal_type", STRING)
    if kind == STRING and row.get("choice"):
        kind = CHOICE
    target = row.get("reference", "")
    if kind not in KINDS or (kind == REFERENCE and target not in TABLES):
        kind = STRING
    length = int(row.get("max_length") or 40)
    label = row.get("column_label") or row.get("element", "")
    return Field(row.get("element", ""), kind, label, length, target if kind == REFERENCE else "")


def _pattern(user: Record) -> str:
    """How a person's profile writes dates; blank formats are those of the instance."""
    date, clock = user.get("date_format", ""), user.get("time_format", "")
    if not (date or clock):
        return TIME_FORMAT
    return pattern_of(f"{date or 'yyyy-MM-dd'} {clock or 'HH:mm:ss'}")


def usable(user: Record) -> bool:
    """Active and not locked out."""
    return user.get("active") == "true" and user.get("locked_out") != "true"


def hashed(password: str) -> str:
    """How a user's password is kept: never as it was typed."""
    return hashlib.sha256(f"sandbox:{password}".encode()).hexdigest()
