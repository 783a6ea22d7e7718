"""Dates of encoded queries: named days, relative dates, `gs.daysAgo` and its kin (3.2, 3.3).

All are computed in the caller's zone and given in the raw form, which is UTC.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from scoredesk.sandbox.servicenow.database.conditions import NOT_BETWEEN, PART
from scoredesk.sandbox.servicenow.database.query import UNREADABLE, Term
from scoredesk.sandbox.servicenow.database.zones import as_raw, parse_raw

UNITS = {"minute", "hour", "day", "week", "month", "quarter", "year"}
LABELS = ("Today", "Yesterday", "Tomorrow")
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
AGO = re.compile(r"(minute|hour|day|week|month|quarter|year)sAgo(Start|End)?")
EDGE = re.compile(r"(beginning|end)Of(\w+)")
NAMED = re.compile(r"(This|Current|Last|Next)(Minute|Hour|Week|Month|Quarter|Year)")
LAST = re.compile(r"Last(\d{1,4})(Minute|Hour|Day|Week|Month|Quarter|Year)s")
# `gs.datePart('dayofweek','monday','EE')`: the third word is the comparison.
SIGNS = {"EE": "=", "GE": ">=", "LE": "<=", "GT": ">", "LT": "<"}
SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Calendar:
    """Now, in the caller's zone."""

    now: datetime
    zone: ZoneInfo

    @property
    def local(self) -> datetime:
        """Now as the caller's wall clock shows it, without a zone."""
        return self.now.astimezone(self.zone).replace(tzinfo=None)

    def raw(self, local: datetime) -> str:
        """A wall clock time in the raw form."""
        return as_raw(local.replace(tzinfo=self.zone))

    def ago(self, unit: str, count: int) -> datetime:
        """This moment so many units earlier, by the wall clock for days and longer."""
        if unit in {"minute", "hour"}:
            moved = self.now - timedelta(**{f"{unit}s": count})
            return moved.astimezone(self.zone).replace(tzinfo=None)
        if unit in {"day", "week"}:
            return self.local - timedelta(**{f"{unit}s": count})
        months = {"month": 1, "quarter": 3, "year": 12}[unit] * count
        return _months_before(self.local, months)

    def edges(self, unit: str, moment: datetime) -> tuple[datetime, datetime]:
        """First and last second of the minute, hour, day, week... in which a moment lies."""
        start = _start(unit, moment)
        if unit in {"minute", "hour", "day", "week"}:
            return start, start + timedelta(**{f"{unit}s": 1}) - SECOND
        months = {"month": 1, "quarter": 3, "year": 12}[unit]
        return start, _months_before(start, -months) - SECOND

    def named(self, name: str) -> tuple[datetime, datetime] | None:
        """First and last second of `Today`, `LastWeek`, `Last7Days`, `OneYearAgo`..."""
        if name in LABELS:
            return self.edges("day", self.ago("day", (0, 1, -1)[LABELS.index(name)]))
        if name == "OneYearAgo":
            return self.edges("day", self.ago("year", 1))
        if found := NAMED.fullmatch(name):
            unit = found[2].lower()
            count = {"This": 0, "Current": 0, "Last": 1, "Next": -1}[found[1]]
            return self.edges(unit, self.ago(unit, count))
        if found := LAST.fullmatch(name):
            unit = found[2].lower()
            start, _ = self.edges(unit, self.ago(unit, int(found[1])))
            return start, self.edges(unit, self.local)[1]
        return None


def run(calendar: Calendar, name: str, arguments: Sequence[str]) -> str | None:
    """What a date function of `gs` gives in the raw form; None if there is no such function."""
    if found := AGO.fullmatch(name):
        if len(arguments) != 1 or not re.fullmatch(r"-?[0-9]{1,6}", arguments[0]):
            return None
        moment = calendar.ago(found[1], int(arguments[0]))
        if found[2]:
            moment = calendar.edges(found[1], moment)[found[2] == "End"]
        return calendar.raw(moment)
    if found := EDGE.fullmatch(name):
        span = calendar.named(found[2])
        return calendar.raw(span[found[1] == "end"]) if span else None
    if name == "dateGenerate" and len(arguments) in {1, 2}:
        # pysnow gives day and time as one argument.
        day, _, typed = " ".join(arguments).partition(" ")
        clock = {"start": "00:00:00", "end": "23:59:59", "": "00:00:00"}.get(typed, typed)
        moment_typed = parse_raw(f"{day} {clock}")
        return calendar.raw(moment_typed.replace(tzinfo=None)) if moment_typed else None
    return {"nowDateTime": calendar.raw(calendar.local), "now": f"{calendar.local:%Y-%m-%d}"}.get(
        name
    )


def on_day(calendar: Calendar, term: Term, *, ends: Sequence[str]) -> Term:
    """`ONToday`, `ON2026-01-01`, or ON with the two `ends` that scripts gave, as BETWEEN."""
    operator = "BETWEEN" if term.operator == "ON" else NOT_BETWEEN
    label = term.value.partition("@")[0]
    if len(ends) == 2:
        return Term(term.field, operator, "@".join(ends))
    day = parse_raw(f"{label} 00:00:00")
    span = calendar.edges("day", day.replace(tzinfo=None)) if day else _by_label(calendar, label)
    if span is None:
        return Term(None, UNREADABLE, term.value)
    return Term(term.field, operator, f"{calendar.raw(span[0])}@{calendar.raw(span[1])}")


def relative(calendar: Calendar, term: Term) -> Term:
    """`RELATIVEGE@hour@ago@3` as a comparison; days and longer count from their edges."""
    parts = term.value.split("@")
    unit = {"dayofweek": "day"}.get(parts[1], parts[1]) if len(parts) == 4 else ""
    if unit not in UNITS or parts[2] not in {"ago", "ahead"} or not parts[3].isdecimal():
        return Term(None, UNREADABLE, term.value)
    count = int(parts[3][:6]) * (1 if parts[2] == "ago" else -1)
    moment = calendar.ago(unit, count)
    exact = unit in {"minute", "hour"} and term.operator != "RELATIVEEE"
    first, last = (moment, moment) if exact else calendar.edges(unit, moment)
    start, end = calendar.raw(first), calendar.raw(last)
    operator, value = {
        "GE": (">=", start),
        "LT": ("<", start),
        "GT": (">", end),
        "LE": ("<=", end),
        "EE": ("BETWEEN", f"{start}@{end}"),
    }[term.operator.removeprefix("RELATIVE")]
    return Term(term.field, operator, value)


def date_part(calendar: Calendar, term: Term, *, arguments: Sequence[str]) -> Term:
    """`DATEPARTMonday@javascript:gs.datePart('dayofweek','monday','EE')` as a comparison."""
    if len(arguments) != 3 or arguments[2] not in SIGNS:
        return Term(None, UNREADABLE, term.value)
    part, word = arguments[0].lower(), arguments[1].lower()
    number = word
    if part == "dayofweek" and word in DAYS:
        number = str(DAYS.index(word) + 1)
    elif part == "month" and word in MONTHS:
        number = str(MONTHS.index(word) + 1)
    if part not in {"dayofweek", *UNITS} or not re.fullmatch("[0-9]{1,4}", number):
        return Term(None, UNREADABLE, term.value)
    return Term(term.field, PART, f"{part},{SIGNS[arguments[2]]},{number},{calendar.zone.key}")


def _by_label(calendar: Calendar, label: str) -> tuple[datetime, datetime] | None:
    """`Last 7 days` and `This month` by the names that the functions use."""
    return calendar.named("".join(word.capitalize() for word in label.split(" ")))


def _start(unit: str, moment: datetime) -> datetime:
    if unit == "minute":
        return moment.replace(second=0, microsecond=0)
    if unit == "hour":
        return moment.replace(minute=0, second=0, microsecond=0)
    day = datetime.combine(moment.date(), time.min)
    if unit == "week":
        return day - timedelta(days=day.weekday())
    if unit == "month":
        return day.replace(day=1)
    if unit == "quarter":
        return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    return day.replace(month=1, day=1) if unit == "year" else day


def _months_before(moment: datetime, months: int) -> datetime:
    """The same day so many months earlier, or the last day of a shorter month."""
    place = moment.year * 12 + moment.month - 1 - months
    year, month = divmod(place, 12)
    for day in range(moment.day, 27, -1):
        try:
            return moment.replace(year=year, month=month + 1, day=day)
        except ValueError:
            if not 1 <= year <= 9999:
                raise
    return moment.replace(year=year, month=month + 1)
