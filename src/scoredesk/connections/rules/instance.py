"""What the look from outside says about the instance."""

from __future__ import annotations

from scoredesk.connections.evidence.facts import Evidence
from scoredesk.connections.findings import Check, Finding, Outcome


def reach(evidence: Evidence) -> list[Finding] | None:
    """Whether an instance answers at all."""
    if evidence.instance is None:
        return None
    fault = evidence.instance.sighting.fault
    return [Finding.of(Check.REACH, Outcome.FAILED, fault)] if fault else []
