"""What the check of a connection may know of its tickets (`connections.evidence.above`)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db.models import Max, QuerySet

from scoredesk.connections.evidence import above
from scoredesk.connections.evidence.facts import Above, Refusal
from scoredesk.connections.models import Connection, TicketTable
from scoredesk.tickets.models import Delivery, EventKind, Outgoing, Ticket, TicketEvent

SAMPLE = 20


def look(connection: Connection, so_far: Above) -> Above:
    """A sample of its records, the newest refusal that nobody has mended, and when a record was
    last created, each per table."""
    return replace(
        so_far,
        known={table: ids for table in TicketTable if (ids := _known(connection, table))},
        refusals=(*so_far.refusals, *_refusals(connection)),
        created={**so_far.created, **_created(connection)},
        numbers={**so_far.numbers, **_numbers(connection)},
    )


def _delivered(connection: Connection) -> QuerySet[Ticket]:
    rows: QuerySet[Ticket] = Ticket.objects.filter(
        connection=connection, delivery=Delivery.DELIVERED
    )
    return rows.exclude(sys_id="")


def _known(connection: Connection, table: str) -> tuple[str, ...]:
    """The newest ones that nothing has been missed of yet."""
    rows = _delivered(connection).filter(table=table, missing_since=None, missing=False)
    return tuple(rows.order_by("-id").values_list("sys_id", flat=True)[:SAMPLE])


def _refusals(connection: Connection) -> list[Refusal]:
    found = []
    for table in TicketTable:
        rows = Outgoing.objects.filter(ticket__connection=connection, ticket__table=table)
        row = rows.filter(state=Delivery.FAILED).select_related("ticket").order_by("-id").first()
        if row is not None:
            at = _refused_at(row.ticket) or row.created_at
            facts = {str(key): str(value) for key, value in row.error_facts.items()}
            found.append(Refusal(table.value, row.error_code, at, row.error_detail, facts))
    return found


def _refused_at(ticket: Ticket) -> datetime | None:
    told = TicketEvent.objects.filter(ticket=ticket, kind=EventKind.REFUSED)
    return told.order_by("-at").values_list("at", flat=True).first()


def _created(connection: Connection) -> dict[str, datetime]:
    rows = Outgoing.objects.filter(ticket__connection=connection, state=Delivery.DELIVERED)
    newest = rows.order_by().values("ticket__table").annotate(at=Max("delivered_at"))
    return {row["ticket__table"]: row["at"] for row in newest if row["at"]}


def _numbers(connection: Connection) -> dict[str, str]:
    newest = {
        table.value: _delivered(connection).filter(table=table).order_by("-id").first()
        for table in TicketTable
    }
    return {table: ticket.number for table, ticket in newest.items() if ticket and ticket.number}


above.register("tickets", look)
