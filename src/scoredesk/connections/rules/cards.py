"""The last fault of the original product: everything is installed, but people see no cards and no
Share."""

from __future__ import annotations

from scoredesk.connections.errors import (
    ActionsElsewhere,
    ConnectionFault,
    NoActions,
    NobodyMayShare,
    NoWorker,
)
from scoredesk.connections.evidence.facts import Evidence
from scoredesk.connections.findings import Check, Finding, Outcome


def cards(evidence: Evidence) -> list[Finding] | None:
    """What in the portal itself keeps people from seeing tickets and sharing them."""
    if evidence.desk is None:
        return None
    found: list[ConnectionFault] = []
    if not evidence.desk.worker:
        found.append(NoWorker())
    if not evidence.desk.admins:
        found.append(NobodyMayShare())
    if evidence.above.actions == 0:
        found.append(ActionsElsewhere() if evidence.above.actions_elsewhere else NoActions())
    return [Finding.of(Check.CARDS, Outcome.WARNING, error) for error in found]
