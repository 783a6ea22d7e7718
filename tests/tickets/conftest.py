"""For tests that talk to the sandbox: a connected tenant, the instance, virtual time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.tickets.world import Instance, Time, connect, wish

from scoredesk.accounts.audit import Actor
from scoredesk.accounts.models import Person, Tenant
from scoredesk.connections.models import Connection
from scoredesk.posture.models import ActionStatus, ImprovementAction
from scoredesk.sandbox.program import RunningSandbox
from scoredesk.tickets.models import Ticket
from scoredesk.tickets.sharing import share


@pytest.fixture
def time() -> Time:
    """Virtual time for the functions that take `now`."""
    return Time()


@pytest.fixture
def instance(sandbox: RunningSandbox) -> Instance:
    """The ServiceNow instance of the story."""
    return Instance(sandbox.servicenow_url)


@pytest.fixture
def connection(tenant: Tenant, instance: Instance) -> Connection:
    """Alder Hospital's connection, authorized as the integration user."""
    return connect(tenant, instance)


@pytest.fixture
def action(tenant: Tenant) -> ImprovementAction:
    """An improvement action that is worth a ticket."""
    return ImprovementAction.objects.create(
        tenant=tenant,
        control_id="AdminMFAV2",
        title="Require multifactor authentication for administrative roles",
        category="Identity",
        status=ActionStatus.TO_ADDRESS,
        max_score=10,
    )


@pytest.fixture
def ada(admin: Person) -> Actor:
    """Ada as the audit log names her."""
    return Actor(label=admin.email, person=admin)


@pytest.fixture
def share_one(connection: Connection, ada: Actor) -> Callable[..., Ticket]:
    """Shares a ticket; keyword arguments change the wish."""

    def share_it(**changes: Any) -> Ticket:
        return share(connection, wish(**changes), ada)

    return share_it
