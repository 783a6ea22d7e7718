"""The connector app in the instance, and the older app that it follows."""

from __future__ import annotations

from collections.abc import Mapping

from scoredesk.connections.evidence.facts import AppEvidence, look
from scoredesk.connections.models import Connection, ConnectorApp
from scoredesk.servicenow import ServiceNow

STATUS_PATH = "/api/x_scoredesk/v1/status"
# Its script reads oauth_entity, which the platform refuses (servicenow-api 1.12 A).
OLDER_PATH = "/api/x_mioms_m365ticket/v1/status"


def look_at_app(client: ServiceNow, connection: Connection) -> AppEvidence:
    """Asks the connector app for its version if it is to be used, and the older app in any case."""
    older = look(lambda: _version(client.read(OLDER_PATH)))
    if connection.connector_app != ConnectorApp.WITH:
        return AppEvidence(older=older)
    return AppEvidence(look(lambda: _version(client.read(STATUS_PATH))), older)


def _version(result: object) -> str:
    return str(result.get("version") or "") if isinstance(result, Mapping) else ""
