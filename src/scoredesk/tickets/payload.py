"""The record that is sent to ServiceNow for a ticket: exactly the data that the page "Data
exchange" names (`connections.exchange.SENT_WITH_EACH_TICKET`, and the fields that an administrator
has mapped, `connections.fields.sent`), and nothing else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from scoredesk.accounts.models import Person
from scoredesk.connections.models import TicketTable
from scoredesk.posture.models import Category
from scoredesk.servicenow.timestamps import to_wire
from scoredesk.servicenow.vocabulary import DUE_FIELD, LENGTHS, impact_and_urgency
from scoredesk.tickets.models import Source

# The name that every ticket made from Secure Score carries; a product name, not translated.
MICROSOFT_NAME: Final = "Microsoft 365 Security and Configuration Change Request"
_SAMPLE_UID: Final = "00000000-0000-0000-0000-000000000000"
_LAST_SECOND: Final = dt.time(23, 59, 59)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for. `shared_by`: the sign-in name; `link`: the ticket's page; `zone` and
    `language`: the tenant's, for the end of the due day and the words of the block."""

    table: str
    source: str
    name: str
    description: str
    priority: int
    due_date: dt.date | None
    category: str
    shared_by: str
    correlation_id: str
    link: str
    zone: str = "UTC"
    language: str = "en"


def compose(wanted: Wanted, more: Mapping[str, str] | None = None) -> dict[str, str]:
    """The fields of the record, as raw values of the Table API. `more`: the mapped fields, which
    never replace one of ours.

    An incident's priority is computed by the instance, so its impact and urgency are sent; a
    change request's is written as it is (servicenow-api 6.2, 7.4). What is neither ours nor
    mapped, a change's type for example, is left to the instance.
    """
    fields = {
        "short_description": wanted.name,
        "description": f"{tidy(wanted.description)}\n\n{_block(wanted)}",
        "correlation_id": wanted.correlation_id,
        **_priority(wanted),
    }
    if wanted.due_date is not None:
        fields[DUE_FIELD] = to_wire(end_of_day(wanted.due_date, wanted.zone))
    if wanted.source == Source.MICROSOFT:
        fields["correlation_display"] = MICROSOFT_NAME
    return {**(more or {}), **fields}


def expected(wanted_priority: int, table: str) -> dict[str, str]:
    """Values that should result although they are not sent."""
    return {"priority": str(wanted_priority)} if table == TicketTable.INCIDENT else {}


def description_room(person: Person, source: str, category: str) -> int:
    """How many characters a person may write into the description of a ticket.

    ServiceNow cuts the field silently, and the block with the link back stands at its end. The
    language whose block is longest counts, so that a change of language cuts nothing.
    """
    blocks = (
        _block_text(person.email, source, category, ticket_link(_SAMPLE_UID), language)
        for language, _name in settings.LANGUAGES
    )
    return LENGTHS["description"] - max(text_length(f"\n\n{block}") for block in blocks)


def tidy(text: str) -> str:
    """A text as it is sent: browsers end lines with two characters, of which each would count."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def text_length(text: str) -> int:
    """Length as ServiceNow, written in Java, counts: an emoji counts twice."""
    return len(text.encode("utf-16-le")) // 2


def ticket_link(uid: object) -> str:
    """The address of a ticket's page, for people who read the record in ServiceNow."""
    return f"{settings.PUBLIC_URL}/tickets/{uid}/"


def end_of_day(day: dt.date, zone: str) -> dt.datetime:
    """The last second of a day in a time zone, as UTC. An unknown zone counts as UTC."""
    try:
        place = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        place = ZoneInfo("UTC")
    return dt.datetime.combine(day, _LAST_SECOND, place).astimezone(dt.UTC)


def _priority(wanted: Wanted) -> dict[str, str]:
    if wanted.table != TicketTable.INCIDENT:
        return {"priority": str(wanted.priority)}
    impact, urgency = impact_and_urgency(wanted.priority)
    return {"impact": str(impact), "urgency": str(urgency)}


def _block(wanted: Wanted) -> str:
    return _block_text(
        wanted.shared_by, wanted.source, wanted.category, wanted.link, wanted.language
    )


def _block_text(shared_by: str, source: str, category: str, link: str, language: str) -> str:
    """The lines under the person's own text; the link last, alone, so that it stays clickable."""
    lines: list[tuple[str | Promise, str | Promise]] = [
        (_("Shared by"), shared_by),
        (_("Recommendation source"), Source(source).label),
    ]
    if category:
        lines.append((_("Recommendation category"), _category(category)))
    lines.append((_("Link back"), link))
    with translation.override(language):
        colon = pgettext("after a label", ": ")
        return "\n".join(f"{label}{colon}{value}" for label, value in lines)


def _category(category: str) -> str | Promise:
    return Category(category).label if category in set(Category) else category
