"""Values as the Table API gives them, in every shape (servicenow-api 2.4), read the same way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from scoredesk.servicenow.timestamps import from_wire


class Record(Mapping[str, Any]):
    """One record. As a mapping it holds the untouched JSON; fields that may not be read are absent.

    Reads `sysparm_display_value=all` shapes as well as bare values and references.
    """

    def __init__(self, fields: Mapping[str, Any], table: str = "") -> None:
        self._fields = dict(fields)
        self.table = table

    def value(self, field: str) -> str:
        """The raw value; "" for an empty, absent or unreadable field."""
        return _value_of(self._fields.get(field))

    def display(self, field: str) -> str:
        """What the instance shows, in the integration user's language; else the raw value."""
        return _display_of(self._fields.get(field))

    def time(self, field: str) -> datetime | None:
        """A date field as aware UTC; None if empty or not a date."""
        return from_wire(self.value(field))

    def number(self, field: str) -> int | None:
        """A whole number; None if empty or not one."""
        try:
            return int(self.value(field))
        except ValueError:
            return None

    def is_true(self, field: str) -> bool:
        """A boolean field; absent counts as False."""
        return self.value(field).lower() in {"true", "1"}

    @property
    def sys_id(self) -> str:
        """The record's id: 32 hexadecimal digits."""
        return self.value("sys_id")

    @property
    def mod_count(self) -> int:
        """How often the record was changed: the change token (servicenow-api 9.3). 0 if unread."""
        return self.number("sys_mod_count") or 0

    @property
    def updated_on(self) -> datetime | None:
        """When the record was last changed, by the instance's clock."""
        return self.time("sys_updated_on")

    def __getitem__(self, field: str) -> Any:
        return self._fields[field]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    def __repr__(self) -> str:
        return f"<Record {self.table} {self.value('number') or self.sys_id}>"


@dataclass(frozen=True, slots=True)
class InstanceUser:
    """Who we are in the instance. Fields that may not be read are "" or None."""

    sys_id: str
    user_name: str
    name: str = ""
    email: str = ""
    active: bool | None = None
    locked_out: bool | None = None
    web_service_access_only: bool | None = None
    internal_integration_user: bool | None = None
    identity_type: str = ""
    time_zone: str = ""
    domain: str = ""

    @classmethod
    def of(cls, record: Record) -> InstanceUser:
        """The user in a sys_user record."""

        def flag(field: str) -> bool | None:
            return record.is_true(field) if field in record else None

        return cls(
            sys_id=record.sys_id,
            user_name=record.value("user_name"),
            name=record.value("name"),
            email=record.value("email"),
            active=flag("active"),
            locked_out=flag("locked_out"),
            web_service_access_only=flag("web_service_access_only"),
            internal_integration_user=flag("internal_integration_user"),
            identity_type=record.value("identity_type"),
            time_zone=record.value("time_zone"),
            domain=record.display("sys_domain"),
        )


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a choice list, in one language (servicenow-api 8)."""

    value: str
    label: str
    table: str
    element: str
    language: str
    inactive: bool = False
    sequence: int | None = None
    dependent_value: str = ""

    @classmethod
    def of(cls, record: Record) -> Choice:
        """The choice in a sys_choice record."""
        return cls(
            value=record.value("value"),
            label=record.value("label"),
            table=record.value("name"),
            element=record.value("element"),
            language=record.value("language"),
            inactive=record.is_true("inactive"),
            sequence=record.number("sequence"),
            dependent_value=record.value("dependent_value"),
        )


def own_choices(rows: Iterable[Choice], table: str, element: str, language: str) -> list[Choice]:
    """The choices of one field in one language: a table's own set replaces the one inherited from
    task entirely (servicenow-api 8)."""
    wanted = [row for row in rows if (row.element, row.language) == (element, language)]
    own = [row for row in wanted if row.table == table]
    return own or [row for row in wanted if row.table == "task"]


def group_of(row: Any, field: str) -> tuple[str, int] | None:
    """Value and count in one group of the Aggregate API; None for what is no group."""
    try:
        count = int(row["stats"]["count"])
        values = [str(each["value"]) for each in row["groupby_fields"] if each["field"] == field]
    except (KeyError, TypeError, ValueError):
        return None
    return (values[0], count) if values else None


@dataclass(frozen=True, slots=True)
class RateRule:
    """A rate limit rule that a reply told of (servicenow-api 10): requests an hour, its sys_id."""

    limit: int
    sys_id: str = ""


def _value_of(raw: Any) -> str:
    """Raw value; a reference read with display_value=true has only its name (2.4)."""
    if isinstance(raw, Mapping):
        raw = raw.get("display_value") if raw.get("value") is None else raw["value"]
    return _text(raw)


def _display_of(raw: Any) -> str:
    if isinstance(raw, Mapping):
        raw = raw.get("display_value") or raw.get("value")
    return _text(raw)


def _text(raw: Any) -> str:
    if raw is None:
        return ""
    if isinstance(raw, bool):
        return "true" if raw else "false"
    return str(raw).replace("\x00", "")  # PostgreSQL stores no NUL
