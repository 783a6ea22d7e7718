"""A connection's life with a fault in the middle of it, for an administrator and for the jobs."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

from django.core.management import CommandError, call_command
from django.urls import reverse
from tests.connections.browserless import OWNER, begin, set_up, walk
from tests.security.conftest import CLIENT_SECRET, PASSWORD
from tests.security.silence import Browser, Witness

from scoredesk.common.clock import now
from scoredesk.connections import upkeep, urls
from scoredesk.connections.models import Connection
from scoredesk.sandbox.program import RunningSandbox

# Every page of the room; what only takes forms answers 405.
ROOM = [page.name for page in urls.urlpatterns if not page.pattern.converters]


def live(
    browser: Browser, sandbox: RunningSandbox, witness: Witness, fault: Callable[[bool], None]
) -> None:
    """Set up, come back, check, renew, be somebody else, remove: each with the fault and without.

    `fault(True)` turns it on, `fault(False)` off.
    """
    set_up(browser, sandbox, client_secret=CLIENT_SECRET, integration_user="")
    set_up(browser, sandbox, client_secret=CLIENT_SECRET)
    path = _way_back(browser, witness, "scoredesk.integration", PASSWORD)
    fault(True)
    browser.get(path)
    _look(browser, "check")
    fault(False)
    browser.get(_way_back(browser, witness, "scoredesk.integration", PASSWORD))
    wrong = _way_back(browser, witness, *OWNER)
    fault(True)
    _look(browser, "check", "states-read")
    _jobs()
    browser.get(wrong)
    set_up(browser, sandbox, client_secret=f"{CLIENT_SECRET}-other", integration_user="other")
    browser.post(reverse("connections:remove"))
    fault(False)


def _way_back(browser: Browser, witness: Witness, user: str, password: str) -> str:
    return witness.learn_way_back(walk(begin(browser), user, password))


def _look(browser: Browser, *pressed: str) -> None:
    """Presses these buttons, then looks at every page, and at the command line."""
    for name in pressed:
        browser.post(reverse(f"connections:{name}"), follow=True)
    for name in ROOM:
        browser.get(reverse(f"connections:{name}"))
    browser.get(reverse("connections:report"), {"as": "json"})
    browser.get(reverse("home"))
    browser.get(reverse("accounts:audit"))
    with suppress(SystemExit, CommandError):
        call_command("check_connections")


def _jobs() -> None:
    """What the worker does meanwhile, with a token that lapses."""
    Connection.objects.update(access_expires_at=now(), next_try_at=None)
    upkeep.renew_lapsing(now(), timedelta(minutes=12))
    upkeep.verify_identities(now())
