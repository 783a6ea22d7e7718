"""Reads the fields and choices of both tables from the instance and keeps them as catalogues.

Each part may be refused by itself: then what was known of it stays (servicenow-api 1.11).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from logging import getLogger
from typing import Final, TypeVar

from django.db import transaction

from scoredesk.accounts import audit
from scoredesk.accounts.audit import Actor
from scoredesk.common.errors import ScoredeskError
from scoredesk.connections.fields.catalogue import (
    NO_FIELD,
    Book,
    ChoiceData,
    FieldData,
    compare,
    merged,
    with_mandatory,
    without_demands,
)
from scoredesk.connections.health import may_try
from scoredesk.connections.languages import asked_languages
from scoredesk.connections.models import Catalogue, Connection, Status, TicketTable
from scoredesk.connections.tokens import client_for
from scoredesk.servicenow import Query, Record, ServiceNow
from scoredesk.servicenow.errors import BadRequest, Forbidden, NotFound
from scoredesk.servicenow.vocabulary import Table

log = getLogger(__name__)
Found = TypeVar("Found")

PARENT: Final = "task"
PAGE: Final = 500
_CHOICE = ("name", "element", "value", "label", "language", "dependent_value", "inactive")
_CHOICE_ORDER = ("sequence",)
_FIELD = ("name", "element", "column_label", "internal_type", "reference", "max_length")
_LABEL = ("name", "element", "label", "language")
# One part that is refused or unknown says nothing about the others.
_UNREADABLE: Final = (Forbidden, BadRequest, NotFound)


@dataclass(frozen=True)
class Reading:
    """What one table's reading brought; None: the instance does not show it."""

    fields: dict[str, FieldData] | None
    choices: dict[str, list[ChoiceData]] | None


def read(client: ServiceNow, table: str, language: str = "en") -> Reading:
    """Asks for everything of one table. Raises ServiceNowError for what is no refusal."""
    languages = asked_languages(language)
    choices = _if_readable(partial(_choices, client, table, languages))
    return Reading(_fields(client, table, languages), choices or None)


def take_up(connection: Connection, *, actor: Actor, now: datetime, patient: bool = False) -> int:
    """Reads both tables and stores them; returns how many differences are new.

    Raises ScoredeskError if the instance cannot be asked; then everything stays as it was.
    """
    with client_for(connection, patient=patient) as client:
        found = {table: read(client, table, connection.language) for table in TicketTable}
    new = 0
    with transaction.atomic():
        for table, reading in found.items():
            new += _store(connection, table, reading, now)
        audit.record(
            actor,
            "connection.fields_read",
            tenant=connection.tenant,
            subject=connection.address,
            after={table.value: len(reading.fields or {}) for table, reading in found.items()},
        )
    return new


def take_up_at_first(connection: Connection, *, actor: Actor, now: datetime) -> None:
    """The same for a connection that was just authorized: a fault must not undo that."""
    try:
        take_up(connection, actor=actor, now=now)
    except ScoredeskError as fault:
        log.warning("Fields of %s cannot be read yet: %s", connection.address, fault)


def take_up_all(now: datetime) -> int:
    """Reads the catalogues of every connection that works; returns for how many it went well.
    One connection's fault never stops the others: its own calls tell it soon enough."""
    done = 0
    for connection in Connection.objects.filter(status=Status.CONNECTED):
        if not may_try(connection, now):
            continue
        try:
            take_up(connection, actor=Actor.job("read-fields"), now=now, patient=True)
            done += 1
        except ScoredeskError as fault:
            log.warning("Fields of connection %s were not read: %s", connection.uid, fault)
    return done


def learn_mandatory(
    connection: Connection, table: str, labels: Sequence[str], *, actor: Actor, now: datetime
) -> list[str]:
    """Keeps which fields a refusal has demanded; returns the names that were new."""
    with transaction.atomic():
        row = _locked(connection, table, now)
        row.fields, added = with_mandatory(row.fields, labels)
        row.save()
        if added:
            audit.record(
                actor,
                "connection.fields_demanded",
                tenant=connection.tenant,
                subject=connection.address,
                after={"table": table, "fields": ", ".join(added)},
            )
    return added


def demanded_by_refusals(connection: Connection, table: str) -> set[str]:
    """The fields that only refusals have told us to be mandatory."""
    row = Catalogue.objects.filter(connection=connection, table=table).first()
    fields = row.fields if row else {}
    return {name for name, data in fields.items() if data.get("mandatory_by") == "refusal"}


def unlearn_mandatory(
    connection: Connection, table: str, sent: Iterable[str], *, now: datetime
) -> None:
    """A record was created with these fields only: whatever else a refusal once demanded is
    demanded no more."""
    with transaction.atomic():
        row = _locked(connection, table, now)
        row.fields = without_demands(row.fields, sent)
        row.save()


def learn_fields(connection: Connection, record: Record, *, now: datetime) -> None:
    """Keeps the names of the fields that a whole record has shown."""
    with transaction.atomic():
        row = _locked(connection, record.table, now)
        row.fields = merged(row.fields, {**{name: {} for name in record}, **row.fields})
        row.save()


def _fields(
    client: ServiceNow, table: str, languages: Sequence[str]
) -> dict[str, FieldData] | None:
    """From the dictionary, else from the keys of a record; labels and demands on top."""
    found = _if_readable(partial(_dictionary, client, table)) or _if_readable(
        partial(_record_keys, client, table)
    )
    if not found:
        return None
    labels = _if_readable(partial(_labels, client, table, languages)) or {}
    for name, data in found.items():
        data["labels"] = labels.get(name, {})
    for name in _if_readable(partial(_demanded, client, table)) or ():
        found.setdefault(name, {**NO_FIELD, "labels": {}})["mandatory_by"] = "data_policy"
    return found


def _dictionary(client: ServiceNow, table: str) -> dict[str, FieldData]:
    found: dict[str, FieldData] = {}
    query = _of_table("name", table).where("element", "ISNOTEMPTY")
    for row in sorted(_all(client, Table.DICTIONARY, query, (*_FIELD, "mandatory")), key=_own_last):
        found[row.value("element")] = {
            **NO_FIELD,
            "label": row.value("column_label"),
            "type": row.value("internal_type"),
            "reference": row.value("reference"),
            "max_length": row.number("max_length") or 0,
            "mandatory_by": "dictionary" if row.is_true("mandatory") else "",
        }
    return found


def _record_keys(client: ServiceNow, table: str) -> dict[str, FieldData]:
    found = client.list(table, Query().order_by_desc("sys_created_on"), (), limit=1)
    return {name: {**NO_FIELD} for record in found for name in record}


def _labels(client: ServiceNow, table: str, languages: Sequence[str]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = defaultdict(dict)
    query = _of_table("name", table).in_list("language", languages)
    for row in sorted(_all(client, "sys_documentation", query, _LABEL), key=_own_last):
        if row.value("element") and row.value("label"):
            found[row.value("element")][row.value("language")] = row.value("label")
    return found


def _demanded(client: ServiceNow, table: str) -> list[str]:
    """Fields that active data policies without a condition make mandatory: with one, they do not
    always, and a new record mostly does not meet it."""
    policies = client.list(
        "sys_data_policy2",
        _of_table("model_table", table).where("active", "=", "true"),
        ("sys_id", "conditions"),
    )
    always = [each.sys_id for each in policies if _no_condition(each.value("conditions"))]
    if not always:
        return []
    query = Query().in_list("sys_data_policy", always).where("mandatory", "=", "true")
    return [each.value("field") for each in client.list("sys_data_policy_rule", query, ("field",))]


def _no_condition(conditions: str) -> bool:
    return conditions.strip() in {"", "^EQ"}


def _choices(
    client: ServiceNow, table: str, languages: Sequence[str]
) -> dict[str, list[ChoiceData]]:
    query = _of_table("name", table).in_list("language", languages)
    rows = list(_all(client, Table.CHOICE, query, (*_CHOICE, *_CHOICE_ORDER)))
    own = {row.value("element") for row in rows if row.value("name") == table}
    # A table's own set replaces the inherited one entirely (servicenow-api 8).
    kept = [row for row in rows if row.value("name") == table or row.value("element") not in own]
    found: dict[str, dict[tuple[str, str], ChoiceData]] = defaultdict(dict)
    for row in sorted(kept, key=_place):
        key = (row.value("value"), row.value("dependent_value"))
        entry = found[row.value("element")].setdefault(
            key, {"value": key[0], "labels": {}, "dependent": key[1], "inactive": False}
        )
        entry["labels"][row.value("language")] = row.value("label")
        entry["inactive"] = entry["inactive"] or row.is_true("inactive")
    return {element: list(entries.values()) for element, entries in found.items() if element}


def _place(row: Record) -> tuple[int, str]:
    return row.number("sequence") or 0, row.value("value")


def _of_table(field: str, table: str) -> Query:
    return Query().any_of((field, "=", table), (field, "=", PARENT))


def _all(client: ServiceNow, table: str, query: Query, fields: Sequence[str]) -> Iterable[Record]:
    return [row for page in client.pages(table, query, fields, page_size=PAGE) for row in page]


def _own_last(row: Record) -> bool:
    """So that what the table says itself replaces what it inherits."""
    return row.value("name") != PARENT


def _if_readable(ask: Callable[[], Found]) -> Found | None:
    try:
        return ask()
    except _UNREADABLE as refusal:
        log.info("Not readable: %s", refusal)
        return None


def _locked(connection: Connection, table: str, now: datetime) -> Catalogue:
    row, _new = Catalogue.objects.select_for_update().get_or_create(
        connection=connection, table=table, defaults={"read_at": now}
    )
    found: Catalogue = row
    return found


def _store(connection: Connection, table: str, reading: Reading, now: datetime) -> int:
    row = _locked(connection, table, now)
    before = Book(table, row.fields, row.choices, connection.language)
    if reading.fields is not None:
        row.fields = merged(row.fields, reading.fields)
    if reading.choices is not None:
        row.choices = reading.choices
    used = connection.field_defaults.filter(table=table).values_list("field", flat=True)
    after = Book(table, row.fields, row.choices, connection.language)
    new = [each for each in compare(before, after, used) if each not in row.differences]
    row.differences = [*row.differences, *new]
    row.read_at = now
    row.save()
    return len(new)
