"""Members that no documentation knows (graph-secure-score 10, number 67)."""

from __future__ import annotations

from typing import Any

import pytest
from tests.sandbox.microsoft.graph_caller import PROFILES, SCORES, GraphCaller

UNKNOWN = {"sandboxNote", "sandboxSegment"}


def added(with_them: dict[str, Any], without: dict[str, Any]) -> set[str]:
    assert {name: with_them[name] for name in without.keys() - {"vendorInformation"}}
    return set(with_them.keys() - without.keys())


def test_67_a_switch_adds_unknown_members_to_everything_in_a_snapshot(graph: GraphCaller) -> None:
    plain = graph.scores()[0]
    graph.switch(graph_unknown_members=True)
    strange = graph.scores()[0]
    assert added(strange, plain) == UNKNOWN
    assert added(strange["vendorInformation"], plain["vendorInformation"]) == UNKNOWN
    for inner in ("averageComparativeScores", "controlScores"):
        pairs = list(zip(strange[inner], plain[inner], strict=True))
        assert pairs
        for one, other in pairs:
            assert added(one, other)
            assert {name: one[name] for name in other} == other


def test_67_a_switch_adds_unknown_members_to_everything_in_a_profile(graph: GraphCaller) -> None:
    plain = graph.profiles()
    graph.switch(graph_unknown_members=True)
    for strange, known in zip(graph.profiles(), plain, strict=True):
        assert added(strange, known) == UNKNOWN
        updates = strange["controlStateUpdates"], known["controlStateUpdates"]
        assert added(updates[0][0], updates[1][0]) == UNKNOWN


def test_67_unknown_members_are_nested_of_every_type_and_always_the_same(
    graph: GraphCaller,
) -> None:
    graph.switch(graph_unknown_members=True)
    listed = graph.page(f"{SCORES}?$top=1")["value"][0]
    single = graph.page(f"{SCORES}/{listed['id']}")
    del single["@odata.context"]
    assert single == listed
    assert listed["sandboxNote"] is None
    assert listed["sandboxSegment"] == {"name": "demo", "weights": [1, 2.5, None], "active": True}
    assert listed["controlScores"][0]["expiry"] == "90"


@pytest.mark.parametrize("path", [SCORES, PROFILES])
def test_67_unknown_members_cannot_be_filtered_for(graph: GraphCaller, path: str) -> None:
    graph.switch(graph_unknown_members=True)
    assert graph.get(f"{path}?$filter=sandboxNote%20eq%20null").status_code == 400


def test_67_undeclared_members_are_there_without_a_switch_too(graph: GraphCaller) -> None:
    newest = graph.scores()[0]
    declared = {"controlCategory", "controlName", "description", "score"}
    found = {name for entry in newest["controlScores"] for name in entry} - declared
    assert found == {
        *("count", "total", "on", "lastSynced", "implementationStatus", "scoreInPercentage"),
    }
    assert "appsScoreMax" in newest["averageComparativeScores"][0]
