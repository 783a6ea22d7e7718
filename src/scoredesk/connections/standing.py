"""How a connection stands, for people: what happened last, what comes next, what needs them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Count, Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scoredesk.common.errors import Explanation
from scoredesk.connections.faults import explain, explain_reason, facts_of
from scoredesk.connections.models import Attempt, Connection
from scoredesk.connections.pauses import next_check_at
from scoredesk.connections.times import WARN_BEFORE

# When the daily job asks every instance who we are (UTC).
DAILY_CHECK = time(4, 17)
_HOUR = timedelta(hours=1)
# The check asks for things that a plain integration user need not see (system properties, the
# dictionary, the app's interface): being refused them is an answer, not a failure.
_A_READING_REFUSED = Q(method="GET", status__in=(400, 403, 404, 501))


@dataclass(frozen=True)
class Standing:
    """The figures of the status page. `passing`: why the last attempt failed although the
    connection is not in attention; None if it did not."""

    last: Attempt | None
    requests: int
    failed: int
    next_check: datetime | None
    passing: Explanation | None


@dataclass(frozen=True)
class Banner:
    """Something that needs a person: what it is, the cure in short, where to go. `code`: of
    a fault, which a check may find cured; `why`: its causes, which a cure may count."""

    what: str
    cure: str
    view: str
    label: str | Promise
    code: str = ""
    why: str = ""


def standing_of(connection: Connection, now: datetime) -> Standing:
    """Three queries at most, however many requests were made: they read an hour of an index."""
    rows = Attempt.objects.filter(connection=connection).order_by("-at")
    failed = ~Q(fault_code="") & ~_A_READING_REFUSED
    counted = rows.filter(at__gt=now - _HOUR).aggregate(
        requests=Count("id"), failed=Count("id", filter=failed)
    )
    return Standing(
        last=rows.first(),
        requests=counted["requests"],
        failed=counted["failed"],
        next_check=_next_check(connection, now),
        passing=_passing(connection, rows.filter(failed).first() if connection.failures else None),
    )


def ends_soon(connection: Connection, now: datetime) -> bool:
    """Whether somebody must authorize again before long, or should have."""
    ends = connection.refresh_expires_at
    return bool(ends and connection.usable and ends - now < WARN_BEFORE)


def banners_of(connection: Connection, now: datetime) -> list[Banner]:
    """What the home page says of a connection, most urgent first; empty if nothing needs a
    person."""
    found = []
    if fault := explain_reason(connection):
        place = "connections:overview"
        found.append(Banner(fault.what, fault.cure, place, _SHOW, fault.code, fault.why))
    if ends_soon(connection, now):
        found.append(
            Banner(
                _("The permission that ServiceNow gave runs out soon."),
                _("Authorize again before that day; nothing is lost by doing it early."),
                "connections:overview",
                _SHOW,
            )
        )
    return found


_SHOW = gettext_lazy("Go to its status")


def _next_check(connection: Connection, now: datetime) -> datetime | None:
    if not connection.usable:
        return None
    planned = next_check_at(connection)
    if planned is not None:
        return max(planned, now)
    today = datetime.combine(now.date(), DAILY_CHECK, tzinfo=now.tzinfo)
    return today if today > now else today + timedelta(days=1)


def _passing(connection: Connection, newest: Attempt | None) -> Explanation | None:
    if connection.reason or newest is None:
        return None
    return explain(newest.fault_code, facts_of(connection))
