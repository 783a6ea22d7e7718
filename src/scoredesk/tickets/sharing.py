"""Sharing: a ticket and everything that brings it to ServiceNow, in one transaction."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from scoredesk.accounts import audit
from scoredesk.accounts.audit import Actor, Value
from scoredesk.accounts.models import Person
from scoredesk.common import clock
from scoredesk.connections.models import Connection
from scoredesk.posture.models import ImprovementAction
from scoredesk.tickets import payload
from scoredesk.tickets.events import tell
from scoredesk.tickets.mapped import mapped_fields, raw_values
from scoredesk.tickets.models import (
    SHORT_DESCRIPTION_LENGTH,
    Delivery,
    EventKind,
    Outgoing,
    OutgoingKind,
    Source,
    Ticket,
)
from scoredesk.tickets.plan import EventDraft
from scoredesk.tickets.tasks import request_delivery


class NotShareable(Exception):
    """Nothing was written; `str()` is a translated sentence for the person."""

    def __init__(self, sentence: str | Promise) -> None:
        super().__init__(sentence)
        self.sentence = sentence

    def __str__(self) -> str:
        return str(self.sentence)


class SentBefore(NotShareable):
    """The form was sent before and became a ticket, but now it says something else."""

    def __init__(self, ticket: Ticket) -> None:
        super().__init__(
            _(
                "This form was sent before and became “%(name)s”. Send it again to make another "
                "ticket of what it says now."
            )
            % {"name": ticket.name}
        )


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person asks for. `form_key`: the same for a form that is sent twice. `action`: the
    improvement action of a ticket from Secure Score, None for one of the person's own. `extras`:
    what was filled into the fields that this instance asks for besides."""

    table: str
    source: Source
    name: str
    description: str
    priority: int
    due_date: dt.date | None
    form_key: uuid.UUID
    action: ImprovementAction | None = None
    extras: Mapping[str, str] = field(default_factory=dict)


def share(connection: Connection, wish: Wish, actor: Actor) -> Ticket:
    """The ticket for a wish, queued for ServiceNow; the same one for a form that was sent before.

    Ticket, outgoing row, event, audit entry and job are written together or not at all. Raises
    NotShareable if the connection cannot be used or the texts would be cut, SentBefore if the form
    was changed after it was sent: what was typed must not vanish behind the first ticket.
    """
    person = _person(actor)
    _check_texts(wish, person)
    try:
        with transaction.atomic():
            return _find(connection, wish) or _queue(connection, wish, actor)
    except IntegrityError:
        # The same form arrived twice at the same moment, and the other one was first.
        found = _find(connection, wish)
        if found is None:
            raise
        return found


def mend(ticket: Ticket, wish: Wish, actor: Actor) -> Ticket:
    """Queues a refused ticket again, with what the person changed, under the same correlation id.

    Raises NotShareable if it is not (or no longer) refused, and as `share`.
    """
    _check_texts(wish, ticket.shared_by)
    with transaction.atomic():
        connection = _usable(ticket.connection)
        row: Ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=ticket.pk)
        outgoing = row.outgoing.select_for_update().filter(state=Delivery.FAILED).last()
        if outgoing is None:
            raise NotShareable(_("This ticket is not waiting to be mended."))
        before = _told(row)
        _ask(row, wish)
        row.delivery = Delivery.QUEUED
        row.save()
        outgoing.payload = _payload(row)
        outgoing.state = Delivery.QUEUED
        outgoing.next_try_at = now = clock.now()
        outgoing.error_code = outgoing.error_detail = ""
        outgoing.error_facts = {}
        outgoing.save()
        tell(
            row, [EventDraft(EventKind.MENDED, f"mended:{outgoing.tries}", now)], actor=actor.label
        )
        audit.record(
            actor,
            "ticket.mended",
            tenant=row.tenant,
            subject=row.uid,
            before=before,
            after=_told(row),
        )
        request_delivery(connection.pk)
    return row


def _queue(connection: Connection, wish: Wish, actor: Actor) -> Ticket:
    usable = _usable(connection)
    if wish.action is not None and wish.action.tenant_id != usable.tenant_id:
        raise ValueError("the improvement action belongs to another tenant")
    now = clock.now()
    ticket = Ticket(
        tenant=usable.tenant,
        connection=usable,
        source=wish.source,
        action=wish.action,
        category=wish.action.category if wish.action else "",
        shared_by=_person(actor),
        correlation_id=f"{usable.correlation_prefix}{uuid.uuid4().hex}",
        form_key=wish.form_key,
    )
    _ask(ticket, wish)
    ticket.save()
    Outgoing.objects.create(
        tenant=usable.tenant,
        ticket=ticket,
        kind=OutgoingKind.CREATE,
        payload=_payload(ticket),
        next_try_at=now,
    )
    tell(ticket, [EventDraft(EventKind.SHARED, "shared", now)], actor=actor.label)
    audit.record(
        actor, "ticket.shared", tenant=usable.tenant, subject=ticket.uid, after=_told(ticket)
    )
    request_delivery(usable.pk)
    return ticket


def _find(connection: Connection, wish: Wish) -> Ticket | None:
    found: Ticket | None = (
        Ticket.objects.of(connection.tenant).filter(form_key=wish.form_key).first()
    )
    if found is not None and _asked(found) != _asked(_ask(Ticket(), wish)):
        raise SentBefore(found)
    return found


def _asked(ticket: Ticket) -> tuple[object, ...]:
    told = (ticket.table, ticket.name, ticket.description, ticket.priority, ticket.due_date)
    return (*told, ticket.extras)


def _usable(connection: Connection) -> Connection:
    """The row as it is now, kept so until the transaction ends. Raises NotShareable."""
    row: Connection = (
        Connection.objects.select_related("tenant")
        .select_for_update(of=("self",))
        .get(pk=connection.pk)
    )
    if not row.usable:
        raise NotShareable(
            _(
                "The connection to ServiceNow is not ready. Connect it first; "
                "what you typed stays here."
            )
        )
    return row


def _ask(ticket: Ticket, wish: Wish) -> Ticket:
    """Puts what the person asked for into the row, and returns it."""
    ticket.table = wish.table
    ticket.name = " ".join(wish.name.split())
    ticket.description = payload.tidy(wish.description)
    ticket.priority = wish.priority
    ticket.due_date = wish.due_date
    ticket.extras = {name: value for name, value in wish.extras.items() if value}
    return ticket


def _payload(ticket: Ticket) -> dict[str, str]:
    wanted = wanted_record(ticket)
    title = ticket.action.title if ticket.action else ""
    more = mapped_fields(ticket.connection, wanted, title, ticket.extras)
    return payload.compose(wanted, raw_values(more))


def wanted_record(ticket: Ticket) -> payload.Wanted:
    """What a ticket's row asks for, saved or not."""
    tenant = ticket.tenant
    return payload.Wanted(
        table=ticket.table,
        source=ticket.source,
        name=ticket.name,
        description=ticket.description,
        priority=ticket.priority,
        due_date=ticket.due_date,
        category=ticket.category,
        shared_by=ticket.shared_by.email,
        correlation_id=ticket.correlation_id,
        link=payload.ticket_link(ticket.uid),
        zone=tenant.time_zone,
        language=tenant.language,
    )


def _check_texts(wish: Wish, person: Person) -> None:
    """Refuses what ServiceNow would cut without a word."""
    category = wish.action.category if wish.action else ""
    room = payload.description_room(person, wish.source, category)
    if payload.text_length(" ".join(wish.name.split())) > SHORT_DESCRIPTION_LENGTH:
        raise NotShareable(
            _("ServiceNow keeps 160 characters of a name and cuts the rest. Shorten the name.")
        )
    if payload.text_length(payload.tidy(wish.description)) > room:
        raise NotShareable(
            _("ServiceNow would cut this description. Shorten it to %(count)d characters.")
            % {"count": room}
        )


def _person(actor: Actor) -> Person:
    if actor.person is None:
        raise TypeError("a ticket is shared by a person")
    return actor.person


def _told(ticket: Ticket) -> dict[str, Value]:
    """What the audit log keeps: not the description, which may be long."""
    return {
        "table": ticket.table,
        "name": ticket.name,
        "priority": ticket.priority,
        "due_date": ticket.due_date.isoformat() if ticket.due_date else None,
        "correlation_id": ticket.correlation_id,
        **{f"extra {name}": value[:200] for name, value in ticket.extras.items()},
    }
