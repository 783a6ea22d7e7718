"""Lists of secureScores: order, pages, filters (graph-secure-score 10, numbers 1 to 15)."""

from __future__ import annotations

import socket
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from tests.sandbox.microsoft.graph_caller import PROFILES, SCORES, TENANT, GraphCaller


@pytest.mark.parametrize("version", ["v1.0", "beta"])
def test_01_the_list_names_its_context(graph: GraphCaller, version: str) -> None:
    response = graph.get(f"/{version}/security/secureScores")
    assert response.status_code == 200
    assert response.json()["@odata.context"] == (
        f"{graph.url}/{version}/$metadata#security/secureScores"
    )


def test_02_the_newest_snapshot_comes_first(graph: GraphCaller) -> None:
    created = [one["createdDateTime"] for one in graph.scores()]
    assert created == sorted(created, reverse=True)
    now = datetime.fromisoformat(graph.http.get("/_sandbox/clock").json()["now"])
    assert created[0][:10] == now.date().isoformat()


def test_03_every_day_has_one_snapshot_at_midnight(graph: GraphCaller) -> None:
    created = [one["createdDateTime"] for one in graph.scores()]
    newest = date.fromisoformat(created[0][:10])
    days = [(newest - timedelta(days=back)).isoformat() for back in range(len(created))]
    assert created == [f"{day}T00:00:00Z" for day in days]


def test_04_ninety_days_are_kept(graph: GraphCaller) -> None:
    before = graph.scores()
    assert len(before) == 90
    graph.wait(days=1)
    after = graph.scores()
    assert len(after) == 90
    assert after[-1]["id"] == before[-2]["id"]
    assert graph.get(f"{SCORES}/{before[-1]['id']}").status_code == 404


def test_05_a_snapshot_is_found_by_tenant_and_date(graph: GraphCaller) -> None:
    listed = graph.scores()[3]
    assert listed["azureTenantId"] == TENANT
    assert listed["id"] == f"{TENANT}_{listed['createdDateTime'][:10]}"
    single = graph.page(f"{SCORES}/{listed['id']}")
    assert single.pop("@odata.context") == (
        f"{graph.url}/v1.0/$metadata#security/secureScores/$entity"
    )
    assert single == listed


def test_06_top_1_gives_one_item_and_a_link(graph: GraphCaller) -> None:
    body = graph.page(f"{SCORES}?$top=1")
    assert len(body["value"]) == 1
    assert body["@odata.nextLink"]


@pytest.mark.parametrize("version", ["v1.0", "beta"])
def test_07_the_link_is_absolute_and_keeps_top_beside_an_opaque_token(
    graph: GraphCaller, version: str
) -> None:
    link = graph.page(f"/{version}/security/secureScores?$top=1")["@odata.nextLink"]
    start, token = link.split("$skiptoken=")
    assert start == f"{graph.url}/{version}/security/secureScores?$top=1&"
    assert str(UUID(token)) == token


@pytest.mark.parametrize("size", [1, 7, 40, 90])
def test_08_the_links_lead_to_every_snapshot_once(graph: GraphCaller, size: int) -> None:
    graph.switch(graph_limits=False)
    pages = graph.walk(f"{SCORES}?$top={size}")
    assert {len(page) for page in pages[:-1]} <= {size}
    assert [one["id"] for page in pages for one in page] == [one["id"] for one in graph.scores()]


def test_08_a_day_that_begins_between_two_pages_shifts_nothing(graph: GraphCaller) -> None:
    first = graph.page(f"{SCORES}?$top=30")
    known = [one["id"] for one in graph.scores()]
    graph.wait(days=1)
    rest = graph.walk(first["@odata.nextLink"])
    found = [one["id"] for page in [first["value"], *rest] for one in page]
    assert max(Counter(found).values()) == 1
    assert found == known[: len(found)]


@pytest.mark.parametrize("query", ["", "?$top=90", "?$top=89&$skip=1", "?$top=500"])
def test_09_the_last_page_has_no_link(graph: GraphCaller, query: str) -> None:
    assert "@odata.nextLink" not in graph.page(f"{SCORES}{query}")


@pytest.mark.parametrize("token", ["rubbish", "", "00000000-0000-4000-8000-000000000000", "'"])
def test_10_a_skip_token_that_nobody_gave_is_refused(graph: GraphCaller, token: str) -> None:
    response = graph.get(f"{SCORES}?$skiptoken={token}")
    assert response.status_code == 400
    assert response.json()["error"]["code"] == "BadRequest"


def test_10_a_skip_token_of_another_list_is_refused(graph: GraphCaller) -> None:
    link = graph.page(f"{PROFILES}?$top=1")["@odata.nextLink"]
    assert graph.get(f"{SCORES}?{urlsplit(link).query}").status_code == 400


def test_11_top_and_skip_reach_the_eighth_newest(graph: GraphCaller) -> None:
    assert graph.page(f"{SCORES}?$top=1&$skip=7")["value"] == [graph.scores()[7]]


def test_12_the_count_is_given_when_asked_for(graph: GraphCaller) -> None:
    assert graph.page(f"{SCORES}?$top=1&$count=true")["@odata.count"] == 90
    assert "@odata.count" not in graph.page(f"{SCORES}?$top=1")
    assert "@odata.count" not in graph.page(f"{SCORES}?$top=1&$count=false")


@pytest.mark.parametrize(
    ("clauses", "first", "last"),
    [
        ("createdDateTime ge {9}", 0, 9),
        ("createdDateTime le {5}", 5, 89),
        ("createdDateTime gt {9} and createdDateTime lt {5}", 6, 8),
        ("createdDateTime ge {9} and createdDateTime le {5}", 5, 9),
        ("createdDateTime eq {5}", 5, 5),
    ],
)
def test_13_a_span_of_days_is_filtered_for_without_quotes(
    graph: GraphCaller, clauses: str, first: int, last: int
) -> None:
    days = [one["createdDateTime"] for one in graph.scores()]
    query = clauses.format(*days).replace(" ", "%20")
    found = graph.page(f"{SCORES}?$filter={query}")["value"]
    assert [one["createdDateTime"] for one in found] == days[first : last + 1]


@pytest.mark.parametrize(
    "query",
    [
        "$filter=createdDateTime%20ge%20'2026-07-01T00:00:00Z'",
        "$filter=createdDateTime%20ge%20%272026-07-01T00:00:00Z%27",
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
    error = response.json()["error"]
    assert error["code"] == "BadRequest"
    assert error["message"]
    assert error["innerError"].keys() == {"date", "request-id", "client-request-id"}


@pytest.mark.parametrize("space", ["%20", "+"])
def test_15_an_encoded_space_is_understood_in_both_spellings(
    graph: GraphCaller, space: str
) -> None:
    days = [one["createdDateTime"] for one in graph.scores()]
    found = graph.page(f"{SCORES}?$filter=createdDateTime{space}ge{space}{days[2]}")["value"]
    assert [one["createdDateTime"] for one in found] == days[:3]


def test_15_a_space_that_is_not_encoded_is_a_400(graph: GraphCaller) -> None:
    address = urlsplit(graph.url)
    with socket.create_connection((str(address.hostname), int(address.port or 0)), 10) as raw:
        line = f"GET {SCORES}?$filter=createdDateTime ge 2026-07-01T00:00:00Z HTTP/1.1\r\n"
        raw.sendall(f"{line}Host: {address.netloc}\r\nConnection: close\r\n\r\n".encode())
        assert raw.recv(100).startswith(b"HTTP/1.1 400 ")


def test_selected_properties_come_alone(graph: GraphCaller) -> None:
    body = graph.page(f"{SCORES}?$top=1&$select=currentScore,maxScore")
    assert body["value"][0].keys() == {"currentScore", "maxScore"}


def test_a_window_in_which_nothing_lies_is_empty(graph: GraphCaller) -> None:
    moment = datetime.now(UTC) + timedelta(days=400)
    body = graph.page(f"{SCORES}?$filter=createdDateTime%20ge%20{moment.date()}T00:00:00Z")
    assert body["value"] == []
    assert "@odata.nextLink" not in body
