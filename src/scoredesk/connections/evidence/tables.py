"""What the integration user may read of the tables that tickets live in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from scoredesk.connections.evidence.facts import KnownRecords, Seen, TableEvidence, look
from scoredesk.servicenow import Query, Record, ServiceNow
from scoredesk.servicenow.errors import Forbidden
from scoredesk.servicenow.vocabulary import TRACKED_FIELDS, Table

PREFIX = "scoredesk-"
STATES_OF = timedelta(days=90)
# Zones whose dates are those of UTC; others are compared with what the instance does.
UTC_ZONES = frozenset({"UTC", "GMT", "Etc/UTC", "Etc/GMT"})
_LONG_AGO = "2000-01-01 00:00:00"
_SAMPLE = 3


def look_at_table(client: ServiceNow, table: str, now: datetime) -> TableEvidence:
    """Reads a few records, asks as tracking does (both rights are apart, servicenow-api 3.4),
    and counts the states in use."""
    newest = look(lambda: tuple(client.list(table, Query(), _fields(table), limit=_SAMPLE)))
    search = look(lambda: tuple(client.list(table, _tracking(), _fields(table), limit=_SAMPLE)))
    refused = _refused(client, table) if isinstance(search.fault, Forbidden) else ()
    if search.fault:
        return TableEvidence(newest, search, refused)
    since = Query().where("sys_updated_on", ">=", now - STATES_OF)
    return TableEvidence(newest, search, states=look(lambda: client.counts(table, "state", since)))


def look_at_dates(client: ServiceNow, table: str, seen: Iterable[Record]) -> bool | None:
    """Whether a date in a query is read in another zone than UTC (servicenow-api 3.3): a record is
    asked for by the very time that it was changed at. None if nothing can be told."""
    record = next((row for row in seen if row.sys_id and row.updated_on), None)
    if record is None or record.updated_on is None:
        return None
    query = Query().where("sys_id", "=", record.sys_id)
    exact = query.where("sys_updated_on", ">=", record.updated_on)
    exact = exact.where("sys_updated_on", "<=", record.updated_on)
    if look(lambda: client.list(table, exact, ["sys_id"], limit=1)).value:
        return False
    again = look(lambda: client.list(table, query, ["sys_id", "sys_updated_on"], limit=1)).value
    unchanged = bool(again) and again[0].updated_on == record.updated_on if again else False
    return True if unchanged else None


def look_at_known(client: ServiceNow, known: Mapping[str, tuple[str, ...]]) -> Seen[KnownRecords]:
    """How many of these records of ours are still there."""

    def count() -> KnownRecords:
        found = sum(
            len(client.list(table, Query().in_list("sys_id", ids), ["sys_id"]))
            for table, ids in known.items()
        )
        return KnownRecords(sum(map(len, known.values())), found)

    return look(count)


def _fields(table: str) -> list[str]:
    """What tracking reads. An incident has no field on_hold (servicenow-api 6.3)."""
    return [name for name in TRACKED_FIELDS if (table, name) != (Table.INCIDENT, "on_hold")]


def _tracking() -> Query:
    query = Query().where("correlation_id", "STARTSWITH", PREFIX)
    query = query.where("sys_updated_on", ">=", _LONG_AGO)
    return query.order_by("sys_updated_on", "sys_id")


def _refused(client: ServiceNow, table: str) -> tuple[str, ...]:
    """Which of the fields may not be searched by, each asked for alone."""
    single = {
        "correlation_id": Query().where("correlation_id", "STARTSWITH", PREFIX),
        "sys_updated_on": Query()
        .where("sys_updated_on", ">=", _LONG_AGO)
        .order_by("sys_updated_on"),
        "sys_id": Query().order_by("sys_id"),
    }
    return tuple(name for name, query in single.items() if _is_refused(client, table, query))


def _is_refused(client: ServiceNow, table: str, query: Query) -> bool:
    return isinstance(look(lambda: client.list(table, query, ["sys_id"], limit=1)).fault, Forbidden)
