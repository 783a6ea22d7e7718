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

from scoredesk.connections.languages import instance_code
from scoredesk.connections.models import Catalogue, Connection, FieldDefault, TicketTable

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
    """What an administrator has chosen to send besides, per kind of ticket: (kind, lines)."""
    labels = {row.table: row.fields for row in Catalogue.objects.filter(connection=connection)}
    found: dict[str, list[str]] = {}
    for row in connection.field_defaults.all():
        known = labels.get(row.table, {}).get(row.field, {})
        found.setdefault(row.table, []).append(_line(row, known))
    return [(str(table.label), found[table]) for table in TicketTable if table in found]


def _line(row: FieldDefault, known: dict[str, object]) -> str:
    words = known.get("labels")
    own = words.get(instance_code(get_language() or "")) if isinstance(words, dict) else ""
    label = own or known.get("label") or row.field
    value = _("asked of the person who shares") if row.asked else row.shown or row.value
    return f"{label} ({row.field}): {value}"
