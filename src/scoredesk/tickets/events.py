"""The timeline of a ticket: each event once, however often it is told."""

from __future__ import annotations

from collections.abc import Iterable

from scoredesk.tickets.models import Ticket, TicketEvent
from scoredesk.tickets.plan import EventDraft


def tell(ticket: Ticket, drafts: Iterable[EventDraft], *, actor: str = "") -> None:
    """Adds events to a ticket's timeline; those whose key is there already change nothing.

    `actor`: the sign-in name of a person, the user name in ServiceNow, or "" for Scoredesk itself.
    """
    TicketEvent.objects.bulk_create(
        [
            TicketEvent(
                tenant_id=ticket.tenant_id,
                ticket=ticket,
                kind=draft.kind,
                key=draft.key,
                at=draft.at,
                actor=actor[:200],
                facts=draft.facts,
            )
            for draft in drafts
        ],
        ignore_conflicts=True,
    )
