"""Goes and looks, step by step; stops where an answer makes the next question pointless."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from scoredesk.connections.errors import ConnectionFault
from scoredesk.connections.evidence.app import look_at_app
from scoredesk.connections.evidence.facts import Evidence
from scoredesk.connections.evidence.instance import look_at_instance, look_at_release
from scoredesk.connections.evidence.subject import subject_of
from scoredesk.connections.evidence.tables import look_at_choices, look_at_table
from scoredesk.connections.evidence.user import look_at_user
from scoredesk.connections.findings import Step
from scoredesk.connections.identity import check_user
from scoredesk.connections.models import Connection, TicketTable
from scoredesk.connections.tokens import client_for
from scoredesk.servicenow import ServiceNow


def collect(
    connection: Connection, *, now: datetime, steps: Collection[Step] = frozenset(Step)
) -> Evidence:
    """The evidence that these steps need, with short time-outs. Raises nothing that an instance
    can cause."""
    instance = look_at_instance(connection)
    evidence = Evidence(at=now, subject=subject_of(connection), instance=instance)
    if not instance.reached or not evidence.subject.has_tokens:
        return evidence
    with client_for(connection, insist=True) as client:
        return _as_user(evidence, client, connection, steps)


def _as_user(
    evidence: Evidence, client: ServiceNow, connection: Connection, steps: Collection[Step]
) -> Evidence:
    """Who is refused, or not the right one, is asked nothing more: refusals without end lock an
    account, and what another user may read says nothing."""
    evidence = replace(evidence, user=look_at_user(client))
    if not _is_declared(evidence):
        return evidence
    if Step.INSTANCE in steps:
        evidence = replace(evidence, release=look_at_release(client))
    if Step.APP in steps:
        evidence = replace(evidence, app=look_at_app(client, connection))
    if Step.VERIFY not in steps:
        return evidence
    return replace(
        evidence,
        tables={table.value: look_at_table(client, table) for table in TicketTable},
        choices=look_at_choices(client, connection.language),
    )


def _is_declared(evidence: Evidence) -> bool:
    """Whether the right user answers."""
    if evidence.user is None or evidence.user.user.value is None:
        return False
    try:
        check_user(evidence.user.user.value, evidence.subject.declared)
    except ConnectionFault:
        return False
    return True
