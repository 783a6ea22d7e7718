"""Writing what Microsoft sent into the database, so that writing it twice changes nothing.

Every function is called inside the refresh's transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from scoredesk.accounts.models import Tenant
from scoredesk.graph import ControlScore, Snapshot
from scoredesk.posture.joining import ActionRow, Earlier, ScoreChange, changes
from scoredesk.posture.markup import clean_html
from scoredesk.posture.models import ActionScore, ImprovementAction, ScoreSnapshot

# Rows with their JSON weigh about 5 kB each: some hundred in a statement is quick and not heavy.
ROWS_A_STATEMENT = 200
_SNAPSHOT_FIELDS = (
    "graph_id",
    "current_score",
    "max_score",
    "comparisons",
    "enabled_services",
    "raw",
)
_HTML = ("description_html", "remediation_html", "impact_html", "implementation_html")


def keep_snapshots(tenant: Tenant, snapshots: Sequence[Snapshot]) -> None:
    """A row a day; a day that is known is brought up to date. `snapshots`: one a day."""
    ScoreSnapshot.objects.bulk_create(
        [
            _snapshot_row(tenant, snapshot, snapshot.day)
            for snapshot in snapshots
            if snapshot.day is not None
        ],
        update_conflicts=True,
        unique_fields=["tenant", "day"],
        update_fields=_SNAPSHOT_FIELDS,
        batch_size=ROWS_A_STATEMENT,
    )


def newest_controls(snapshots: Sequence[Snapshot]) -> tuple[ControlScore, ...]:
    """The control scores of the newest day in `snapshots`."""
    newest = max(snapshots, key=lambda snapshot: snapshot.day or date.min)
    return newest.controls


def known_actions(tenant: Tenant) -> dict[str, Earlier]:
    """What is known of each control before this refresh."""
    rows = ImprovementAction.objects.of(tenant).values_list("control_id", "profile", "max_score")
    return {control_id: Earlier(profile, most) for control_id, profile, most in rows}


def keep_actions(tenant: Tenant, rows: Sequence[ActionRow], now: datetime) -> tuple[int, int]:
    """A row a control; those that Microsoft no longer sends are marked as gone at `now`.

    Returns how many are new, and how many have gone since the last refresh.
    """
    known = set(ImprovementAction.objects.of(tenant).values_list("control_id", flat=True))
    made = [_action(tenant, row) for row in rows]
    ImprovementAction.objects.bulk_create(
        made,
        update_conflicts=True,
        unique_fields=["tenant", "control_id"],
        update_fields=[*sorted(set(ActionRow.__slots__) - {"control_id"}), "gone_at"],
        batch_size=ROWS_A_STATEMENT,
    )
    seen = {row.control_id for row in rows}
    missing = ImprovementAction.objects.of(tenant).filter(gone_at=None).exclude(control_id__in=seen)
    return len(seen - known), missing.update(gone_at=now)


def keep_history(tenant: Tenant, snapshots: Sequence[Snapshot]) -> int:
    """A row for each day on which an action's points changed. Returns how many there are now
    for the days of `snapshots`.

    Days that were read again replace what was known of them.
    """
    oldest = min(snapshot.day for snapshot in snapshots if snapshot.day is not None)
    ids = dict(ImprovementAction.objects.of(tenant).values_list("control_id", "id"))
    found = [
        change
        for change in changes(snapshots, _points_before(tenant, oldest))
        if change.control_id in ids
    ]
    rows = [_history_row(tenant, ids[change.control_id], change) for change in found]
    ActionScore.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["action", "day"],
        update_fields=["score", "max_score"],
        batch_size=ROWS_A_STATEMENT,
    )
    kept = {(row.action_id, row.day) for row in rows}
    stored = ActionScore.objects.of(tenant).filter(day__gte=oldest)
    stale = [
        pk for pk, *key in stored.values_list("id", "action_id", "day") if tuple(key) not in kept
    ]
    if stale:
        ActionScore.objects.of(tenant).filter(pk__in=stale).delete()
    return len(rows)


def _points_before(tenant: Tenant, day: date) -> dict[str, float]:
    """Each action's points just before `day`, by control id."""
    earlier = ActionScore.objects.of(tenant).filter(day__lt=day)
    newest = earlier.order_by("action_id", "-day").distinct("action_id")
    return dict(newest.values_list("action__control_id", "score"))


def _snapshot_row(tenant: Tenant, snapshot: Snapshot, day: date) -> ScoreSnapshot:
    reached = sum(control.score or 0.0 for control in snapshot.controls)
    return ScoreSnapshot(
        tenant=tenant,
        graph_id=snapshot.id,
        day=day,
        # The score is the sum of its controls' points, measured on real captures
        # (graph-secure-score 2.1); it stands in where Microsoft leaves the number out.
        current_score=round(reached, 2) if snapshot.current is None else snapshot.current,
        max_score=snapshot.maximum or 0.0,
        comparisons=[dict(comparative.raw) for comparative in snapshot.comparatives],
        enabled_services=list(snapshot.enabled_services),
        raw=dict(snapshot.raw),
    )


def _action(tenant: Tenant, row: ActionRow) -> ImprovementAction:
    values = {name: getattr(row, name) for name in ActionRow.__slots__}
    cleaned = {name: clean_html(values[name]) for name in _HTML}
    return ImprovementAction(tenant=tenant, gone_at=None, **{**values, **cleaned})


def _history_row(tenant: Tenant, action_id: int, change: ScoreChange) -> ActionScore:
    return ActionScore(
        tenant=tenant,
        action_id=action_id,
        day=change.day,
        score=change.score,
        max_score=change.max_score,
    )
