"""What the status page and the home page say of a connection as it stands."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from tests.connections.browserless import told

from scoredesk.accounts.audit import Actor
from scoredesk.common.clock import now
from scoredesk.common.errors import ScoredeskError
from scoredesk.common.http import Attempt as Request
from scoredesk.connections import checks, removal, upkeep
from scoredesk.connections.attempts import AttemptBook
from scoredesk.connections.health import report_fault
from scoredesk.connections.models import Attempt, Connection
from scoredesk.connections.standing import banners_of, standing_of
from scoredesk.sandbox.program import RunningSandbox
from scoredesk.servicenow import errors as sn

JOB = Actor.job("test")


def page(client: Client, name: str = "connections:status") -> str:
    return client.get(reverse(name)).content.decode()


def test_every_request_of_setting_up_and_checking_is_counted(
    sandbox: RunningSandbox, connected: Connection
) -> None:
    paths = set(Attempt.objects.values_list("path", flat=True))
    assert {"/oauth_token.do", "/api/now/table/sys_user", "/api/now/table/incident"} <= paths
    removal.remove(connected, actor=JOB, now=now())
    assert Attempt.objects.filter(path="/oauth_revoke_token.do", status=200).count() == 2


def test_failed_requests_are_counted_with_their_fault(
    sandbox: RunningSandbox, connected: Connection
) -> None:
    told(sandbox, "faults", kind="hibernating", times=None)
    checks.run(connected, actor=JOB, now=now())
    after = standing_of(connected, now())
    assert after.failed == 1
    assert after.last is not None
    assert after.last.fault_code == "servicenow.hibernating"
    assert standing_of(connected, now() + timedelta(hours=2)).requests == 0


def test_a_healthy_connection_shows_no_failed_request(
    sandbox: RunningSandbox, connected: Connection
) -> None:
    checks.run(connected, actor=JOB, now=now())
    assert Attempt.objects.filter(status=403).exists()  # what a plain user may not look up
    assert standing_of(connected, now()).failed == 0


def test_a_request_that_cannot_be_written_down_is_made_all_the_same(
    sandbox: RunningSandbox, connected: Connection
) -> None:
    count = Attempt.objects.count()
    AttemptBook(connected, now)(Request("TOO-LONG-A-METHOD", "/x", 200, 0.1))
    assert Attempt.objects.count() == count


def test_old_requests_are_forgotten_and_no_query_is_kept(
    sandbox: RunningSandbox, connected: Connection
) -> None:
    assert not Attempt.objects.filter(path__contains="?").exists()


def test_the_page_tells_what_was_tried_and_what_comes_next(
    admin_client: Client, sandbox: RunningSandbox, connected: Connection
) -> None:
    shown = page(admin_client)
    for title in ("Last attempt", "Requests in the last hour", "Next check", "Way of signing in"):
        assert title in shown
    assert "Failures in a row" not in shown
    report_fault(connected, sn.Hibernating(), now())
    shown = page(admin_client)
    assert "hibernat" in shown
    assert "Failures in a row" in shown
    connected.refresh_from_db()
    assert standing_of(connected, now()).next_check == connected.next_try_at


def test_a_passing_fault_is_shown_as_such(
    admin_client: Client, sandbox: RunningSandbox, connected: Connection
) -> None:
    told(sandbox, "faults", kind="maintenance", times=None)
    assert upkeep.verify_identities(now()) == 0
    shown = page(admin_client)
    assert "The last attempt failed." in shown
    assert "servicenow.maintenance" in shown
    assert 'data-status="connected"' in shown


def test_the_changing_part_costs_the_same_however_much_was_asked(
    admin_client: Client,
    sandbox: RunningSandbox,
    connected: Connection,
    django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]],
) -> None:
    Attempt.objects.bulk_create(
        Attempt(tenant=connected.tenant, connection=connected, at=now(), method="GET", path="/x")
        for _ in range(500)
    )
    with django_assert_max_num_queries(10):
        page(admin_client)


def test_without_a_connection_the_page_renews_itself_as_a_whole(admin_client: Client) -> None:
    assert admin_client.get(reverse("connections:status")).headers["HX-Refresh"] == "true"


@pytest.mark.parametrize("fault", [None, sn.Hibernating(), sn.Maintenance()])
def test_the_home_page_has_a_banner_exactly_if_somebody_must_act(
    fault: ScoredeskError | None,
    admin_client: Client,
    reader_client: Client,
    sandbox: RunningSandbox,
    connected: Connection,
) -> None:
    if fault is not None:
        report_fault(connected, fault, now())
    needed = isinstance(fault, sn.Hibernating)
    for_admin, for_reader = page(admin_client, "home"), page(reader_client, "home")
    check = reverse("connections:check")
    assert ("hibernating" in for_admin, "hibernating" in for_reader) == (needed, needed)
    assert (check in for_admin) is needed
    assert check not in for_reader
    assert ("A security administrator of this tenant can cure it." in for_reader) is needed


def test_a_permission_that_ends_needs_somebody_too(
    sandbox: RunningSandbox, connected: Connection
) -> None:
    assert banners_of(connected, now()) == []
    connected.refresh_expires_at = now() + timedelta(days=3)
    with override("zh-hans"):
        (ends,) = banners_of(connected, now())
    assert "即将到期" in ends.what
