"""Connecting the Microsoft 365 tenant: tried live, faults named, nothing typed lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.posture.conftest import CLIENT, DIRECTORY, SECRET

from scoredesk.accounts.models import AuditEntry, Tenant
from scoredesk.accounts.sealed import unseal
from scoredesk.common import clock
from scoredesk.posture.models import ScoreSnapshot, SecureScoreSource
from scoredesk.sandbox.program import RunningSandbox

PAGE = "/secure-score/"
RIGHT = {
    "kind": "client_secret",
    "directory": DIRECTORY,
    "client_id": CLIENT,
    "secret": SECRET,
    "then": "test",
}


def pem(label: str) -> str:
    """A block of that kind which holds nothing."""
    return f"-----BEGIN {label}-----\nx\n-----END {label}-----"


def send(client: Client, **typed: str) -> HttpResponse:
    return client.post(PAGE, {**RIGHT, **typed})


def test_a_right_connection_is_saved_and_refreshed(
    tenant: Tenant, admin_client: Client, sandbox: RunningSandbox
) -> None:
    answer = admin_client.post(PAGE, RIGHT, follow=True)
    assert "Microsoft answered" in answer.content.decode()
    source = SecureScoreSource.objects.of(tenant).get()
    assert (source.directory, source.client_id, source.fault_code) == (DIRECTORY, CLIENT, "")
    assert SECRET not in source.sealed_secret
    assert unseal(source.sealed_secret) == SECRET
    assert ProcrastinateJob.objects.get().args == {"tenant_id": tenant.pk}
    entry = AuditEntry.objects.of(tenant).get(action="secure_score.source_connected")
    assert entry.actor == "ada@alder.example"
    assert SECRET not in str(entry.after)


@pytest.mark.parametrize(
    ("switches", "typed", "sentence"),
    [
        ({}, {"directory": "22222222-2222-4333-8444-555555555555"}, "knows no such tenant"),
        ({}, {"directory": "nowhere.example"}, "knows no such tenant"),
        ({}, {"client_id": "another-app"}, "no application with this client ID"),
        ({}, {"secret": "wrong~secret"}, "does not accept the client secret"),
        ({}, {"secret": "33333333-2222-4333-8444-555555555555"}, "the form of a secret&#x27;s ID"),
        ({"entra_secret_expired": True}, {}, "The client secret has expired"),
        ({"entra_consent": "not_consented"}, {}, "No administrator has consented"),
        ({"graph_roles": "User.Read.All"}, {}, "may not read Secure Score"),
        ({"graph_throttled": True}, {}, "asks to wait"),
    ],
)
def test_a_fault_is_named_and_nothing_is_saved(
    tenant: Tenant,
    admin_client: Client,
    switch: Callable[..., None],
    switches: dict[str, Any],
    typed: dict[str, str],
    sentence: str,
) -> None:
    switch(**switches)
    answer = send(admin_client, **typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert "Nothing was saved" in page
    sent = {**RIGHT, **typed}
    assert f'value="{sent["client_id"]}"' in page  # what was typed is kept
    assert f'value="{sent["secret"]}"' not in page  # but never a secret
    assert not SecureScoreSource.objects.exists()


def test_a_tenant_without_score_is_saved_and_told_what_to_expect(
    tenant: Tenant, admin_client: Client, switch: Callable[..., None]
) -> None:
    switch(graph_scores="none")
    answer = send(admin_client)
    assert answer.status_code == 302
    source = SecureScoreSource.objects.of(tenant).get()
    assert source.fault_code == "graph.no_secure_score"
    SecureScoreSource.objects.update(refreshing_since=None)
    assert "24 to 48 hours" in admin_client.get(PAGE).content.decode()


def test_microsoft_that_does_not_answer_is_said_within_the_pages_patience(
    admin_client: Client, settings: Any
) -> None:
    settings.GRAPH_URL = settings.LOGIN_MICROSOFT_URL = "http://127.0.0.1:9"
    answer = send(admin_client)
    assert "cannot be reached" in answer.content.decode()


def test_saving_anyway_asks_nobody(tenant: Tenant, admin_client: Client, settings: Any) -> None:
    settings.GRAPH_URL = settings.LOGIN_MICROSOFT_URL = "http://127.0.0.1:9"
    answer = admin_client.post(PAGE, {**RIGHT, "then": "save"}, follow=True)
    assert "Saved without a test" in answer.content.decode()
    assert SecureScoreSource.objects.of(tenant).get().client_id == CLIENT


def test_a_stored_secret_is_used_again_when_none_is_typed(
    tenant: Tenant, admin_client: Client, source: SecureScoreSource, sandbox: RunningSandbox
) -> None:
    answer = send(admin_client, secret="", directory="demo.example")
    assert answer.status_code == 302
    source.refresh_from_db()
    assert (source.directory, unseal(source.sealed_secret)) == ("demo.example", SECRET)
    entry = AuditEntry.objects.of(tenant).get(action="secure_score.source_changed")
    assert entry.before["directory"] == DIRECTORY
    assert entry.after["directory"] == "demo.example"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"directory": ""}, "Type the tenant ID"),
        ({"directory": "https://entra.microsoft.com"}, "neither a tenant ID nor a domain"),
        ({"client_id": ""}, "Type the client ID"),
        ({"client_id": "<script>"}, "This is no client ID"),
        ({"client_id": "two words"}, "This is no client ID"),
        ({"secret": ""}, "Type the value of the client secret"),
        ({"kind": "password"}, "Select a valid choice"),
        ({"kind": "certificate"}, "Paste the certificate and its private key"),
        (
            {
                "kind": "certificate",
                "certificate": pem("CERTIFICATE"),
            },
            "The private key is missing",
        ),
        (
            {
                "kind": "certificate",
                "certificate": pem("PRIVATE KEY"),
            },
            "The certificate is missing",
        ),
    ],
)
def test_what_cannot_work_is_said_before_microsoft_is_asked(
    admin_client: Client, settings: Any, typed: dict[str, str], sentence: str
) -> None:
    settings.GRAPH_URL = settings.LOGIN_MICROSOFT_URL = "http://127.0.0.1:9"
    answer = send(admin_client, **typed)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not SecureScoreSource.objects.exists()


def test_another_tenant_than_the_one_whose_data_is_kept_is_refused(
    tenant: Tenant, admin_client: Client, sandbox: RunningSandbox
) -> None:
    ScoreSnapshot.objects.create(
        tenant=tenant,
        graph_id="x",
        day="2026-07-01",
        current_score=1,
        max_score=2,
        raw={"azureTenantId": "99999999-2222-4333-8444-555555555555"},
    )
    page = send(admin_client).content.decode()
    assert "another Microsoft 365 tenant" in page
    assert "99999999-2222-4333-8444-555555555555" in page


def test_a_reader_sees_the_state_and_can_change_nothing(
    reader_client: Client, source: SecureScoreSource
) -> None:
    page = reader_client.get(PAGE).content.decode()
    assert DIRECTORY in page
    assert 'id="source-form"' not in page
    assert "Refresh now" not in page
    assert send(reader_client).status_code == 403
    for path in ("refresh", "remove"):
        assert reader_client.post(f"{PAGE}{path}").status_code == 403
    assert SecureScoreSource.objects.count() == 1


@pytest.mark.parametrize("path", ["refresh", "remove"])
def test_buttons_are_not_links(admin_client: Client, path: str) -> None:
    assert admin_client.get(f"{PAGE}{path}").status_code == 405


def test_refresh_now_is_queued_once_and_audited(
    tenant: Tenant, admin_client: Client, source: SecureScoreSource
) -> None:
    for _ in range(2):
        answer = admin_client.post(f"{PAGE}refresh", headers={"HX-Request": "true"})
        assert 'hx-trigger="every 2s"' in answer.content.decode()
    assert ProcrastinateJob.objects.count() == 1
    assert AuditEntry.objects.of(tenant).filter(action="secure_score.refresh_asked").count() == 2


def test_the_state_stops_asking_when_the_refresh_has_ended(
    reader_client: Client, source: SecureScoreSource
) -> None:
    assert "every 2s" not in reader_client.get(f"{PAGE}status").content.decode()


def test_a_refresh_that_nobody_takes_up_is_noticed(
    reader_client: Client, source: SecureScoreSource
) -> None:
    source.refreshing_since = clock.now() - timedelta(minutes=5)
    source.save()
    page = reader_client.get(f"{PAGE}status").content.decode()
    assert "no worker has taken it up" in page


def test_a_failed_refresh_is_explained_with_its_cure(
    reader_client: Client, source: SecureScoreSource
) -> None:
    source.fault_code, source.fault_detail = "graph.permission_missing", "Auth token <b>x</b>"
    source.refreshed_at = clock.now() - timedelta(days=3)
    source.save()
    page = reader_client.get(PAGE).content.decode()
    assert "may not read Secure Score" in page
    assert "Grant admin consent" in page
    assert "Auth token &lt;b&gt;" in page


def test_removing_deletes_the_secrets_and_keeps_the_data(
    tenant: Tenant, admin_client: Client, source: SecureScoreSource
) -> None:
    ScoreSnapshot.objects.create(
        tenant=tenant, graph_id="x", day="2026-07-01", current_score=1, max_score=2
    )
    for _ in range(2):
        assert admin_client.post(f"{PAGE}remove").status_code == 302
    assert not SecureScoreSource.objects.exists()
    assert ScoreSnapshot.objects.of(tenant).exists()
    assert AuditEntry.objects.of(tenant).filter(action="secure_score.source_removed").count() == 1


def test_a_source_is_seen_and_removed_in_its_own_tenant_only(
    stranger_client: Client, source: SecureScoreSource
) -> None:
    assert DIRECTORY not in stranger_client.get(PAGE).content.decode()
    stranger_client.post(f"{PAGE}remove")
    assert SecureScoreSource.objects.filter(pk=source.pk).exists()
