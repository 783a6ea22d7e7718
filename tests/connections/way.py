"""Asks the check about the way to an instance, and puts the instance right again."""

from __future__ import annotations

import httpx

from scoredesk.accounts.audit import Actor
from scoredesk.common.clock import now
from scoredesk.connections import checks
from scoredesk.connections.findings import Check, Finding, Outcome, Step
from scoredesk.connections.models import Connection
from scoredesk.sandbox.program import RunningSandbox

JOB = Actor.job("test")
WAY = frozenset({Step.INSTANCE, Step.APP, Step.APPLICATION, Step.AUTHORIZE})


def look(connection: Connection, check: Check) -> Finding:
    """The first finding of one check, on the way to the instance."""
    connection.refresh_from_db()
    found = checks.run(connection, actor=JOB, now=now(), steps=WAY)
    return next(finding for finding in found if finding.check == check)


def told_of(connection: Connection, check: Check) -> tuple[Outcome, str]:
    """Outcome and code of that finding."""
    finding = look(connection, check)
    return finding.outcome, finding.code


def good(connection: Connection, check: Check) -> bool:
    """Whether that check ends well."""
    return look(connection, check).outcome == Outcome.GOOD


def end_faults(sandbox: RunningSandbox) -> None:
    """Removes every planned fault."""
    httpx.delete(f"{sandbox.servicenow_url}/_sandbox/faults", timeout=10).raise_for_status()
