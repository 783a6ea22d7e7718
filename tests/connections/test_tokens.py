"""Tokens renewed before they lapse, once after a 401, and told when they are refused."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from tests.connections.browserless import answers_to, refreshes, requests_of, told

from scoredesk.accounts.audit import Actor
from scoredesk.accounts.models import AuditEntry
from scoredesk.accounts.sealed import seal, unseal
from scoredesk.common.clock import now
from scoredesk.connections import checks, tasks, tokens, upkeep
from scoredesk.connections.errors import NotAuthorized
from scoredesk.connections.models import Attempt, Connection, Status
from scoredesk.sandbox.program import RunningSandbox
from scoredesk.servicenow import Query
from scoredesk.servicenow.errors import Maintenance, TokenRefused, Unauthorized

SOON = timedelta(seconds=30)


def renewals(sandbox: RunningSandbox) -> int:
    asked = requests_of(sandbox, "oauth_token.do")
    return sum("grant_type=refresh_token" in str(entry["body"]) for entry in asked)


def lapse(connection: Connection) -> None:
    """Makes the instance forget the access token, and the portal know that it lapses."""
    Connection.objects.filter(pk=connection.pk).update(
        sealed_access_token=seal("lapsed"), access_expires_at=now() + SOON
    )
    connection.refresh_from_db()


def read(connection: Connection) -> int:
    with tokens.client_for(connection) as client:
        return len(client.list("incident", Query(), ["sys_id"], limit=1))


def test_a_good_token_is_used_without_asking_the_instance(
    sandbox: RunningSandbox, connected: Connection
) -> None:
    token = tokens.access_token(connected, now())
    assert answers_to(sandbox, token) == 200
    assert renewals(sandbox) == 0


def test_a_token_is_renewed_before_it_lapses(
    sandbox: RunningSandbox, connected: Connection
) -> None:
    lapse(connected)
    token = tokens.access_token(connected, now())
    assert answers_to(sandbox, token) == 200
    connected.refresh_from_db()
    assert unseal(connected.sealed_access_token) == token
    assert connected.access_expires_at is not None
    assert connected.access_expires_at > now() + SOON
    assert renewals(sandbox) == 1


def test_a_client_whose_token_is_refused_renews_it_once(
    sandbox: RunningSandbox, connected: Connection
) -> None:
    Connection.objects.filter(pk=connected.pk).update(sealed_access_token=seal("revoked"))
    connected.refresh_from_db()
    read(connected)
    assert renewals(sandbox) == 1


def test_a_client_takes_what_another_process_has_stored(
    sandbox: RunningSandbox, connected: Connection
) -> None:
    stale = Connection.objects.get(pk=connected.pk)
    stale.sealed_access_token = seal("old")
    read(stale)
    assert renewals(sandbox) == 0


def test_two_processes_that_renew_at_once_do_no_harm(
    sandbox: RunningSandbox, connected: Connection
) -> None:
    lapse(connected)
    seen_by_both = [Connection.objects.get(pk=connected.pk) for _ in range(2)]
    both = [tokens.renew(row, now()) for row in seen_by_both]
    assert [answers_to(sandbox, token) for token in both] == [200, 200]
    connected.refresh_from_db()
    assert unseal(connected.sealed_access_token) == both[0] == both[1]


def test_one_that_is_refused_takes_what_the_other_has_stored(
    sandbox: RunningSandbox, connected: Connection
) -> None:
    stale = Connection.objects.get(pk=connected.pk)
    stale.sealed_access_token, stale.sealed_refresh_token = seal("old"), seal("used up")
    assert answers_to(sandbox, tokens.renew(stale, now())) == 200
    connected.refresh_from_db()
    assert connected.status == Status.CONNECTED


def test_a_refused_renewal_asks_for_attention_and_says_why(
    sandbox: RunningSandbox, connected: Connection
) -> None:
    lapse(connected)
    Connection.objects.update(sealed_refresh_token=seal("run out"))
    with pytest.raises(TokenRefused):
        tokens.access_token(connected, now())
    connected.refresh_from_db()
    assert (connected.status, connected.reason) == (Status.ATTENTION, "servicenow.refresh_refused")
    assert AuditEntry.objects.filter(action="connection.attention").count() == 1


def test_a_refused_renewal_is_not_tried_again_until_a_person_asks(
    sandbox: RunningSandbox, connected: Connection
) -> None:
    lapse(connected)
    good = connected.sealed_refresh_token
    Connection.objects.update(sealed_refresh_token=seal("run out"))
    for _ in range(3):
        with pytest.raises(TokenRefused):
            read(connected)
    assert renewals(sandbox) == 1
    Connection.objects.update(sealed_refresh_token=good)
    connected.refresh_from_db()
    checks.run(connected, actor=Actor.job("test"), now=now())
    assert connected.status == Status.CONNECTED


def test_a_passing_fault_leaves_the_connection_as_it_is(
    sandbox: RunningSandbox, connected: Connection
) -> None:
    lapse(connected)
    told(sandbox, "faults", kind="unavailable", times=None)
    with pytest.raises(Maintenance):
        tokens.access_token(connected, now())
    connected.refresh_from_db()
    assert (connected.status, connected.reason) == (Status.CONNECTED, "")


def test_a_connection_removed_while_it_renews_gets_no_token_back(
    sandbox: RunningSandbox, connected: Connection
) -> None:
    seen = Connection.objects.get(pk=connected.pk)
    Connection.objects.update(sealed_access_token="", sealed_refresh_token="")
    with pytest.raises(NotAuthorized):
        tokens.renew(seen, now())
    connected.refresh_from_db()
    assert not connected.sealed_access_token


def test_without_tokens_nothing_is_asked(sandbox: RunningSandbox, waiting: Connection) -> None:
    with pytest.raises(NotAuthorized):
        tokens.access_token(waiting, now())
    with pytest.raises(NotAuthorized):
        read(waiting)


def test_every_request_of_a_client_is_written_down_without_a_secret(
    sandbox: RunningSandbox, connected: Connection
) -> None:
    lapse(connected)
    Attempt.objects.all().delete()
    with tokens.client_for(connected, patient=True) as client:
        client.whoami()
    rows = list(Attempt.objects.order_by("id"))
    assert [(row.method, row.path, row.status) for row in rows] == [
        ("POST", "/oauth_token.do", 200),
        ("GET", "/api/now/table/sys_user", 200),
    ]
    connected.refresh_from_db()
    written = str([vars(row) for row in rows])
    assert unseal(connected.sealed_access_token) not in written


def test_a_new_refresh_token_starts_its_life_anew_and_the_same_one_does_not(
    sandbox: RunningSandbox, connected: Connection
) -> None:
    ends = connected.refresh_expires_at
    assert ends is not None
    tokens.renew(connected, now() + timedelta(hours=1))
    connected.refresh_from_db()
    assert connected.refresh_expires_at == ends


def test_revoking_makes_both_tokens_useless(sandbox: RunningSandbox, connected: Connection) -> None:
    access, refresh = (
        unseal(connected.sealed_access_token),
        unseal(connected.sealed_refresh_token),
    )
    assert tokens.revoke(connected, [access, refresh, None])
    assert answers_to(sandbox, access) == 401
    assert refreshes(sandbox, refresh) == 401


def test_upkeep_renews_what_lapses_and_nothing_else(
    sandbox: RunningSandbox, connected: Connection
) -> None:
    assert upkeep.renew_lapsing(now(), timedelta(minutes=12)) == 0
    lapse(connected)
    assert upkeep.renew_lapsing(now(), timedelta(minutes=12)) == 1
    assert renewals(sandbox) == 1


def test_the_periodic_jobs_do_the_upkeep(sandbox: RunningSandbox, connected: Connection) -> None:
    lapse(connected)
    tasks.renew_tokens(0)
    assert renewals(sandbox) == 1
    Connection.objects.update(integration_user="somebody.else")
    tasks.verify_identities(0)
    connected.refresh_from_db()
    assert connected.reason == "connection.wrong_user"


def test_upkeep_survives_a_fault_of_one_connection(
    sandbox: RunningSandbox, connected: Connection
) -> None:
    lapse(connected)
    Connection.objects.update(sealed_refresh_token=seal("run out"))
    assert upkeep.renew_lapsing(now(), timedelta(minutes=12)) == 0
    connected.refresh_from_db()
    assert connected.status == Status.ATTENTION


def test_the_daily_question_finds_another_user(
    sandbox: RunningSandbox, connected: Connection
) -> None:
    assert upkeep.verify_identities(now()) == 1
    Connection.objects.update(integration_user="somebody.else")
    assert upkeep.verify_identities(now()) == 0
    connected.refresh_from_db()
    assert (connected.status, connected.reason) == (Status.ATTENTION, "connection.wrong_user")


def test_a_token_that_stays_refused_is_told_not_tried_for_ever(
    admin_client: Client, sandbox: RunningSandbox, connected: Connection
) -> None:
    told(sandbox, "faults", kind="unauthorized", times=None, match={"path": "api/now"})
    with pytest.raises(Unauthorized):
        read(connected)
    assert renewals(sandbox) == 1
