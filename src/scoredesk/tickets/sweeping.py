"""The daily look at all our records: what changed silently, and what vanished.

A script can change a record without moving its date or its count (servicenow-api 9.6), and nothing
at all tells of a deleted one. So each record is asked for by its sys_id, in batches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from django.db import transaction

from scoredesk.accounts import audit
from scoredesk.accounts.audit import Actor
from scoredesk.common import clock
from scoredesk.common.errors import ScoredeskError
from scoredesk.connections.attempts import AttemptBook
from scoredesk.connections.health import may_try, report_fault
from scoredesk.connections.models import Connection, TicketTable
from scoredesk.connections.tokens import client_for
from scoredesk.servicenow import Query, Record, ServiceNow
from scoredesk.tickets import plan, remote
from scoredesk.tickets.events import tell
from scoredesk.tickets.models import Delivery, EventKind, Ticket
from scoredesk.tickets.tracking import apply_change
from scoredesk.tickets.turns import turn

ACTOR = Actor.job("sweep")
BATCH = 80  # 80 ids of 32 characters keep the address under 4,096 with everything else

Now = Callable[[], datetime]


def sweep(connection_id: int, *, now: Now = clock.now) -> bool:
    """Compares every delivered ticket of a connection with its record.

    False if it could not be done now, or not to the end: tomorrow's sweep begins anew.
    """
    with turn(connection_id) as mine:
        connection = Connection.objects.filter(pk=connection_id).first()
        if not mine or connection is None or not may_try(connection, now(), actor=ACTOR):
            return False
        book = AttemptBook(connection, now)
        try:
            with client_for(connection, book=book, patient=True, now=now) as client, book.call():
                for table in TicketTable:
                    _sweep_table(connection, client, table, now)
        except ScoredeskError as fault:
            report_fault(connection, fault, now(), actor=ACTOR)
            return False
        return True


def _sweep_table(connection: Connection, client: ServiceNow, table: TicketTable, now: Now) -> None:
    states = remote.StateBook(connection, table)
    for tickets in _batches(connection, table):
        query = Query().in_list("sys_id", [ticket.sys_id for ticket in tickets])
        found = client.list(table, query.order_by("sys_id"), remote.FIELDS)
        records = {record.sys_id: record for record in found}
        with transaction.atomic():
            for ticket in tickets:
                _compare(ticket, records.get(ticket.sys_id), states, now())


def _batches(connection: Connection, table: str) -> Iterator[Sequence[Ticket]]:
    last = 0
    while True:
        rows = Ticket.objects.filter(
            connection=connection, table=table, delivery=Delivery.DELIVERED, pk__gt=last
        ).exclude(sys_id="")
        batch = list(rows.select_related("tenant").order_by("pk")[:BATCH])
        if not batch:
            return
        yield batch
        last = batch[-1].pk


def _compare(
    ticket: Ticket, record: Record | None, states: remote.StateBook, now: datetime
) -> None:
    if record is None or record.value("correlation_id") != ticket.correlation_id:
        _note_absence(ticket, now)
        return
    if ticket.missing_since is not None:
        _found_again(ticket, now)
    seen = remote.facts_of(record, states)
    known = remote.known_facts(ticket)
    if known is None or plan.differs(known, seen):
        apply_change(ticket, seen, by=record.value("sys_updated_by"), now=now)


def _note_absence(ticket: Ticket, now: datetime) -> None:
    step = plan.after_absence(ticket.missing_since, now)
    if step is plan.Absence.NOTE:
        ticket.missing_since = now
        ticket.save(update_fields=["missing_since"])
    elif step is plan.Absence.TELL and not ticket.missing:
        ticket.missing = True
        ticket.save(update_fields=["missing"])
        _tell(ticket, EventKind.MISSING, now)


def _found_again(ticket: Ticket, now: datetime) -> None:
    if ticket.missing:
        _tell(ticket, EventKind.FOUND, now)
    ticket.missing, ticket.missing_since = False, None
    ticket.save(update_fields=["missing", "missing_since"])


def _tell(ticket: Ticket, kind: EventKind, now: datetime) -> None:
    tell(ticket, [plan.EventDraft(kind, f"{kind.value}:{ticket.missing_since}", now)])
    audit.record(ACTOR, f"ticket.{kind.value}", tenant=ticket.tenant, subject=ticket.uid)
