"""What the integration user may read of the tables that tickets live in."""

from __future__ import annotations

from scoredesk.connections.evidence.facts import Seen, TableEvidence, look
from scoredesk.servicenow import Query, ServiceNow
from scoredesk.servicenow.vocabulary import Table


def look_at_table(client: ServiceNow, table: str) -> TableEvidence:
    """Reads one record, then asks as tracking does: both rights are apart (servicenow-api 3.4)."""
    tracking = Query().where("correlation_id", "STARTSWITH", "scoredesk-")
    tracking = tracking.where("sys_updated_on", ">=", "2000-01-01 00:00:00")
    return TableEvidence(
        rows=look(lambda: len(client.list(table, Query(), ["sys_id"], limit=1))),
        search=look(
            lambda: len(
                client.list(table, tracking.order_by("sys_updated_on"), ["sys_id"], limit=1)
            )
        ),
    )


def look_at_choices(client: ServiceNow, language: str) -> Seen[int]:
    """How many choices of a state are shown, in the language or else in English."""
    return look(
        lambda: len(
            client.choices(Table.INCIDENT, "state", language)
            or client.choices(Table.INCIDENT, "state")
        )
    )
