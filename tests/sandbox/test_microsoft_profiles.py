"""The sandbox's catalogue of improvement actions against the fidelity checklist."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from tests.sandbox.graph_caller import PROFILES, TENANT, GraphCaller

from scoredesk.sandbox.program import RunningSandbox

PROPERTIES = {
    *("id", "azureTenantId", "actionType", "actionUrl", "controlCategory", "title", "deprecated"),
    *("implementationCost", "lastModifiedDateTime", "maxScore", "rank", "remediation"),
    *("remediationImpact", "service", "threats", "tier", "userImpact", "vendorInformation"),
    *("complianceInformation", "controlStateUpdates"),
}


@pytest.fixture
def graph(sandbox_program: RunningSandbox) -> Iterator[GraphCaller]:
    sandbox_program.reset()
    caller = GraphCaller(sandbox_program.microsoft_url)
    yield caller
    caller.close()


def test_there_are_actions_of_all_five_categories(graph: GraphCaller) -> None:
    counted = Counter(profile["controlCategory"] for profile in graph.profiles())
    assert set(counted) == {"Identity", "Data", "Device", "Apps", "Infrastructure"}
    assert counted.total() >= 66
    assert len({profile["id"] for profile in graph.profiles()}) == counted.total()


def test_27_28_scores_and_profiles_do_not_match_either_way(graph: GraphCaller) -> None:
    profiles = {profile["id"] for profile in graph.profiles()}
    scored = {entry["controlName"] for entry in graph.scores()[0]["controlScores"]}
    assert scored - profiles
    assert profiles - scored
    assert len(scored & profiles) > 60


def test_31_32_33_a_profile_has_twenty_properties_and_no_state(graph: GraphCaller) -> None:
    untouched = {
        **dict.fromkeys(("assignedTo", "comment", "updatedBy", "updatedDateTime")),
        "state": "Default",
    }
    for profile in graph.profiles():
        assert profile.keys() == PROPERTIES
        assert profile["controlStateUpdates"] == [untouched]
        assert profile["lastModifiedDateTime"] is None
        assert profile["complianceInformation"] == []
        assert profile["azureTenantId"] == TENANT
    graph.switch(graph_compliance_null=True)
    assert {profile["complianceInformation"] for profile in graph.profiles()} == {None}


def test_34_35_36_impact_rank_and_titles_are_as_untidy_as_in_reality(graph: GraphCaller) -> None:
    profiles = graph.profiles()
    impacts = {profile["userImpact"] for profile in profiles}
    costs = {profile["implementationCost"] for profile in profiles}
    assert {None, "Low", "low", "Moderate"} <= impacts
    assert {"Low", "low", "high", "High", "Medium", "Moderate", "Unknown"} <= costs
    ranks = Counter(profile["rank"] for profile in profiles)
    assert ranks[0] > 1
    assert ranks[10] > 1
    assert max(Counter(profile["title"] for profile in profiles).values()) > 1


def test_37_odd_ids_are_addressable_and_wrong_ones_are_not_found(graph: GraphCaller) -> None:
    for control in ("11770.MDA_Google_EnableTwoFactorAuth", "mdo_phisspamacation"):
        single = graph.page(f"{PROFILES}/{quote(control, safe='')}")
        assert single["id"] == control
        assert single["@odata.context"].endswith("#security/secureScoreControlProfiles/$entity")
    missing = graph.get(f"{PROFILES}/adminmfav2")
    assert missing.status_code == 404
    assert missing.json()["error"]["code"] == "ResourceNotFound"


def test_38_39_the_html_and_the_tenant_in_links_arrive_untouched(graph: GraphCaller) -> None:
    profiles = graph.profiles()
    texts = [profile["remediation"] for profile in profiles]
    for part in ("<DomainName>", "&nbsp;", "href='https://learn.microsoft.com/", "<strong>"):
        assert any(part in text for text in texts), part
    assert any(f"tid={TENANT}" in profile["actionUrl"] for profile in profiles)
    assert not any("{" in profile["actionUrl"] for profile in profiles)


def test_every_remediation_tells_two_to_six_steps(graph: GraphCaller) -> None:
    for profile in graph.profiles():
        steps = re.findall(r"<li>", profile["remediation"])
        assert 2 <= len(steps) <= 6, profile["id"]


def test_profiles_are_filtered_by_equality(graph: GraphCaller) -> None:
    query = quote("service eq 'MDATP' and id eq 'scid_2004'", safe="")
    found = graph.page(f"{PROFILES}?$filter={query}")["value"]
    assert [profile["id"] for profile in found] == ["scid_2004"]
    none = graph.page(f"{PROFILES}?$filter=userImpact%20eq%20null&$select=id&$count=true")
    assert none["@odata.count"] == len(none["value"]) > 0
    assert none["value"][0].keys() == {"id"}


def test_a_filter_holds_over_the_pages_it_makes(graph: GraphCaller) -> None:
    pages = graph.walk(f"{PROFILES}?$top=5&$filter=controlCategory%20eq%20'Device'")
    assert [len(page) for page in pages] == [5, 5, 4]
    assert {one["controlCategory"] for page in pages for one in page} == {"Device"}
