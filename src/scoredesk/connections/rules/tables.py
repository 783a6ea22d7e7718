"""What may be read of the tables of tickets, and of their choices."""

from __future__ import annotations

from scoredesk.connections.errors import ChoicesUnreadable, TableUnreadable
from scoredesk.connections.evidence.facts import Evidence
from scoredesk.connections.findings import Check, Finding, Outcome
from scoredesk.servicenow.errors import Forbidden


def change_request(evidence: Evidence) -> list[Finding] | None:
    """Whether change requests can be used as tracking and delivery need."""
    return _table(evidence, Check.CHANGE_REQUEST)


def incident(evidence: Evidence) -> list[Finding] | None:
    """The same for incidents."""
    return _table(evidence, Check.INCIDENT)


def choices(evidence: Evidence) -> list[Finding] | None:
    """Only a doubt, also when it is refused: the names as shipped stand in."""
    seen = evidence.choices
    if seen is None:
        return None
    if isinstance(seen.fault, Forbidden):
        refused = ChoicesUnreadable(seen.fault.detail)
        return [Finding.of(Check.CHOICES, Outcome.UNSURE, refused)]
    if seen.fault:
        return [Finding.of(Check.CHOICES, Outcome.FAILED, seen.fault)]
    return [] if seen.value else [Finding.of(Check.CHOICES, Outcome.UNSURE, ChoicesUnreadable())]


def _table(evidence: Evidence, check: Check) -> list[Finding] | None:
    """A list without rows is no proof of a missing right, and none of a right
    (servicenow-api 1.11)."""
    seen = evidence.tables.get(check.value)
    if seen is None:
        return None
    fault = seen.rows.fault or seen.search.fault
    if fault:
        return [Finding.of(check, Outcome.FAILED, fault)]
    if not seen.rows.value:
        unseen = TableUnreadable(facts={"table": check.value})
        return [Finding.of(check, Outcome.UNSURE, unseen)]
    return []
