"""What states and levers make of the points (graph-secure-score 10, numbers 47 to 51)."""

from __future__ import annotations

from typing import Any

import pytest
from tests.sandbox.microsoft.graph_caller import GraphCaller

OPEN, OPEN_POINTS = "mdo_enabledomainstoprotect", 8.0
DONE, DONE_POINTS = "mdo_zapmalware", 6.0


def test_47_third_party_gives_full_points_at_the_next_snapshot(writer: GraphCaller) -> None:
    before = writer.scores()
    assert writer.score_of(OPEN)["score"] == 0.0
    writer.update(OPEN, state="ThirdParty")
    assert writer.scores() == before
    writer.wait(days=1)
    entry = writer.score_of(OPEN)
    assert (entry["score"], entry["scoreInPercentage"]) == (OPEN_POINTS, 100.0)


def test_48_an_accepted_risk_gives_no_points_and_keeps_the_maximum(writer: GraphCaller) -> None:
    maximum = writer.scores()[0]["maxScore"]
    writer.update(DONE, state="ignored")
    writer.wait(days=1)
    assert writer.score_of(DONE, 1)["score"] == DONE_POINTS
    assert writer.score_of(DONE)["score"] == 0.0
    assert writer.scores()[0]["maxScore"] == maximum


@pytest.mark.parametrize(("control", "state"), [(OPEN, "ThirdParty"), (DONE, "Ignored")])
def test_49_default_returns_to_what_is_measured(
    writer: GraphCaller, control: str, state: str
) -> None:
    measured = writer.score_of(control)["score"]
    writer.update(control, state=state)
    writer.wait(days=1)
    writer.update(control, state="Default")
    writer.wait(days=1)
    course = [writer.score_of(control, day)["score"] for day in (0, 1, 2)]
    assert course[0] == course[2] == measured
    assert course[1] != measured


def test_51_past_snapshots_never_change_after_an_update(writer: GraphCaller) -> None:
    before = writer.scores()
    for control, state in ((OPEN, "ThirdParty"), (DONE, "Ignored")):
        writer.update(control, state=state)
    writer.wait(days=2)
    assert writer.scores()[2:] == before[:-2]


def test_the_control_room_completes_an_action_at_the_next_snapshot(graph: GraphCaller) -> None:
    path = "/_sandbox/microsoft/score"
    graph.lever(path, control="UserRiskPolicy", scoreInPercentage=100)
    assert graph.score_of("UserRiskPolicy")["score"] == 0.0
    graph.wait(days=1)
    done = graph.score_of("UserRiskPolicy")
    assert (done["score"], done["count"], done["total"]) == (7.0, "214", "214")
    graph.lever(path, control="UserRiskPolicy", scoreInPercentage=None)
    graph.wait(days=1)
    assert graph.score_of("UserRiskPolicy")["score"] == 0.0


@pytest.mark.parametrize(
    "asked",
    [
        {"control": "nothing", "scoreInPercentage": 100},
        {"control": "UserRiskPolicy", "scoreInPercentage": 101},
        {"control": "UserRiskPolicy"},
    ],
)
def test_the_control_room_says_what_it_cannot_do(graph: GraphCaller, asked: dict[str, Any]) -> None:
    response = graph.http.post("/_sandbox/microsoft/score", json=asked)
    assert response.status_code == 400
    assert response.json()["error"]
