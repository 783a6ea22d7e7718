"""A connection that was just authorized, and one that a check can authorize by itself."""

from __future__ import annotations

import logging
from collections.abc import Collection
from datetime import datetime

from scoredesk.accounts.audit import Actor
from scoredesk.common.errors import ScoredeskError
from scoredesk.connections import checks, credentials, states
from scoredesk.connections.fields import reading
from scoredesk.connections.findings import Finding, Step
from scoredesk.connections.models import Connection, SignIn, Status

log = logging.getLogger(__name__)


def arrive(connection: Connection, *, actor: Actor, now: datetime) -> list[Finding]:
    """Reads and checks what only an authorized connection can; returns what was found."""
    states.take_up_at_first(connection, actor=actor)
    reading.take_up_at_first(connection, actor=actor, now=now)
    return checks.run(connection, actor=actor, now=now)


def check(
    connection: Connection,
    *,
    actor: Actor,
    now: datetime,
    steps: Collection[Step] = frozenset(Step),
) -> list[Finding]:
    """`checks.run` of a connection in any state.

    Where access without a browser was refused, only asking for it again shows that the cause is
    cured: a check of that step does so, and the connection is connected if it is given.
    """
    if Step.AUTHORIZE in steps and _was_refused_access(connection):
        try:
            connected = credentials.obtain(connection, actor=actor, now=now)
        except ScoredeskError as error:
            log.info("%s still gives no access: %s", connection.address, error.code)
            connection.refresh_from_db()
        else:
            found = arrive(connected, actor=actor, now=now)
            connection.refresh_from_db()
            return [finding for finding in found if finding.step in steps]
    return checks.run(connection, actor=actor, now=now, steps=steps)


def _was_refused_access(connection: Connection) -> bool:
    waits = connection.status in {Status.NOT_CONNECTED, Status.AUTHORIZING}
    without_browser = connection.sign_in == SignIn.CLIENT_CREDENTIALS
    return waits and without_browser and bool(connection.reason) and not connection.has_tokens
