"""What keeps connections alive while nobody looks; called by the periodic jobs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from logging import getLogger

from scoredesk.common.errors import ScoredeskError
from scoredesk.connections.checks import verify_identity
from scoredesk.connections.health import report_fault, report_success
from scoredesk.connections.models import Connection, Status
from scoredesk.connections.tokens import lapsing, renew

log = getLogger(__name__)


def renew_lapsing(now: datetime, within: timedelta) -> int:
    """Renews the access tokens that lapse within that time; returns for how many it went well."""
    rows = Connection.objects.filter(pk__in=lapsing(now, within))
    return sum(_kept_going(row, now, partial(renew, row, now, patient=True)) for row in rows)


def verify_identities(now: datetime) -> int:
    """Asks each connected instance who we are; returns how many answered as they should."""
    rows = Connection.objects.filter(status=Status.CONNECTED)
    return sum(_kept_going(row, now, partial(verify_identity, row)) for row in rows)


def _kept_going(connection: Connection, now: datetime, work: Callable[[], object]) -> bool:
    """One connection's fault is told to that connection and never stops the others."""
    try:
        work()
    except ScoredeskError as fault:
        log.warning("Upkeep of connection %s failed: %s", connection.uid, fault)
        report_fault(connection, fault, now)
        return False
    report_success(connection, now)
    return True
