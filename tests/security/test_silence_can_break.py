"""The search of `silence` finds a secret wherever one is planted: it is able to fail."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest
from django.core import mail
from django.core.cache import cache
from django.http import HttpResponse
from procrastinate.contrib.django import app
from tests.security.conftest import CLIENT_SECRET
from tests.security.silence import Browser, Witness

from scoredesk.accounts import audit
from scoredesk.accounts.audit import Actor
from scoredesk.accounts.models import Tenant
from scoredesk.accounts.sealed import seal
from scoredesk.common.clock import now
from scoredesk.connections.models import Attempt, Connection

Plant = Callable[[Browser, Connection], object]


def _print(_browser: Browser, _row: Connection) -> None:
    print(f"secret: {CLIENT_SECRET}")  # noqa: T201  # the leak that is planted


def _keep_in_session(browser: Browser, _row: Connection) -> None:
    session = browser.session
    session["typed"] = {"form": f"x={CLIENT_SECRET}"}
    session.save()


def _record(_browser: Browser, row: Connection) -> None:
    after = {"secret": CLIENT_SECRET}
    audit.record(Actor("test"), "connection.saved", tenant=row.tenant, after=after)


def _attempt(_browser: Browser, row: Connection) -> None:
    Attempt.objects.create(
        tenant=row.tenant, connection=row, at=now(), method="GET", path=f"/x/{CLIENT_SECRET}"
    )


def _defer(_browser: Browser, _row: Connection) -> None:
    app.configure_task("scoredesk.connections.tasks.renew_tokens").defer(timestamp=CLIENT_SECRET)


def _store_in_the_clear(_browser: Browser, row: Connection) -> None:
    Connection.objects.filter(pk=row.pk).update(sealed_client_secret=CLIENT_SECRET)


def _show(browser: Browser, _row: Connection) -> None:
    browser.keep(HttpResponse(headers={"X-Told": CLIENT_SECRET}))


PLANTS: dict[str, Plant] = {
    "log": lambda _b, _r: logging.getLogger("scoredesk.test").debug("it is %s", CLIENT_SECRET),
    "output": _print,
    "pages": _show,
    "mail": lambda _b, _r: mail.send_mail("x", CLIENT_SECRET, "a@b.example", ["c@d.example"]),
    "sessions, unpacked": _keep_in_session,
    "cache, unpacked": lambda _b, _r: cache.set("x", CLIENT_SECRET),
    "accounts_auditentry": _record,
    "connections_attempt": _attempt,
    "connections_connection": _store_in_the_clear,
    "procrastinate_jobs": _defer,
}


@pytest.fixture
def row(tenant: Tenant) -> Connection:
    """A connection with a sealed secret, which is no leak."""
    return Connection.objects.create(
        tenant=tenant,
        address="https://acme.service-now.com",
        sealed_client_secret=seal(CLIENT_SECRET),
    )


def test_a_sealed_secret_is_no_leak(witness: Witness, browser: Browser, row: Connection) -> None:
    browser.get("/connections/")
    assert witness.leaks() == []


@pytest.mark.parametrize("place", PLANTS)
def test_a_leak_is_found_where_it_is_planted(
    witness: Witness, browser: Browser, row: Connection, place: str
) -> None:
    PLANTS[place](browser, row)
    assert any(place in leak for leak in witness.leaks())


@pytest.mark.parametrize("kind", ["access token", "refresh token", "verifier", "code", "state"])
def test_each_kind_of_secret_is_known_to_the_witness(
    witness: Witness, browser: Browser, row: Connection, kind: str
) -> None:
    secret = f"planted-{kind.replace(' ', '-')}-1"
    if kind in {"code", "state"}:
        witness.learn_way_back(f"/connections/callback?{kind}={secret}")
    else:
        seal(secret)
    Connection.objects.filter(pk=row.pk).update(reason_detail=f"It said {secret}.")
    assert witness.leaks()
