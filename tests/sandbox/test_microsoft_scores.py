"""secureScores of the sandbox against the fidelity checklist (numbers are its lines)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

import pytest
from tests.sandbox.graph_caller import SCORES, TENANT, GraphCaller

from scoredesk.sandbox.program import RunningSandbox


@pytest.fixture
def graph(sandbox_program: RunningSandbox) -> Iterator[GraphCaller]:
    sandbox_program.reset()
    caller = GraphCaller(sandbox_program.microsoft_url)
    yield caller
    caller.close()


def test_01_the_list_names_its_context(graph: GraphCaller) -> None:
    assert graph.page(SCORES)["@odata.context"].endswith("/v1.0/$metadata#security/secureScores")


def test_02_03_04_ninety_days_newest_first_one_a_day_at_midnight(graph: GraphCaller) -> None:
    created = [one["createdDateTime"] for one in graph.scores()]
    newest = date.fromisoformat(created[0][:10])
    wanted = [(newest - timedelta(days=back)).isoformat() for back in range(90)]
    assert created == [f"{day}T00:00:00Z" for day in wanted]


def test_05_a_snapshot_is_found_by_tenant_and_date(graph: GraphCaller) -> None:
    listed = graph.scores()[3]
    assert listed["id"] == f"{TENANT}_{listed['createdDateTime'][:10]}"
    single = graph.page(f"{SCORES}/{listed['id']}")
    assert single.pop("@odata.context").endswith("#security/secureScores/$entity")
    assert single == listed


def test_06_07_09_top_is_a_page_size_whose_links_keep_it(graph: GraphCaller) -> None:
    body = graph.page(f"{SCORES}?$top=1")
    assert len(body["value"]) == 1
    assert body["@odata.nextLink"].startswith(f"{graph.url}{SCORES}?$top=1&$skiptoken=")
    assert "@odata.nextLink" not in graph.page(f"{SCORES}?$top=90")


def test_08_the_links_lead_to_every_snapshot_once(graph: GraphCaller) -> None:
    pages = graph.walk(f"{SCORES}?$top=40")
    assert [len(page) for page in pages] == [40, 40, 10]
    assert [one["id"] for page in pages for one in page] == [one["id"] for one in graph.scores()]


def test_08_a_day_that_begins_between_two_pages_shifts_nothing(graph: GraphCaller) -> None:
    first = graph.page(f"{SCORES}?$top=2")
    graph.wait(days=1)
    second = graph.page(first["@odata.nextLink"])
    assert second["value"][0]["createdDateTime"] < first["value"][1]["createdDateTime"]


@pytest.mark.parametrize("token", ["rubbish", "00000000-0000-4000-8000-000000000000"])
def test_10_a_skip_token_that_nobody_gave_is_refused(graph: GraphCaller, token: str) -> None:
    assert graph.get(f"{SCORES}?$skiptoken={token}").status_code == 400


def test_11_top_and_skip_reach_the_eighth_newest(graph: GraphCaller) -> None:
    assert graph.page(f"{SCORES}?$top=1&$skip=7")["value"] == [graph.scores()[7]]


def test_12_the_count_is_given_when_asked_for(graph: GraphCaller) -> None:
    assert graph.page(f"{SCORES}?$top=1&$count=true")["@odata.count"] == 90
    assert "@odata.count" not in graph.page(f"{SCORES}?$top=1")


def test_13_15_a_span_of_days_is_filtered_for(graph: GraphCaller) -> None:
    days = [one["createdDateTime"] for one in graph.scores()]
    query = f"$filter=createdDateTime%20ge%20{days[9]}%20and%20createdDateTime%20le%20{days[5]}"
    for written in (query, query.replace("%20", "+")):
        found = graph.page(f"{SCORES}?{written}")["value"]
        assert [one["createdDateTime"] for one in found] == days[5:10]


@pytest.mark.parametrize(
    "query",
    [
        "$filter=createdDateTime%20ge%20'2026-07-01T00:00:00Z'",
        "$filter=createdAt%20ge%202026-07-01T00:00:00Z",
        "$filter=controlScores%20eq%20'x'",
        "$filter=createdDateTime",
        "$filter=id%20eq%20'a'%20or%20id%20eq%20'b'",
        "$filter=maxScore%20eq%20ten",
        "$top=-1",
        "$skip=x",
        "$count=maybe",
        "$select=nothing",
        "$orderby=createdDateTime",
    ],
)
def test_14_options_that_make_no_sense_are_refused(graph: GraphCaller, query: str) -> None:
    response = graph.get(f"{SCORES}?{query}")
    assert response.status_code == 400
    assert response.json()["error"]["code"] == "BadRequest"


def test_16_17_the_score_is_the_sum_of_its_controls(graph: GraphCaller) -> None:
    for one in graph.scores():
        assert one["currentScore"] == round(sum(c["score"] for c in one["controlScores"]), 2)
        assert isinstance(one["maxScore"], float)
    assert '"maxScore":364.0' in graph.get(f"{SCORES}?$top=1").text


def test_18_19_25_counts_are_strings_or_absent(graph: GraphCaller) -> None:
    newest = graph.scores()[0]
    assert newest["licensedUserCount"] == 0
    kinds = set()
    for entry in newest["controlScores"]:
        extra = entry.keys() & {"count", "total", "on"}
        assert all(isinstance(entry[name], str) for name in extra)
        kinds.add(frozenset(extra))
    assert kinds == {frozenset(), frozenset({"on"}), frozenset({"count", "total"})}
    told = {entry["implementationStatus"] for entry in newest["controlScores"]}
    assert "" in told
    assert any(text.startswith("<p>") for text in told)


def test_20_21_comparisons_have_categories_and_seat_sizes_as_text(graph: GraphCaller) -> None:
    everyone, similar = graph.scores()[0]["averageComparativeScores"]
    assert (everyone["basis"], similar["basis"]) == ("AllTenants", "TotalSeats")
    assert similar["SeatSizeRangeLowerValue"] == "101"
    for compared in (everyone, similar):
        for category in ("apps", "data", "device", "identity", "infrastructure"):
            assert 0 < compared[f"{category}Score"] < compared[f"{category}ScoreMax"]


def test_22_23_comparisons_can_fail_as_they_did(graph: GraphCaller) -> None:
    graph.switch(graph_comparatives="minus_one")
    compared = graph.scores()[0]["averageComparativeScores"]
    assert {compared[0]["averageScore"], compared[1]["appsScoreMax"]} == {-1.0}
    graph.switch(graph_comparatives="empty")
    assert graph.scores()[0]["averageComparativeScores"] == []
    graph.switch(graph_comparatives="industry")
    bases = [one["basis"] for one in graph.scores()[0]["averageComparativeScores"]]
    assert bases == ["AllTenants", "TotalSeats", "IndustryTypes"]


def test_24_the_newest_snapshot_can_be_three_weeks_old(graph: GraphCaller) -> None:
    fresh = graph.scores()
    graph.switch(graph_scores="stale")
    assert graph.scores() == fresh[21:]


def test_a_new_tenant_has_no_score_yet(graph: GraphCaller) -> None:
    graph.switch(graph_scores="none")
    assert graph.page(SCORES)["value"] == []


def test_26_controls_are_synced_at_different_times_before_the_snapshot(graph: GraphCaller) -> None:
    newest = graph.scores()[0]
    synced = {entry["lastSynced"] for entry in newest["controlScores"]}
    assert len(synced) > 10
    assert max(synced) < newest["createdDateTime"]
    assert len({moment[:10] for moment in synced}) > 1


def test_63_two_controls_fall_and_recover(graph: GraphCaller) -> None:
    falls: dict[str, int] = {}
    days = [{c["controlName"]: c for c in one["controlScores"]} for one in graph.scores()]
    for newer, older in pairwise(days):
        for name, entry in newer.items():
            if entry["score"] < older[name]["score"] - 0.5:
                falls[name] = falls.get(name, 0) + 1
    assert falls == {"BlockLegacyAuthentication": 1, "mdo_safelinksforemail": 1}
    assert all(days[0][name]["scoreInPercentage"] == 100 for name in falls)


def test_64_a_fleet_that_changes_moves_the_score_by_less_than_a_tenth(graph: GraphCaller) -> None:
    totals, moves = set(), []
    days = [{c["controlName"]: c for c in one["controlScores"]} for one in graph.scores()[:9]]
    for newer, older in pairwise(days):
        totals.add(newer["scid_2012"]["total"])
        moves.append(abs(newer["scid_2012"]["score"] - older["scid_2012"]["score"]))
    assert len(totals) > 1
    assert 0 < max(moves) < 0.1


def test_65_a_new_day_brings_the_same_snapshot_every_time(
    graph: GraphCaller, sandbox_program: RunningSandbox
) -> None:
    before = graph.scores()
    graph.wait(days=1)
    after = graph.scores()
    assert after[1:] == before[:-1]
    sandbox_program.reset()
    again = GraphCaller(sandbox_program.microsoft_url)
    again.wait(days=1)
    assert again.scores() == after
    again.close()


def test_the_score_rises_over_the_ninety_days(graph: GraphCaller) -> None:
    scores = [one["currentScore"] for one in graph.scores()]
    assert scores[0] > scores[30] > scores[60] > scores[89]
