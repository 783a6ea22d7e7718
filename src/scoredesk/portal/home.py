"""What the home page shows, collected in a bounded number of queries and without a request."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from scoredesk.accounts.models import Tenant
from scoredesk.common.errors import Explanation
from scoredesk.connections.models import Connection, Phase, TicketTable
from scoredesk.connections.rows import live_connection
from scoredesk.connections.standing import Banner, banners_of
from scoredesk.posture.faults import explain_source
from scoredesk.posture.models import (
    ActionStatus,
    ImprovementAction,
    ScoreSnapshot,
    SecureScoreSource,
)
from scoredesk.tickets.models import Ticket

TREND_DAYS = 90
CHANGE_DAYS = 7
NEWEST = 5
TOP_ACTIONS = 5
STALE_AFTER = dt.timedelta(days=3)


@dataclass(frozen=True)
class Comparison:
    """How organisations of one kind score on average, in percent."""

    basis: str
    percent: float
    seats: tuple[str, str] | None


@dataclass(frozen=True)
class Score:
    """The Secure Score card. `newest` is None until the first refresh has brought something."""

    source: SecureScoreSource | None
    newest: ScoreSnapshot | None
    trend: list[ScoreSnapshot]
    change: float | None
    comparisons: list[Comparison]
    fault: Explanation | None
    stale: bool

    @property
    def chart(self) -> list[dict[str, object]]:
        """The trend for the browser's chart, oldest day first."""
        return [
            {"day": snapshot.day.isoformat(), "percent": round(snapshot.percent, 2)}
            for snapshot in self.trend
        ]

    @property
    def loss(self) -> float:
        """The change without its sign, for "down by"."""
        return abs(self.change or 0.0)

    @property
    def newest_first(self) -> list[ScoreSnapshot]:
        """The trend for the table beside the chart."""
        return self.trend[::-1]


@dataclass(frozen=True)
class PhaseCount:
    """How many tickets are in a phase, and their share of all in percent."""

    phase: Phase
    number: int
    share: float


@dataclass(frozen=True)
class Tickets:
    """A card of tickets of one kind: counted by phase, and the newest."""

    table: TicketTable
    total: int
    phases: list[PhaseCount]
    newest: list[Ticket]


@dataclass(frozen=True)
class Desk:
    """The ServiceNow side: the connection, what needs a person, a card for each kind of ticket."""

    connection: Connection | None
    banners: list[Banner]
    cards: list[Tickets]


def collect_score(tenant: Tenant, *, now: dt.datetime) -> Score:
    """The score card: two queries."""
    source = SecureScoreSource.objects.of(tenant).first()
    since = now.date() - dt.timedelta(days=TREND_DAYS)
    trend = list(
        ScoreSnapshot.objects.of(tenant).filter(day__gte=since).defer("raw").order_by("day")
    )
    newest = trend[-1] if trend else ScoreSnapshot.objects.of(tenant).defer("raw").first()
    return Score(
        source=source,
        newest=newest,
        trend=trend,
        change=change_since(trend, days=CHANGE_DAYS),
        comparisons=comparisons_of(newest.comparisons if newest else []),
        fault=explain_source(source),
        stale=newest is not None and now.date() - newest.day > STALE_AFTER,
    )


def change_since(trend: list[ScoreSnapshot], *, days: int) -> float | None:
    """Percentage points gained over `days` up to the newest day; None without an older day.

    Days may be missing: compared is the newest snapshot that is at least `days` older.
    """
    if not trend:
        return None
    newest = trend[-1]
    older = [snapshot for snapshot in trend if (newest.day - snapshot.day).days >= days]
    return newest.percent - older[-1].percent if older else None


def comparisons_of(found: list[dict[str, Any]]) -> list[Comparison]:
    """The averages worth showing; Microsoft sent -1 and empty lists (graph-secure-score 2.2).

    An average is a percentage, unlike the points beside it.
    """
    shown = []
    for entry in found:
        percent = entry.get("averageScore")
        if not isinstance(percent, int | float) or not 0 <= percent <= 100:
            continue
        lower, upper = entry.get("SeatSizeRangeLowerValue"), entry.get("SeatSizeRangeUpperValue")
        seats = (str(lower), str(upper)) if lower and upper else None
        shown.append(Comparison(str(entry.get("basis", "")), float(percent), seats))
    return shown


def collect_desk(tenant: Tenant, *, now: dt.datetime) -> Desk:
    """The ServiceNow cards: five queries, however many tickets there are."""
    connection = live_connection(tenant)
    tracked = Ticket.objects.of(tenant).filter(tracked=True).order_by()
    counted: dict[tuple[str, str], int] = {
        (row["table"], row["phase"]): row["number"]
        for row in tracked.values("table", "phase").annotate(number=Count("id"))
    }
    cards = [_card(tenant, table, counted) for table in TicketTable]
    banners = banners_of(connection, now) if connection else []
    return Desk(connection=connection, banners=banners, cards=cards)


def _card(tenant: Tenant, table: TicketTable, counted: dict[tuple[str, str], int]) -> Tickets:
    numbers = {phase: counted.get((table.value, phase.value), 0) for phase in Phase}
    total = sum(numbers.values())
    phases = [
        PhaseCount(phase, number, number / total * 100 if total else 0.0)
        for phase, number in numbers.items()
        if number or phase is not Phase.UNKNOWN
    ]
    newest = list(Ticket.objects.of(tenant).filter(table=table).with_states()[:NEWEST])
    return Tickets(table=table, total=total, phases=phases, newest=newest)


def collect_actions(tenant: Tenant) -> list[ImprovementAction]:
    """The improvement actions with the most points left: one query."""
    return list(
        ImprovementAction.objects.of(tenant)
        .filter(status=ActionStatus.TO_ADDRESS, gone_at=None, points_left__gt=0)
        .only("control_id", "title", "category", "points_left", "max_score", "tenant_id")
        .order_by("-points_left", "rank")[:TOP_ACTIONS]
    )
