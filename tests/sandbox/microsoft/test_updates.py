"""PATCH of a control's state (graph-secure-score 10, numbers 40 to 46)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from tests.sandbox.microsoft.graph_caller import PROFILES, VENDOR, GraphCaller

from scoredesk.sandbox.program import running_sandbox

CONTROL = "mdo_enabledomainstoprotect"


def history(graph: GraphCaller, control: str = CONTROL) -> list[dict[str, Any]]:
    updates: list[dict[str, Any]] = graph.page(f"{PROFILES}/{control}")["controlStateUpdates"]
    return updates


@pytest.mark.parametrize("version", ["v1.0", "beta"])
def test_40_an_update_answers_204_with_an_empty_body(writer: GraphCaller, version: str) -> None:
    address = f"/{version}/security/secureScoreControlProfiles/{CONTROL}"
    body = {"state": "Reviewed", "vendorInformation": VENDOR}
    response = writer.request("PATCH", address, json=body)
    assert (response.status_code, response.content) == (204, b"")
    assert history(writer)[-1]["state"] == "Reviewed"


def test_41_an_update_answers_the_profile_when_preferred(writer: GraphCaller) -> None:
    response = writer.update(CONTROL, state="Ignored", comment="Accepted until spring")
    assert response.status_code == 200
    assert response.headers["preference-applied"] == "return=representation"
    body = response.json()
    assert body.pop("@odata.context").endswith("#security/secureScoreControlProfiles/$entity")
    listed = next(profile for profile in writer.profiles() if profile["id"] == CONTROL)
    assert body == listed
    assert body["controlStateUpdates"][-1]["comment"] == "Accepted until spring"


def test_41_the_answered_profile_is_what_the_switches_make_of_it(writer: GraphCaller) -> None:
    writer.switch(graph_unknown_members=True, graph_compliance_null=True)
    body = writer.update(CONTROL, prefer="Return=Representation", state="Reviewed").json()
    del body["@odata.context"]
    assert body == next(profile for profile in writer.profiles() if profile["id"] == CONTROL)
    assert body["complianceInformation"] is None


@pytest.mark.parametrize(
    "vendor", [None, {}, {"provider": "SecureScore"}, {"vendor": "Microsoft"}, "SecureScore"]
)
def test_42_an_update_needs_provider_and_vendor(writer: GraphCaller, vendor: object) -> None:
    response = writer.update(CONTROL, state="Ignored", vendorInformation=vendor)
    assert response.status_code == 400
    error = response.json()["error"]
    assert error["code"] == ""
    assert error["message"] == "Http request failed with statusCode=BadRequest"
    assert len(history(writer)) == 1


@pytest.mark.parametrize("state", ["Planned", "Completed", "", None, 7])
def test_43_an_unknown_state_is_refused(writer: GraphCaller, state: object) -> None:
    assert writer.update(CONTROL, state=state).status_code == 400
    assert len(history(writer)) == 1


@pytest.mark.parametrize(
    "body", [{"comment": 7}, {"maxScore": 1.0}, {"id": CONTROL}, {"controlStateUpdates": []}]
)
def test_a_wrong_type_or_a_property_of_microsofts_is_refused(
    writer: GraphCaller, body: dict[str, Any]
) -> None:
    assert writer.update(CONTROL, **body).status_code == 400
    assert len(history(writer)) == 1


def test_a_property_that_graph_does_not_declare_is_ignored_or_by_a_switch_refused(
    writer: GraphCaller,
) -> None:
    odata = {"@odata.type": "#microsoft.graph.secureScoreControlProfile"}
    assert writer.update(CONTROL, state="Reviewed", assigned_to="ada", **odata).is_success
    assert history(writer)[-1]["state"] == "Reviewed"
    writer.switch(graph_undeclared_in_patch="refused")
    assert writer.update(CONTROL, state="Ignored", assigned_to="ada").status_code == 400
    assert writer.update(CONTROL, state="Ignored", **odata).is_success


def test_a_body_that_is_no_json_is_refused(writer: GraphCaller) -> None:
    response = writer.request("PATCH", f"{PROFILES}/{CONTROL}", content=b"{state")
    assert response.status_code == 400
    assert "JSON" in response.json()["error"]["message"]
    assert writer.request("PATCH", f"{PROFILES}/{CONTROL}", json=[1]).status_code == 400


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("thirdParty", "ThirdParty"),
        ("ignored", "Ignored"),
        ("reviewed", "Reviewed"),
        ("default", "Default"),
        ("THIRDPARTY", "ThirdParty"),
    ],
)
def test_44_a_state_is_taken_in_any_case_and_read_back_in_one(
    writer: GraphCaller, sent: str, kept: str
) -> None:
    response = writer.update(CONTROL, state=sent)
    assert response.json()["controlStateUpdates"][-1]["state"] == kept
    assert history(writer)[-1]["state"] == kept


def test_45_an_update_is_appended_with_its_author_and_time(writer: GraphCaller) -> None:
    writer.update(CONTROL, state="Ignored")
    one = history(writer)
    writer.wait(seconds=60)
    writer.update(CONTROL, state="Reviewed")
    two = history(writer)
    assert [entry["state"] for entry in two] == ["Default", "Ignored", "Reviewed"]
    assert two[:2] == one
    assert (two[0]["updatedBy"], two[0]["updatedDateTime"]) == (None, None)
    assert two[1]["updatedBy"] == two[2]["updatedBy"] == "scoredesk-graph"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z", two[1]["updatedDateTime"])
    assert two[1]["updatedDateTime"] < two[2]["updatedDateTime"]


def test_45_an_update_that_changes_nothing_is_appended_too(writer: GraphCaller) -> None:
    for _ in range(2):
        writer.update(CONTROL, state="Ignored")
    assert [entry["state"] for entry in history(writer)] == ["Default", "Ignored", "Ignored"]


def test_46_what_an_update_leaves_out_keeps_its_value(writer: GraphCaller) -> None:
    writer.update(CONTROL, state="ThirdParty", assignedTo="ada@demo.example")
    writer.update(CONTROL, comment="Done by the mail gateway")
    last = history(writer)[-1]
    assert last["state"] == "ThirdParty"
    assert last["assignedTo"] == "ada@demo.example"
    assert last["comment"] == "Done by the mail gateway"
    writer.update(CONTROL, assignedTo=None)
    last = history(writer)[-1]
    assert (last["assignedTo"], last["comment"]) == (None, "Done by the mail gateway")


def test_50_a_device_control_cannot_be_updated(writer: GraphCaller) -> None:
    response = writer.update("scid_2012", state="Ignored")
    assert response.status_code == 400
    assert response.json()["error"]["code"] == ""
    assert len(history(writer, "scid_2012")) == 1


def test_an_update_of_an_unknown_control_is_not_found(writer: GraphCaller) -> None:
    assert writer.update("nothing", state="Ignored").status_code == 404


def test_what_people_did_outlives_a_restart_and_not_a_reset(tmp_path: Path) -> None:
    data = tmp_path / "sandbox.sqlite"
    with running_sandbox(data=data) as program:
        graph = GraphCaller(program.microsoft_url)
        graph.switch(graph_roles="SecurityEvents.ReadWrite.All")
        graph.update(CONTROL, state="ThirdParty")
        kept = graph.request("PATCH", f"{PROFILES}/{CONTROL}", json={"vendorInformation": VENDOR})
        assert kept.status_code == 204
        graph.lever("/_sandbox/microsoft/day", kind="catalogue_change")
        graph.wait(days=1)
        before = graph.scores(), graph.profiles()
        graph.close()
    with running_sandbox(data=data) as program:
        graph = GraphCaller(program.microsoft_url)
        graph.wait(days=1)
        assert [update["state"] for update in history(graph)] == ["Default", *2 * ["ThirdParty"]]
        assert (graph.scores(), graph.profiles()) == before
        program.reset()
        # The reset tenant signs with a new key; letting no time pass asks for a new token.
        graph.wait(seconds=0)
        assert len(history(graph)) == 1
        graph.close()
