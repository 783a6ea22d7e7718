"""What Microsoft may do to a refresh: the old data stays, and the source says what happened."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.posture.conftest import DIRECTORY
from tests.posture.peer import PROFILES, microsoft_that, profile, snapshot

from scoredesk.accounts.models import AuditEntry, Tenant
from scoredesk.accounts.sealed import seal
from scoredesk.common import clock
from scoredesk.common.errors import ScoredeskError
from scoredesk.posture.models import ImprovementAction, ScoreSnapshot, SecureScoreSource
from scoredesk.posture.refresh import refresh
from scoredesk.sandbox.program import RunningSandbox

FAULTS = [
    ("server_error", {}, "graph.fault"),
    ("bad_gateway", {}, "graph.fault"),
    ("unavailable", {}, "graph.fault"),
    ("rate_limit", {"retry_after": 120}, "graph.throttled"),
    ("cancelled", {}, "graph.partial_answer"),
    ("unauthorized", {}, "graph.token_rejected"),
    ("forbidden", {}, "graph.permission_missing"),
    ("html", {}, "graph.unreadable_answer"),
    ("broken_json", {}, "graph.unreadable_answer"),
    ("not_found", {}, "graph.request_refused"),
    ("reset", {}, "graph.unreachable"),
    ("lost_reply", {}, "graph.unreachable"),
]


@pytest.fixture
def old(tenant: Tenant, source: SecureScoreSource) -> SecureScoreSource:
    """A source whose data was read yesterday."""
    yesterday = clock.now() - timedelta(days=1)
    ScoreSnapshot.objects.create(
        tenant=tenant,
        graph_id="old",
        day=yesterday.date(),
        current_score=5,
        max_score=10,
        raw={"azureTenantId": DIRECTORY},
    )
    ImprovementAction.objects.create(tenant=tenant, control_id="old", status="to_address")
    source.refreshed_at = yesterday
    source.save()
    return source


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: str(fault[0]))
def test_a_fault_keeps_the_old_data_and_is_kept_on_the_source(
    tenant: Tenant,
    old: SecureScoreSource,
    sandbox: RunningSandbox,
    plan_fault: Callable[..., None],
    fault: tuple[str, dict[str, Any], str],
) -> None:
    kind, more, code = fault
    well = old.refreshed_at
    rows = list(ImprovementAction.objects.of(tenant).values())
    # Between the two lists, so that a half of the answer is there already.
    plan_fault(kind, "secureScoreControlProfiles", **more)
    with pytest.raises(ScoredeskError) as caught:
        refresh(tenant)
    assert caught.value.code == code
    old.refresh_from_db()
    assert (old.fault_code, old.refreshed_at, old.refreshing_since) == (code, well, None)
    assert list(ImprovementAction.objects.of(tenant).values()) == rows
    assert ScoreSnapshot.objects.of(tenant).get().graph_id == "old"
    failed = AuditEntry.objects.of(tenant).get(action="secure_score.refresh_failed")
    assert failed.after == {"fault": code}


@pytest.mark.parametrize(
    ("switches", "code"),
    [
        ({"graph_roles": "User.Read.All"}, "graph.permission_missing"),
        ({"entra_tenant_known": False}, "graph.wrong_tenant"),
        ({"entra_secret_expired": True}, "graph.secret_expired"),
        ({"entra_consent": "not_consented"}, "graph.consent_missing"),
        ({"graph_throttled": True, "graph_retry_after": False}, "graph.throttled"),
    ],
)
def test_a_setting_at_microsoft_that_is_wrong_has_its_own_name(
    tenant: Tenant,
    source: SecureScoreSource,
    sandbox: RunningSandbox,
    switch: Callable[..., None],
    switches: dict[str, Any],
    code: str,
) -> None:
    switch(**switches)
    with pytest.raises(ScoredeskError):
        refresh(tenant)
    source.refresh_from_db()
    assert source.fault_code == code
    assert not ScoreSnapshot.objects.of(tenant).exists()


def test_a_passing_fault_is_survived_without_a_word(
    tenant: Tenant,
    source: SecureScoreSource,
    sandbox: RunningSandbox,
    plan_fault: Callable[..., None],
) -> None:
    plan_fault("unavailable", times=1)
    plan_fault("cancelled", "secureScoreControlProfiles", times=1)
    assert refresh(tenant).actions >= 60


def test_nobody_listening_is_a_fault_like_others(
    tenant: Tenant, source: SecureScoreSource, settings: Any
) -> None:
    settings.GRAPH_URL = settings.LOGIN_MICROSOFT_URL = "http://127.0.0.1:9"
    with pytest.raises(ScoredeskError):
        refresh(tenant)
    source.refresh_from_db()
    assert source.fault_code == "graph.unreachable"


@pytest.mark.parametrize(
    "link",
    ["https://elsewhere.example/steal", "not a link", "http://[", 7, "{own}/v1.0/loop"],
)
def test_a_next_page_that_leads_astray_is_not_followed(
    tenant: Tenant, source: SecureScoreSource, settings: Any, link: Any
) -> None:
    def answer(path: str) -> Any:
        if path.startswith(PROFILES) or path == "/v1.0/loop":
            link_there = (
                link.replace("{own}", str(settings.GRAPH_URL)) if isinstance(link, str) else link
            )
            return {"value": [profile("a")], "@odata.nextLink": link_there}
        return {"value": [snapshot("2026-07-01")]}

    with microsoft_that(answer) as own:
        settings.GRAPH_URL = settings.LOGIN_MICROSOFT_URL = own
        with pytest.raises(ScoredeskError):
            refresh(tenant)
    source.refresh_from_db()
    assert source.fault_code == "graph.foreign_link"
    assert not ImprovementAction.objects.of(tenant).exists()


def test_a_key_that_was_changed_is_explained_not_crashed_on(
    tenant: Tenant, source: SecureScoreSource, sandbox: RunningSandbox
) -> None:
    SecureScoreSource.objects.filter(pk=source.pk).update(sealed_secret="not sealed by our key")
    with pytest.raises(ScoredeskError):
        refresh(tenant)
    source.refresh_from_db()
    assert source.fault_code == "secrets.seal_broken"


def test_what_microsoft_said_is_kept_without_the_secret(
    tenant: Tenant, source: SecureScoreSource, sandbox: RunningSandbox
) -> None:
    SecureScoreSource.objects.filter(pk=source.pk).update(sealed_secret=seal("wrong-but-secret"))
    with pytest.raises(ScoredeskError):
        refresh(tenant)
    source.refresh_from_db()
    assert source.fault_code == "graph.wrong_secret"
    assert "AADSTS7000215" in source.fault_detail
    assert "wrong-but-secret" not in source.fault_detail


def test_a_refresh_that_goes_well_again_clears_the_fault(
    tenant: Tenant,
    source: SecureScoreSource,
    sandbox: RunningSandbox,
    switch: Callable[..., None],
) -> None:
    switch(graph_roles="User.Read.All")
    with pytest.raises(ScoredeskError):
        refresh(tenant)
    switch(graph_roles="SecurityEvents.Read.All")
    refresh(tenant)
    source.refresh_from_db()
    assert (source.fault_code, source.fault_detail, source.fault_facts) == ("", "", {})


@pytest.mark.parametrize("variant", ["minus_one", "empty", "industry"])
def test_comparisons_of_every_kind_are_taken(
    tenant: Tenant,
    source: SecureScoreSource,
    sandbox: RunningSandbox,
    switch: Callable[..., None],
    variant: str,
) -> None:
    switch(graph_comparatives=variant, graph_compliance_null=True)
    refresh(tenant)
    newest = ScoreSnapshot.objects.of(tenant).first()
    assert newest is not None
    assert newest.comparisons == newest.raw["averageComparativeScores"]
