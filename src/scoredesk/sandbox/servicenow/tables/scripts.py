"""The few scripts that values of an encoded query may hold (servicenow-api 3.3)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from scoredesk.sandbox.servicenow.database.query import Query, Term
from scoredesk.sandbox.servicenow.instance import TIME_FORMAT, Caller, Instance, to_utc

SCRIPT = re.compile(r"javascript:\s*(?:gs\.)?(\w+)\(([^)]*)\)")
AGO = {
    "daysAgo": "days",
    "daysAgoStart": "days",
    "hoursAgo": "hours",
    "hoursAgoStart": "hours",
    "minutesAgo": "minutes",
    "minutesAgoStart": "minutes",
}


def resolve(instance: Instance, caller: Caller, *, query: Query) -> Query:
    """The same query with every script replaced by what it gives."""

    def plain(term: Term) -> Term:
        if "javascript:" not in term.value:
            return term
        value = SCRIPT.sub(
            lambda found: _run(instance, caller, name=found[1], arguments=found[2]), term.value
        )
        return replace(term, value=value)

    groups = [[[plain(term) for term in clause] for clause in group] for group in query.groups]
    return Query(groups=groups, order=query.order)


def _run(instance: Instance, caller: Caller, *, name: str, arguments: str) -> str:
    """What a known function gives; an unknown one gives nothing, as an undefined value does."""
    given = [part.strip().strip("'\"") for part in arguments.split(",") if part.strip()]
    now = instance.now()
    if name in AGO and given and given[0].isdigit():
        moment = now - timedelta(**{AGO[name]: int(given[0])})
        start = name == "daysAgoStart"
        return _day(moment, caller, at=time.min) if start else moment.strftime(TIME_FORMAT)
    if name == "dateGenerate" and len(given) == 2:
        return to_utc(f"{given[0]} {given[1]}", caller.zone)
    without_arguments = {
        "getUserID": caller.sys_id,
        "getUserName": caller.user_name,
        "beginningOfToday": _day(now, caller, at=time.min),
        "endOfToday": _day(now, caller, at=time(23, 59, 59)),
        "nowDateTime": now.strftime(TIME_FORMAT),
    }
    return without_arguments.get(name, "")


def _day(moment: datetime, caller: Caller, *, at: time) -> str:
    zone = ZoneInfo(caller.zone)
    day = moment.astimezone(zone).date()
    return datetime.combine(day, at, zone).astimezone(UTC).strftime(TIME_FORMAT)
