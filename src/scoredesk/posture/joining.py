"""Profiles and scores made into what we keep: a row per control, a row per change. Pure.

The two lists of Microsoft Graph rarely match: 68 scored controls beside 200 profiles gave 41 pairs
in a real capture (graph-secure-score 2.4). A control that only one of the lists knows is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from scoredesk.graph import ControlScore, Level, Profile, Snapshot
from scoredesk.graph.payloads import read_profile
from scoredesk.posture.models import ActionStatus, Category, Effort

LONGEST_TITLE = 500
LONGEST_WORD = 80
LONGEST_ADDRESS = 2000
# Points come with two decimals; less than half of the last one is no difference.
SMALLEST_DIFFERENCE = 0.005

# What the tenant declared, by Graph's word in lower case (graph-secure-score 4). Words that are
# not here (Default, and any that Microsoft adds) leave the verdict to the points.
_DECLARED_DONE = {"thirdparty": ActionStatus.THIRD_PARTY, "reviewed": ActionStatus.ALTERNATE}
_ACCEPTED = "ignored"


@dataclass(frozen=True, slots=True)
class Earlier:
    """What an earlier refresh knew of a control: its profile as JSON, its most points."""

    profile: Mapping[str, Any]
    max_score: float


@dataclass(frozen=True, slots=True)
class ActionRow:
    """A control as it is now; the fields of `ImprovementAction`. HTML is Microsoft's, uncleaned."""

    control_id: str
    title: str
    category: Category
    status: ActionStatus
    max_score: float
    score: float | None
    score_percent: float | None
    rank: int | None
    service: str
    tier: str
    effort: Effort
    user_impact: Effort
    threats: list[str]
    action_url: str
    description_html: str
    remediation_html: str
    impact_html: str
    implementation_html: str
    deprecated: bool
    has_profile: bool
    last_synced_at: datetime | None
    profile: Mapping[str, Any] = field(repr=False)
    control_score: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class ScoreChange:
    """The day on which a control's points became `score`. `max_score`: None if not told."""

    control_id: str
    day: date
    score: float
    max_score: float | None


def join(
    profiles: Iterable[Profile],
    scores: Iterable[ControlScore],
    earlier: Mapping[str, Earlier] | None = None,
) -> list[ActionRow]:
    """One row for each control that is in `profiles`, in `scores`, or in both.

    `scores`: of the newest snapshot. `earlier`: by control id; a control that is still scored but
    whose profile is no longer sent keeps the texts that are known of it.
    """
    by_id = {profile.id: profile for profile in profiles}
    scored = {score.control: score for score in scores}
    known = earlier or {}
    return [
        _row(control_id, by_id.get(control_id), scored.get(control_id), known.get(control_id))
        for control_id in [*by_id, *(name for name in scored if name not in by_id)]
    ]


def changes(snapshots: Iterable[Snapshot], before: Mapping[str, float]) -> list[ScoreChange]:
    """The days on which points changed, oldest first.

    `snapshots` in any order. `before`: points by control id just before the oldest of them; a
    control that is not in it gets a row on its first day.
    """
    dated = [(snapshot.day, snapshot) for snapshot in snapshots if snapshot.day is not None]
    current = dict(before)
    found: list[ScoreChange] = []
    for day, snapshot in sorted(dated, key=lambda pair: pair[0]):
        for control in {score.control: score for score in snapshot.controls}.values():
            change = _change(control, day, current.get(control.control))
            if change is not None:
                found.append(change)
                current[change.control_id] = change.score
    return found


def status_of(
    state: str, score: float | None, max_score: float, percent: float | None
) -> ActionStatus:
    """The portal's word for a control. `state`: Graph's newest, any case. No score: not scored."""
    if score is None:
        return ActionStatus.NOT_SCORED
    declared = _DECLARED_DONE.get(state.strip().lower())
    if declared is not None:
        return declared
    if all_points(score, max_score, percent):
        return ActionStatus.COMPLETED
    if state.strip().lower() == _ACCEPTED:
        return ActionStatus.RISK_ACCEPTED
    return ActionStatus.TO_ADDRESS


def all_points(score: float, max_score: float, percent: float | None) -> bool:
    """Whether nothing is left; by percent where the most points are not known."""
    if max_score > 0:
        return score > max_score - SMALLEST_DIFFERENCE
    return percent is not None and percent > 100 - SMALLEST_DIFFERENCE


def most_points(control: ControlScore) -> float | None:
    """The points of a control at 100 %, told from its score; None at 0 % or without numbers."""
    if control.score is None or not control.percentage or control.score <= 0:
        return None
    return round(control.score * 100 / control.percentage, 2)


def newest_of_each_day(snapshots: Sequence[Snapshot]) -> list[Snapshot]:
    """`snapshots` (newest first) without a second one of a day, and without those of no day."""
    by_day: dict[date, Snapshot] = {}
    for snapshot in snapshots:
        if snapshot.day is not None:
            by_day.setdefault(snapshot.day, snapshot)
    return list(by_day.values())


def _row(
    control_id: str,
    profile: Profile | None,
    control: ControlScore | None,
    earlier: Earlier | None,
) -> ActionRow:
    texts = profile or (read_profile(earlier.profile) if earlier else None) or _nameless(control_id)
    max_score = _max_score(profile, control, earlier)
    score, percent = _points(control, max_score)
    return ActionRow(
        control_id=control_id,
        title=(texts.title or control_id)[:LONGEST_TITLE],
        category=_category(texts.category, control.category if control else ""),
        status=status_of(texts.state.state, score, max_score, percent),
        max_score=max_score,
        score=score,
        score_percent=percent,
        rank=texts.rank,
        service=texts.service[:LONGEST_WORD],
        tier=texts.tier[:LONGEST_WORD],
        effort=_effort(texts.implementation_cost),
        user_impact=_effort(texts.user_impact),
        threats=list(texts.threats),
        action_url=_web_address(texts.action_url),
        description_html=control.description if control else "",
        remediation_html=texts.remediation,
        impact_html=texts.remediation_impact,
        implementation_html=control.status_text if control else "",
        deprecated=texts.deprecated,
        has_profile=profile is not None,
        last_synced_at=control.last_synced if control else None,
        profile=texts.raw,
        control_score=control.raw if control else {},
    )


def _nameless(control_id: str) -> Profile:
    """What stands in for a profile that was never sent."""
    profile = read_profile({"id": control_id})
    if profile is None:
        raise ValueError("A control without an id cannot be joined.")
    return replace(profile, raw={})


def _max_score(
    profile: Profile | None, control: ControlScore | None, earlier: Earlier | None
) -> float:
    """The most points: as the profile says, else told from the score, else as known; 0 if not."""
    if profile is not None and profile.maximum is not None:
        return profile.maximum
    told = most_points(control) if control else None
    if told is not None:
        return told
    return earlier.max_score if earlier else 0.0


def _points(control: ControlScore | None, max_score: float) -> tuple[float | None, float | None]:
    """Score and percent, the one told from the other where Graph left it out."""
    if control is None:
        return None, None
    score, percent = control.score, control.percentage
    if score is None and percent is not None and max_score:
        score = round(max_score * percent / 100, 2)
    if percent is None and score is not None and max_score:
        percent = round(score / max_score * 100, 2)
    return score, percent


def _change(control: ControlScore, day: date, known: float | None) -> ScoreChange | None:
    if control.score is None:
        return None
    if known is not None and abs(known - control.score) < SMALLEST_DIFFERENCE:
        return None
    return ScoreChange(control.control, day, control.score, most_points(control))


def _category(*written: str) -> Category:
    """The first that is one of Microsoft's; the row keeps the JSON of any other."""
    return next((Category(word) for word in written if word in Category.values), Category.OTHER)


def _effort(level: Level) -> Effort:
    return Effort(level.value)


def _web_address(written: str) -> str:
    """An address that may be offered as a link; "" for what is none."""
    address = written.strip()
    usable = address.lower().startswith(("https://", "http://")) and len(address) <= LONGEST_ADDRESS
    return address if usable else ""
