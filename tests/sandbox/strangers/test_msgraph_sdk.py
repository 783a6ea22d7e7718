"""Microsoft's own client, msgraph-sdk, against the stand-in Graph, as its documentation uses it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, TypeVar

import httpx
import pytest
from azure.identity import ClientSecretCredential
from kiota_abstractions.base_request_configuration import RequestConfiguration
from kiota_authentication_azure.azure_identity_authentication_provider import (
    AzureIdentityAuthenticationProvider,
)
from msgraph import GraphRequestAdapter, GraphServiceClient
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.models.secure_score import SecureScore
from msgraph.generated.models.secure_score_control_profile import SecureScoreControlProfile
from msgraph.generated.models.security_vendor_information import SecurityVendorInformation
from msgraph.generated.security.secure_score_control_profiles import (
    secure_score_control_profiles_request_builder as profiles_builder,
)
from msgraph.generated.security.secure_scores import secure_scores_request_builder as scores_builder
from msgraph_core import PageIterator
from tests.sandbox.strangers import loops
from tests.sandbox.strangers.entra_client import TENANT, steer

from scoredesk.sandbox.program import RunningSandbox

WRITE = "SecurityEvents.ReadWrite.All"
CONTROL = "mdo_enabledomainstoprotect"
ScoresQuery = scores_builder.SecureScoresRequestBuilder.SecureScoresRequestBuilderGetQueryParameters
Builder = profiles_builder.SecureScoreControlProfilesRequestBuilder
ProfilesQuery = Builder.SecureScoreControlProfilesRequestBuilderGetQueryParameters

# The client warns of classes of its own that it uses itself.
pytestmark = pytest.mark.filterwarnings("ignore:This class is deprecated:DeprecationWarning")

Answer = TypeVar("Answer")
Story = Callable[[GraphServiceClient], Awaitable[Answer]]
Run = Callable[[Story[Any]], Any]


@pytest.fixture
def run(sandbox: RunningSandbox, credential: ClientSecretCredential) -> Run:
    """Runs a story with a client of its own."""

    async def told(story: Story[Answer]) -> Answer:
        provider = AzureIdentityAuthenticationProvider(
            credential,
            scopes=["https://graph.microsoft.com/.default"],
            allowed_hosts=["127.0.0.1"],
        )
        adapter = GraphRequestAdapter(provider)
        adapter.base_url = f"{sandbox.microsoft_url}/v1.0"
        return await story(GraphServiceClient(request_adapter=adapter))

    return lambda story: loops.run(told(story))


def reviewed() -> SecureScoreControlProfile:
    """The body of the documentation's own example of an update."""
    return SecureScoreControlProfile(
        vendor_information=SecurityVendorInformation(
            provider="SecureScore", provider_version=None, sub_provider=None, vendor="Microsoft"
        ),
        additional_data={
            "assigned_to": "",
            "comment": "control is reviewed",
            "state": "Reviewed",
        },
    )


def test_the_newest_snapshot_is_typed(run: Run) -> None:
    async def story(client: GraphServiceClient) -> Any:
        query = RequestConfiguration(query_parameters=ScoresQuery(top=1))
        return await client.security.secure_scores.get(request_configuration=query)

    result = run(story)
    (newest,) = result.value
    assert isinstance(newest, SecureScore)
    assert newest.id == f"{TENANT}_{newest.created_date_time:%Y-%m-%d}"
    assert f"{newest.created_date_time:%H:%M:%S%z}" == "00:00:00+0000"
    points = sum(control.score for control in newest.control_scores)
    assert newest.current_score == round(points, 2) < newest.max_score
    everyone = newest.average_comparative_scores[0]
    assert everyone.basis == "AllTenants"
    assert everyone.additional_data["appsScoreMax"] > 0
    assert newest.control_scores[0].additional_data.keys() >= {"lastSynced", "scoreInPercentage"}
    assert newest.vendor_information.provider == "SecureScore"


def test_the_page_iterator_walks_the_whole_history(run: Run) -> None:
    async def story(client: GraphServiceClient) -> Any:
        query = ScoresQuery(top=40, count=True, select=["id", "createdDateTime"])
        first = await client.security.secure_scores.get(
            RequestConfiguration(query_parameters=query)
        )
        seen: list[SecureScore] = []
        iterator = PageIterator(first, client.request_adapter)
        await iterator.iterate(lambda one: seen.append(one) or True)
        return first, seen

    first, seen = run(story)
    assert (first.odata_count, len(first.value)) == (90, 40)
    days = [one.created_date_time for one in seen]
    assert len(set(days)) == 90
    assert days == sorted(days, reverse=True)


def test_next_links_are_followed_by_hand(run: Run) -> None:
    async def story(client: GraphServiceClient) -> Any:
        builder = client.security.secure_score_control_profiles
        query = ProfilesQuery(top=5, filter="controlCategory eq 'Device'")
        page = await builder.get(RequestConfiguration(query_parameters=query))
        sizes, found = [len(page.value)], list(page.value)
        while page.odata_next_link:
            page = await builder.with_url(page.odata_next_link).get()
            sizes.append(len(page.value))
            found += page.value
        return sizes, {profile.id for profile in found}

    sizes, ids = run(story)
    assert sizes == [5, 5, 4]
    assert len(ids) == 14


def test_a_snapshot_and_a_control_are_read_by_their_ids(run: Run) -> None:
    async def story(client: GraphServiceClient) -> Any:
        scores, profiles = (
            client.security.secure_scores,
            client.security.secure_score_control_profiles,
        )
        query = ScoresQuery(top=1, skip=7)
        (listed,) = (await scores.get(RequestConfiguration(query_parameters=query))).value
        single = await scores.by_secure_score_id(listed.id).get()
        odd = "11770.MDA_Google_EnableTwoFactorAuth"
        return listed, single, await profiles.by_secure_score_control_profile_id(odd).get()

    listed, single, profile = run(story)
    assert (single.id, single.current_score) == (listed.id, listed.current_score)
    assert profile.id == "11770.MDA_Google_EnableTwoFactorAuth"
    assert profile.max_score > 0
    assert profile.control_state_updates[0].state == "Default"
    assert profile.control_state_updates[0].updated_date_time is None


def test_filters_are_encoded_and_understood(run: Run) -> None:
    async def story(client: GraphServiceClient) -> Any:
        fifth = ScoresQuery(top=1, skip=4)
        days = await client.security.secure_scores.get(RequestConfiguration(query_parameters=fifth))
        since = days.value[0].created_date_time.strftime("%Y-%m-%dT%H:%M:%SZ")
        query = ScoresQuery(filter=f"createdDateTime ge {since}", select=["id", "currentScore"])
        recent = await client.security.secure_scores.get(
            RequestConfiguration(query_parameters=query)
        )
        wanted = ProfilesQuery(filter="service eq 'MDATP' and id eq 'scid_2004'", skip=0, top=5)
        found = await client.security.secure_score_control_profiles.get(
            RequestConfiguration(query_parameters=wanted)
        )
        return recent.value, found.value

    recent, found = run(story)
    assert len(recent) == 5
    assert recent[0].current_score > 0
    assert recent[0].max_score is None
    assert [profile.id for profile in found] == ["scid_2004"]


def test_a_control_is_updated_as_the_documentation_shows(sandbox: RunningSandbox, run: Run) -> None:
    steer(sandbox, "switches", graph_roles=WRITE)

    async def story(client: GraphServiceClient) -> Any:
        builder = client.security.secure_score_control_profiles
        control = builder.by_secure_score_control_profile_id(CONTROL)
        nothing = await control.patch(reviewed())
        preferring: RequestConfiguration[Any] = RequestConfiguration()
        preferring.headers.add("Prefer", "return=representation")
        body = reviewed()
        body.additional_data = {"state": "thirdParty", "assignedTo": "ada@demo.example"}
        return nothing, await control.patch(body, request_configuration=preferring)

    nothing, profile = run(story)
    assert nothing is None
    states = [update.state for update in profile.control_state_updates]
    assert states == ["Default", "Reviewed", "ThirdParty"]
    last = profile.control_state_updates[-1]
    assert (last.comment, last.assigned_to) == ("control is reviewed", "ada@demo.example")
    assert last.updated_by == "scoredesk-graph"
    assert last.updated_date_time.tzinfo is not None


def test_a_profile_that_was_read_can_be_sent_back_changed(
    sandbox: RunningSandbox, run: Run
) -> None:
    steer(sandbox, "switches", graph_roles=WRITE)

    async def story(client: GraphServiceClient) -> Any:
        builder = client.security.secure_score_control_profiles
        control = builder.by_secure_score_control_profile_id(CONTROL)
        profile = await control.get()
        changed = SecureScoreControlProfile(
            vendor_information=profile.vendor_information, additional_data={"state": "Ignored"}
        )
        await control.patch(changed)
        return await control.get()

    assert run(story).control_state_updates[-1].state == "Ignored"


@pytest.mark.parametrize("roles", [WRITE, "SecurityEvents.Read.All"])
def test_an_update_that_graph_refuses_is_an_odata_error(
    sandbox: RunningSandbox, run: Run, roles: str
) -> None:
    steer(sandbox, "switches", graph_roles=roles)

    async def story(client: GraphServiceClient) -> Any:
        builder = client.security.secure_score_control_profiles
        body = SecureScoreControlProfile(additional_data={"state": "Ignored"})
        await builder.by_secure_score_control_profile_id(CONTROL).patch(body)

    with pytest.raises(ODataError) as caught:
        run(story)
    error = caught.value
    if roles == WRITE:
        assert (error.response_status_code, error.error.code) == (400, "")
        assert error.error.message == "Http request failed with statusCode=BadRequest"
    else:
        assert error.response_status_code == 403
        assert "does not contain valid permissions" in error.error.message


def test_an_error_tells_its_request(run: Run) -> None:
    async def story(client: GraphServiceClient) -> Any:
        builder = client.security.secure_score_control_profiles
        await builder.by_secure_score_control_profile_id("adminmfav2").get()

    with pytest.raises(ODataError) as caught:
        run(story)
    error = caught.value
    assert (error.response_status_code, error.error.code) == (404, "ResourceNotFound")
    assert error.primary_message == error.error.message
    inner = error.error.inner_error
    assert inner.request_id == error.response_headers["request-id"]
    assert inner.client_request_id == error.response_headers["client-request-id"]
    assert isinstance(inner.date, datetime)


def test_the_clients_own_retry_waits_as_long_as_graph_asks(
    sandbox: RunningSandbox, run: Run
) -> None:
    fault = {"match": {"path": "secureScores"}, "retry_after": 1, "times": 2}
    steer(sandbox, "faults", kind="rate_limit", **fault)

    async def story(client: GraphServiceClient) -> Any:
        query = RequestConfiguration(query_parameters=ScoresQuery(top=1))
        return await client.security.secure_scores.get(query)

    assert len(run(story).value) == 1
    address = f"{sandbox.microsoft_url}/_sandbox/requests?service=microsoft"
    asked = [
        one for one in httpx.get(address).json()["requests"] if one["path"].endswith("secureScores")
    ]
    assert [one["status"] for one in asked] == [429, 429, 200]
    moments = [datetime.fromisoformat(one["received_at"]) for one in asked]
    assert (moments[1] - moments[0]).total_seconds() >= 1
    assert [one["headers"].get("retry-attempt") for one in asked] == [None, "1", "2"]


def test_a_partial_answer_reaches_the_client_as_its_part(sandbox: RunningSandbox, run: Run) -> None:
    steer(sandbox, "faults", kind="partial", match={"path": "secureScores"})

    async def story(client: GraphServiceClient) -> Any:
        query = RequestConfiguration(query_parameters=ScoresQuery(top=8))
        return await client.security.secure_scores.get(query)

    assert len(run(story).value) == 4
