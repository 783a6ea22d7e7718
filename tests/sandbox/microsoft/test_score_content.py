"""What a snapshot holds (graph-secure-score 10, numbers 16 to 28)."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from tests.sandbox.microsoft.graph_caller import SCORES, GraphCaller

CATEGORIES = ("apps", "data", "device", "identity", "infrastructure")


def controls(graph: GraphCaller) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = graph.page(f"{SCORES}?$top=1")["value"][0]["controlScores"]
    return found


def test_16_the_score_is_the_sum_of_its_controls(graph: GraphCaller) -> None:
    for one in graph.scores():
        assert one["currentScore"] == round(sum(c["score"] for c in one["controlScores"]), 2)
        assert 0 < one["currentScore"] < one["maxScore"]


def test_17_scores_are_numbers_with_a_decimal_point(graph: GraphCaller) -> None:
    text = graph.get(f"{SCORES}?$top=1").text
    assert '"maxScore":364.0' in text
    for name in ("currentScore", "maxScore", "score", "scoreInPercentage", "averageScore"):
        written = re.findall(rf'"{name}":([^,}}]+)', text)
        assert written
        assert all(re.fullmatch(r"\d+\.\d{1,2}", number) for number in written), name


def test_17_a_switch_writes_a_controls_numbers_as_text(graph: GraphCaller) -> None:
    graph.switch(graph_score_form="text")
    for entry in controls(graph):
        assert isinstance(entry["score"], str)
        assert float(entry["scoreInPercentage"]) >= 0
    graph.switch(graph_score_form="no_percentage")
    assert all("scoreInPercentage" not in entry for entry in controls(graph))


def test_18_counts_are_strings_or_absent(graph: GraphCaller) -> None:
    kinds: Counter[frozenset[str]] = Counter()
    for entry in controls(graph):
        extra = entry.keys() & {"count", "total", "on"}
        assert all(isinstance(entry[name], str) for name in extra)
        assert entry.get("on", "true") in {"true", "false"}
        assert int(entry.get("count", "0")) <= int(entry.get("total", "0"))
        kinds[frozenset(extra)] += 1
    assert kinds.keys() == {frozenset(), frozenset({"on"}), frozenset({"count", "total"})}


def test_19_the_number_of_licensed_users_is_0(graph: GraphCaller) -> None:
    assert {one["licensedUserCount"] for one in graph.scores()} == {0}


def test_20_comparisons_are_with_all_and_with_similar_tenants(graph: GraphCaller) -> None:
    compared = graph.scores()[0]["averageComparativeScores"]
    assert [one["basis"] for one in compared] == ["AllTenants", "TotalSeats"]
    for one in compared:
        assert 0 < one["averageScore"] < 100
        for category in CATEGORIES:
            assert 0 < one[f"{category}Score"] < one[f"{category}ScoreMax"]


def test_20_a_switch_adds_the_comparison_within_the_industry(graph: GraphCaller) -> None:
    graph.switch(graph_comparatives="industry")
    compared = graph.scores()[0]["averageComparativeScores"]
    assert [one["basis"] for one in compared] == ["AllTenants", "TotalSeats", "IndustryTypes"]
    assert all(f"{category}ScoreMax" in compared[2] for category in CATEGORIES)


def test_21_the_seat_sizes_are_strings_with_a_capital_letter(graph: GraphCaller) -> None:
    everyone, similar = graph.scores()[0]["averageComparativeScores"]
    assert similar["SeatSizeRangeLowerValue"] == "101"
    assert similar["SeatSizeRangeUpperValue"] == "300"
    assert not {name for name in everyone if name.lower().startswith("seatsize")}


def test_22_a_switch_makes_every_comparison_minus_one(graph: GraphCaller) -> None:
    graph.switch(graph_comparatives="minus_one")
    for one in graph.scores()[0]["averageComparativeScores"]:
        numbers = [value for value in one.values() if not isinstance(value, str)]
        assert len(numbers) == 11
        assert set(numbers) == {-1.0}


def test_23_a_switch_empties_the_comparisons(graph: GraphCaller) -> None:
    graph.switch(graph_comparatives="empty")
    assert all(one["averageComparativeScores"] == [] for one in graph.scores())


def test_24_a_switch_makes_the_newest_snapshot_three_weeks_old(graph: GraphCaller) -> None:
    fresh = graph.scores()
    graph.switch(graph_scores="stale")
    assert graph.scores() == fresh[21:]


def test_a_new_tenant_has_no_score_yet(graph: GraphCaller) -> None:
    graph.switch(graph_scores="none")
    assert graph.page(SCORES)["value"] == []


def test_25_the_status_is_free_text_html_or_nothing(graph: GraphCaller) -> None:
    told = [entry["implementationStatus"] for entry in controls(graph)]
    assert "" in told
    assert any(text.startswith("<p>") for text in told)
    assert any(text and "<" not in text for text in told)


def test_26_controls_are_synced_at_different_times_before_the_snapshot(graph: GraphCaller) -> None:
    newest = graph.scores()[0]
    synced = {entry["lastSynced"] for entry in newest["controlScores"]}
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", moment) for moment in synced)
    assert len(synced) > 10
    assert max(synced) < newest["createdDateTime"]
    assert len({moment[:10] for moment in synced}) > 1


def test_27_some_scored_controls_have_no_profile(graph: GraphCaller) -> None:
    profiles = {profile["id"] for profile in graph.profiles()}
    scored = {entry["controlName"] for entry in controls(graph)}
    assert scored - profiles == {"mdo_recipientlimitperday", "aad_sign_in_freq_session_timeout"}
    assert len(scored & profiles) > 60


def test_28_some_profiles_have_no_score(graph: GraphCaller) -> None:
    profiles = {profile["id"] for profile in graph.profiles()}
    scored = {entry["controlName"] for entry in controls(graph)}
    assert profiles - scored


def test_the_score_rises_over_the_ninety_days(graph: GraphCaller) -> None:
    scores = [one["currentScore"] for one in graph.scores()]
    assert scores[0] > scores[30] > scores[60] > scores[89]
