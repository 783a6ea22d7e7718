"""When Secure Score is read: every day, when somebody asks, and when a source is connected."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Job

from scoredesk.accounts.models import Tenant
from scoredesk.common import clock
from scoredesk.common.errors import ScoredeskError
from scoredesk.posture.models import SecureScoreSource
from scoredesk.posture.refresh import refresh

# Minutes between tries: long enough for an outage of Microsoft's, done before the next daily run.
PAUSES = (1, 5, 15, 60, 180)


class WhileWorthwhile(BaseRetryStrategy):
    """Tries again after faults that may pass, with growing pauses; after others not at all."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """When to try again; None to give up until the next daily run."""
        if not (isinstance(exception, ScoredeskError) and exception.retryable):
            return None
        if job.attempts >= len(PAUSES):
            return None
        asked = timedelta(seconds=getattr(exception, "retry_after", 0))
        pause = max(timedelta(minutes=PAUSES[job.attempts]), asked)
        return RetryDecision(retry_at=clock.now() + pause)


@app.task(name="refresh_secure_score", retry=WhileWorthwhile())
def refresh_secure_score(tenant_id: int) -> None:
    """Reads one tenant's score. A fault that only a person can mend is no failed job."""
    try:
        refresh(Tenant.objects.get(pk=tenant_id))
    except ScoredeskError as fault:
        if fault.retryable:
            raise


@app.periodic(cron=settings.REFRESH_AT)
@app.task(name="refresh_all_secure_scores", queueing_lock="refresh_all_secure_scores")
def refresh_all_secure_scores(timestamp: int) -> None:  # noqa: ARG001  # periodic tasks are told when they were due
    """Asks for a refresh of every tenant that has a source."""
    for source in SecureScoreSource.objects.select_related("tenant"):
        refresh_soon(source.tenant)


def refresh_soon(tenant: Tenant) -> None:
    """Asks the worker to read the score now; asking twice makes one job.

    A try that waits for its pause is brought forward: whoever asks does not want to wait for it.
    """
    lock = f"secure-score:{tenant.pk}"
    with transaction.atomic():
        now = clock.now()
        SecureScoreSource.objects.of(tenant).update(refreshing_since=now)
        waiting = ProcrastinateJob.objects.filter(queueing_lock=lock, status="todo")
        for job_id in list(waiting.filter(scheduled_at__gt=now).values_list("id", flat=True)):
            app.job_manager.cancel_job_by_id(job_id, delete_job=True)
        _defer_once(tenant, lock)


def _defer_once(tenant: Tenant, lock: str) -> None:
    try:
        # A savepoint: a refused second job must not spoil the transaction around it.
        with transaction.atomic():
            refresh_secure_score.configure(lock=lock, queueing_lock=lock).defer(tenant_id=tenant.pk)
    except AlreadyEnqueued:
        return
