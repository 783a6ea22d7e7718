"""A set-up and a connected connection; logs that are searched for secrets."""

from __future__ import annotations

import pytest
from django.db import connection as database
from django.test import Client
from tests.connections.browserless import connect, set_up

from scoredesk.accounts.models import Tenant
from scoredesk.connections.models import Connection
from scoredesk.connections.rows import live_connection
from scoredesk.posture.models import ActionStatus, ImprovementAction
from scoredesk.sandbox.program import RunningSandbox


@pytest.fixture
def waiting(admin_client: Client, sandbox: RunningSandbox, tenant: Tenant) -> Connection:
    """Set up by Ada, not authorized yet."""
    set_up(admin_client, sandbox)
    found = live_connection(tenant)
    assert found is not None
    return found


@pytest.fixture
def connected(admin_client: Client, sandbox: RunningSandbox, tenant: Tenant) -> Connection:
    """Set up and authorized by Ada as the integration user."""
    connect(admin_client, sandbox)
    found = live_connection(tenant)
    assert found is not None
    assert found.usable
    return found


@pytest.fixture
def desk_in_order(tenant: Tenant) -> None:
    """What people need besides the instance: a worker that is alive, and an improvement action."""
    with database.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
    ImprovementAction.objects.create(
        tenant=tenant, control_id="mfa", title="Require MFA", status=ActionStatus.TO_ADDRESS
    )
