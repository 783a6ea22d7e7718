"""Goes and looks, step by step; stops where an answer makes the next question pointless."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from scoredesk.connections.errors import ConnectionFault
from scoredesk.connections.evidence.above import look_above
from scoredesk.connections.evidence.app import look_at_app
from scoredesk.connections.evidence.choices import look_at_choices
from scoredesk.connections.evidence.desk import look_at_desk
from scoredesk.connections.evidence.facts import Evidence, TableEvidence
from scoredesk.connections.evidence.fields import look_at_fields
from scoredesk.connections.evidence.instance import look_at_instance, look_at_release
from scoredesk.connections.evidence.subject import subject_of
from scoredesk.connections.evidence.tables import (
    UTC_ZONES,
    look_at_dates,
    look_at_known,
    look_at_table,
)
from scoredesk.connections.evidence.user import look_at_account, look_at_user
from scoredesk.connections.findings import Step
from scoredesk.connections.identity import check_user
from scoredesk.connections.models import Connection, TicketTable
from scoredesk.connections.tokens import client_for
from scoredesk.servicenow import InstanceUser, ServiceNow


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
    user = _declared(evidence)
    if user is None:
        return evidence
    if Step.INSTANCE in steps:
        evidence = replace(evidence, release=look_at_release(client))
    if Step.APP in steps:
        evidence = replace(evidence, app=look_at_app(client, connection))
    if not {Step.USER, Step.VERIFY} & set(steps):
        return evidence
    evidence = replace(evidence, account=look_at_account(client, user, connection))
    if Step.VERIFY not in steps:
        return evidence
    return _verified(evidence, client, connection, user)


def _verified(
    evidence: Evidence, client: ServiceNow, connection: Connection, user: InstanceUser
) -> Evidence:
    above = look_above(connection)
    evidence = replace(
        evidence,
        tables={table: _table(client, table, user, evidence.at) for table in TicketTable.values},
        choices=look_at_choices(client, connection),
        fields=look_at_fields(client, connection),
        known=look_at_known(client, above.known) if above.known else None,
        above=above,
        desk=look_at_desk(connection, evidence.at),
    )
    return replace(evidence, rate_rule=client.rate_rule)


def _table(client: ServiceNow, table: str, user: InstanceUser, now: datetime) -> TableEvidence:
    seen = look_at_table(client, table, now)
    if user.time_zone in UTC_ZONES or seen.search.fault:
        return seen
    shifted = look_at_dates(client, table, seen.newest.value or ())
    return replace(seen, dates_shifted=shifted)


def _declared(evidence: Evidence) -> InstanceUser | None:
    """The user, if the right one answers: what another one may read says nothing."""
    user = evidence.user.user.value if evidence.user else None
    if user is None:
        return None
    try:
        check_user(user, evidence.subject.declared)
    except ConnectionFault:
        return None
    return user
