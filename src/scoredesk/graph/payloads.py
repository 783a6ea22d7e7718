"""Secure Score as Microsoft Graph delivers it, read leniently (graph-secure-score 2).

Nothing is rejected for a null, a text in place of a number, a missing or an unknown member. Each
object keeps `raw`, the untouched JSON, so that nothing of the capture is lost.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, TypeVar

Json = Mapping[str, Any]
T = TypeVar("T")


class Category(StrEnum):
    """The categories of improvement actions."""

    IDENTITY = "Identity"
    DATA = "Data"
    DEVICE = "Device"
    APPS = "Apps"
    INFRASTRUCTURE = "Infrastructure"


class Level(StrEnum):
    """User impact and implementation cost; Graph writes Medium beside Moderate, in mixed case."""

    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"
    UNKNOWN = "unknown"

    @classmethod
    def of(cls, written: str | None) -> Level:
        """The level of Graph's own word; UNKNOWN for null and for words it never used."""
        word = (written or "").strip().lower()
        return cls(word) if word in set(cls) else {"medium": cls.MODERATE}.get(word, cls.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Comparative:
    """The average of others. `average`: percent, None where Graph sends -1 for "not known"."""

    basis: str
    average: float | None
    seats_from: int | None
    seats_to: int | None
    raw: Json = field(repr=False)


@dataclass(frozen=True, slots=True)
class ControlScore:
    """A control's points on a day. `control` is the id of its profile, if it has one."""

    control: str
    category: str
    score: float | None
    percentage: float | None
    status_text: str
    description: str
    last_synced: datetime | None
    count: int | None
    total: int | None
    on: bool | None
    raw: Json = field(repr=False)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A day's score. `day`: None only if neither date nor id tell it. Users may be 0 (2.1)."""

    id: str
    tenant_id: str
    day: date | None
    created: datetime | None
    current: float | None
    maximum: float | None
    active_users: int | None
    licensed_users: int | None
    enabled_services: tuple[str, ...]
    comparatives: tuple[Comparative, ...]
    controls: tuple[ControlScore, ...]
    raw: Json = field(repr=False)


@dataclass(frozen=True, slots=True)
class StateUpdate:
    """What the tenant has decided about a control; `state`: Default, Ignored, ThirdParty, …"""

    state: str
    assigned_to: str = ""
    comment: str = ""
    updated_by: str = ""
    updated: datetime | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """A control of the catalogue. Texts are "" where Graph sends null; HTML is untouched."""

    id: str
    title: str
    category: str
    service: str
    tier: str
    action_type: str
    action_url: str
    maximum: float | None
    rank: int | None
    deprecated: bool
    implementation_cost: Level
    user_impact: Level
    threats: tuple[str, ...]
    remediation: str
    remediation_impact: str
    last_modified: datetime | None
    state_updates: tuple[StateUpdate, ...]
    raw: Json = field(repr=False)

    @property
    def state(self) -> StateUpdate:
        """The newest update by time; of equals the later one, no time counts as oldest (2.5)."""
        oldest = datetime.min.replace(tzinfo=UTC)
        ordered = sorted(self.state_updates, key=lambda update: update.updated or oldest)
        return ordered[-1] if ordered else StateUpdate("Default")


def read_snapshot(raw: Any) -> Snapshot | None:
    """A secureScore; None if it is no object with an id or a date."""
    if not isinstance(raw, Mapping):
        return None
    created, name = _time(raw.get("createdDateTime")), _text(raw.get("id"))
    day = created.date() if created else _day_in(name)
    if not name and day is None:
        return None
    return Snapshot(
        id=name,
        tenant_id=_text(raw.get("azureTenantId")),
        day=day,
        created=created,
        current=_number(raw.get("currentScore")),
        maximum=_number(raw.get("maxScore")),
        active_users=_whole(raw.get("activeUserCount")),
        licensed_users=_whole(raw.get("licensedUserCount")),
        enabled_services=_texts(raw.get("enabledServices")),
        comparatives=_each(raw.get("averageComparativeScores"), _comparative),
        controls=_each(raw.get("controlScores"), read_control_score),
        raw=raw,
    )


def read_control_score(raw: Json) -> ControlScore | None:
    """A controlScore; None without a control's name."""
    name = _text(raw.get("controlName"))
    if not name:
        return None
    return ControlScore(
        control=name,
        category=category_of(_text(raw.get("controlCategory"))),
        score=_number(raw.get("score")),
        percentage=_number(raw.get("scoreInPercentage")),
        status_text=_text(raw.get("implementationStatus")),
        description=_text(raw.get("description")),
        last_synced=_time(raw.get("lastSynced")),
        count=_whole(raw.get("count")),
        total=_whole(raw.get("total")),
        on=_flag(raw.get("on")),
        raw=raw,
    )


def read_profile(raw: Any) -> Profile | None:
    """A secureScoreControlProfile; None if it is no object with an id."""
    if not isinstance(raw, Mapping) or not _text(raw.get("id")):
        return None
    return Profile(
        id=_text(raw.get("id")),
        title=_text(raw.get("title")),
        category=category_of(_text(raw.get("controlCategory"))),
        service=_text(raw.get("service")),
        tier=_text(raw.get("tier")),
        action_type=_text(raw.get("actionType")),
        action_url=_text(raw.get("actionUrl")),
        maximum=_number(raw.get("maxScore")),
        rank=_whole(raw.get("rank")),
        deprecated=_flag(raw.get("deprecated")) or False,
        implementation_cost=Level.of(_text(raw.get("implementationCost"))),
        user_impact=Level.of(_text(raw.get("userImpact"))),
        threats=_texts(raw.get("threats")),
        remediation=_text(raw.get("remediation")),
        remediation_impact=_text(raw.get("remediationImpact")),
        last_modified=_time(raw.get("lastModifiedDateTime")),
        state_updates=_each(raw.get("controlStateUpdates"), _state_update),
        raw=raw,
    )


def category_of(written: str) -> str:
    """Graph's category in its usual spelling; an unknown one as written."""
    return next((known.value for known in Category if known.lower() == written.lower()), written)


def _comparative(raw: Json) -> Comparative:
    average = _number(raw.get("averageScore"))
    lower = {str(key).lower(): value for key, value in raw.items()}
    return Comparative(
        basis=_text(raw.get("basis")),
        # -1 in every member for weeks in 2019 (graph-secure-score 2.2)
        average=None if average is None or average < 0 else average,
        seats_from=_whole(lower.get("seatsizerangelowervalue")),
        seats_to=_whole(lower.get("seatsizerangeuppervalue")),
        raw=raw,
    )


def _state_update(raw: Json) -> StateUpdate:
    return StateUpdate(
        state=_text(raw.get("state")) or "Default",
        assigned_to=_text(raw.get("assignedTo")),
        comment=_text(raw.get("comment")),
        updated_by=_text(raw.get("updatedBy")),
        updated=_time(raw.get("updatedDateTime")),
    )


def _each(raw: Any, read: Callable[[Json], T | None]) -> tuple[T, ...]:
    items: Iterable[Any] = raw if isinstance(raw, list) else ()
    found = (read(item) for item in items if isinstance(item, Mapping))
    return tuple(item for item in found if item is not None)


def _text(raw: Any) -> str:
    return "" if raw is None else str(raw)


def _texts(raw: Any) -> tuple[str, ...]:
    return tuple(_text(item) for item in raw if item is not None) if isinstance(raw, list) else ()


def _number(raw: Any) -> float | None:
    if raw is None or isinstance(raw, bool):
        return None
    try:
        number = float(raw)
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None


def _whole(raw: Any) -> int | None:
    number = _number(raw)
    return None if number is None else round(number)


def _flag(raw: Any) -> bool | None:
    if isinstance(raw, bool):
        return raw
    return {"true": True, "false": False}.get(_text(raw).strip().lower())


def _time(raw: Any) -> datetime | None:
    """An ISO time as aware UTC; up to 7 digits of a second arrive, Python keeps 6."""
    try:
        moment = datetime.fromisoformat(_text(raw).strip())
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _day_in(name: str) -> date | None:
    """The day at the end of a snapshot's id, `{tenant}_{yyyy-MM-dd}`."""
    found = re.search(r"_(\d{4}-\d{2}-\d{2})\Z", name)
    moment = _time(found.group(1)) if found else None
    return moment.date() if moment else None
