"""The sentence for each thing that happened to a ticket. `facts` of an event are named here:

delivered, adopted   number
refused, delayed     code, detail
field_differs        field, sent, stored
state_changed        before, after            (as the records showed the states)
                     before_value, after_value
priority_changed     the same, of the priorities
assigned             before, after, group
due_changed          before, after            (ISO dates or "")
renamed              before, after
resolved             code, notes
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from scoredesk.tickets.models import EventKind, Ticket, TicketEvent
from scoredesk.tickets.naming import Names

# kind: (icon, colour, sentence). A sentence names only facts listed above.
SENTENCES: dict[str, tuple[str, str, str | Promise]] = {
    EventKind.SHARED: ("send", "blue", _("Shared, waiting to be sent to ServiceNow.")),
    EventKind.DELIVERED: ("check", "green", _("Created in ServiceNow as %(number)s.")),
    EventKind.ADOPTED: (
        "check",
        "green",
        _(
            "The answer of ServiceNow had been lost. The record was looked up and found as "
            "%(number)s, so it was not created again."
        ),
    ),
    EventKind.REFUSED: ("x", "red", _("ServiceNow refused it: %(detail)s")),
    EventKind.DELAYED: (
        "clock",
        "orange",
        _("Could not be sent yet (%(code)s). Scoredesk tries again by itself."),
    ),
    EventKind.MENDED: ("pencil", "blue", _("Mended and sent again.")),
    EventKind.FIELD_DIFFERS: (
        "alert-triangle",
        "orange",
        _("ServiceNow stored “%(stored)s” for %(field)s; sent was “%(sent)s”."),
    ),
    EventKind.STATE_CHANGED: (
        "arrow-right",
        "blue",
        _("State changed from “%(before)s” to “%(after)s”."),
    ),
    EventKind.PRIORITY_CHANGED: (
        "urgent",
        "blue",
        _("Priority changed from “%(before)s” to “%(after)s”."),
    ),
    EventKind.ASSIGNED: ("users", "blue", _("Assigned to “%(after)s” (group “%(group)s”).")),
    EventKind.DUE_CHANGED: (
        "clock",
        "blue",
        _("Due date changed from “%(before)s” to “%(after)s”."),
    ),
    EventKind.RENAMED: ("pencil", "blue", _("Renamed from “%(before)s” to “%(after)s”.")),
    EventKind.RESOLVED: ("circle-check", "green", _("Resolution: %(code)s. %(notes)s")),
    EventKind.MISSING: (
        "alert-triangle",
        "orange",
        _("The record was deleted in ServiceNow, or is no longer visible to the integration user."),
    ),
    EventKind.FOUND: ("check", "green", _("The record is visible again.")),
    EventKind.UNTRACKED: (
        "unlink",
        "secondary",
        _("The connection was removed: no longer tracked."),
    ),
    EventKind.TRACKED: ("link", "green", _("Connected again: tracked from here on.")),
}


@dataclass(frozen=True)
class Line:
    """One line of a ticket's timeline."""

    at: dt.datetime
    icon: str
    colour: str
    text: str
    actor: str


def line(event: TicketEvent, names: Names) -> Line:
    """The line for one event, in the active language."""
    icon, colour, sentence = SENTENCES[event.kind]
    known = {**event.facts, **_named(event, names)}
    facts = _Facts({name: value or "—" for name, value in known.items()})
    return Line(event.at, icon, colour, str(sentence) % facts, event.actor)


def timeline(ticket: Ticket) -> list[Line]:
    """What happened to `ticket`, newest first."""
    names = Names(ticket)
    return [line(event, names) for event in ticket.events.order_by("-at", "-id")]


def _named(event: TicketEvent, names: Names) -> dict[str, str]:
    """States and priorities by the names of the reader's language."""
    name = {
        EventKind.STATE_CHANGED: names.state,
        EventKind.PRIORITY_CHANGED: names.priority,
    }.get(EventKind(event.kind))
    if name is None:
        return {}
    facts = event.facts
    return {
        side: name(facts.get(f"{side}_value", ""), facts.get(side, ""))
        for side in ("before", "after")
    }


class _Facts(dict[str, object]):
    """An event written by an older version may lack a fact; the page must still show."""

    def __missing__(self, _key: str) -> str:
        return "—"
