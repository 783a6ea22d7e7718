"""The shapes in which the Table API delivers values (servicenow-api 2.4)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from scoredesk.sandbox.servicenow.database.schema import (
    CHOICE,
    DATETIME,
    JOURNAL,
    REFERENCE,
    STRING,
    TABLES,
    Field,
)
from scoredesk.sandbox.servicenow.database.sql import find_field
from scoredesk.sandbox.servicenow.instance import Caller, Instance, in_zone
from scoredesk.sandbox.servicenow.state import Record
from scoredesk.sandbox.servicenow.tables import journal

NEVER_DELIVERED = {"user_password", "client_secret", "jwt_secret"}


@dataclass
class Shape:
    """How a caller wants values: `display` is `false`, `true` or `all`."""

    base_url: str
    display: str = "false"
    exclude_link: bool = False
    fields: tuple[str, ...] = ()
    hidden: frozenset[str] = frozenset()


@dataclass
class Presenter:
    """Turns stored records into JSON objects for one caller; remembers names it looked up."""

    instance: Instance
    caller: Caller
    shape: Shape
    _names: dict[tuple[str, str], str] = field(default_factory=dict)

    def record(self, table: str, record: Record) -> dict[str, Any]:
        """The record with all fields, or with those asked for; unknown names are left out."""
        extra = self.instance.shared.switches.get("mandatory_fields").get(table, {})
        names = self.shape.fields or (*TABLES[table].fields, *extra)
        shown: dict[str, Any] = {}
        for name in names:
            if name in self.shape.hidden or name.rsplit(".", 1)[-1] in NEVER_DELIVERED:
                continue
            if name in extra:
                shown[name] = self._shaped(
                    table, Field(name, STRING, name), value=record.get(name, "")
                )
            elif find_field(table, name):
                shown[name] = self._walked(table, name, record=record)
        return shown

    def display(self, table: str, name: str, *, record: Record) -> str:
        """What a person sees for one field of a record."""
        found = TABLES[table].fields[name]
        if found.kind == JOURNAL:
            return journal.as_text(
                self.instance, self.caller, sys_id=record["sys_id"], element=name
            )
        return self._display(table, found, value=record.get(name, ""))

    def name_of(self, table: str, sys_id: str) -> str:
        """The display value of a referenced record; a dangling reference shows nothing."""
        key = (table, sys_id)
        if key not in self._names:
            found = self.instance.store.get(table, sys_id)
            self._names[key] = found[1].get(TABLES[table].display, "") if found else ""
            if sys_id == "global":
                self._names[key] = "global"
        return self._names[key]

    def _walked(self, table: str, path: str, *, record: Record) -> Any:
        first, _, rest = path.partition(".")
        found = TABLES[table].fields[first]
        if not rest:
            return self._field(table, found, record=record)
        target = self.instance.store.get(found.target, record.get(first, ""))
        if target is None:
            return self._shaped(found.target, Field(rest, STRING, rest), value="")
        return self._walked(target[0], rest, record=target[1])

    def _field(self, table: str, found: Field, *, record: Record) -> Any:
        if found.kind == JOURNAL:
            if self.shape.display == "false":
                return ""
            text = self.display(table, found.name, record=record)
            return text if self.shape.display == "true" else _pair(text, "")
        return self._shaped(table, found, value=record.get(found.name, ""))

    def _shaped(self, table: str, found: Field, *, value: str) -> Any:
        if found.kind == REFERENCE and value:
            return self._reference(found, value)
        if self.shape.display == "false":
            return value
        shown = self._display(table, found, value=value)
        return shown if self.shape.display == "true" else _pair(shown, value)

    def _reference(self, found: Field, value: str) -> Any:
        link = f"{self.shape.base_url}/api/now/table/{found.target}/{value}"
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
            return in_zone(value, self.caller.zone)
        if found.kind == CHOICE:
            return self.instance.choices(table, found.name, language=self.caller.language).get(
                value, value
            )
        if found.name == "sys_class_name":
            return TABLES[value].label if value in TABLES else value
        return value


def _pair(shown: str, value: str) -> dict[str, str]:
    return {"display_value": shown, "value": value}
