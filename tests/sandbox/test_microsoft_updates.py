"""PATCH of a control's state in the sandbox, and what the next snapshots make of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.sandbox.graph_caller import PROFILES, VENDOR, GraphCaller

from scoredesk.sandbox.program import RunningSandbox, running_sandbox

CONTROL = "mdo_enabledomainstoprotect"


@pytest.fixture
def graph(sandbox_program: RunningSandbox) -> Iterator[GraphCaller]:
    sandbox_program.reset()
    caller = GraphCaller(sandbox_program.microsoft_url)
    caller.switch(graph_roles="SecurityEvents.ReadWrite.All")
    yield caller
    caller.close()


def history(graph: GraphCaller, control: str = CONTROL) -> list[dict[str, Any]]:
    updates: list[dict[str, Any]] = graph.page(f"{PROFILES}/{control}")["controlStateUpdates"]
    return updates


def test_40_an_update_answers_204_with_an_empty_body(graph: GraphCaller) -> None:
    response = graph.update(CONTROL, prefer="", state="Reviewed")
    assert (response.status_code, response.content) == (204, b"")
    assert history(graph)[-1]["state"] == "Reviewed"


def test_41_an_update_answers_the_profile_when_preferred(graph: GraphCaller) -> None:
    response = graph.update(CONTROL, state="Ignored", comment="Accepted until spring")
    assert response.status_code == 200
    assert response.headers["preference-applied"] == "return=representation"
    body = response.json()
    del body["@odata.context"]
    listed = next(profile for profile in graph.profiles() if profile["id"] == CONTROL)
    assert body == listed


@pytest.mark.parametrize("vendor", [None, {"provider": "SecureScore"}, {"vendor": "Microsoft"}])
def test_42_an_update_needs_provider_and_vendor(
    graph: GraphCaller, vendor: dict[str, str] | None
) -> None:
    response = graph.update(CONTROL, state="Ignored", vendorInformation=vendor)
    assert response.status_code == 400
    error = response.json()["error"]
    assert error["code"] == ""
    assert error["message"] == "Http request failed with statusCode=BadRequest"


@pytest.mark.parametrize("body", [{"state": "Planned"}, {"comment": 7}, {"maxScore": 1.0}])
def test_43_unknown_states_types_and_fields_are_refused(
    graph: GraphCaller, body: dict[str, Any]
) -> None:
    assert graph.update(CONTROL, **body).status_code == 400
    assert len(history(graph)) == 1


def test_a_body_that_is_no_json_is_refused(graph: GraphCaller) -> None:
    response = graph.request("PATCH", f"{PROFILES}/{CONTROL}", content=b"{state")
    assert response.status_code == 400
    assert "JSON" in response.json()["error"]["message"]


def test_44_45_46_updates_add_up_and_keep_what_they_leave_out(graph: GraphCaller) -> None:
    graph.update(CONTROL, state="thirdParty", assignedTo="ada@demo.example")
    graph.update(CONTROL, comment="Done by the mail gateway")
    first, second, third = history(graph)
    assert first["updatedDateTime"] is None
    assert second["state"] == third["state"] == "ThirdParty"
    assert third["assignedTo"] == "ada@demo.example"
    assert (second["comment"], third["comment"]) == (None, "Done by the mail gateway")
    assert second["updatedBy"] == "scoredesk-graph"
    assert second["updatedDateTime"] < third["updatedDateTime"]


def test_47_49_51_third_party_counts_from_the_next_snapshot_on(graph: GraphCaller) -> None:
    before = graph.scores()
    graph.update(CONTROL, state="ThirdParty")
    assert graph.scores() == before
    graph.wait(days=1)
    assert graph.score_of(CONTROL)["score"] == 8.0
    assert graph.scores()[1:] == before[:-1]
    graph.update(CONTROL, state="Default")
    graph.wait(days=1)
    assert [graph.score_of(CONTROL, day)["score"] for day in (0, 1, 2)] == [0.0, 8.0, 0.0]


def test_48_an_accepted_risk_gives_no_points_and_keeps_the_maximum(graph: GraphCaller) -> None:
    maximum = graph.scores()[0]["maxScore"]
    graph.update("mdo_zapmalware", state="ignored")
    graph.wait(days=1)
    assert graph.score_of("mdo_zapmalware", 1)["score"] == 6.0
    assert graph.score_of("mdo_zapmalware")["score"] == 0.0
    assert graph.scores()[0]["maxScore"] == maximum


def test_50_a_device_control_cannot_be_updated(graph: GraphCaller) -> None:
    assert graph.update("scid_2012", state="Ignored").status_code == 400
    assert len(history(graph, "scid_2012")) == 1


def test_an_update_of_an_unknown_control_is_not_found(graph: GraphCaller) -> None:
    assert graph.update("nothing", state="Ignored").status_code == 404


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


def test_what_people_did_outlives_a_restart_and_not_a_reset(tmp_path: Path) -> None:
    data = tmp_path / "sandbox.sqlite"
    with running_sandbox(data=data) as program:
        graph = GraphCaller(program.microsoft_url)
        graph.switch(graph_roles="SecurityEvents.ReadWrite.All")
        graph.update(CONTROL, state="ThirdParty")
        kept = graph.request("PATCH", f"{PROFILES}/{CONTROL}", json={"vendorInformation": VENDOR})
        assert kept.status_code == 204
        before = graph.scores()
        graph.close()
    with running_sandbox(data=data) as program:
        graph = GraphCaller(program.microsoft_url)
        assert [update["state"] for update in history(graph)] == ["Default", *2 * ["ThirdParty"]]
        assert graph.scores() == before
        program.reset()
        # The reset tenant signs with a new key; letting no time pass asks for a new token.
        graph.wait(seconds=0)
        assert len(history(graph)) == 1
        graph.close()
