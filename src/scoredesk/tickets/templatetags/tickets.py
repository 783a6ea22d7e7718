"""Badges of a ticket: the same words and colours on every page."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from scoredesk.connections.models import Phase
from scoredesk.tickets.models import Delivery, Ticket
from scoredesk.tickets.naming import priority_name
from scoredesk.tickets.timeline import Line, timeline

register = template.Library()

PHASE_COLOURS = {
    Phase.TO_DO: "blue",
    Phase.IN_PROGRESS: "yellow",
    Phase.ON_HOLD: "orange",
    Phase.DONE: "green",
    Phase.CANCELLED: "secondary",
    Phase.UNKNOWN: "purple",
}
DELIVERY_COLOURS = {
    Delivery.QUEUED: "azure",
    Delivery.SENDING: "azure",
    Delivery.UNCERTAIN: "orange",
    Delivery.DELIVERED: "green",
    Delivery.FAILED: "red",
}
PRIORITY_COLOURS = {"1": "red", "2": "orange", "3": "yellow", "4": "azure", "5": "secondary"}


def _badge(colour: str, text: object) -> SafeString:
    return format_html('<span class="badge bg-{}-lt">{}</span>', colour, text)


@register.simple_tag
def phase_colour(phase: str) -> str:
    """Tabler's colour name for a phase."""
    return PHASE_COLOURS.get(Phase(phase), "secondary")


@register.simple_tag
def state_badge(ticket: Ticket) -> SafeString:
    """The record's state by the name that the portal shows; before delivery, how far that is."""
    if ticket.delivery != Delivery.DELIVERED:
        delivery = Delivery(ticket.delivery)
        return _badge(DELIVERY_COLOURS[delivery], delivery.label)
    phase = Phase(ticket.phase)
    return _badge(
        PHASE_COLOURS[phase],
        getattr(ticket, "state_shown", "") or ticket.state_label or phase.label,
    )


@register.simple_tag
def priority_badge(ticket: Ticket) -> SafeString:
    """The priority that ServiceNow holds, or the wanted one until it is delivered."""
    value = ticket.remote_priority or str(ticket.priority)
    words = getattr(ticket, "priority_words", None)
    label = priority_name(value, words, ticket.remote_priority_label)
    return _badge(PRIORITY_COLOURS.get(value, "secondary"), label)


@register.simple_tag
def ticket_timeline(ticket: Ticket) -> list[Line]:
    """What happened to the ticket, newest first, a sentence each."""
    return timeline(ticket)
