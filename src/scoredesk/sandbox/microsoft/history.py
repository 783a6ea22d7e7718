"""The score of every control on every day: a pure function of the seed, so a day can be made twice.

Days are counted from the day of seeding: 0 is that day, -89 the oldest kept, 1 tomorrow.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

SEED = "scoredesk-sandbox-1"
DAYS_KEPT = 90
USERS = 214
DEVICES = 186
# Shares of what can be had, as tenants of all and of similar size reach them in this sandbox.
AVERAGES = {"AllTenants": 0.47, "TotalSeats": 0.52}
CATEGORIES = ("apps", "data", "device", "identity", "infrastructure")


@dataclass(frozen=True)
class Scored:
    """A control that takes part in the score.

    `kind`: switch (carries `on`), ratio (users: `count`, `total`), fleet (devices, whose number
    moves a little every day), plain (neither). `course` lists (day, percent) from which day on
    what is measured; empty means: invented from the control's name. `joined` lists (day, devices)
    that came to the fleet for good, or left it.
    """

    id: str
    category: str
    max_score: float
    kind: str
    course: tuple[tuple[int, float], ...] = ()
    description: str = ""
    joined: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Standing:
    """A control on one day: what the tenant declared (`state`) and what was forced by a lever."""

    state: str = "Default"
    forced_percent: float | None = None


def percent_on(control: Scored, day: int) -> float:
    """What Microsoft would measure for the control on that day, 0 to 100, before fleet churn."""
    course = control.course or invented_course(control)
    percent = course[0][1]
    for start, reached in course:
        if start <= day:
            percent = reached
    return percent


def devices_on(day: int) -> int:
    """How many devices the tenant has on that day: they come and go all the time."""
    return DEVICES + round(3 * math.sin(day / 5))


def invented_course(control: Scored) -> tuple[tuple[int, float], ...]:
    """A quiet course from the name alone: done all along, open all along, or done on some day."""
    lot = _lot(control.id)
    partial = control.kind in {"ratio", "fleet"}
    if lot < 40:
        return ((-DAYS_KEPT, 97.0 if control.kind == "fleet" else 100.0),)
    if lot < 78:
        return ((-DAYS_KEPT, float(lot % 60 + 12) if partial else 0.0),)
    done_on = -(lot * 37 % 80) - 4
    if not partial:
        return ((-DAYS_KEPT, 0.0), (done_on, 100.0))
    return ((-DAYS_KEPT, 20.0), (done_on - 9, 45.0), (done_on - 4, 70.0), (done_on, 96.0))


def control_score(control: Scored, standing: Standing, *, day: int, date: date) -> dict[str, Any]:
    """One entry of `controlScores` as Graph sends it (graph-secure-score 2.3)."""
    percent = percent_on(control, day)
    if standing.forced_percent is not None:
        percent = standing.forced_percent
    counted: dict[str, str] = {}
    if control.kind in {"ratio", "fleet"}:
        joined = sum(number for since, number in control.joined if since <= day)
        total = USERS if control.kind == "ratio" else devices_on(day) + joined
        usual = USERS if control.kind == "ratio" else DEVICES
        count = max(0, total - round(usual * (1 - percent / 100)))
        counted = {"count": str(count), "total": str(total)}
        percent = 100 * count / total
    elif control.kind == "switch":
        counted = {"on": "true" if percent >= 100 else "false"}
    if standing.state == "ThirdParty":
        percent = 100.0
    elif standing.state == "Ignored":
        percent = 0.0
    return {
        "controlCategory": control.category,
        "controlName": control.id,
        "description": control.description,
        "score": round(control.max_score * percent / 100, 2),
        "lastSynced": _synced(control, date),
        "implementationStatus": _status(control, counted, percent),
        **counted,
        "scoreInPercentage": round(percent, 2),
    }


def snapshot(
    tenant_id: str, date: date, day: int, scored: Iterable[tuple[Scored, Standing]]
) -> dict[str, Any]:
    """The secureScore of one day (graph-secure-score 2.1)."""
    pairs = list(scored)
    entries = [control_score(control, standing, day=day, date=date) for control, standing in pairs]
    return {
        "id": f"{tenant_id}_{date.isoformat()}",
        "azureTenantId": tenant_id,
        "activeUserCount": USERS - 9 + day % 7,
        "createdDateTime": f"{date.isoformat()}T00:00:00Z",
        "currentScore": round(sum(entry["score"] for entry in entries), 2),
        "enabledServices": ["HasAADP1", "HasAADP2", "HasEXOP2", "HasMDOP2", "HasSPOP2", "HasMDEP2"],
        "licensedUserCount": 0,
        "maxScore": float(sum(control.max_score for control, _ in pairs)),
        "vendorInformation": vendor(),
        "averageComparativeScores": _comparisons([control for control, _ in pairs], day),
        "controlScores": entries,
    }


def vendor() -> dict[str, str | None]:
    """The vendorInformation that every object carries."""
    return {
        "provider": "SecureScore",
        "providerVersion": None,
        "subProvider": None,
        "vendor": "Microsoft",
    }


def _comparisons(controls: list[Scored], day: int) -> list[dict[str, Any]]:
    compared: list[dict[str, Any]] = []
    for basis, share in AVERAGES.items():
        entry: dict[str, Any] = {"basis": basis}
        entry["averageScore"] = round(100 * share + 2 + day / 100, 2)
        if basis == "TotalSeats":
            entry |= {"SeatSizeRangeLowerValue": "101", "SeatSizeRangeUpperValue": "300"}
        for number, category in enumerate(CATEGORIES):
            most = sum(c.max_score for c in controls if c.category.lower() == category) * 0.8
            entry[f"{category}Score"] = round(most * (share + number / 50 + day / 10_000), 2)
            entry[f"{category}ScoreMax"] = round(most, 2)
        compared.append(entry)
    return compared


def _synced(control: Scored, date: date) -> str:
    """When the control was last looked at: the day before the snapshot, for some days earlier."""
    lot = _lot(control.id)
    late = 1 + (lot % 4 if lot % 3 == 0 else 0)
    at = datetime.combine(date, time(lot % 24, lot % 60, lot % 57), UTC) - timedelta(days=late)
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _status(control: Scored, counted: dict[str, str], percent: float) -> str:
    """Free English that some controls fill with HTML and some leave empty."""
    lot = _lot(control.id)
    if control.kind == "fleet":
        return f"{counted['count']} of {counted['total']} devices meet this recommendation."
    if control.kind == "ratio" and lot % 2:
        return (
            f"<p> {percent:.0f}% of users are covered&nbsp;</p>"
            f"<ul><li>Main policy - {counted['count']} of {counted['total']} users&nbsp;</li></ul>"
        )
    if control.kind == "ratio":
        return f"{counted['count']} of {counted['total']} users are covered."
    if lot % 5 == 0:
        return ""
    return "The setting is as recommended." if percent >= 100 else "The setting is not in place."


@lru_cache(maxsize=4096)
def _lot(name: str) -> int:
    """A number 0 to 99 that belongs to a name for ever."""
    return int.from_bytes(hashlib.sha256(f"{SEED}:{name}".encode()).digest()[:4], "big") % 100
