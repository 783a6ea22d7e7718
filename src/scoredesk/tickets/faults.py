"""Why a ticket has not reached ServiceNow, in words for people."""

from __future__ import annotations

from scoredesk.common.errors import Explanation
from scoredesk.connections.faults import explain
from scoredesk.tickets.models import Delivery, Outgoing


def explain_outgoing(outgoing: Outgoing | None) -> Explanation | None:
    """What is the matter with this delivery; None when nothing is."""
    if outgoing is None or not outgoing.error_code or outgoing.state == Delivery.DELIVERED:
        return None
    facts = {**outgoing.error_facts, "detail": outgoing.error_detail}
    return explain(outgoing.error_code, facts)
