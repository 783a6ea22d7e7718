"""A refresh over real HTTP into the real database: complete, repeatable, nothing lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from django.db import connections
from tests.posture.peer import PROFILES, SCORES, control, microsoft_that, profile, snapshot

from scoredesk.accounts.models import AuditEntry, Tenant
from scoredesk.graph.errors import NoSecureScore
from scoredesk.posture.errors import NoSource, OtherDirectory
from scoredesk.posture.models import (
    ActionScore,
    ActionStatus,
    ImprovementAction,
    ScoreSnapshot,
    SecureScoreSource,
)
from scoredesk.posture.refresh import fetch, refresh, store
from scoredesk.sandbox.program import RunningSandbox


def everything(tenant: Tenant) -> dict[str, list[dict[str, Any]]]:
    """All rows of a tenant's posture, for comparison."""
    models = (ScoreSnapshot, ImprovementAction, ActionScore)
    return {
        model.__name__: list(model.objects.of(tenant).order_by("id").values()) for model in models
    }


def test_a_first_refresh_reads_all_ninety_days(
    tenant: Tenant, source: SecureScoreSource, sandbox: RunningSandbox
) -> None:
    result = refresh(tenant)
    assert result.days == 90
    assert ScoreSnapshot.objects.of(tenant).count() == 90
    assert result.actions == result.new == ImprovementAction.objects.of(tenant).count() >= 60
    assert ActionScore.objects.of(tenant).count() == result.changes > result.actions / 2
    source.refresh_from_db()
    assert source.refreshed_at is not None
    assert (source.fault_code, source.refreshing_since) == ("", None)


def test_a_refresh_joins_in_both_directions(
    tenant: Tenant, source: SecureScoreSource, sandbox: RunningSandbox
) -> None:
    refresh(tenant)
    actions = ImprovementAction.objects.of(tenant)
    orphans = actions.filter(has_profile=False)
    assert orphans
    assert all(orphan.title == orphan.control_id for orphan in orphans)
    assert not orphans.filter(score=None).exists()
    unscored = actions.filter(status=ActionStatus.NOT_SCORED)
    assert unscored.exists()
    assert not unscored.exclude(score=None).exists()


def test_refreshing_twice_changes_nothing(
    tenant: Tenant, source: SecureScoreSource, sandbox: RunningSandbox
) -> None:
    refresh(tenant)
    before = everything(tenant)
    result = refresh(tenant)
    assert everything(tenant) == before
    assert (result.new, result.gone) == (0, 0)


def test_later_refreshes_read_only_the_newest_two_days_again(
    tenant: Tenant,
    source: SecureScoreSource,
    sandbox: RunningSandbox,
    move_clock: Callable[[int], None],
) -> None:
    refresh(tenant)
    assert refresh(tenant).days == 2
    move_clock(3)
    assert refresh(tenant).days == 5
    assert ScoreSnapshot.objects.of(tenant).count() == 93


def test_a_day_in_which_an_action_completes_is_one_row_of_history(
    tenant: Tenant,
    source: SecureScoreSource,
    sandbox: RunningSandbox,
    move_clock: Callable[[int], None],
) -> None:
    refresh(tenant)
    action = ImprovementAction.objects.of(tenant).filter(score=0, max_score__gt=0).first()
    assert action is not None
    before = action.history.count()
    asked = {"control": action.control_id, "scoreInPercentage": 100}
    httpx.post(f"{sandbox.microsoft_url}/_sandbox/microsoft/score", json=asked).raise_for_status()
    move_clock(2)
    refresh(tenant)
    action.refresh_from_db()
    assert (action.status, action.points_left) == (ActionStatus.COMPLETED, 0)
    assert action.history.count() == before + 1
    newest = action.history.first()
    assert newest is not None
    assert newest.score == action.max_score


def test_a_day_that_microsoft_corrects_is_corrected_here(
    tenant: Tenant, source: SecureScoreSource, settings: Any
) -> None:
    told = {"score": 5.0}

    def answer(path: str) -> Any:
        if path.startswith(PROFILES):
            return {"value": [profile("mfa")]}
        later = snapshot("2026-07-02", control("mfa", told["score"], told["score"] * 10))
        return {"value": [later, snapshot("2026-07-01", control("mfa", 2.0, 20.0))]}

    with microsoft_that(answer) as address:
        settings.GRAPH_URL = settings.LOGIN_MICROSOFT_URL = address
        refresh(tenant)
        told["score"] = 2.0
        refresh(tenant)
    rows = ActionScore.objects.of(tenant).values_list("day__day", "score")
    assert list(rows) == [(1, 2.0)]


def test_a_control_that_disappears_is_marked_and_may_come_back(
    tenant: Tenant, source: SecureScoreSource, settings: Any
) -> None:
    listed = [profile("a"), profile("b")]

    def answer(path: str) -> Any:
        if path.startswith(PROFILES):
            return {"value": listed}
        return {"value": [snapshot("2026-07-01", control("a", 1.0, 10.0))]}

    with microsoft_that(answer) as address:
        settings.GRAPH_URL = settings.LOGIN_MICROSOFT_URL = address
        refresh(tenant)
        gone = listed.pop()
        assert refresh(tenant).gone == 1
        assert refresh(tenant).gone == 0
        assert ImprovementAction.objects.of(tenant).get(control_id="b").gone_at is not None
        listed.append(gone)
        assert refresh(tenant).new == 0
    assert ImprovementAction.objects.of(tenant).get(control_id="b").gone_at is None


def test_an_empty_catalogue_does_not_make_every_action_gone(
    tenant: Tenant, source: SecureScoreSource, settings: Any
) -> None:
    listed = [profile("a")]

    def answer(path: str) -> Any:
        if path.startswith(PROFILES):
            return {"value": listed}
        return {"value": [snapshot("2026-07-01")]}

    with microsoft_that(answer) as address:
        settings.GRAPH_URL = settings.LOGIN_MICROSOFT_URL = address
        refresh(tenant)
        listed.clear()
        with pytest.raises(Exception, match="came back empty"):
            refresh(tenant)
    assert ImprovementAction.objects.of(tenant).get().gone_at is None


def test_a_score_of_another_tenant_is_not_mixed_in(
    tenant: Tenant, source: SecureScoreSource, settings: Any
) -> None:
    whose = ["t-1"]

    def answer(path: str) -> Any:
        if path.startswith(PROFILES):
            return {"value": [profile("a")]}
        return {"value": [snapshot("2026-07-01", tenant=whose[0])]}

    with microsoft_that(answer) as address:
        settings.GRAPH_URL = settings.LOGIN_MICROSOFT_URL = address
        refresh(tenant)
        whose[0] = "t-2"
        with pytest.raises(OtherDirectory):
            refresh(tenant)
    source.refresh_from_db()
    assert source.fault_code == "posture.other_directory"
    assert source.fault_facts == {"known": "t-1", "given": "t-2"}


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_microsoft_is_asked(
    tenant: Tenant, source: SecureScoreSource, settings: Any
) -> None:
    idle: list[int] = []

    def watch() -> None:
        with connections["default"].cursor() as cursor:
            cursor.execute(
                "select count(*) from pg_stat_activity where datname = current_database()"
                " and state like 'idle in transaction%%'"
            )
            idle.append(cursor.fetchone()[0])
        connections["default"].close()

    def answer(path: str) -> Any:
        if path.startswith(PROFILES):
            return {"value": [profile("a")]}
        return {"value": [snapshot("2026-07-01", control("a", 1.0, 10.0))]}

    with microsoft_that(answer, watch=watch) as address:
        settings.GRAPH_URL = settings.LOGIN_MICROSOFT_URL = address
        refresh(tenant)
    assert idle == [0, 0]


def test_a_tenant_without_source_is_told_so(tenant: Tenant) -> None:
    with pytest.raises(NoSource):
        refresh(tenant)


def test_a_source_removed_meanwhile_is_not_brought_back(
    tenant: Tenant, source: SecureScoreSource, settings: Any
) -> None:
    def answer(path: str) -> Any:
        return {"value": [profile("a")] if path.startswith(PROFILES) else [snapshot("2026-07-01")]}

    with microsoft_that(answer) as address:
        settings.GRAPH_URL = settings.LOGIN_MICROSOFT_URL = address
        held = SecureScoreSource.objects.get(pk=source.pk)
        fetched = fetch(held)
        source.delete()
        with pytest.raises(NoSource):
            store(held, fetched)
    assert not ImprovementAction.objects.of(tenant).exists()


def test_a_refresh_is_in_the_audit_log(
    tenant: Tenant, source: SecureScoreSource, sandbox: RunningSandbox
) -> None:
    refresh(tenant)
    entry = AuditEntry.objects.of(tenant).get(action="secure_score.refreshed")
    assert entry.actor == "job:refresh"
    assert entry.after["days"] == 90


def test_a_refresh_touches_no_other_tenant(
    tenant: Tenant,
    other_tenant: Tenant,
    source: SecureScoreSource,
    sandbox: RunningSandbox,
) -> None:
    known = ImprovementAction.objects.create(
        tenant=other_tenant, control_id="AdminMFAV2", title="Theirs", status="to_address"
    )
    refresh(tenant)
    known.refresh_from_db()
    assert (known.title, known.gone_at) == ("Theirs", None)
    assert ImprovementAction.objects.of(other_tenant).count() == 1


def test_a_new_tenant_without_score_says_so(
    tenant: Tenant,
    source: SecureScoreSource,
    sandbox: RunningSandbox,
    switch: Callable[..., None],
) -> None:
    switch(graph_scores="none")
    with pytest.raises(NoSecureScore):
        refresh(tenant)
    source.refresh_from_db()
    assert source.fault_code == "graph.no_secure_score"


def test_the_list_of_scores_is_asked_for_with_as_many_days_as_are_missing(
    tenant: Tenant, source: SecureScoreSource, settings: Any
) -> None:
    asked: list[str] = []

    def answer(path: str) -> Any:
        asked.append(path)
        if path.startswith(PROFILES):
            return {"value": [profile("a")]}
        return {"value": [snapshot("2024-01-02"), snapshot("2024-01-01")]}

    with microsoft_that(answer) as address:
        settings.GRAPH_URL = settings.LOGIN_MICROSOFT_URL = address
        refresh(tenant)
        refresh(tenant)
    assert [path for path in asked if path.startswith(SCORES + "?") or path == SCORES] == [
        SCORES,
        f"{SCORES}?$top=90",
    ]
