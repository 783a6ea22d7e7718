"""The sandbox serves captured payloads of the real service unaltered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.sandbox.microsoft.graph_caller import PROFILES, SCORES, GraphCaller

from scoredesk.sandbox.microsoft.seed import captured
from scoredesk.sandbox.program import running_sandbox


def real(path: Path) -> list[dict[str, Any]]:
    payload = json.loads(path.read_text(encoding="utf-8-sig"))
    rows: list[dict[str, Any]] = payload if isinstance(payload, list) else payload["value"]
    return rows


def test_30_the_430_real_profiles_come_in_three_pages_unaltered(captures: Path) -> None:
    catalogue = captures / "control-profiles.json"
    with running_sandbox(profiles=catalogue) as program:
        graph = GraphCaller(program.microsoft_url)
        pages = graph.walk(PROFILES)
        graph.close()
    assert [len(page) for page in pages] == [200, 200, 30]
    assert [one for page in pages for one in page] == real(catalogue)


def test_29_the_link_of_a_profile_page_has_a_token_and_nothing_else(captures: Path) -> None:
    with running_sandbox(profiles=captures / "control-profiles.json") as program:
        graph = GraphCaller(program.microsoft_url)
        link = graph.page(PROFILES)["@odata.nextLink"]
        assert link.startswith(f"{graph.url}{PROFILES}?$skiptoken=")
        assert "&" not in link
        graph.close()


def test_29_exactly_200_profiles_fit_on_one_page(captures: Path) -> None:
    with running_sandbox(profiles=captures / "heimdall2" / "profiles.json") as program:
        graph = GraphCaller(program.microsoft_url)
        body = graph.page(PROFILES)
        graph.close()
    assert len(body["value"]) == 200
    assert "@odata.nextLink" not in body


def test_67_a_real_snapshot_is_served_unaltered(captures: Path) -> None:
    file = captures / "heimdall2" / "secureScore.json"
    with running_sandbox(scores=file) as program:
        graph = GraphCaller(program.microsoft_url)
        assert graph.page(SCORES)["value"] == real(file)
        graph.wait(days=3)
        assert graph.page(SCORES)["value"] == real(file)
        asked = {"control": "AdminMFAV2", "scoreInPercentage": 100}
        assert graph.http.post("/_sandbox/microsoft/score", json=asked).status_code == 400
        graph.close()


def test_real_profiles_without_scores_get_a_score_of_the_sandbox(captures: Path) -> None:
    with running_sandbox(profiles=captures / "control-profiles.json") as program:
        graph = GraphCaller(program.microsoft_url)
        newest = graph.scores()[0]
        graph.close()
    assert len(newest["controlScores"]) == 430
    assert newest["currentScore"] == round(sum(c["score"] for c in newest["controlScores"]), 2)
    assert 0 < newest["currentScore"] < newest["maxScore"]


@pytest.mark.parametrize("updates", [None, [], [{"state": "Planned", "origin": "portal"}]])
def test_a_captured_history_of_states_is_kept_however_strange(
    tmp_path: Path, updates: list[dict[str, str]] | None
) -> None:
    profile = {"id": "x.Y_1", "controlCategory": "Apps", "maxScore": 5.0, "extra": {"a": [1]}}
    profile["controlStateUpdates"] = updates
    file = tmp_path / "profiles.json"
    file.write_text(json.dumps([profile]))
    with running_sandbox(profiles=file) as program:
        graph = GraphCaller(program.microsoft_url)
        graph.switch(graph_roles="SecurityEvents.ReadWrite.All")
        assert graph.profiles() == [profile]
        answered = graph.update("x.Y_1", comment="kept").json()["controlStateUpdates"]
        graph.close()
    assert answered[:-1] == (updates or [])
    assert answered[-1]["comment"] == "kept"
    assert answered[-1]["state"] == ("Planned" if updates else "Default")


def test_a_list_an_answer_or_one_object_may_be_loaded_also_with_a_mark(tmp_path: Path) -> None:
    one = {"id": "a", "controlCategory": "Apps", "maxScore": 1.0}
    for content in ([one], {"value": [one]}, one):
        file = tmp_path / "payload.json"
        file.write_text(json.dumps(content), encoding="utf-8-sig")
        assert captured(file, keys=("id",)) == [one]


@pytest.mark.parametrize("content", ['{"value": 3}', "[1]", '[{"name": "x"}]', '"text"', "{"])
def test_another_file_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "payload.json"
    file.write_text(content)
    with pytest.raises(ValueError, match=r"captured Graph payload|Expecting"):
        captured(file, keys=("id",))
