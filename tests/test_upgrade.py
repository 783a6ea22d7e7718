"""From the release before to this one: nothing that people made is lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection as database
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from django.urls import reverse

from scoredesk.accounts.models import Membership, Person, Role, Tenant
from scoredesk.common.clock import now
from scoredesk.connections.models import Attempt, Connection, StateName
from scoredesk.tickets.models import Ticket

BEFORE = [("connections", "0001_initial"), ("tickets", "0001_initial")]
ADDRESS = "https://alder.service-now.com"
# As the last release stored its check.
CHECKED = [
    {"check": name, "outcome": outcome, "code": code, "detail": "", "facts": {}}
    for name, outcome, code in (
        ("reach", "good", ""),
        ("identity", "good", ""),
        ("change_request", "good", ""),
        ("incident", "failed", "connection.table_unreadable"),
        ("choices", "good", ""),
    )
]


def migrate(targets: list[tuple[str, str]]) -> Any:
    executor = MigrationExecutor(database)
    executor.migrate(targets)
    return executor.loader.project_state(targets).apps


@pytest.fixture
def before(transactional_db: None) -> Iterator[Any]:
    """The models of the last release, on its tables."""
    newest = MigrationExecutor(database).loader.graph.leaf_nodes()
    yield migrate(BEFORE)
    migrate(newest)


@pytest.fixture
def ada(before: Any) -> Person:
    tenant = Tenant.objects.create(name="Alder Hospital")
    person = Person.objects.create_user("ada@alder.example", "a long enough password")
    Membership.objects.create(tenant=tenant, person=person, role=Role.SECURITY_ADMIN)
    fill(before, tenant.pk, person.pk)
    return person


def fill(apps: Any, tenant: int, person: int) -> None:
    """A connection in attention, a ticket with its request, and a state that a person named."""
    row = apps.get_model("connections", "Connection").objects.create(
        tenant_id=tenant,
        address=ADDRESS,
        status="attention",
        reason="connection.table_unreadable",
        client_id="c1",
        sealed_client_secret="sealed",
        integration_user="scoredesk.integration",
        integration_user_id="0" * 32,
        sealed_access_token="sealed",
        sealed_refresh_token="sealed",
        access_expires_at=now(),
        checked_at=now(),
        check_results=CHECKED,
        language="zh",
    )
    for value, label, name in (("1", "新建", "Waiting"), ("2", "进行中", "")):
        apps.get_model("connections", "StateName").objects.create(
            connection=row, table="incident", value=value, label=label, name=name, phase="to_do"
        )
    ticket = apps.get_model("tickets", "Ticket").objects.create(
        tenant_id=tenant,
        connection=row,
        shared_by_id=person,
        table="incident",
        source="user",
        name="Turn on the policy",
        description="Do it",
        priority=2,
        correlation_id="scoredesk-1",
        form_key="0" * 32,
        delivery="delivered",
        sys_id="a" * 32,
        number="INC0010001",
        state="1",
    )
    of_ticket = {"ticket": ticket, "method": "POST", "path": "/api/now/table/incident"}
    for request in (of_ticket, {"method": "GET", "path": "/api/now/table/sys_user"}):
        apps.get_model("tickets", "Attempt").objects.create(
            tenant_id=tenant, connection=row, at=now(), status=201, **request
        )


def test_the_last_release_is_taken_over_with_all_it_knew(ada: Person) -> None:
    migrate(MigrationExecutor(database).loader.graph.leaf_nodes())
    row, ticket = Connection.objects.get(), Ticket.objects.get()
    assert (row.address, row.status, row.sealed_refresh_token) == (ADDRESS, "attention", "sealed")
    assert (ticket.number, ticket.extras) == ("INC0010001", {})
    told = Attempt.objects.order_by("id").values_list("method", "ticket_uid", "status")
    assert list(told) == [("POST", ticket.uid, 201), ("GET", None, 201)]
    new, working = StateName.objects.order_by("value")
    assert new.names == {"en": "Waiting", "zh-hans": "Waiting"}
    assert (working.labels, working.names, working.listed) == ({"zh-hans": "进行中"}, {}, True)


def test_every_page_of_the_connection_opens_after_the_upgrade(ada: Person) -> None:
    migrate(MigrationExecutor(database).loader.graph.leaf_nodes())
    browser = Client()
    browser.force_login(ada)
    pages = ("overview", "status", "setup", "report", "states", "fields", "data-exchange")
    for page in (*pages, "secret", "address", "validate", "remove"):
        answer = browser.get(reverse(f"connections:{page}"))
        assert answer.status_code == 200, page
    ticket = reverse("tickets:ticket", args=[Ticket.objects.get().uid])
    assert [browser.get(page).status_code for page in ("/", ticket)] == [200, 200]
