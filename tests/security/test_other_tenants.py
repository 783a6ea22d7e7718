"""Every address of the room, as an administrator of another tenant: nothing is seen or changed."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from tests.connections.conftest import connected, waiting
from tests.portal.test_gates import ALL, address

from scoredesk.accounts.models import AuditEntry, Tenant
from scoredesk.connections.models import Connection
from scoredesk.sandbox.program import RunningSandbox

__all__ = ["connected", "waiting"]  # a fixture of the neighbour

ROOM = sorted(name for name in ALL if name.startswith("connections:"))


def as_it_is(tenant: Tenant) -> list[object]:
    """All that stands in the tenant's rows of the room."""
    row = Connection.objects.of(tenant).values().get()
    names = list(Connection.objects.of(tenant).get().state_names.values())
    return [row, names, AuditEntry.objects.of(tenant).count()]


@pytest.mark.parametrize("name", ROOM)
def test_another_tenants_administrator_neither_sees_nor_changes_it(
    stranger_client: Client,
    tenant: Tenant,
    sandbox: RunningSandbox,
    connected: Connection,
    name: str,
) -> None:
    before = as_it_is(tenant)
    uid = str(tenant.uid)
    answers = [
        stranger_client.get(address(name)),
        stranger_client.post(address(name), {"tenant": uid, "connection": str(connected.uid)}),
        stranger_client.get(f"{address(name)}?tenant={uid}"),
    ]
    shown = "".join(answer.content.decode() for answer in answers)
    assert sandbox.servicenow_url not in shown
    assert connected.client_id not in shown
    assert as_it_is(tenant) == before


def test_the_report_of_another_tenant_cannot_be_had(
    stranger_client: Client, sandbox: RunningSandbox, connected: Connection
) -> None:
    answer = stranger_client.get(reverse("connections:report"))
    assert answer.status_code == 302
