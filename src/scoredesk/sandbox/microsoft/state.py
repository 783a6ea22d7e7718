"""What the simulated tenant holds and how it changes: profiles, updates, snapshots.

Snapshots are not stored: a day is made again from the seed whenever it is asked for. Stored (tables
`ms_*`) is only what people did: updates of a control's state, percentages forced by the control
room, a registered certificate, and the day of seeding.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from datetime import date, datetime, timedelta
from typing import Any

from scoredesk.sandbox.microsoft import seed
from scoredesk.sandbox.microsoft.history import DAYS_KEPT, Scored, Standing, snapshot
from scoredesk.sandbox.shared import Shared

SCHEMA = """
CREATE TABLE IF NOT EXISTS ms_setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS ms_update (
    number INTEGER PRIMARY KEY, control TEXT NOT NULL, entry TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS ms_forced (
    number INTEGER PRIMARY KEY, control TEXT NOT NULL, at TEXT NOT NULL, percent REAL);
"""
PROFILE_KEYS = ("id", "controlCategory", "maxScore")
SCORE_KEYS = ("id", "createdDateTime", "controlScores")
STALE = timedelta(days=21)
# Taken in any case, given back in this one (graph-secure-score 4).
STATES = {name.lower(): name for name in ("Default", "Ignored", "ThirdParty", "Reviewed")}

Profile = dict[str, Any]
Snapshot = dict[str, Any]


class MicrosoftState:
    """The demo tenant as Graph sees it."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._db = sqlite3.connect(shared.data or ":memory:", check_same_thread=False)
        self._db.executescript(SCHEMA)
        self._captured_scores = (
            None if shared.scores is None else seed.captured(shared.scores, keys=SCORE_KEYS)
        )
        profiles = seed.captured(shared.profiles, keys=PROFILE_KEYS) if shared.profiles else None
        self._profiles = seed.seeded_profiles() if profiles is None else profiles
        self._controls = seed.seeded_controls() if profiles is None else seed.controls_of(profiles)
        self._updates: dict[str, list[dict[str, Any]]] = {}
        self._forced: dict[str, list[tuple[datetime, float | None]]] = {}
        self._made: dict[date, Snapshot] = {}
        self.signing_key = ""
        self.certificate: str | None = None
        self._read()

    def reset(self) -> None:
        """Forget everything that people did; the clock's today becomes the day of seeding."""
        with self._db:
            for table in ("ms_setting", "ms_update", "ms_forced"):
                self._db.execute(f"DELETE FROM {table}")  # noqa: S608 # three fixed names
        self._read()

    def profiles(self) -> list[Profile]:
        """All profiles with their history of updates."""
        null = self._shared.switches.get("graph_compliance_null")
        shown = [self._with_updates(profile) for profile in self._profiles]
        return [{**profile, "complianceInformation": None} for profile in shown] if null else shown

    def snapshots(self) -> list[Snapshot]:
        """The daily snapshots that Graph still keeps, newest first."""
        variant = self._shared.switches.get("graph_scores")
        if variant == "none":
            return []
        kept = self._kept_snapshots()
        if variant == "stale":
            before = (self._shared.clock.now() - STALE).date().isoformat()
            kept = [one for one in kept if one["createdDateTime"][:10] <= before]
        return [self._with_comparisons(one) for one in kept]

    def update(self, control: str, changes: dict[str, str | None], *, by: str) -> Profile:
        """Append to a control's history; what `changes` leaves out keeps its last value.

        KeyError if the tenant has no such control.
        """
        profile = self._profile(control)
        last = self._with_updates(profile)["controlStateUpdates"][-1:] or [seed.default_update()]
        now = self._shared.clock.now()
        entry = {
            **last[0],
            **changes,
            "updatedBy": by,
            "updatedDateTime": now.strftime("%Y-%m-%dT%H:%M:%S.%f0Z"),
        }
        with self._db:
            self._db.execute(
                "INSERT INTO ms_update (control, entry) VALUES (?, ?)", (control, json.dumps(entry))
            )
        self._read()
        return self._with_updates(profile)

    def force(self, control: str, percent: float | None) -> None:
        """From the next snapshot on, measure `percent` for a control; None: as seeded again.

        KeyError if the control takes no part in the score.
        """
        if control not in {scored.id for scored in self._controls}:
            raise KeyError(control)
        at = self._shared.clock.now().isoformat()
        with self._db:
            self._db.execute(
                "INSERT INTO ms_forced (control, at, percent) VALUES (?, ?, ?)",
                (control, at, percent),
            )
        self._read()

    def register_certificate(self, pem: str | None) -> None:
        """The only certificate whose client assertions are taken; None: any is."""
        with self._db:
            if pem is None:
                self._db.execute("DELETE FROM ms_setting WHERE name = 'certificate'")
            else:
                self._set("certificate", pem)
        self._read()

    def _read(self) -> None:
        settings = dict(self._db.execute("SELECT name, value FROM ms_setting").fetchall())
        if "seeded_on" not in settings:
            settings["seeded_on"] = self._shared.clock.now().date().isoformat()
            settings["signing_key"] = secrets.token_hex(32)
            with self._db:
                self._set("seeded_on", settings["seeded_on"])
                self._set("signing_key", settings["signing_key"])
        self._seeded_on = date.fromisoformat(settings["seeded_on"])
        self.signing_key = settings["signing_key"]
        self.certificate = settings.get("certificate")
        self._updates, self._forced = {}, {}
        for control, entry in self._db.execute(
            "SELECT control, entry FROM ms_update ORDER BY number"
        ):
            self._updates.setdefault(control, []).append(json.loads(entry))
        for control, at, percent in self._db.execute(
            "SELECT control, at, percent FROM ms_forced ORDER BY number"
        ):
            self._forced.setdefault(control, []).append((datetime.fromisoformat(at), percent))
        # Only days to come can look different now, but a clock may have been there already.
        self._made.clear()

    def _set(self, name: str, value: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO ms_setting VALUES (?, ?)", (name, value))

    def _profile(self, control: str) -> Profile:
        for profile in self._profiles:
            if profile["id"] == control:
                return profile
        raise KeyError(control)

    def _with_updates(self, profile: Profile) -> Profile:
        added = self._updates.get(profile["id"], [])
        if not added:
            return profile
        return {
            **profile,
            "controlStateUpdates": [*(profile.get("controlStateUpdates") or []), *added],
        }

    def _kept_snapshots(self) -> list[Snapshot]:
        if self._captured_scores is not None:
            return sorted(
                self._captured_scores, key=lambda one: str(one["createdDateTime"]), reverse=True
            )
        today = self._shared.clock.now().date()
        return [self._made_on(today - timedelta(days=back)) for back in range(DAYS_KEPT)]

    def _made_on(self, day: date) -> Snapshot:
        if day not in self._made:
            number = (day - self._seeded_on).days
            standing = [(control, self._standing(control, day)) for control in self._controls]
            self._made[day] = snapshot(seed.TENANT_ID, day, number, standing)
        return self._made[day]

    def _standing(self, control: Scored, day: date) -> Standing:
        """What was declared or forced before the snapshot of `day` was taken, at midnight."""
        state, percent = "Default", None
        for entry in self._updates.get(control.id, []):
            if entry["updatedDateTime"][:10] < day.isoformat():
                state = entry["state"]
        for at, forced in self._forced.get(control.id, []):
            if at.date() < day:
                percent = forced
        return Standing(state, percent)

    def _with_comparisons(self, one: Snapshot) -> Snapshot:
        variant = self._shared.switches.get("graph_comparatives")
        compared = one.get("averageComparativeScores") or []
        if variant == "empty":
            return {**one, "averageComparativeScores": []}
        if variant == "minus_one":
            compared = [
                {
                    name: -1.0 if isinstance(value, float | int) else value
                    for name, value in c.items()
                }
                for c in compared
            ]
        elif variant == "industry":
            compared = [*compared, {**compared[0], "basis": "IndustryTypes"}] if compared else []
        else:
            return one
        return {**one, "averageComparativeScores": compared}
