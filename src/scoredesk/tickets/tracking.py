"""Brings ServiceNow's changes to us. The cost follows what changed, not what exists.

`track` asks, per table, only for our records that changed since the watermark. What an instance
does not promise is checked here: that every record is ours, and that they came in order.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from scoredesk.accounts import audit
from scoredesk.accounts.audit import Actor, Value
from scoredesk.common import clock
from scoredesk.common.errors import ScoredeskError
from scoredesk.connections.attempts import AttemptBook
from scoredesk.connections.health import may_try, report_fault, report_success
from scoredesk.connections.models import Connection, Status, TicketTable, Watermark
from scoredesk.connections.tokens import client_for
from scoredesk.servicenow import Query, Record, ServiceNow
from scoredesk.servicenow.errors import QueryRefused
from scoredesk.tickets import plan, remote
from scoredesk.tickets.delivery import Arrival, settle
from scoredesk.tickets.events import tell
from scoredesk.tickets.models import Delivery, EventKind, Ticket
from scoredesk.tickets.turns import turn

log = logging.getLogger(__name__)

ACTOR = Actor.job("track")
PAGE_SIZE = 100
BUSY_PAUSE = timedelta(seconds=5)

Now = Callable[[], datetime]


def track(connection_id: int, *, now: Now = clock.now) -> datetime | None:
    """Reads what changed on a connection; returns when to look again, None for never."""
    with turn(connection_id) as mine:
        if not mine:
            return now() + BUSY_PAUSE
        connection = Connection.objects.filter(pk=connection_id).first()
        if connection is None or not connection.usable:
            return None
        take_up_again(connection, now())
        with transaction.atomic():
            Ticket.objects.follow_phases(connection)
        every = timedelta(seconds=settings.TRACK_SECONDS)
        if not may_try(connection, now(), actor=ACTOR):
            return _next_look(connection, now() + every)
        try:
            _track_tables(connection, now)
        except ScoredeskError as fault:
            report_fault(connection, fault, now(), actor=ACTOR)
            about_us = plan.about_what(fault) is plan.About.RECORD  # no name for it: seldom
            pause = max(every, plan.LONGEST_PAUSE) if about_us else every
            return _next_look(connection, now() + pause)
        report_success(connection, now(), actor=ACTOR)
        return now() + every


def _next_look(connection: Connection, wanted: datetime) -> datetime:
    """Not before the connection's rest is over."""
    rests_until = connection.next_try_at
    return max(wanted, rests_until) if rests_until else wanted


def trackable_connections() -> list[int]:
    """Usable connections that have tickets, of all tenants."""
    rows = Connection.objects.filter(status__in=[Status.CONNECTED, Status.ATTENTION])
    return list(
        rows.filter(tickets__isnull=False).order_by().distinct().values_list("pk", flat=True)
    )


def status_of(connection_id: int) -> str:
    """The connection's status as it is now; "" if there is no such connection."""
    found = Connection.objects.filter(pk=connection_id).values_list("status", flat=True)
    return str(found.first() or "")


def has_come_back(connection_id: int) -> bool:
    """Whether tickets of a connection that was removed wait to be taken up again."""
    waiting = Ticket.objects.filter(connection=connection_id, tracked=False)
    return waiting.exclude(connection__status=Status.REMOVED).exists()


def take_up_again(connection: Connection, now: datetime) -> None:
    """Tickets of a connection that was removed and connected again are tracked again.

    The watermark stayed, so everything since is caught up.
    """
    stamp = connection.connected_at or now
    tickets = Ticket.objects.filter(connection=connection, tracked=False)
    for ticket in tickets.select_related("tenant"):
        _switch(ticket, EventKind.TRACKED, f"tracked:{stamp.isoformat()}", now)


def untrack_removed(now: datetime) -> None:
    """Tickets of removed connections, of all tenants, are shown as no longer tracked."""
    gone = Ticket.objects.filter(connection__status=Status.REMOVED, tracked=True)
    for ticket in gone.select_related("connection", "tenant"):
        stamp = ticket.connection.removed_at or now
        _switch(ticket, EventKind.UNTRACKED, f"untracked:{stamp.isoformat()}", now)


def apply_change(ticket: Ticket, seen: plan.RemoteFacts, *, by: str, now: datetime) -> None:
    """Writes what ServiceNow says of a delivered ticket, with an event for each change.

    `by`: who changed the record last, by the user name in ServiceNow.
    """
    known = remote.known_facts(ticket)
    remote.write(ticket, seen)
    ticket.save()
    told = plan.changes(known, seen, now) if known is not None else []
    if known is None or not told:
        return
    tell(ticket, told, actor=by)
    before, after = _audited(known), {**_audited(seen), "changed_by": by}
    audit.record(
        ACTOR,
        "ticket.changed",
        tenant=ticket.tenant,
        subject=ticket.uid,
        before=before,
        after=after,
    )


def _audited(facts: plan.RemoteFacts) -> dict[str, Value]:
    return {
        "state": facts.state,
        "priority": facts.priority,
        "assigned_to": facts.assigned_to,
        "assignment_group": facts.assignment_group,
        "name": facts.name,
        "due_at": facts.due_at.isoformat() if facts.due_at else None,
        "mod_count": facts.mod_count,
    }


def _switch(ticket: Ticket, kind: EventKind, key: str, now: datetime) -> None:
    with transaction.atomic():
        ticket.tracked = kind == EventKind.TRACKED
        ticket.save(update_fields=["tracked"])
        tell(ticket, [plan.EventDraft(kind, key, now)])
        audit.record(ACTOR, f"ticket.{kind.value}", tenant=ticket.tenant, subject=ticket.uid)


def _track_tables(connection: Connection, now: Now) -> None:
    book = AttemptBook(connection, now)
    with client_for(connection, book=book, patient=True, now=now) as client, book.call():
        for table in TicketTable:
            if Ticket.objects.filter(connection=connection, table=table).exists():
                _Look(connection, client, table, now).carry_out()


class _Look:
    """One look at one table of a connection."""

    def __init__(
        self, connection: Connection, client: ServiceNow, table: TicketTable, now: Now
    ) -> None:
        self._connection = connection
        self._client = client
        self._table = table
        self._now = now
        self._states = remote.StateBook(connection, table)
        self._query = Query().where("correlation_id", "STARTSWITH", connection.correlation_prefix)

    def carry_out(self) -> None:
        """Reads and applies page by page; moves the watermark only if every page was sound."""
        mark = Watermark.objects.filter(connection=self._connection, table=self._table).first()
        current = mark.seen_at if mark else None
        seen: list[datetime] = []
        for page in self._pages(current):
            self._apply(page)
            seen += [record.updated_on for record in page if record.updated_on is not None]
        reached = plan.next_watermark(current, seen, complete=True)
        if reached is not None and reached != current:
            Watermark.objects.update_or_create(
                connection=self._connection, table=self._table, defaults={"seen_at": reached}
            )

    def _pages(self, watermark: datetime | None) -> Iterator[list[Record]]:
        """Our records changed since the watermark, oldest first, until an empty page.

        Keyset pages by (sys_updated_on, sys_id): nothing slides when records change meanwhile
        (servicenow-api 9.2). Rows that we may not see count against a page's size, so a short page
        is no end (9.7).
        """
        overlap = timedelta(seconds=settings.TRACK_OVERLAP_SECONDS)
        since = plan.track_from(watermark, overlap)
        query = self._query if since is None else self._query.where("sys_updated_on", ">=", since)
        last: tuple[datetime, str] | None = None
        while True:
            ordered = query.order_by("sys_updated_on", "sys_id")
            page = self._client.list(self._table, ordered, remote.FIELDS, limit=PAGE_SIZE)
            if not page:
                return
            self._check_ours(page)
            last = _in_order(page, last)
            yield page
            query = self._after(*last)

    def _after(self, updated_on: datetime, sys_id: str) -> Query:
        later = self._query.where("sys_updated_on", ">", updated_on)
        same = self._query.where("sys_updated_on", "=", updated_on)
        return later.new_query(same.where("sys_id", ">", sys_id))

    def _check_ours(self, page: Iterable[Record]) -> None:
        """An instance drops a term of the query that it does not know, or that we may not use,
        and returns everybody's records (servicenow-api 3.4)."""
        prefix = self._connection.correlation_prefix
        if not all(record.value("correlation_id").startswith(prefix) for record in page):
            raise QueryRefused("correlation_id cannot be searched or read.")

    def _apply(self, page: list[Record]) -> None:
        """Applies a page in one transaction; records that are known as they are cost nothing."""
        ids = [record.value("correlation_id") for record in page]
        tickets = Ticket.objects.select_related("tenant").filter(
            connection=self._connection, table=self._table, correlation_id__in=ids
        )
        known = {ticket.correlation_id: ticket for ticket in tickets}
        with transaction.atomic():
            for record in page:
                ticket = known.get(record.value("correlation_id"))
                if ticket is None:
                    log.warning("%s in ServiceNow belongs to no ticket", record)
                else:
                    self._apply_one(ticket, record)

    def _apply_one(self, ticket: Ticket, record: Record) -> None:
        if ticket.delivery != Delivery.DELIVERED:
            outgoing = ticket.outgoing.select_related("ticket__tenant").latest("id")
            found = Arrival(record, EventKind.ADOPTED, ACTOR, read=remote.FIELDS)
            settle(outgoing, found, self._states, self._now())
            return
        if ticket.sys_id and ticket.sys_id != record.sys_id:
            log.warning("%s carries the correlation id of ticket %s too", record, ticket.number)
            return
        seen = remote.facts_of(record, self._states)
        if plan.new_to_us(remote.known_facts(ticket), seen):
            apply_change(ticket, seen, by=record.value("sys_updated_by"), now=self._now())


def _in_order(page: list[Record], last: tuple[datetime, str] | None) -> tuple[datetime, str]:
    """The key of the page's last record. Raises unless every record is after the one before it:
    an unordered answer has gaps, and no watermark may be taken from it."""
    for record in page:
        if record.updated_on is None:
            raise QueryRefused("sys_updated_on cannot be read.")
        key = (record.updated_on, record.sys_id)
        if last is not None and key <= last:
            raise QueryRefused("The records did not come in order of sys_updated_on and sys_id.")
        last = key
    if last is None:
        raise ValueError("an empty page has no last record")
    return last
