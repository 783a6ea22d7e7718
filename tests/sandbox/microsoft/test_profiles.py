"""The catalogue of improvement actions (graph-secure-score 10, numbers 29 to 39)."""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import quote
from uuid import UUID

import pytest
from tests.sandbox.microsoft.graph_caller import PROFILES, SCORES, TENANT, GraphCaller

PROPERTIES = {
    *("id", "azureTenantId", "actionType", "actionUrl", "controlCategory", "title", "deprecated"),
    *("implementationCost", "lastModifiedDateTime", "maxScore", "rank", "remediation"),
    *("remediationImpact", "service", "threats", "tier", "userImpact", "vendorInformation"),
    *("complianceInformation", "controlStateUpdates"),
}


def test_there_are_actions_of_all_five_categories(graph: GraphCaller) -> None:
    counted = Counter(profile["controlCategory"] for profile in graph.profiles())
    assert set(counted) == {"Identity", "Data", "Device", "Apps", "Infrastructure"}
    assert counted.total() >= 66


@pytest.mark.parametrize("version", ["v1.0", "beta"])
def test_29_without_top_a_page_has_200_profiles_and_a_token_link(
    graph: GraphCaller, version: str
) -> None:
    graph.switch(graph_catalogue_size=201)
    address = f"/{version}/security/secureScoreControlProfiles"
    body = graph.page(address)
    assert body["@odata.context"] == (
        f"{graph.url}/{version}/$metadata#security/secureScoreControlProfiles"
    )
    assert len(body["value"]) == 200
    start, token = body["@odata.nextLink"].split("=")
    assert start == f"{graph.url}{address}?$skiptoken"
    assert str(UUID(token)) == token
    assert len(graph.page(body["@odata.nextLink"])["value"]) == 1


def test_29_exactly_200_profiles_fit_on_one_page(graph: GraphCaller) -> None:
    graph.switch(graph_catalogue_size=200)
    body = graph.page(PROFILES)
    assert len(body["value"]) == 200
    assert "@odata.nextLink" not in body


def test_30_a_catalogue_of_more_than_400_comes_in_three_pages(graph: GraphCaller) -> None:
    graph.switch(graph_catalogue_size=430)
    pages = graph.walk(PROFILES)
    assert [len(page) for page in pages] == [200, 200, 30]
    assert len({one["id"] for page in pages for one in page}) == 430
    assert all(one.keys() == PROPERTIES for page in pages for one in page)


def test_31_a_profile_has_the_twenty_properties_and_no_state(graph: GraphCaller) -> None:
    assert len(PROPERTIES) == 20
    for profile in graph.profiles():
        assert profile.keys() == PROPERTIES
        assert profile["azureTenantId"] == TENANT
        assert profile["vendorInformation"] == {
            "provider": "SecureScore",
            "providerVersion": None,
            "subProvider": None,
            "vendor": "Microsoft",
        }


def test_32_an_untouched_control_has_one_default_update(graph: GraphCaller) -> None:
    untouched = {
        **dict.fromkeys(("assignedTo", "comment", "updatedBy", "updatedDateTime")),
        "state": "Default",
    }
    assert all(one["controlStateUpdates"] == [untouched] for one in graph.profiles())


def test_33_no_time_of_change_and_no_compliance_are_told(graph: GraphCaller) -> None:
    profiles = graph.profiles()
    assert {profile["lastModifiedDateTime"] for profile in profiles} == {None}
    assert all(profile["complianceInformation"] == [] for profile in profiles)
    graph.switch(graph_compliance_null=True)
    assert {profile["complianceInformation"] for profile in graph.profiles()} == {None}


def test_34_impact_and_cost_are_of_mixed_case_and_sometimes_missing(graph: GraphCaller) -> None:
    profiles = graph.profiles()
    impacts = {profile["userImpact"] for profile in profiles}
    costs = {profile["implementationCost"] for profile in profiles}
    assert {None, "Low", "low", "Moderate"} <= impacts
    assert {"Low", "low", "high", "High", "Medium", "Moderate", "Unknown"} <= costs


def test_35_ranks_have_ties_and_zeros(graph: GraphCaller) -> None:
    ranks = Counter(profile["rank"] for profile in graph.profiles())
    assert all(type(rank) is int for rank in ranks)
    assert ranks[0] > 1
    assert ranks[10] > 1


def test_36_two_actions_may_have_one_title(graph: GraphCaller) -> None:
    titles = Counter(profile["title"] for profile in graph.profiles())
    ids = {profile["id"] for profile in graph.profiles()}
    assert max(titles.values()) > 1
    assert len(ids) == titles.total()


@pytest.mark.parametrize(
    "control", ["11770.MDA_Google_EnableTwoFactorAuth", "mdo_phisspamacation", "AdminMFAV2"]
)
@pytest.mark.parametrize("version", ["v1.0", "beta"])
def test_37_odd_ids_are_addressable(graph: GraphCaller, control: str, version: str) -> None:
    address = f"/{version}/security/secureScoreControlProfiles"
    single = graph.page(f"{address}/{quote(control, safe='')}")
    assert single["@odata.context"] == (
        f"{graph.url}/{version}/$metadata#security/secureScoreControlProfiles/$entity"
    )
    del single["@odata.context"]
    assert single == next(one for one in graph.profiles() if one["id"] == control)


@pytest.mark.parametrize(
    "path", [f"{PROFILES}/adminmfav2", f"{PROFILES}/x", f"{SCORES}/{TENANT}_2001-01-01"]
)
def test_37_a_wrong_id_is_not_found(graph: GraphCaller, path: str) -> None:
    missing = graph.get(path)
    assert missing.status_code == 404
    assert missing.json()["error"]["code"] == "ResourceNotFound"
    assert missing.json()["error"]["innerError"]["request-id"]


def test_38_the_html_of_a_remediation_arrives_untouched(graph: GraphCaller) -> None:
    texts = [profile["remediation"] for profile in graph.profiles()]
    for part in ("<DomainName>", "&nbsp;", "href='https://learn.microsoft.com/", "<strong>"):
        assert any(part in text for text in texts), part
    assert any("target='_blank'" in text for text in texts)


def test_39_links_to_settings_carry_the_tenant(graph: GraphCaller) -> None:
    links = [profile["actionUrl"] for profile in graph.profiles()]
    assert any(f"tid={TENANT}" in link for link in links)
    assert any("tid=" not in link for link in links)
    assert all(link.startswith("https://") and "{" not in link for link in links)


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
