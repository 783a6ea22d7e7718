"""What leaves the portal and what it keeps: the one list behind the page "Data exchange".

The tickets room builds its payload from the same list, and a test compares every request that
leaves the portal with it.
"""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

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

READ_FROM_INSTANCE: Final = (
    _(
        "Of the tickets that were shared from here: number, state, priority, assignee, assignment "
        "group, due date, resolution, and when and by whom the record was changed"
    ),
    _("User name, name and e-mail address of the integration user, and whether it is active"),
    _("Names of the states of change requests and incidents"),
)

KEPT_HERE: Final = (
    _("Client ID, and the client secret and tokens in encrypted form"),
    _("The tickets that were shared, with what ServiceNow says of them"),
    _("A log of every request to the instance: time, address, result, duration; no content"),
)

NEVER_SENT: Final = (
    pgettext_lazy("data exchange", "The score itself and its history"),
    _("Improvement actions that nobody has shared"),
    _("Names, e-mail addresses and devices of the people in the Microsoft 365 tenant"),
)
