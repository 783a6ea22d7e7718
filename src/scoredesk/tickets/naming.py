"""What a reader's language calls a state or a priority that a ticket tells of by its value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from scoredesk.accounts.models import Tenant
from scoredesk.connections.languages import instance_code
from scoredesk.connections.models import Catalogue, StateName, TicketTable
from scoredesk.tickets.models import Priority, Ticket

# Our words for every priority as shipped; an incident can have one more than can be asked for.
_OURS: dict[str, str | Promise] = {
    **{str(priority.value): priority.label for priority in Priority},
    "5": _("5 - Planning"),
}


def priority_name(value: str, words: Mapping[str, str] | None, told: str = "") -> str:
    """The name of a priority: as the instance calls it in the reader's language, else our own.

    `words`: the instance's labels by ServiceNow's languages; `told`: what the record showed, for a
    priority that only this instance has.
    """
    own = (words or {}).get(instance_code(get_language() or ""))
    return own or str(_OURS.get(value) or (words or {}).get("en") or told or value)


def state_choices(tenant: Tenant) -> list[tuple[str, list[tuple[str, str]]]]:
    """Every state of the tenant's instances by kind of ticket, for a filter: ("table:value",
    name). Of two instances, the one connected last names a state that both have."""
    rows = StateName.objects.filter(connection__tenant=tenant)
    groups: dict[str, dict[str, str]] = {table.value: {} for table in TicketTable}
    for row in rows.order_by("-connection_id", "position", "value"):
        groups[row.table].setdefault(f"{row.table}:{row.value}", row.shown)
    return [
        (str(table.label), list(groups[table].items())) for table in TicketTable if groups[table]
    ]


class Names:
    """The names of one ticket's states and priorities, for its timeline: two queries."""

    def __init__(self, ticket: Ticket) -> None:
        of_table = {"connection_id": ticket.connection_id, "table": ticket.table}
        rows = StateName.objects.filter(**of_table)
        self._states = {row.value: row.shown for row in rows}
        choices: Any = Catalogue.objects.filter(**of_table).values_list("choices", flat=True)
        listed = (choices.first() or {}).get("priority", [])
        self._priorities = {each["value"]: each["labels"] for each in listed}

    def state(self, value: str, told: str) -> str:
        """A state; `told`: what the record showed then."""
        return self._states.get(value) or told

    def priority(self, value: str, told: str) -> str:
        """A priority; an event of an older version does not tell its value."""
        return priority_name(value, self._priorities.get(value), told) if value else told
