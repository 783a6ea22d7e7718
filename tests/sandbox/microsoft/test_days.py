"""Days with a cause: look-alikes of a regression, and one (graph-secure-score 10, 62 to 65)."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from tests.sandbox.microsoft.graph_caller import GraphCaller

from scoredesk.sandbox.program import RunningSandbox

DAY = "/_sandbox/microsoft/day"


def entries(snapshot: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {entry["controlName"]: entry for entry in snapshot["controlScores"]}


def catalogue(graph: GraphCaller) -> dict[str, dict[str, Any]]:
    return {profile["id"]: profile for profile in graph.profiles()}


def tomorrow(graph: GraphCaller, kind: str) -> dict[str, str]:
    """Plan a day of a kind, and live through it."""
    strikes: dict[str, str] = graph.lever(DAY, kind=kind)["strikes"]
    graph.wait(days=1)
    return strikes


def test_62_on_a_catalogue_change_day_a_maximum_falls_and_the_percentage_stays(
    graph: GraphCaller,
) -> None:
    before = catalogue(graph)
    control = tomorrow(graph, "catalogue_change")["maxScore"]
    today, yesterday = (entries(one)[control] for one in graph.scores()[:2])
    assert catalogue(graph)[control]["maxScore"] == before[control]["maxScore"] - 1
    assert yesterday["score"] - today["score"] == 1
    assert yesterday["scoreInPercentage"] == today["scoreInPercentage"] == 100.0


def test_62_on_a_catalogue_change_day_one_control_vanishes_and_one_appears(
    graph: GraphCaller,
) -> None:
    before = catalogue(graph)
    strikes = tomorrow(graph, "catalogue_change")
    today, yesterday = (entries(one) for one in graph.scores()[:2])
    assert yesterday.keys() - today.keys() == {strikes["vanishes"]}
    assert today.keys() - yesterday.keys() == {strikes["appears"]}
    after = catalogue(graph)
    assert before.keys() - after.keys() == {strikes["vanishes"]}
    assert after.keys() - before.keys() == {strikes["appears"]}
    assert today[strikes["appears"]]["score"] == 0.0
    assert len(after[strikes["appears"]]) == 20


def test_62_on_a_catalogue_change_day_one_control_changes_its_category(graph: GraphCaller) -> None:
    before = catalogue(graph)
    strikes = tomorrow(graph, "catalogue_change")
    moved = strikes["controlCategory"]
    today, yesterday = (entries(one)[moved] for one in graph.scores()[:2])
    assert (yesterday["controlCategory"], today["controlCategory"]) == ("Apps", "Identity")
    assert before[moved]["controlCategory"] == "Apps"
    assert catalogue(graph)[moved]["controlCategory"] == "Identity"
    assert yesterday["score"] == today["score"]


def test_62_a_catalogue_change_day_leaves_the_past_and_the_sums_right(graph: GraphCaller) -> None:
    before = graph.scores()
    profiles = catalogue(graph)
    strikes = tomorrow(graph, "catalogue_change")
    after = graph.scores()
    assert after[1:] == before[:-1]
    gone = profiles[strikes["vanishes"]]["maxScore"]
    assert after[0]["maxScore"] == before[0]["maxScore"] - gone - 1 + 3
    assert after[0]["currentScore"] == round(sum(c["score"] for c in after[0]["controlScores"]), 2)


def test_62_each_catalogue_change_day_strikes_other_controls(graph: GraphCaller) -> None:
    first = tomorrow(graph, "catalogue_change")
    second = tomorrow(graph, "catalogue_change")
    assert first["vanishes"] != second["vanishes"]
    assert first["appears"] != second["appears"]
    assert first["controlCategory"] != second["controlCategory"]
    assert {first["appears"], second["appears"]} <= catalogue(graph).keys()


def test_63_on_a_regression_day_a_score_falls_while_state_and_maximum_stay(
    graph: GraphCaller,
) -> None:
    before = catalogue(graph)
    control = tomorrow(graph, "regression")["falls"]
    today, yesterday = graph.scores()[:2]
    fallen = {
        name
        for name, entry in entries(today).items()
        if entry["score"] < entries(yesterday)[name]["score"] - 0.5
    }
    assert fallen == {control}
    assert entries(today)[control]["scoreInPercentage"] < 50
    assert catalogue(graph) == before
    assert today["maxScore"] == yesterday["maxScore"]
    assert today["currentScore"] < yesterday["currentScore"]


def test_63_a_regression_lasts_until_something_else_is_measured(graph: GraphCaller) -> None:
    control = tomorrow(graph, "regression")["falls"]
    graph.wait(days=4)
    low = graph.score_of(control)["scoreInPercentage"]
    assert low == graph.score_of(control, 4)["scoreInPercentage"] < 50
    graph.lever("/_sandbox/microsoft/score", control=control, scoreInPercentage=100)
    graph.wait(days=1)
    assert graph.score_of(control)["scoreInPercentage"] == 100.0


def test_63_the_seeded_past_has_two_regressions_that_recovered(graph: GraphCaller) -> None:
    falls: dict[str, int] = {}
    days = [entries(one) for one in graph.scores()]
    for newer, older in pairwise(days):
        for name, entry in newer.items():
            if entry["score"] < older[name]["score"] - 0.5:
                falls[name] = falls.get(name, 0) + 1
    assert falls == {"BlockLegacyAuthentication": 1, "mdo_safelinksforemail": 1}
    assert all(days[0][name]["scoreInPercentage"] == 100 for name in falls)


@pytest.mark.parametrize("later", range(0, 30, 6))
def test_64_on_a_fleet_churn_day_totals_change_and_scores_hardly_move(
    graph: GraphCaller, later: int
) -> None:
    graph.wait(days=later)
    tomorrow(graph, "fleet_churn")
    today, yesterday = (entries(one) for one in graph.scores()[:2])
    fleet = [name for name in today if name.startswith("scid_")]
    moves = [today[name]["score"] - yesterday[name]["score"] for name in fleet]
    assert fleet
    assert all(today[name]["total"] != yesterday[name]["total"] for name in fleet)
    assert any(move != 0 for move in moves)
    assert all(abs(move) < 0.1 for move in moves)


def test_64_the_seeded_past_has_days_of_fleet_churn(graph: GraphCaller) -> None:
    days = [entries(one)["scid_2012"] for one in graph.scores()[:9]]
    assert len({one["total"] for one in days}) > 1
    moves = [abs(newer["score"] - older["score"]) for newer, older in pairwise(days)]
    assert 0 < max(moves) < 0.1


def test_65_a_new_day_brings_the_next_snapshot(graph: GraphCaller) -> None:
    before = graph.scores()
    graph.wait(days=1)
    after = graph.scores()
    assert after[0]["id"] > before[0]["id"]
    assert after[1:] == before[:-1]
    graph.wait(days=-1)
    assert graph.scores() == before


def test_65_the_next_snapshots_are_the_same_every_time(
    graph: GraphCaller, sandbox_program: RunningSandbox
) -> None:
    def lived(caller: GraphCaller) -> object:
        strikes = [tomorrow(caller, kind) for kind in ("catalogue_change", "regression")]
        caller.wait(days=3)
        return strikes, caller.scores(), caller.profiles()

    first = lived(graph)
    sandbox_program.reset()
    again = GraphCaller(sandbox_program.microsoft_url)
    assert lived(again) == first
    again.close()


@pytest.mark.parametrize("asked", [{}, {"kind": "holiday"}])
def test_a_day_of_no_known_kind_is_refused(graph: GraphCaller, asked: dict[str, str]) -> None:
    response = graph.http.post(DAY, json=asked)
    assert response.status_code == 400
    assert response.json()["error"]


def test_the_page_of_the_control_room_plans_days_and_moves_controls(graph: GraphCaller) -> None:
    person = {"Accept": "text/html"}
    form = {"control": "UserRiskPolicy", "scoreInPercentage:number": "100"}
    orders = {f"{DAY}?back=microsoft": {"kind": "regression"}}
    orders["/_sandbox/microsoft/score?back=microsoft"] = form
    for path, data in orders.items():
        pressed = graph.http.post(path, data=data, headers=person)
        assert pressed.status_code == 303
        assert pressed.headers["location"] == "/_sandbox/#microsoft"
    page = graph.http.get("/_sandbox/").text
    assert "catalogue_change" in page
    assert graph.http.get("/_sandbox/microsoft").json()["planned"][0]["kind"] == "regression"
    graph.wait(days=1)
    assert graph.score_of("UserRiskPolicy")["score"] == 7.0
