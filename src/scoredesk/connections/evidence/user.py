"""Who the connection's tokens belong to, and what kind of account that is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from scoredesk.connections.evidence.facts import AccountEvidence, Seen, UserEvidence, look
from scoredesk.connections.identity import is_of_a_person
from scoredesk.connections.models import Connection
from scoredesk.connections.owner import emails_of_people
from scoredesk.servicenow import InstanceUser, Query, ServiceNow
from scoredesk.servicenow.vocabulary import Table

_MOST_ROLES = 500


def look_at_user(client: ServiceNow) -> UserEvidence:
    """Asks the instance who we are."""
    return UserEvidence(user=look(client.whoami))


def look_at_account(
    client: ServiceNow, user: InstanceUser, connection: Connection
) -> AccountEvidence:
    """Its roles; where these may not be read, whether it sees what only administrators should
    (servicenow-api 1.11)."""
    roles = look(lambda: _roles(client))
    known = bool(roles.value)
    return AccountEvidence(
        roles=roles,
        sees_secrets=not known and _sees_secrets(client),
        is_person=is_of_a_person(user, emails_of_people(connection.tenant)),
    )


def _roles(client: ServiceNow) -> Mapping[str, datetime | None]:
    rows = client.list(
        Table.USER_ROLE,
        Query().caller("user"),
        ["role", "role.name", "sys_created_on", "state"],
        limit=_MOST_ROLES,
    )
    named = {row.value("role.name") or row.display("role"): row for row in rows}
    return {
        name: row.time("sys_created_on")
        for name, row in named.items()
        if name and row.value("state") in {"", "active"}
    }


def _sees_secrets(client: ServiceNow) -> bool:
    seen: Seen[list[object]] = look(
        lambda: list(client.list(Table.APPLICATION, Query(), ["sys_id"], limit=1))
    )
    return bool(seen.value)
