"""A look at the instance from outside, as nobody."""

from __future__ import annotations

from scoredesk.connections.evidence.facts import InstanceEvidence, look
from scoredesk.connections.instance import recorded_wire
from scoredesk.connections.models import Connection
from scoredesk.servicenow import probe


def look_at_instance(connection: Connection) -> InstanceEvidence:
    """Whether a ServiceNow instance answers at the address."""
    return InstanceEvidence(
        sighting=look(lambda: probe(connection.address, recorded_wire(connection)))
    )
