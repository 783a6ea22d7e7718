"""What the connector app says, and the older app that many instances still have."""

from __future__ import annotations

from scoredesk.connections.errors import AppMissing, AppRefused
from scoredesk.connections.evidence.facts import Evidence, Seen
from scoredesk.connections.findings import Check, Finding, Outcome
from scoredesk.servicenow.errors import CrossScopeRefused, Forbidden, NoSuchResource, NotFound


def connector(evidence: Evidence) -> list[Finding] | None:
    """Whether the connector app answers, if it is to be used."""
    if evidence.app is None or evidence.app.version is None:
        return None
    seen = evidence.app.version
    fault = seen.fault
    if fault is None:
        return [Finding(Check.APP, Outcome.GOOD, facts={"version": seen.value or ""})]
    if isinstance(fault, (NoSuchResource, NotFound)):
        fault = AppMissing(fault.detail)
    elif isinstance(fault, Forbidden) and not isinstance(fault, CrossScopeRefused):
        fault = AppRefused(fault.detail)
    return [Finding.of(Check.APP, Outcome.FAILED, fault)]


def older_app(evidence: Evidence) -> list[Finding] | None:
    """Whether the older app is refused the table of OAuth applications, as its users are told in
    ServiceNow. This portal does not need that app, so it is no fault of the connection."""
    older: Seen[str] | None = evidence.app.older if evidence.app else None
    if older is None or not isinstance(older.fault, CrossScopeRefused):
        return None
    return [Finding.of(Check.APP, Outcome.WARNING, older.fault)]
