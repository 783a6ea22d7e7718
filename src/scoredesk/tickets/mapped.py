"""The further fields of a ticket's record: as an administrator has mapped them, and as the person
who shares has filled them in."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils import translation

from scoredesk.connections.fields.known import OURS
from scoredesk.connections.fields.sent import Filled, book_of, defaults_of, filled
from scoredesk.connections.fields.widgets import shown_option
from scoredesk.connections.models import Connection
from scoredesk.posture.models import Category
from scoredesk.tickets.models import Priority, Source, Ticket
from scoredesk.tickets.payload import Wanted


def mapped_fields(
    connection: Connection, wanted: Wanted, action_title: str, extras: Mapping[str, str]
) -> list[Filled]:
    """What is sent besides for this ticket, with where each value comes from."""
    return filled(
        defaults_of(connection, wanted.table), placeholder_values(wanted, action_title), extras
    )


def placeholder_values(wanted: Wanted, action_title: str) -> dict[str, str]:
    """The ticket's values for templates (`fields.placeholders.PLACEHOLDERS`), in its language. A
    ticket of a person's own has no improvement action: its name stands for that."""
    category = wanted.category
    with translation.override(wanted.language):
        if category in set(Category):
            category = str(Category(category).label)
        return {
            "name": wanted.name,
            "priority": str(Priority(wanted.priority).label),
            "due_date": wanted.due_date.isoformat() if wanted.due_date else "",
            "category": category,
            "source": str(Source(wanted.source).label),
            "action": action_title or wanted.name,
            "shared_by": wanted.shared_by,
            "link": wanted.link,
        }


def further_fields(ticket: Ticket, sent: Mapping[str, str]) -> list[tuple[str, str]]:
    """What was sent in a ticket besides, by label, as people read it: groups and people by the
    name that the mapping shows for them, choices by theirs."""
    further = {name: value for name, value in sent.items() if name not in OURS}
    if not further:
        return []
    book = book_of(ticket.connection, ticket.table, translation.get_language() or "en")
    names = {
        (each.field, each.value): each.shown
        for each in defaults_of(ticket.connection, ticket.table)
        if not each.template and each.shown
    }
    return [
        (
            book.info(name).label,
            names.get((name, value)) or shown_option(book, name, value),
        )
        for name, value in further.items()
    ]


def raw_values(fields: list[Filled]) -> dict[str, str]:
    """Field and value, as they are sent."""
    return {each.field: each.value for each in fields}
