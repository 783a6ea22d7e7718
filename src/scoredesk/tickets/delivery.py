"""Brings what is queued to ServiceNow, each ticket exactly once.

A row is marked `sending` in a committed transaction before its request leaves. Whatever happens
then, the row says so: an answer makes it `delivered` or `failed`, a lost answer or a crash leaves
it in doubt, and a row in doubt is looked up by its correlation id before anything is sent again.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Min, Q, QuerySet

from scoredesk.accounts import audit
from scoredesk.accounts.audit import Actor
from scoredesk.common import clock
from scoredesk.common.errors import ScoredeskError
from scoredesk.connections.attempts import AttemptBook
from scoredesk.connections.fields import reading
from scoredesk.connections.health import may_try, report_fault, report_success
from scoredesk.connections.models import Connection, Status
from scoredesk.connections.tokens import client_for
from scoredesk.servicenow import Record, ServiceNow
from scoredesk.servicenow.errors import DataPolicyRefused, RateLimited
from scoredesk.tickets import payload, plan, remote
from scoredesk.tickets.events import tell
from scoredesk.tickets.models import Delivery, EventKind, Outgoing, Ticket
from scoredesk.tickets.turns import turn

ACTOR = Actor.job("deliver")
OPEN = (Delivery.QUEUED, Delivery.SENDING, Delivery.UNCERTAIN)
# A run ends after so many rows, so that tracking gets its turn during a long delivery.
ROWS_PER_RUN = 50
BUSY_PAUSE = timedelta(seconds=5)
SHOWN = 200  # of a text that was stored differently; the whole one stands in the outgoing row

Now = Callable[[], datetime]


def deliver(connection_id: int, *, now: Now = clock.now) -> datetime | None:
    """Delivers what is due on a connection; returns when to run again, None for never."""
    with turn(connection_id) as mine:
        if not mine:
            return now() + BUSY_PAUSE
        connection = Connection.objects.select_related("tenant").filter(pk=connection_id).first()
        if connection is None or not connection.usable:
            return None
        if may_try(connection, now(), actor=ACTOR):
            _Run(connection, now).carry_out()
        return next_run(connection, now())


def due_connections(now: datetime) -> list[int]:
    """Usable connections with something to deliver, of all tenants: the periodic safety net."""
    due = Q(next_try_at__lte=now) | Q(state=Delivery.SENDING)
    released = Q(held=True, ticket__connection__status=Status.CONNECTED)
    usable = Q(ticket__connection__status__in=[Status.CONNECTED, Status.ATTENTION])
    rows = Outgoing.objects.filter(due | released, usable, state__in=OPEN).order_by()
    found = Connection.objects.filter(pk__in=rows.values("ticket__connection_id").distinct())
    return [each.pk for each in found.order_by("pk") if may_try(each, now, actor=ACTOR)]


def release(connection: Connection, now: datetime) -> None:
    """What waited for the connection to be repaired, or for its own next try, is due now."""
    waiting = _open(connection).exclude(state=Delivery.SENDING).filter(next_try_at__gt=now)
    waiting.exclude(error_code=RateLimited.code).update(next_try_at=now, held=False)


def next_run(connection: Connection, now: datetime) -> datetime | None:
    """When the earliest open row wants to be looked at again, and the connection allows it. None
    also where only a repair brings it on: that asks for a run by itself."""
    rows = _open(connection)
    if not may_try(connection, now, actor=ACTOR):
        rests_until = connection.next_try_at
        return rests_until if rests_until and rests_until > now and rows.exists() else None
    if rows.filter(state=Delivery.SENDING).exists():
        return now
    earliest: datetime | None = rows.aggregate(at=Min("next_try_at"))["at"]
    silence = _silence_ends(connection, now)
    return max(earliest, silence) if earliest and silence else earliest


@dataclass(frozen=True, slots=True)
class Arrival:
    """A record that exists in ServiceNow, for the row that asked for it. `read`: the fields that
    were asked for, where not all that were sent were; what was not read proves no difference."""

    record: Record
    kind: EventKind
    actor: Actor = ACTOR
    read: tuple[str, ...] | None = None


def settle(outgoing: Outgoing, arrival: Arrival, states: remote.StateBook, now: datetime) -> None:
    """Writes down that the record exists, in one transaction, with its events and audit entry."""
    ticket = outgoing.ticket
    facts = remote.facts_of(arrival.record, states)
    with transaction.atomic():
        remote.write(ticket, facts)
        ticket.delivery = Delivery.DELIVERED
        ticket.save()
        outgoing.state = Delivery.DELIVERED
        outgoing.delivered_at = now
        outgoing.held = False
        outgoing.error_code = outgoing.error_detail = ""
        outgoing.error_facts = {}
        outgoing.save()
        came = plan.EventDraft(arrival.kind, "delivered", now, {"number": facts.number})
        tell(ticket, [came, *_differences(outgoing, arrival, now)])
        audit.record(
            arrival.actor,
            "ticket.delivered",
            tenant=ticket.tenant,
            subject=ticket.uid,
            after={"number": facts.number, "sys_id": facts.sys_id, "how": arrival.kind.value},
        )


def _differences(outgoing: Outgoing, arrival: Arrival, now: datetime) -> list[plan.EventDraft]:
    """What the instance dropped, cut, changed or computed, one event per field."""
    ticket = outgoing.ticket
    stored = {name: arrival.record.value(name) for name in arrival.record}
    sent: dict[str, str] = outgoing.payload
    if arrival.read is not None:
        sent = {name: value for name, value in sent.items() if name in arrival.read}
    wanted = payload.expected(ticket.priority, ticket.table)
    return [
        plan.EventDraft(
            EventKind.FIELD_DIFFERS,
            f"differs:{found.field}",
            now,
            {
                "field": found.field,
                "sent": found.sent[:SHOWN],
                "stored": found.stored[:SHOWN],
                "how": found.how.value,
            },
        )
        for found in plan.differences(sent, stored, wanted=wanted)
    ]


def _open(connection: Connection) -> QuerySet[Outgoing]:
    rows: QuerySet[Outgoing] = Outgoing.objects.filter(
        ticket__connection=connection, state__in=OPEN
    )
    return rows


def _silence_ends(connection: Connection, now: datetime) -> datetime | None:
    """Until when no request may be made, also not for a ticket that was shared only now, because
    the instance set a limit. None if nothing is in the way."""
    rows = _open(connection).filter(error_code=RateLimited.code, next_try_at__gt=now)
    ends: datetime | None = rows.aggregate(at=Min("next_try_at"))["at"]
    return ends


class _Run:
    """One turn at a connection."""

    def __init__(self, connection: Connection, now: Now) -> None:
        self._connection = connection
        self._now = now
        self._book = AttemptBook(connection, now)
        self._states: dict[str, remote.StateBook] = {}
        self._demanded: dict[str, set[str]] = {}
        self._worked = False

    def carry_out(self) -> None:
        """Goes through the rows that are due, oldest first, until one says stop."""
        rows = self._due()
        if not rows:
            return
        client = client_for(self._connection, book=self._book, patient=True, now=self._now)
        with client:
            for outgoing in rows:
                if not self._one(client, outgoing):
                    break
        if self._worked:
            report_success(self._connection, self._now(), actor=ACTOR)

    def _due(self) -> Sequence[Outgoing]:
        now = self._now()
        if _silence_ends(self._connection, now):
            return []
        due = Q(next_try_at__lte=now) | Q(state=Delivery.SENDING)
        if self._connected():
            due |= Q(held=True)
        rows = _open(self._connection).filter(due).order_by("id")
        return list(rows.select_related("ticket", "ticket__tenant")[:ROWS_PER_RUN])

    def _connected(self) -> bool:
        return self._connection.status == Status.CONNECTED

    def _one(self, client: ServiceNow, outgoing: Outgoing) -> bool:
        """Whether the run may go on."""
        step = plan.next_step(_facts(outgoing), self._now(), connected=self._connected())
        if step is plan.Step.SEND:
            return self._send(client, outgoing)
        if step is plan.Step.LOOK_UP:
            return self._look_up(client, outgoing)
        return True

    def _send(self, client: ServiceNow, outgoing: Outgoing) -> bool:
        ticket = outgoing.ticket
        outgoing.tries += 1
        outgoing.sending_since = self._now()
        # Durable: refuses to be part of a larger transaction, which would undo the mark on a crash.
        with transaction.atomic(durable=True):
            self._keep(outgoing, Delivery.SENDING)
        try:
            with self._book.call(ticket.uid):
                record = client.insert(ticket.table, outgoing.payload)
        except ScoredeskError as fault:
            self._learn(ticket, fault)
            return self._refused(outgoing, fault)
        self._worked = True
        self._unlearn(ticket, outgoing)
        settle(outgoing, Arrival(record, EventKind.DELIVERED), self._book_of(ticket), self._now())
        return True

    def _look_up(self, client: ServiceNow, outgoing: Outgoing) -> bool:
        ticket = outgoing.ticket
        if outgoing.state == Delivery.SENDING:
            self._keep(outgoing, Delivery.UNCERTAIN)
        wanted = tuple(dict.fromkeys((*remote.FIELDS, *outgoing.payload)))
        try:
            with self._book.call(ticket.uid):
                found = client.find_by_correlation(ticket.table, ticket.correlation_id, wanted)
        except ScoredeskError as fault:
            return self._not_looked_up(outgoing, fault)
        self._worked = True
        # The client has checked the key; so much hangs on it that it is compared once more here.
        ours = [each for each in found if each.value("correlation_id") == ticket.correlation_id]
        now = self._now()
        if ours:
            settle(outgoing, Arrival(ours[0], EventKind.ADOPTED), self._book_of(ticket), now)
            return True
        decision = plan.after_look_up(_facts(outgoing), now, found=False)
        outgoing.next_try_at = decision.next_try_at
        outgoing.held = False
        self._keep(outgoing, decision.state)
        return True

    def _learn(self, ticket: Ticket, fault: ScoredeskError) -> None:
        """A refusal says which fields the instance demands: the share form then asks for them."""
        if isinstance(fault, DataPolicyRefused) and fault.fields:
            reading.learn_mandatory(
                self._connection, ticket.table, fault.fields, actor=ACTOR, now=self._now()
            )
            self._demanded.pop(ticket.table, None)

    def _unlearn(self, ticket: Ticket, outgoing: Outgoing) -> None:
        """A record that was taken shows which of them it demands no more."""
        table = ticket.table
        if table not in self._demanded:
            self._demanded[table] = reading.demanded_by_refusals(self._connection, table)
        if not self._demanded[table] <= set(outgoing.payload):
            reading.unlearn_mandatory(self._connection, table, outgoing.payload, now=self._now())
            self._demanded.pop(table)

    def _refused(self, outgoing: Outgoing, fault: ScoredeskError) -> bool:
        """Writes down why a create failed and what follows from it."""
        now = self._now()
        decision = plan.after_error(
            plan.ErrorFacts.of(fault), outgoing.tries, now=now, chance=_chance()
        )
        return self._after(outgoing, fault, decision)

    def _not_looked_up(self, outgoing: Outgoing, fault: ScoredeskError) -> bool:
        now = self._now()
        decision = plan.after_failed_look_up(
            plan.ErrorFacts.of(fault), outgoing.tries, now=now, chance=_chance()
        )
        return self._after(outgoing, fault, decision)

    def _note(self, outgoing: Outgoing, fault: ScoredeskError, decision: plan.Decision) -> None:
        now = self._now()
        outgoing.next_try_at = decision.next_try_at
        outgoing.held = decision.held
        outgoing.error_code = fault.code
        outgoing.error_detail = fault.detail
        outgoing.error_facts = dict(fault.facts)
        facts = {"code": fault.code, "detail": fault.detail or fault.summary}
        with transaction.atomic():
            self._keep(outgoing, decision.state)
            if decision.state == Delivery.FAILED:
                key = f"refused:{outgoing.tries}"
                tell(outgoing.ticket, [plan.EventDraft(EventKind.REFUSED, key, now, facts)])
                self._audit_refusal(outgoing, fault)
            elif decision.state == Delivery.QUEUED:
                # Once per cause, however often it is tried.
                key = f"delayed:{fault.code}"
                tell(outgoing.ticket, [plan.EventDraft(EventKind.DELAYED, key, now, facts)])

    def _audit_refusal(self, outgoing: Outgoing, fault: ScoredeskError) -> None:
        audit.record(
            ACTOR,
            "ticket.refused",
            tenant=outgoing.ticket.tenant,
            subject=outgoing.ticket.uid,
            after={"code": fault.code, "detail": fault.detail[:500]},
        )

    def _after(self, outgoing: Outgoing, fault: ScoredeskError, decision: plan.Decision) -> bool:
        """Tells the connection, and the row; if the run must stop, the rest of the queue waits as
        long. The connection says how long a fault of its own keeps everything waiting."""
        about = plan.about_what(fault)
        if about is not plan.About.RECORD:
            self._worked = False  # what worked before the fault proves nothing now
            report_fault(self._connection, fault, self._now(), actor=ACTOR)
        rests_until = self._connection.next_try_at
        if about is plan.About.CONNECTION and rests_until is not None:
            decision = replace(decision, next_try_at=rests_until)
        self._note(outgoing, fault, decision)
        if not decision.stop:
            return True
        waiting = _open(self._connection).filter(
            state=Delivery.QUEUED, next_try_at__lt=decision.next_try_at
        )
        waiting.update(next_try_at=decision.next_try_at, held=decision.held)
        return False

    def _keep(self, outgoing: Outgoing, state: Delivery) -> None:
        """Commits a row's and its ticket's new state."""
        outgoing.state = state
        outgoing.ticket.delivery = state
        with transaction.atomic():
            outgoing.save()
            outgoing.ticket.save(update_fields=["delivery"])

    def _book_of(self, ticket: Ticket) -> remote.StateBook:
        book = self._states.get(ticket.table)
        if book is None:
            book = self._states[ticket.table] = remote.StateBook(self._connection, ticket.table)
        return book


def _facts(outgoing: Outgoing) -> plan.OutgoingFacts:
    return plan.OutgoingFacts(
        Delivery(outgoing.state), outgoing.next_try_at, outgoing.sending_since, outgoing.held
    )


def _chance() -> float:
    return random.random()  # noqa: S311 # spreads pauses; nothing secret
