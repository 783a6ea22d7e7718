"""Refusals of new records, as far as nothing has disproved them since."""

from __future__ import annotations

from scoredesk.connections.evidence.facts import Evidence, Refusal


def newest_refusal(evidence: Evidence, table: str) -> Refusal | None:
    """The newest refusal of a table; None once a record was created after it."""
    found = [refusal for refusal in evidence.above.refusals if refusal.table == table]
    newest = max(found, key=lambda refusal: refusal.at, default=None)
    created = evidence.above.created.get(table)
    if newest is None or (created and created > newest.at):
        return None
    return newest


def happened(refusal: Refusal) -> str:
    """When it happened, for a sentence in any language."""
    return f"{refusal.at:%Y-%m-%d %H:%M} UTC"
