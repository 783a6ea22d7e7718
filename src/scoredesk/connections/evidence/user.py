"""Who the connection's tokens belong to."""

from __future__ import annotations

from scoredesk.connections.evidence.facts import UserEvidence, look
from scoredesk.servicenow import ServiceNow


def look_at_user(client: ServiceNow) -> UserEvidence:
    """Asks the instance who we are."""
    return UserEvidence(user=look(client.whoami))
