"""When the score is read: once per wish, again after passing faults, every day for all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job

from scoredesk.accounts.models import Tenant
from scoredesk.common import clock
from scoredesk.graph.errors import GraphFault, Throttled, WrongSecret
from scoredesk.posture.models import ImprovementAction, SecureScoreSource
from scoredesk.posture.tasks import (
    PAUSES,
    WhileWorthwhile,
    refresh_all_secure_scores,
    refresh_soon,
)
from scoredesk.sandbox.program import RunningSandbox


def waiting() -> Any:
    return ProcrastinateJob.objects.filter(task_name="refresh_secure_score", status="todo")


def test_asking_twice_makes_one_job(tenant: Tenant, source: SecureScoreSource) -> None:
    refresh_soon(tenant)
    refresh_soon(tenant)
    assert waiting().count() == 1
    source.refresh_from_db()
    assert source.refreshing_since is not None


def test_each_tenant_has_its_own_job(
    tenant: Tenant, other_tenant: Tenant, source: SecureScoreSource
) -> None:
    refresh_soon(tenant)
    refresh_soon(other_tenant)
    assert {job.lock for job in waiting()} == {
        f"secure-score:{tenant.pk}",
        f"secure-score:{other_tenant.pk}",
    }


def test_a_refused_second_job_spoils_no_transaction(
    tenant: Tenant, source: SecureScoreSource
) -> None:
    with transaction.atomic():
        refresh_soon(tenant)
        refresh_soon(tenant)
        Tenant.objects.filter(pk=tenant.pk).update(name="Written after it")
    tenant.refresh_from_db()
    assert tenant.name == "Written after it"


@pytest.mark.django_db(transaction=True)
def test_the_worker_reads_the_score(
    run_jobs: Callable[[], None],
    tenant: Tenant,
    source: SecureScoreSource,
    sandbox: RunningSandbox,
) -> None:
    refresh_soon(tenant)
    run_jobs()
    assert ImprovementAction.objects.of(tenant).exists()
    assert not waiting().exists()


@pytest.mark.django_db(transaction=True)
def test_a_passing_fault_waits_and_a_person_may_hurry_it(
    run_jobs: Callable[[], None],
    tenant: Tenant,
    source: SecureScoreSource,
    sandbox: RunningSandbox,
    plan_fault: Callable[..., None],
) -> None:
    plan_fault("server_error", times=3)
    refresh_soon(tenant)
    run_jobs()
    job = waiting().get()
    assert job.scheduled_at > clock.now()
    source.refresh_from_db()
    assert source.fault_code == "graph.fault"
    refresh_soon(tenant)
    assert waiting().get().pk != job.pk
    run_jobs()
    assert ImprovementAction.objects.of(tenant).exists()


@pytest.mark.django_db(transaction=True)
def test_a_fault_that_only_a_person_can_mend_is_not_tried_again(
    run_jobs: Callable[[], None],
    tenant: Tenant,
    source: SecureScoreSource,
    sandbox: RunningSandbox,
    switch: Callable[..., None],
) -> None:
    switch(graph_roles="User.Read.All")
    refresh_soon(tenant)
    run_jobs()
    assert not waiting().exists()
    assert ProcrastinateJob.objects.filter(status="failed").count() == 0
    source.refresh_from_db()
    assert source.fault_code == "graph.permission_missing"


def job(attempts: int) -> Job:
    return Job(
        id=1, queue="default", lock=None, queueing_lock=None, task_name="x", attempts=attempts
    )


@pytest.mark.parametrize("attempts", range(len(PAUSES)))
def test_pauses_between_tries_grow(attempts: int) -> None:
    before = clock.now()
    decision = WhileWorthwhile().get_retry_decision(exception=GraphFault(), job=job(attempts))
    assert decision is not None
    assert decision.retry_at is not None
    pause = decision.retry_at - before
    minutes = timedelta(minutes=PAUSES[attempts])
    assert minutes <= pause <= minutes + timedelta(seconds=10)


def test_a_longer_wish_of_microsofts_is_obeyed() -> None:
    decision = WhileWorthwhile().get_retry_decision(
        exception=Throttled(retry_after=600), job=job(0)
    )
    assert decision is not None
    assert decision.retry_at is not None
    assert decision.retry_at > clock.now() + timedelta(seconds=590)


@pytest.mark.parametrize(
    ("fault", "attempts"), [(GraphFault(), len(PAUSES)), (WrongSecret(), 0), (ValueError(), 0)]
)
def test_some_faults_are_not_tried_again(fault: Exception, attempts: int) -> None:
    assert WhileWorthwhile().get_retry_decision(exception=fault, job=job(attempts)) is None


def test_every_day_each_tenant_with_a_source_is_asked_for(
    tenant: Tenant, other_tenant: Tenant, source: SecureScoreSource
) -> None:
    refresh_all_secure_scores(timestamp=0)
    assert [job.args for job in waiting()] == [{"tenant_id": tenant.pk}]


def test_the_command_refreshes_and_reports(
    tenant: Tenant, source: SecureScoreSource, sandbox: RunningSandbox
) -> None:
    out = StringIO()
    call_command("refresh_secure_score", stdout=out)
    assert "Alder Hospital: 90 days" in out.getvalue()


def test_the_command_ends_with_an_error_when_a_tenant_fails(
    tenant: Tenant,
    source: SecureScoreSource,
    sandbox: RunningSandbox,
    switch: Callable[..., None],
) -> None:
    switch(entra_secret_expired=True)
    err = StringIO()
    with pytest.raises(CommandError, match="1 of 1"):
        call_command("refresh_secure_score", stderr=err)
    assert "graph.secret_expired" in err.getvalue()


def test_the_command_without_sources_says_so(db: None) -> None:
    out = StringIO()
    call_command("refresh_secure_score", stdout=out)
    assert "No tenant" in out.getvalue()
