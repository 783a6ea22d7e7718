"""All captured profiles and the captured score, from HTTP to the page, not one lost or altered."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from django.test import Client

from scoredesk.accounts.models import Tenant
from scoredesk.posture.models import ImprovementAction, ScoreSnapshot, SecureScoreSource
from scoredesk.posture.refresh import refresh
from scoredesk.sandbox.program import RunningSandbox


def _captured(captures: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    profiles = json.loads((captures / "control-profiles.json").read_text(encoding="utf-8"))
    scores = json.loads((captures / "heimdall2" / "secureScore.json").read_text(encoding="utf-8"))
    return {profile["id"]: profile for profile in profiles}, scores["value"][0]


def test_every_captured_control_is_kept_as_it_came(
    tenant: Tenant, source: SecureScoreSource, captured: RunningSandbox, captures: Path
) -> None:
    profiles, day = _captured(captures)
    assert len(profiles) == 430
    refresh(tenant)
    rows = {row.control_id: row for row in ImprovementAction.objects.of(tenant)}
    scored = {control["controlName"]: control for control in day["controlScores"]}
    assert set(rows) == set(profiles) | set(scored)
    assert {name: row.profile for name, row in rows.items() if row.has_profile} == profiles
    assert {name: row.control_score for name, row in rows.items() if row.control_score} == scored
    for name, profile in profiles.items():
        assert rows[name].title == profile["title"]
        assert rows[name].max_score == profile["maxScore"]
        assert rows[name].rank == profile["rank"]
        assert rows[name].category == profile["controlCategory"]
        assert rows[name].threats == profile["threats"]
        assert rows[name].action_url == profile["actionUrl"].strip()


def test_the_captured_score_is_kept_as_it_came(
    tenant: Tenant, source: SecureScoreSource, captured: RunningSandbox, captures: Path
) -> None:
    _, day = _captured(captures)
    refresh(tenant)
    kept = ScoreSnapshot.objects.of(tenant).get()
    assert kept.raw == day
    assert (kept.graph_id, kept.current_score, kept.max_score) == (day["id"], 128, 274)
    points = sum(row.score or 0 for row in ImprovementAction.objects.of(tenant))
    assert round(points, 2) == 128


def test_every_captured_control_is_listed_and_has_a_page(
    tenant: Tenant,
    source: SecureScoreSource,
    captured: RunningSandbox,
    captures: Path,
    reader_client: Client,
) -> None:
    refresh(tenant)
    wanted = set(ImprovementAction.objects.of(tenant).values_list("control_id", flat=True))
    assert len(wanted) >= 430
    listed: set[str] = set()
    for number in range(1, -(-len(wanted) // 25) + 1):
        page = reader_client.get("/improvement-actions/", {"page": number}).content.decode()
        listed |= set(re.findall(r'href="/improvement-actions/([^"]+)/"', page))
    assert listed == wanted
    odd = {control_id for control_id in wanted if "." in control_id or control_id.istitle()}
    for control_id in odd | set(sorted(wanted)[::10]):
        answer = reader_client.get(f"/improvement-actions/{control_id}/")
        assert answer.status_code == 200, control_id


def test_refreshing_the_captures_twice_changes_nothing(
    tenant: Tenant, source: SecureScoreSource, captured: RunningSandbox
) -> None:
    refresh(tenant)
    before = list(ImprovementAction.objects.of(tenant).order_by("id").values())
    refresh(tenant)
    assert list(ImprovementAction.objects.of(tenant).order_by("id").values()) == before
