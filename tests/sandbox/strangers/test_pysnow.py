"""pysnow, the older Python client: resources, their reads and writes, exceptions."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pysnow
import pytest
import requests
from pysnow import exceptions
from tests.sandbox.servicenow.shorthand import CLIENT, new_incident
from tests.sandbox.strangers.pysnow_shorthand import connect, incidents_of

Control = Callable[[str, dict[str, Any]], Any]


@pytest.fixture
def incidents(host: str) -> pysnow.Resource:
    return incidents_of(connect(host))


def test_it_signs_in_with_a_name_and_a_password(host: str) -> None:
    users = connect(host, ("scoredesk.integration", "integration")).resource("/table/sys_user")
    found = users.get({"sys_id": "javascript:gs.getUserID()"}).one()
    assert found["user_name"] == "scoredesk.integration"


def test_it_signs_in_with_a_session_of_its_user(host: str) -> None:
    session = requests.Session()
    session.auth = ("admin", "admin")
    with pysnow.Client(host=host, use_ssl=False, session=session) as client:
        assert client.resource("/table/sys_user").get({"user_name": "admin"}).one()["active"]


def test_a_wrong_password_is_an_http_error(host: str) -> None:
    refused = incidents_of(connect(host, ("admin", "guessed"))).get()
    with pytest.raises(requests.HTTPError, match="401 Client Error"):
        refused.all()


def test_create_answers_the_stored_record(incidents: pysnow.Resource) -> None:
    answer = incidents.create({"short_description": "Made", "impact": 1, "urgency": "1"})
    assert answer["priority"] == "1"
    assert answer.one()["number"].startswith("INC")
    assert answer.headers["Location"].endswith(f"/table/incident/{answer['sys_id']}")
    assert incidents.get_record_link(answer["sys_id"]) == answer.headers["Location"]


def test_one_is_exactly_one(incidents: pysnow.Resource) -> None:
    number = incidents.create({"short_description": "first"})["number"]
    incidents.create({"short_description": "second"})
    assert incidents.get({"number": number}).one()["short_description"] == "first"
    assert incidents.get(query=f"number={number}")["short_description"] == "first"
    assert incidents.get({"number": "INC0"}).one_or_none() is None
    with pytest.raises(exceptions.NoResults):
        incidents.get({"number": "INC0"}).one()
    with pytest.raises(exceptions.MultipleResults):
        incidents.get().one_or_none()


@pytest.mark.parametrize("stream", [False, True])
def test_all_gives_every_record(
    incidents: pysnow.Resource, control: Control, stream: object
) -> None:
    control("seed", {"table": "incident", "count": 5000})
    answer = incidents.get(query="ORDERBYnumber", fields=["number", "assigned_to"], stream=stream)
    rows = list(answer.all())
    assert len({row["number"] for row in rows}) == 5000
    assert answer.headers["X-Total-Count"] == "5000"
    assert rows[1]["assigned_to"].keys() == {"link", "value"}
    assert rows[0]["assigned_to"] == ""


def test_a_stream_counts_its_records(incidents: pysnow.Resource, control: Control) -> None:
    control("seed", {"table": "incident", "count": 25})
    answer = incidents.get(limit=10, offset=5, stream=True)
    assert len(list(answer.all())) == answer.count == 10


def test_first_needs_a_stream(incidents: pysnow.Resource) -> None:
    assert incidents.get(stream=True).first_or_none() is None
    with pytest.raises(exceptions.NoResults):
        incidents.get(stream=True).first()
    incidents.create({"short_description": "first"})
    assert incidents.get(stream=True).first()["short_description"] == "first"
    with pytest.raises(exceptions.InvalidUsage):
        incidents.get().first()


def test_pages_follow_their_links(incidents: pysnow.Resource, control: Control) -> None:
    control("seed", {"table": "incident", "count": 25})
    seen: set[str] = set()
    for offset in (0, 10, 20):
        answer = incidents.get("ORDERBYnumber", limit=10, offset=offset, fields=["number"])
        seen |= {row["number"] for row in answer.all()}
        following = requests.utils.parse_header_links(answer.headers["Link"])
        assert ("next" in {link["rel"] for link in following}) == (offset < 20)
    assert len(seen) == 25


def test_update_takes_a_query(incidents: pysnow.Resource) -> None:
    made = incidents.create({"short_description": "Made"}).one()
    by_query = incidents.update({"number": made["number"]}, {"short_description": "Changed"})
    assert by_query["short_description"] == "Changed"
    fetched = incidents.get({"number": made["number"]})
    assert fetched.update({"urgency": "1"})["priority"] == "3"
    with pytest.raises(exceptions.NoResults):
        incidents.update({"number": "INC0"}, {"urgency": "1"})
    with pytest.raises(exceptions.InvalidUsage):
        incidents.update({"number": made["number"]}, ["no object"])


def test_delete_takes_a_query(incidents: pysnow.Resource) -> None:
    made = incidents.create({"short_description": "Made"}).one()
    assert incidents.delete({"sys_id": made["sys_id"]}) == {"status": "record deleted"}
    other = incidents.create({"short_description": "Made"})
    assert incidents.get({"number": other["number"]}).delete() == {"status": "record deleted"}
    with pytest.raises(exceptions.NoResults):
        incidents.delete({"sys_id": made["sys_id"]})


def test_a_request_of_ones_own(incidents: pysnow.Resource) -> None:
    made = incidents.create({"short_description": "Made"}).one()
    read = incidents.request("GET", path_append=f"/{made['sys_id']}")
    assert read.one()["number"] == made["number"]
    quiet = incidents.request(
        "PATCH",
        path_append=f"/{made['sys_id']}",
        json={"short_description": "Patched"},
        headers={"X-no-response-body": "true"},
    )
    assert quiet._response.content == b""
    assert incidents.get({"number": made["number"]})["short_description"] == "Patched"


@pytest.mark.parametrize(
    ("shown", "excluded", "state", "opened_by"),
    [
        (False, False, "1", {"link", "value"}),
        (True, False, "New", {"display_value", "link"}),
        ("all", False, {"display_value": "New", "value": "1"}, {"display_value", "link", "value"}),
        (False, True, "1", None),
        (True, True, "New", "System Administrator"),
    ],
)
def test_parameters_of_a_resource(
    incidents: pysnow.Resource, shown: object, excluded: object, state: object, opened_by: object
) -> None:
    """pysnow writes `True` and `False` with capitals, and real instances understand it."""
    incidents.create({"short_description": "Made"})
    incidents.parameters.display_value = shown
    incidents.parameters.exclude_reference_link = excluded
    row = incidents.get(limit=1).one()
    assert row["state"] == state
    if isinstance(opened_by, set):
        assert row["opened_by"].keys() == opened_by
    else:
        assert row["opened_by"] == (opened_by or row["opened_by"])
        assert isinstance(row["opened_by"], str)


def test_the_paging_header_may_be_left_out(incidents: pysnow.Resource) -> None:
    incidents.create({"short_description": "Made"})
    assert "Link" in incidents.get().headers
    incidents.parameters.suppress_pagination_header = True
    assert "Link" not in incidents.get().headers
    incidents.parameters.add_custom({"sysparm_no_count": "true"})
    assert "X-Total-Count" not in incidents.get().headers


def test_refusals_are_http_errors_or_response_errors(
    host: str, incidents: pysnow.Resource, control: Control
) -> None:
    made = incidents.create({"short_description": "Made"}).one()
    with pytest.raises(requests.HTTPError, match="403 Client Error"):
        incidents.update({"number": made["number"]}, {"state": "6"}).one()
    with pytest.raises(requests.HTTPError, match="400 Client Error"):
        connect(host).resource("/table/no_such_table").get().all()
    control("faults", {"kind": "cancelled"})
    cancelled = incidents.get(stream=True)
    with pytest.raises((exceptions.ResponseError, exceptions.NoResults)):
        cancelled.first()


def test_a_reply_without_a_result_is_told(host: str) -> None:
    batch = connect(host).resource("/v1/batch")
    with pytest.raises(exceptions.MissingResult):
        batch.create({"batch_request_id": "1", "rest_requests": []}).all()


def test_counts_come_from_the_aggregate_api(host: str, integration: httpx.Client) -> None:
    for urgency in ("1", "2", "2"):
        new_incident(integration, urgency=urgency)
    stats = connect(host).resource("/stats/incident")
    stats.parameters.add_custom({"sysparm_count": True})
    assert stats.get({"urgency": "2"}).one() == {"stats": {"count": "2"}}


def test_threads_share_a_client(host: str, control: Control) -> None:
    control("seed", {"table": "incident", "count": 300})
    client = connect(host)

    def count(state: int) -> int:
        return len(incidents_of(client).get({"state": state}, fields=["sys_id"]).all())

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(count, [1, 2, 3] * 16)) == [100, 100, 100] * 16


def oauth(host: str, **options: Any) -> pysnow.OAuthClient:
    return pysnow.OAuthClient(host=host, use_ssl=False, **CLIENT, **options)


def test_a_token_is_made_kept_and_used(host: str, plain_oauth: None) -> None:
    client = oauth(host)
    with pytest.raises(exceptions.MissingToken):
        client.resource("/table/incident")
    token = client.generate_token("scoredesk.integration", "integration")
    client.set_token(token)
    me = client.resource("/table/sys_user").get({"sys_id": "javascript:gs.getUserID()"})
    assert me.one()["user_name"] == "scoredesk.integration"


def test_a_lapsed_token_is_refreshed_and_handed_over(
    host: str, plain_oauth: None, control: Control
) -> None:
    kept: list[dict[str, Any]] = []
    client = oauth(host, token_updater=kept.append)
    token = client.generate_token("scoredesk.integration", "integration")
    control("clock", {"offset_seconds": 1900})
    client.set_token({**token, "expires_at": 1})
    assert client.resource("/table/incident").get().all() == []
    assert kept[0]["access_token"] != token["access_token"]
    assert kept[0]["refresh_token"] == token["refresh_token"]


def test_a_refused_token_tells_why(host: str, plain_oauth: None) -> None:
    with pytest.raises(exceptions.TokenCreateError) as told:
        oauth(host).generate_token("admin", "guessed")
    assert told.value.description == "access_denied"
