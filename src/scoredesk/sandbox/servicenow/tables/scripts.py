"""What stands for something else in an encoded query: scripts, dates, filter options (3.2, 3.3)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from scoredesk.sandbox.servicenow.database.conditions import NEVER
from scoredesk.sandbox.servicenow.database.query import RELATIVE, UNREADABLE, Query, Term
from scoredesk.sandbox.servicenow.database.schema import DATETIME
from scoredesk.sandbox.servicenow.database.zones import to_utc, zone_of
from scoredesk.sandbox.servicenow.instance import Caller, Instance
from scoredesk.sandbox.servicenow.tables import dates

SCRIPT = "javascript:"
CALL = re.compile(r"(?:gs\.)?(\w+)\(([^()]*)\)")
ARGUMENT = re.compile(r"'([^']*)'|\"([^\"]*)\"|(-?\w+)")
# Filter options of every instance: Me, and One of my groups (servicenow-api 3.2, DYNAMIC).
ME = "90d1921e5f510100a9ad2572f2b477fe"
MY_GROUPS = "d6435e965f510100a9ad2572f2b477fe"


def resolve(instance: Instance, caller: Caller, *, table: str, query: Query) -> Query:
    """The same query with scripts, dates and filter options replaced by what they stand for.

    A script that is not one of the known functions gives nothing: its condition never holds.
    """
    reader = _Reader(instance, caller, dates.Calendar(instance.now(), zone_of(caller.zone)))
    return query.changed(reader.plain, table=table)


@dataclass(frozen=True)
class _Reader:
    instance: Instance
    caller: Caller
    calendar: dates.Calendar

    def plain(self, table: str, term: Term) -> Term:
        """The term with nothing in it that only this caller or this moment can tell."""
        try:
            return self._plain(table, term)
        except (OverflowError, ValueError):
            # A date outside the calendar, such as gs.daysAgo(999999).
            return Term(term.field, NEVER)

    def _plain(self, table: str, term: Term) -> Term:
        if term.operator in {"ON", "NOTON"}:
            ends = [self._value(part) for part in term.value.split("@")[1:]]
            return dates.on_day(self.calendar, term, ends=[end for end in ends if end])
        if term.operator in RELATIVE:
            return dates.relative(self.calendar, term)
        if term.operator == "DATEPART":
            return dates.date_part(self.calendar, term, arguments=_part_arguments(term.value))
        if term.operator == "DYNAMIC":
            return self._dynamic(term)
        if term.field is None or SCRIPT not in term.value:
            return self._zoned(table, term)
        return self._scripted(term)

    def _dynamic(self, term: Term) -> Term:
        if term.value == ME:
            return Term(term.field, "=", self.caller.sys_id)
        if term.value == MY_GROUPS:
            groups = self._my_groups()
            return Term(term.field, "IN", groups) if groups else Term(term.field, NEVER)
        return Term(None, UNREADABLE, term.value)

    def _scripted(self, term: Term) -> Term:
        parts = term.value.split("@") if term.operator == "BETWEEN" else [term.value]
        values = [self._value(part) for part in parts]
        known = [value for value in values if value is not None]
        if len(known) < len(values):
            return Term(term.field, NEVER)
        return replace(term, value="@".join(known))

    def _zoned(self, table: str, term: Term) -> Term:
        """Literal dates are UTC, or the caller's by switch (servicenow-api 3.3)."""
        if self.instance.switch("literal_date_zone") != "session":
            return term
        found = self.instance.schema.find(table, term.field or "")
        if found is None or found.kind != DATETIME:
            return term
        parts = [to_utc(part, self.caller.zone) for part in term.value.split("@")]
        return replace(term, value="@".join(parts))

    def _value(self, text: str) -> str | None:
        """A literal as it is, a script as what it gives; None if it gives nothing."""
        if SCRIPT not in text:
            return text
        script = text.partition(SCRIPT)[2].strip().rstrip(";")
        found = CALL.fullmatch(script.replace("getUser().getID()", "getUserID()"))
        if found is None:
            return None
        about_caller = {
            "getUserID": self.caller.sys_id,
            "getUserName": self.caller.user_name,
            "getUserDisplayName": self.caller.name,
            "getMyGroups": self._my_groups(),
        }
        if found[1] in about_caller:
            return about_caller[found[1]]
        return dates.run(self.calendar, found[1], _arguments(found[2]))

    def _my_groups(self) -> str:
        rows = self.instance.store.find_all("sys_user_grmember", user=self.caller.sys_id)
        return ",".join(row["group"] for row in rows if row.get("group"))


def _arguments(text: str) -> list[str]:
    return ["".join(found.groups(default="")) for found in ARGUMENT.finditer(text)]


def _part_arguments(value: str) -> list[str]:
    found = CALL.fullmatch(value.partition(SCRIPT)[2].strip().rstrip(";"))
    return _arguments(found[2]) if found and found[1] == "datePart" else []
