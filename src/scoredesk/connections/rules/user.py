"""What the answer to "who am I?" says about the integration user."""

from __future__ import annotations

from scoredesk.common.errors import ScoredeskError
from scoredesk.connections.evidence.facts import Evidence
from scoredesk.connections.findings import Check, Finding, Outcome
from scoredesk.connections.identity import check_user
from scoredesk.connections.rules.tokens import of_tokens


def identity(evidence: Evidence) -> list[Finding] | None:
    """Whether the tokens belong to the declared user, and whether that user is usable."""
    if evidence.user is None:
        return None
    seen = evidence.user.user
    if of_tokens(seen.fault):
        return None  # the check of the tokens tells it
    if seen.fault or seen.value is None:
        return [Finding.of(Check.IDENTITY, Outcome.FAILED, seen.fault)]
    try:
        check_user(seen.value, evidence.subject.declared)
    except ScoredeskError as fault:
        return [Finding.of(Check.IDENTITY, Outcome.FAILED, fault)]
    return []
