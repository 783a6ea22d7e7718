"""The shapes in which the Table API delivers values (servicenow-api 2.4)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from scoredesk.sandbox.servicenow.database.schema import (
    BY_NAME,
    CHOICE,
    DATETIME,
    JOURNAL,
    REFERENCE,
    STRING,
    TABLES,
    Field,
)
from scoredesk.sandbox.servicenow.instance import Caller, Instance, in_zone
from scoredesk.sandbox.servicenow.state import Record
from scoredesk.sandbox.servicenow.tables import access, journal

NEVER_DELIVERED = {"user_password", "client_secret", "jwt_secret"}


@dataclass
class Shape:
    """How a caller wants values: `display` is `false`, `true` or `all`."""

    table_url: str
    display: str = "false"
    exclude_link: bool = False
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Plan:
    """How the records of a table are shown, worked out once for a whole list.

    `blank` is a record in which everything is empty; None in `fields` marks a value that is shown
    as it is stored.
    """

    blank: dict[str, Any]
    fields: dict[str, Field | None]
    journals: tuple[Field, ...]
    walked: tuple[str, ...]


@dataclass
class Presenter:
    """Turns stored records into JSON objects for one caller; remembers names it looked up."""

    instance: Instance
    caller: Caller
    shape: Shape
    _names: dict[tuple[str, str], str] = field(default_factory=dict)
    _plans: dict[str, _Plan] = field(default_factory=dict)
    _entries: tuple[str, list[Record]] = ("", [])

    def record(self, table: str, record: Record, *, kind: str = "") -> dict[str, Any]:
        """The record with all fields, or with those asked for; unknown names are left out.

        `kind` is the record's own table where it was found through the one that it extends.
        """
        plan = self._plans.get(table) or self._plan(table)
        shown = dict(plan.blank)
        for name, value in record.items():
            if name in plan.fields and value != "":
                found = plan.fields[name]
                shown[name] = (
                    value if found is None else self._shaped(kind or table, found, value=value)
                )
        for found in plan.journals:
            shown[found.name] = self._journal(found, record=record)
        for name in plan.walked:
            shown[name] = self._walked(table, name, record=record)
        return shown

    def _plan(self, table: str) -> _Plan:
        fields = self.instance.schema.tables[table].fields
        blank: dict[str, Any] = {}
        flat: dict[str, Field | None] = {}
        journals, walked = [], []
        empty: Any = _pair("", "") if self.shape.display == "all" else ""
        for name in self.shape.fields or fields:
            found = self.instance.schema.find(table, name)
            if found is None or self._kept_back(table, name):
                continue
            blank[name] = empty
            if "." in name:
                walked.append(name)
            elif found.kind == JOURNAL:
                if self.shape.display != "false":
                    journals.append(found)
            else:
                raw = self.shape.display == "false" and found.kind != REFERENCE
                flat[name] = None if raw else found
        made = _Plan(blank, flat, tuple(journals), tuple(walked))
        self._plans[table] = made
        return made

    def _kept_back(self, table: str, path: str) -> bool:
        """Whether a field on the path is one that this caller does not get."""
        for name in path.split("."):
            hidden = access.hidden_fields(self.instance, self.caller, table=table)
            if name in hidden or name in NEVER_DELIVERED:
                return True
            table = self.instance.schema.tables[table].fields[name].target
        return False

    def _journal(self, found: Field, *, record: Record) -> Any:
        text = self._journal_text(found, record["sys_id"])
        return text if self.shape.display == "true" else _pair(text, "")

    def display(self, table: str, name: str, *, record: Record) -> str:
        """What a person sees for one field of a record."""
        found = self.instance.schema.tables[table].fields[name]
        if found.kind == JOURNAL:
            return self._journal_text(found, record["sys_id"])
        return self._display(table, found, value=record.get(name, ""))

    def name_of(self, table: str, sys_id: str) -> str:
        """The display value of a referenced record; a dangling reference shows nothing."""
        key = (table, sys_id)
        if key not in self._names:
            self._names[key] = self._look_up(table, sys_id)
        return self._names[key]

    def _journal_text(self, found: Field, sys_id: str) -> str:
        """One reading of the entries serves all journal fields of a record."""
        if self._entries[0] != sys_id:
            self._entries = (sys_id, journal.entries(self.instance, sys_id))
        written = self._entries[1]
        return journal.as_text(self.instance, self.caller, written=written, element=found.name)

    def _look_up(self, table: str, sys_id: str) -> str:
        if sys_id == "global":
            return "global"
        found = self.instance.store.get(table, sys_id)
        named = self.instance.store.find(table, name=sys_id) if table in BY_NAME else None
        record = found[1] if found else named or {}
        return record.get(TABLES[table].display, "")

    def _walked(self, table: str, path: str, *, record: Record) -> Any:
        first, _, rest = path.partition(".")
        found = self.instance.schema.tables[table].fields[first]
        if not rest:
            if found.kind == JOURNAL:
                return "" if self.shape.display == "false" else self._journal(found, record=record)
            return self._shaped(table, found, value=record.get(first, ""))
        target = self.instance.store.get(found.target, record.get(first, ""))
        if target is None:
            return self._shaped(found.target, Field(rest, STRING, rest), value="")
        return self._walked(target[0], rest, record=target[1])

    def _shaped(self, table: str, found: Field, *, value: str) -> Any:
        if found.kind == REFERENCE and value:
            return self._reference(found, value)
        if self.shape.display == "false":
            return value
        shown = self._display(table, found, value=value)
        return shown if self.shape.display == "true" else _pair(shown, value)

    def _reference(self, found: Field, value: str) -> Any:
        link = f"{self.shape.table_url}/{found.target}/{value}"
        if self.shape.display == "false":
            return value if self.shape.exclude_link else {"link": link, "value": value}
        shown = self.name_of(found.target, value)
        if self.shape.display == "all":
            pair = _pair(shown, value)
            return pair if self.shape.exclude_link else {**pair, "link": link}
        return shown if self.shape.exclude_link else {"display_value": shown, "link": link}

    def _display(self, table: str, found: Field, *, value: str) -> str:
        if found.kind == REFERENCE:
            return self.name_of(found.target, value) if value else ""
        if found.kind == DATETIME:
            return in_zone(value, self.caller.zone, self.caller.pattern)
        if found.kind == CHOICE:
            return self.instance.choices(table, found.name, language=self.caller.language).get(
                value, value
            )
        if found.name == "sys_class_name":
            return TABLES[value].label if value in TABLES else value
        return value


def _pair(shown: str, value: str) -> dict[str, str]:
    return {"display_value": shown, "value": value}
