"""What the pages say of a source and of an action. Pure but for translation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from croniter import croniter  # type: ignore[import-untyped]  # it ships no types

from scoredesk.posture.models import ActionStatus, ImprovementAction, SecureScoreSource

# A worker takes a job within seconds; after this long there is probably none.
WORKER_PATIENCE = timedelta(seconds=60)
# A refresh that was cut off by a crash is not shown as running for ever.
LONGEST_REFRESH = timedelta(minutes=15)
STALE_AFTER = timedelta(hours=48)


@dataclass(frozen=True)
class Standing:
    """How a source stands. `waiting`: asked for but not begun, and nobody seems to take it up."""

    running: bool
    waiting: bool
    stale: bool
    next_at: datetime


def standing(source: SecureScoreSource, now: datetime, cron: str) -> Standing:
    """How `source` stands at `now`; `cron` says when it is refreshed by itself (UTC)."""
    since = source.refreshing_since
    running = since is not None and now - since < LONGEST_REFRESH
    begun = since is not None and source.attempted_at is not None and source.attempted_at >= since
    return Standing(
        running=running,
        waiting=running and not begun and since is not None and now - since > WORKER_PATIENCE,
        stale=source.refreshed_at is not None and now - source.refreshed_at > STALE_AFTER,
        next_at=croniter(cron, now).get_next(datetime),
    )


def score_impact(action: ImprovementAction, most_points: float | None) -> float | None:
    """What `action` can add to the score, in percent points (graph-secure-score 6).

    `most_points`: the tenant's possible points. None where they are not known, and for an action
    that is not scored: its points are no part of them.
    """
    if not most_points or action.status == ActionStatus.NOT_SCORED:
        return None
    return float(action.points_left) / most_points * 100


@dataclass(frozen=True)
class Counted:
    """How many of how many users or devices meet an action, where Microsoft counts them."""

    count: int
    total: int


def counted(action: ImprovementAction) -> Counted | None:
    """The numbers behind a ratio; Microsoft sends them as texts, and only for some actions."""
    count, total = (_whole(action.control_score.get(name)) for name in ("count", "total"))
    return Counted(count, total) if count is not None and total else None


def _whole(text: object) -> int | None:
    try:
        return round(float(str(text)))
    except (ValueError, OverflowError):
        return None
