"""What the simulated tenant holds and how it changes: profiles, updates, snapshots.

Snapshots are not stored: a day is made again from the seed whenever it is asked for. Stored (tables
`ms_*`) is only what people did: updates of a control's state, percentages forced and days planned
by the control room, a registered certificate, and the day of seeding.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from datetime import date, datetime, timedelta
from typing import Any

from scoredesk.sandbox.microsoft import seed
from scoredesk.sandbox.microsoft.catalogue_more import further_actions
from scoredesk.sandbox.microsoft.days import Day, choose, controls_after, profiles_after
from scoredesk.sandbox.microsoft.history import DAYS_KEPT, Scored, Standing, snapshot
from scoredesk.sandbox.microsoft.variants import (
    profile_with_unknown_members,
    snapshot_with_unknown_members,
    with_comparisons,
    with_score_form,
)
from scoredesk.sandbox.shared import Shared

SCHEMA = """
CREATE TABLE IF NOT EXISTS ms_setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS ms_update (
    number INTEGER PRIMARY KEY, control TEXT NOT NULL, entry TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS ms_forced (
    number INTEGER PRIMARY KEY, control TEXT NOT NULL, at TEXT NOT NULL, percent REAL);
CREATE TABLE IF NOT EXISTS ms_day (
    number INTEGER PRIMARY KEY, kind TEXT NOT NULL, date TEXT NOT NULL, strikes TEXT NOT NULL);
"""
TABLES = ("ms_setting", "ms_update", "ms_forced", "ms_day")
PROFILE_KEYS = ("id", "controlCategory", "maxScore")
SCORE_KEYS = ("id", "createdDateTime", "controlScores")
STALE = timedelta(days=21)

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
        self._days: list[Day] = []
        self._made: dict[date, Snapshot] = {}
        self.signing_key = ""
        self.certificate: str | None = None
        self._read()

    def reset(self) -> None:
        """Forget everything that people did; the clock's today becomes the day of seeding."""
        with self._db:
            for table in TABLES:
                self._db.execute(f"DELETE FROM {table}")  # noqa: S608 # fixed names
        self._read()

    def profiles(self) -> list[Profile]:
        """All profiles of today's catalogue with their history of updates."""
        switches = self._shared.switches
        shown = [self._with_updates(profile) for profile in self._catalogue()]
        if switches.get("graph_compliance_null"):
            shown = [{**profile, "complianceInformation": None} for profile in shown]
        if switches.get("graph_unknown_members"):
            shown = [profile_with_unknown_members(profile) for profile in shown]
        return shown

    def snapshots(self) -> list[Snapshot]:
        """The daily snapshots that Graph still keeps, newest first."""
        switches = self._shared.switches
        variant = switches.get("graph_scores")
        if variant == "none":
            return []
        kept = self._kept_snapshots()
        if variant == "stale":
            before = (self._shared.clock.now() - STALE).date().isoformat()
            kept = [one for one in kept if one["createdDateTime"][:10] <= before]
        kept = [with_comparisons(one, switches.get("graph_comparatives")) for one in kept]
        kept = [with_score_form(one, switches.get("graph_score_form")) for one in kept]
        if switches.get("graph_unknown_members"):
            kept = [snapshot_with_unknown_members(one) for one in kept]
        return kept

    def update(self, control: str, changes: dict[str, str | None], *, by: str) -> None:
        """Append to a control's history; what `changes` leaves out keeps its last value.

        KeyError if the tenant has no such control.
        """
        shown = self._with_updates(self._profile(control))
        last = (shown.get("controlStateUpdates") or [seed.default_update()])[-1]
        now = self._shared.clock.now()
        entry = {
            **last,
            **changes,
            "updatedBy": by,
            "updatedDateTime": now.strftime("%Y-%m-%dT%H:%M:%S.%f0Z"),
        }
        with self._db:
            self._db.execute(
                "INSERT INTO ms_update (control, entry) VALUES (?, ?)", (control, json.dumps(entry))
            )
        self._read()

    def force(self, control: str, percent: float | None) -> None:
        """From the next snapshot on, measure `percent` for a control; None: as seeded again.

        KeyError if the control takes no part in the score.
        """
        tomorrow = self._shared.clock.now().date() + timedelta(days=1)
        if control not in {scored.id for scored in self._controls_on(tomorrow)}:
            raise KeyError(control)
        at = self._shared.clock.now().isoformat()
        with self._db:
            self._db.execute(
                "INSERT INTO ms_forced (control, at, percent) VALUES (?, ?, ?)",
                (control, at, percent),
            )
        self._read()

    def plan_day(self, kind: str) -> Day:
        """Make tomorrow a day of a kind of `days.KINDS`; ValueError says why it cannot be."""
        day = self._shared.clock.now().date() + timedelta(days=1)
        number = (day - self._seeded_on).days
        nth = sum(planned.kind == kind for planned in self._days)
        strikes = choose(kind, self._untouched_controls(day), number=number, nth=nth)
        with self._db:
            self._db.execute(
                "INSERT INTO ms_day (kind, date, strikes) VALUES (?, ?, ?)",
                (kind, day.isoformat(), json.dumps(strikes)),
            )
        self._read()
        return self._days[-1]

    def planned_days(self) -> list[dict[str, Any]]:
        """Every planned day, also those that have come."""
        return [
            {"kind": day.kind, "date": day.date.isoformat(), "strikes": day.strikes}
            for day in self._days
        ]

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
        self._days = []
        for kind, on, told in self._db.execute(
            "SELECT kind, date, strikes FROM ms_day ORDER BY number"
        ):
            day = date.fromisoformat(on)
            number = (day - self._seeded_on).days
            self._days.append(Day(kind, day, number, json.loads(told)))
        # Only days to come can look different now, but a clock may have been there already.
        self._made.clear()

    def _set(self, name: str, value: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO ms_setting VALUES (?, ?)", (name, value))

    def _catalogue(self) -> list[Profile]:
        come = self._come(self._shared.clock.now().date())
        kept = (
            profiles_after(self._profiles, come, make=seed.profile_of) if come else self._profiles
        )
        missing = self._shared.switches.get("graph_catalogue_size") - len(kept)
        return [*kept, *(seed.profile_of(action) for action in further_actions(missing))]

    def _come(self, day: date) -> list[Day]:
        """The planned days up to `day`."""
        return [planned for planned in self._days if planned.date <= day]

    def _controls_on(self, day: date) -> list[Scored]:
        come = self._come(day)
        return controls_after(self._controls, come) if come else self._controls

    def _untouched_controls(self, day: date) -> list[Scored]:
        """What a planned day may strike: in the catalogue, and left alone by people until now."""
        known = {profile["id"] for profile in self._catalogue()} - {*self._updates, *self._forced}
        return [control for control in self._controls_on(day) if control.id in known]

    def _profile(self, control: str) -> Profile:
        for profile in self._catalogue():
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
            standing = [
                (control, self._standing(control, day)) for control in self._controls_on(day)
            ]
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
