"""Health, readiness, and who may read the figures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from scoredesk.accounts.models import Tenant
from scoredesk.connections.models import Connection, Status


def samples(text: str) -> dict[tuple[str, str], float]:
    """Every figure by its name and its one label's value."""
    return {
        (sample.name, "".join(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_alive_asks_nothing_of_the_database(
    client: Client, db: None, django_assert_num_queries: Callable[[int], Any]
) -> None:
    with django_assert_num_queries(0):
        answer = client.get("/healthz")
    assert answer.json() == {"status": "ok"}


def test_ready_when_the_database_has_this_versions_shape(client: Client, db: None) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready"})


def test_not_ready_while_a_migration_is_missing(client: Client, db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE name = '0002_audit_append_only'")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "accounts.0002_audit_append_only" in answer.json()["reason"]


def test_not_ready_while_the_database_does_not_answer(
    client: Client, transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "HOST", "/nowhere")
    answer = client.get("/readyz")
    monkeypatch.undo()
    connection.close()
    assert answer.status_code == 503
    assert "does not answer" in answer.json()["reason"]


def test_figures_count_what_is_there(client: Client, tenant: Tenant) -> None:
    Connection.objects.create(
        tenant=tenant, address="https://a.service-now.com", status=Status.CONNECTED
    )
    found = samples(client.get("/metrics").content.decode())
    assert found["scoredesk_connections", "connected"] == 1
    assert found["scoredesk_connections", "attention"] == 0
    assert found["scoredesk_tickets", "failed"] == 0


def test_without_a_token_only_this_machine_reads_the_figures(client: Client, db: None) -> None:
    assert client.get("/metrics", REMOTE_ADDR="::1").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="192.0.2.7").status_code == 401


def test_a_proxy_on_this_machine_does_not_open_the_figures(client: Client, db: None) -> None:
    answer = client.get("/metrics", headers={"X-Forwarded-For": "192.0.2.7"})
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("given", "status"),
    [("Bearer right", 200), ("Bearer wrong", 401), ("right", 401), ("Bearer ", 401), ("", 401)],
)
def test_with_a_token_set_only_its_holder_reads_the_figures(
    client: Client, db: None, settings: Any, given: str, status: int
) -> None:
    settings.METRICS_TOKEN = "right"
    headers = {"Authorization": given} if given else {}
    assert client.get("/metrics", headers=headers).status_code == status


def test_a_silent_proxy_on_this_machine_does_not_open_the_figures(
    client: Client, db: None, settings: Any
) -> None:
    settings.PUBLIC_URL = "https://scoredesk.alder.example"
    settings.ALLOWED_HOSTS = ["scoredesk.alder.example", "localhost"]
    by_name = client.get("/metrics", headers={"Host": "scoredesk.alder.example"})
    assert by_name.status_code == 401
    assert client.get("/metrics", headers={"Host": "localhost:8000"}).status_code == 200
    forwarded = client.get("/metrics", headers={"Host": "localhost", "X-Forwarded-Proto": "https"})
    assert forwarded.status_code == 401
