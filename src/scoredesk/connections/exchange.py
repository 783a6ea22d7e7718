"""What leaves the portal: the lists behind the page "Data exchange".

The tickets room builds its payload from the same list, and a test compares every request that
leaves the portal with these lists, so that the page cannot be untrue. What is read stands in
`exchange_read`, what is kept in `exchange_kept`.
"""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from scoredesk.connections.fields.catalogue import FieldInfo
from scoredesk.connections.fields.sent import asked_fields, book_of, defaults_of
from scoredesk.connections.languages import instance_code
from scoredesk.connections.models import Connection, TicketTable

Text = str | Promise

# (key, label) of everything a ticket tells ServiceNow.
SENT_WITH_EACH_TICKET: Final = (
    ("shared_by", _("ID of the user who shared it")),
    ("name", _("Task name")),
    ("description", _("Description")),
    ("priority", _("Priority")),
    ("due_date", _("Due date")),
    ("source", _("Recommendation source")),
    ("category", _("Recommendation category")),
    ("link", _("Link back to the ticket in the portal")),
    ("correlation_id", _("Correlation ID, by which the portal finds the record again")),
    ("correlation_display", _("Name of the kind of record")),
)

SENT_TO_SIGN_IN: Final = (
    _("Client ID, client secret and redirect address, each time a token is asked for"),
    _("A code of the instance's Allow page, with the proof that the portal asked for it (PKCE)"),
    _("The access token with every request; the refresh token to renew it; both to revoke them"),
    _("The integration user's password, once, if an administrator has it checked; it is not kept"),
)

# Nothing is written but tickets, and a trial record that an administrator asks for.
WRITTEN: Final = (
    _("New change requests and incidents: the tickets that people share"),
    _("A trial record, if an administrator asks for one; it is cancelled at once"),
)

NEVER_SENT: Final = (
    pgettext_lazy("data exchange", "The score itself and its history"),
    _("Improvement actions that nobody has shared"),
    _("Names, e-mail addresses and devices of the people in the Microsoft 365 tenant"),
    _("Passwords: neither those of the portal's people nor any of ServiceNow's is kept"),
)


def mapped_fields(connection: Connection) -> list[tuple[str, list[str]]]:
    """What is sent besides, as an administrator has chosen or the instance demands, per kind of
    ticket: (kind, lines)."""
    found = []
    for table in TicketTable:
        book = book_of(connection, table, instance_code(get_language() or ""))
        defaults = defaults_of(connection, table)
        lines = [
            _line(book.info(each.field), each.value if each.template else each.shown or each.value)
            for each in defaults
            if not each.asked
        ]
        asked = _("asked of the person who shares")
        lines += [_line(info, asked) for info in asked_fields(book, defaults)]
        if lines:
            found.append((str(table.label), lines))
    return found


def _line(info: FieldInfo, value: Text) -> str:
    return f"{info.label} ({info.name}): {value}"
