"""A set-up and a connected connection; logs that are searched for secrets."""

from __future__ import annotations

import pytest
from django.db import connection as database
from django.test import Client
from tests.connections.browserless import (
    CLIENT_ID,
    CLIENT_SECRET,
    INTEGRATION,
    authorize_as,
)

from scoredesk.accounts.audit import Actor
from scoredesk.accounts.models import Person, Tenant
from scoredesk.common.clock import now
from scoredesk.connections.models import Connection, ConnectorApp, SignIn
from scoredesk.connections.setup import (
    Application,
    save_app_choice,
    save_application,
    save_instance,
    save_user,
)
from scoredesk.posture.models import ActionStatus, ImprovementAction
from scoredesk.sandbox.program import RunningSandbox


@pytest.fixture
def waiting(admin: Person, sandbox: RunningSandbox, tenant: Tenant) -> Connection:
    """Set up by Ada, not authorized yet. The steps are saved without their pages, which look at the
    instance each time: hundreds of tests begin here."""
    ada, moment = Actor(label=admin.email, person=admin), now()
    row = save_instance(sandbox.servicenow_url, "en", tenant=tenant, actor=ada, now=moment)
    save_app_choice(row, ConnectorApp.WITHOUT, actor=ada)
    application = Application(SignIn.AUTHORIZATION_CODE, CLIENT_ID, CLIENT_SECRET)
    save_application(row, application, actor=ada, now=moment)
    return save_user(row, INTEGRATION[0], actor=ada, now=moment)


@pytest.fixture
def connected(admin_client: Client, waiting: Connection) -> Connection:
    """Set up and authorized by Ada as the integration user."""
    admin_client.get(authorize_as(admin_client, *INTEGRATION))
    waiting.refresh_from_db()
    assert waiting.usable
    return waiting


@pytest.fixture
def desk_in_order(tenant: Tenant) -> None:
    """What people need besides the instance: a worker that is alive, and an improvement action."""
    with database.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
    ImprovementAction.objects.create(
        tenant=tenant, control_id="mfa", title="Require MFA", status=ActionStatus.TO_ADDRESS
    )
