"""The choices of the fields that we use, and the states as the portal keeps them."""

from __future__ import annotations

from scoredesk.connections.evidence.facts import ChoiceEvidence, StateRow, look
from scoredesk.connections.languages import asked_languages, instance_code
from scoredesk.connections.models import Connection, Phase, TicketTable
from scoredesk.servicenow import ServiceNow

ELEMENTS = ("state", "priority", "impact", "urgency", "close_code")


def look_at_choices(client: ServiceNow, connection: Connection) -> ChoiceEvidence:
    """All choices in one request, in the portal's languages and the connection's own."""
    languages = asked_languages(connection.language)
    return ChoiceEvidence(
        rows=look(lambda: tuple(client.choice_rows(list(TicketTable), ELEMENTS, languages))),
        language=connection.language,
        ours={table.value: _states(connection, table) for table in TicketTable},
    )


def _states(connection: Connection, table: str) -> tuple[StateRow, ...]:
    return tuple(
        StateRow(
            value=row.value,
            label=row.label,
            has_phase=row.phase != Phase.UNKNOWN,
            retired=row.retired,
            listed=row.listed,
            labels={instance_code(language): label for language, label in row.labels.items()},
        )
        for row in connection.state_names.filter(table=table)
    )
