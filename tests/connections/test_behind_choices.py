"""Choices, a clone, and what people see in the portal: found, and gone after the cure."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection as database
from tests.connections.behind import filled, outcome
from tests.connections.browserless import told

from scoredesk.accounts.audit import Actor
from scoredesk.accounts.models import Membership, Person, Role, Tenant
from scoredesk.connections import states
from scoredesk.connections.findings import Check, Outcome
from scoredesk.connections.models import Connection, Phase
from scoredesk.posture.models import ActionStatus, ImprovementAction
from scoredesk.sandbox.program import RunningSandbox
from scoredesk.tickets.models import Delivery, Ticket

JOB = Actor.job("test")


def choices(connection: Connection, code: str) -> Outcome | None:
    return outcome(connection, Check.CHOICES, code)


@pytest.fixture(autouse=True)
def _records(sandbox: RunningSandbox) -> None:
    filled(sandbox)


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("connection.states_renamed", {"value": "2", "label": "Working"}),
        ("connection.states_gone", {"value": "3", "inactive": True}),
        ("connection.states_gone", {"value": "3", "remove": True}),
        ("connection.states_added", {"value": "9", "label": "Parked"}),
    ],
)
def test_connection_states_renamed_gone_and_added_until_they_are_read_again(
    sandbox: RunningSandbox, connected: Connection, code: str, change: dict[str, object]
) -> None:
    assert choices(connected, "") == Outcome.GOOD
    told(sandbox, "choices", table="incident", element="state", **change)
    assert choices(connected, code) == Outcome.WARNING
    states.take_up(connected, actor=JOB)
    assert choices(connected, code) is None


def test_connection_states_without_phase_until_somebody_says_it(
    sandbox: RunningSandbox, connected: Connection
) -> None:
    told(sandbox, "choices", table="incident", element="state", value="9", label="Parked")
    states.take_up(connected, actor=JOB)
    assert choices(connected, "connection.states_without_phase") == Outcome.WARNING
    connected.state_names.filter(value="9").update(phase=Phase.ON_HOLD)
    assert choices(connected, "") == Outcome.GOOD


def test_connection_priorities_gone(sandbox: RunningSandbox, connected: Connection) -> None:
    urgency = {"table": "incident", "element": "urgency", "value": "1"}
    owner = urgency if has_own(sandbox) else {**urgency, "table": "task"}
    told(sandbox, "choices", **owner, inactive=True)
    assert choices(connected, "connection.priorities_gone") == Outcome.WARNING
    told(sandbox, "choices", **owner, inactive=False)
    assert choices(connected, "") == Outcome.GOOD


def has_own(sandbox: RunningSandbox) -> bool:
    """Whether incident has urgencies of its own, or those of task."""
    asked = {"table": "incident", "element": "urgency", "value": "1", "inactive": False}
    return bool(told(sandbox, "choices", **asked)["rows"])


def test_connection_older_close_codes_are_only_noted(
    sandbox: RunningSandbox, connected: Connection
) -> None:
    told(sandbox, "packs", older_close_codes=True)
    assert choices(connected, "connection.older_close_codes") == Outcome.GOOD
    told(sandbox, "packs", older_close_codes=False)
    assert choices(connected, "connection.older_close_codes") is None


def test_connection_language_missing(sandbox: RunningSandbox, connected: Connection) -> None:
    Connection.objects.update(language="fr")
    assert choices(connected, "connection.language_missing") == Outcome.WARNING
    Connection.objects.update(language="en")
    assert choices(connected, "") == Outcome.GOOD


def test_connection_instance_cloned_when_all_known_records_are_gone(
    sandbox: RunningSandbox, connected: Connection, admin: Person
) -> None:
    for number in range(2):
        Ticket.objects.create(
            tenant=connected.tenant,
            connection=connected,
            table="incident",
            source="user",
            name="Require MFA",
            description="",
            priority=2,
            shared_by=admin,
            correlation_id=f"{connected.correlation_prefix}{number}",
            form_key=uuid.uuid4(),
            sys_id=f"{number:032x}",
            delivery=Delivery.DELIVERED,
        )
    code = "connection.instance_cloned"
    assert outcome(connected, Check.IDENTITY, code) == Outcome.WARNING
    Ticket.objects.update(missing=True)  # as the sweep marks them
    assert outcome(connected, Check.IDENTITY, "") == Outcome.GOOD


def test_connection_no_worker_and_connection_no_actions(
    sandbox: RunningSandbox, connected: Connection
) -> None:
    assert outcome(connected, Check.CARDS, "connection.no_worker") == Outcome.WARNING
    assert outcome(connected, Check.CARDS, "connection.no_actions") == Outcome.WARNING
    with database.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
    action_of(connected.tenant)
    assert outcome(connected, Check.CARDS, "") == Outcome.GOOD


def test_connection_nobody_may_share(
    sandbox: RunningSandbox, connected: Connection, desk_in_order: None
) -> None:
    Membership.objects.update(role=Role.SECURITY_READER)
    assert outcome(connected, Check.CARDS, "connection.nobody_may_share") == Outcome.WARNING
    Membership.objects.update(role=Role.SECURITY_ADMIN)
    assert outcome(connected, Check.CARDS, "") == Outcome.GOOD


def test_connection_actions_elsewhere(
    sandbox: RunningSandbox, connected: Connection, admin: Person, other_tenant: Tenant
) -> None:
    action_of(other_tenant)
    assert outcome(connected, Check.CARDS, "connection.actions_elsewhere") is None
    Membership.objects.create(tenant=other_tenant, person=admin, role=Role.SECURITY_ADMIN)
    assert outcome(connected, Check.CARDS, "connection.actions_elsewhere") == Outcome.WARNING
    action_of(connected.tenant)
    assert outcome(connected, Check.CARDS, "connection.actions_elsewhere") is None


def action_of(tenant: Tenant) -> None:
    """An improvement action."""
    ImprovementAction.objects.create(
        tenant=tenant, control_id="mfa", title="Require MFA", status=ActionStatus.TO_ADDRESS
    )
