"""The limits that the instance sets to our requests (servicenow-api 10)."""

from __future__ import annotations

from collections.abc import Iterator

from scoredesk.common.errors import ScoredeskError
from scoredesk.connections.errors import QueriesCancelled, RateRuleSeen
from scoredesk.connections.evidence.facts import Evidence
from scoredesk.connections.findings import Check, Finding, Outcome
from scoredesk.servicenow.errors import PartialResult, RateLimited

# Requests an hour that tracking, delivery and checks need together with room to spare.
ENOUGH = 1000


def rate(evidence: Evidence) -> list[Finding] | None:
    """A rate rule: only noted where it leaves enough requests."""
    if not evidence.tables:
        return None
    limited = next((fault for fault in _faults(evidence) if isinstance(fault, RateLimited)), None)
    if limited:
        return [Finding.of(Check.LIMITS, Outcome.WARNING, limited)]
    rule = evidence.rate_rule
    if rule is None:
        return []
    outcome = Outcome.GOOD if rule.limit >= ENOUGH else Outcome.WARNING
    error = RateRuleSeen(facts={"limit": str(rule.limit), "rule": rule.sys_id or "–"})
    return [Finding.of(Check.LIMITS, outcome, error)]


def queries(evidence: Evidence) -> list[Finding] | None:
    """Lists that the instance cancelled."""
    if not evidence.tables:
        return None
    cut = next((fault for fault in _faults(evidence) if isinstance(fault, PartialResult)), None)
    if cut is None:
        return []
    return [Finding.of(Check.LIMITS, Outcome.WARNING, QueriesCancelled(cut.detail))]


def _faults(evidence: Evidence) -> Iterator[ScoredeskError | None]:
    for table in evidence.tables.values():
        yield from (table.newest.fault, table.search.fault, table.states.fault)
    yield evidence.choices.rows.fault if evidence.choices else None
    yield evidence.known.fault if evidence.known else None
