"""Who hears by e-mail of a connection that breaks and heals: once, in their language, no flood."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.connections.browserless import CLIENT_SECRET, told

from scoredesk.accounts.audit import Actor
from scoredesk.accounts.models import AuditEntry, Person, Role, Tenant
from scoredesk.accounts.sealed import unseal
from scoredesk.common.clock import now
from scoredesk.connections import checks, letters, removal, tasks
from scoredesk.connections.health import report_fault, report_success
from scoredesk.connections.models import Connection, Status
from scoredesk.connections.notices import News, grace, news_of
from scoredesk.sandbox.program import RunningSandbox
from scoredesk.servicenow import errors as sn

JOB = Actor.job("test")


def waiting(task: str) -> list[ProcrastinateJob]:
    rows = ProcrastinateJob.objects.filter(task_name=task, status="todo")
    return list(rows.order_by("id"))


def the_minutes_pass() -> None:
    """Runs what was planned: the decision, then each letter."""
    for job in waiting("connections.tell_people"):
        ProcrastinateJob.objects.filter(pk=job.pk).delete()
        tasks.tell_people(**job.args)
    for job in waiting("connections.send_letter"):
        ProcrastinateJob.objects.filter(pk=job.pk).delete()
        tasks.send_letter(**job.args)


@pytest.mark.parametrize(
    ("status", "reason", "told_reason", "news"),
    [
        (Status.CONNECTED, "", "", None),
        (Status.ATTENTION, "a", "", News.BROKEN),
        (Status.ATTENTION, "a", "a", None),
        (Status.ATTENTION, "b", "a", News.BROKEN),
        (Status.CONNECTED, "", "a", News.HEALED),
        (Status.NOT_CONNECTED, "", "a", None),
        (Status.AUTHORIZING, "", "a", None),
        (Status.REMOVED, "", "a", None),
    ],
)
def test_what_is_news(status: Status, reason: str, told_reason: str, news: News | None) -> None:
    assert news_of(Connection(status=status, reason=reason, told_reason=told_reason)) is news


def test_what_goes_to_and_fro_is_told_of_seldom() -> None:
    assert grace(0) == grace(5) == timedelta(minutes=5)
    assert grace(6) == timedelta(hours=1)


def test_administrators_hear_once_that_it_broke_and_once_that_it_works(
    sandbox: RunningSandbox, connected: Connection, admin: Person, reader: Person
) -> None:
    for _ in range(3):
        report_fault(connected, sn.Hibernating(), now())
    (job,) = waiting("connections.tell_people")
    assert job.scheduled_at > now() + timedelta(minutes=4)
    the_minutes_pass()
    report_fault(connected, sn.Hibernating(), now() + timedelta(hours=1))
    the_minutes_pass()
    (letter,) = mail.outbox
    assert letter.to == [admin.email]
    assert letter.subject == "Attention needed: ServiceNow connection of Alder Hospital"
    assert "hibernat" in letter.body
    assert "What to do:" in letter.body
    assert "http://127.0.0.1:8000/connections/" in letter.body
    assert "servicenow.hibernating" in letter.body
    report_success(connected, now())
    the_minutes_pass()
    assert [each.subject for each in mail.outbox[1:]] == [
        "ServiceNow connection of Alder Hospital works again"
    ]
    the_minutes_pass()
    assert len(mail.outbox) == 2
    assert AuditEntry.objects.filter(action="connection.people_told").count() == 2


def test_what_passes_by_itself_or_heals_within_minutes_is_not_told(
    sandbox: RunningSandbox, connected: Connection
) -> None:
    report_fault(connected, sn.Maintenance(), now())
    assert waiting("connections.tell_people") == []
    report_fault(connected, sn.Hibernating(), now())
    report_success(connected, now())
    the_minutes_pass()
    assert mail.outbox == []


def test_another_reason_is_told_once_more(sandbox: RunningSandbox, connected: Connection) -> None:
    report_fault(connected, sn.Hibernating(), now())
    the_minutes_pass()
    report_fault(connected, sn.GrantRefused(), now() + timedelta(hours=1))
    the_minutes_pass()
    assert len(mail.outbox) == 2
    assert "servicenow.grant_refused" in mail.outbox[1].body


def test_each_reads_it_in_their_own_language_else_in_the_tenants(
    sandbox: RunningSandbox,
    connected: Connection,
    tenant: Tenant,
    make_person: Callable[..., Person],
) -> None:
    Tenant.objects.update(language="zh-hans")
    Person.objects.update(language="en")
    make_person("li@alder.example", Role.SECURITY_ADMIN)
    report_fault(connected, sn.Hibernating(), now())
    the_minutes_pass()
    by_person = {letter.to[0]: letter for letter in mail.outbox}
    assert "needs attention" in by_person["ada@alder.example"].body
    assert "需要处理" in by_person["li@alder.example"].subject
    assert "处理方法" in by_person["li@alder.example"].body


def test_whoever_lost_the_role_meanwhile_gets_no_letter(
    sandbox: RunningSandbox, connected: Connection, admin: Person
) -> None:
    report_fault(connected, sn.Hibernating(), now())
    letters.tell_people(connected.pk, now())
    admin.memberships.update(role=Role.SECURITY_READER)
    the_minutes_pass()
    assert mail.outbox == []


def test_a_removed_connection_is_told_of_no_more(
    sandbox: RunningSandbox, connected: Connection
) -> None:
    report_fault(connected, sn.Hibernating(), now())
    the_minutes_pass()
    removal.remove(connected, actor=JOB, now=now())
    the_minutes_pass()
    assert len(mail.outbox) == 1
    assert connected.told_reason == ""


def test_a_mail_server_that_is_down_is_tried_again_without_a_second_decision(
    sandbox: RunningSandbox, connected: Connection, settings: object
) -> None:
    report_fault(connected, sn.Hibernating(), now())
    letters.tell_people(connected.pk, now())
    (job,) = waiting("connections.send_letter")
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]  # pytest-django's
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # type: ignore[attr-defined]  # nobody listens
    with pytest.raises(OSError, match="refused") as down:
        tasks.send_letter(**job.args)
    decision = tasks.send_letter.get_retry_exception(
        exception=down.value, job=job.procrastinate_job
    )
    assert decision is not None
    assert letters.tell_people(connected.pk, now()) == 0


@pytest.mark.django_db(transaction=True)
def test_a_worker_tells_people_of_a_fault_that_a_check_has_found(
    admin_client: Client,
    sandbox: RunningSandbox,
    connected: Connection,
    run_jobs: Callable[[], None],
) -> None:
    told(sandbox, "tokens", revoke="all")
    checks.run(connected, actor=JOB, now=now())
    ProcrastinateJob.objects.filter(task_name="connections.tell_people").update(
        scheduled_at=now() - timedelta(seconds=1)
    )
    run_jobs()
    (letter,) = mail.outbox
    assert "What to do:" in letter.body
    jobs = str(list(ProcrastinateJob.objects.values_list("args", flat=True)))
    for secret in (CLIENT_SECRET, unseal(connected.sealed_refresh_token)):
        assert secret not in letter.body + jobs
