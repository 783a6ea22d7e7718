"""Goes and looks, step by step; stops where an answer makes the next question pointless."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from scoredesk.connections.errors import ConnectionFault, NotAuthorized
from scoredesk.connections.evidence.facts import Evidence, Seen, Subject, UserEvidence
from scoredesk.connections.evidence.instance import look_at_instance
from scoredesk.connections.evidence.tables import look_at_choices, look_at_table
from scoredesk.connections.evidence.user import look_at_user
from scoredesk.connections.findings import Step
from scoredesk.connections.identity import check_user
from scoredesk.connections.models import Connection, SignIn, Status, TicketTable
from scoredesk.connections.tokens import client_for
from scoredesk.servicenow import ServiceNow

AS_USER = frozenset({Step.USER, Step.AUTHORIZE, Step.VERIFY})


def collect(
    connection: Connection, *, now: datetime, steps: Collection[Step] = frozenset(Step)
) -> Evidence:
    """The evidence that these steps need, with short time-outs. Raises nothing that an instance
    can cause."""
    evidence = Evidence(
        at=now, subject=subject_of(connection), instance=look_at_instance(connection)
    )
    reached = evidence.instance is not None and evidence.instance.sighting.fault is None
    if not reached or not AS_USER & set(steps):
        return evidence
    if not connection.has_tokens:
        return replace(evidence, user=UserEvidence(user=Seen(fault=NotAuthorized())))
    with client_for(connection, insist=True) as client:
        return _as_user(evidence, client, connection, steps)


def subject_of(connection: Connection) -> Subject:
    """The connection as it is set up."""
    return Subject(
        address=connection.address,
        declared=connection.integration_user,
        sign_in=SignIn(connection.sign_in),
        status=Status(connection.status),
        has_tokens=connection.has_tokens,
    )


def _as_user(
    evidence: Evidence, client: ServiceNow, connection: Connection, steps: Collection[Step]
) -> Evidence:
    evidence = replace(evidence, user=look_at_user(client))
    if not _is_declared(evidence) or Step.VERIFY not in steps:
        return evidence
    return replace(
        evidence,
        tables={table.value: look_at_table(client, table) for table in TicketTable},
        choices=look_at_choices(client, connection.language),
    )


def _is_declared(evidence: Evidence) -> bool:
    """Whether the right user answers: what another one may read says nothing."""
    if evidence.user is None or evidence.user.user.value is None:
        return False
    try:
        check_user(evidence.user.user.value, evidence.subject.declared)
    except ConnectionFault:
        return False
    return True
