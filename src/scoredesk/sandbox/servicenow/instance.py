"""The instance as one object: its records, its clock, its switches, who is calling."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from scoredesk.sandbox.servicenow.database.schema import TABLES, Schema
from scoredesk.sandbox.servicenow.database.zones import TIME_FORMAT, in_zone, to_utc
from scoredesk.sandbox.servicenow.state import Record, Store
from scoredesk.sandbox.shared import Shared

__all__ = ["TIME_FORMAT", "Caller", "Instance", "hashed", "in_zone", "to_utc", "usable"]


@dataclass(frozen=True)
class Caller:
    """Who is signed in, with what their profile says about language and zone."""

    sys_id: str
    user_name: str
    name: str
    roles: frozenset[str]
    language: str = "en"
    zone: str = "UTC"

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
        self.schema = Schema()
        self._labels: dict[tuple[str, str, str], dict[str, str]] | None = None
        store.on_write.append(self._forget_labels)

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

    def _forget_labels(self, table: str) -> None:
        if table in {"", "sys_choice"}:
            self._labels = None


def usable(user: Record) -> bool:
    """Active and not locked out."""
    return user.get("active") == "true" and user.get("locked_out") != "true"


def hashed(password: str) -> str:
    """How a user's password is kept: never as it was typed."""
    return hashlib.sha256(f"sandbox:{password}".encode()).hexdigest()
