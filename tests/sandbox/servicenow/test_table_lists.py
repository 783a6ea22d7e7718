"""Lists and their pages; numbers are those of servicenow-api 13."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from tests.sandbox.servicenow.shorthand import error_of, new_change, new_incident

Control = Callable[[str, dict[str, Any]], Any]
As = Callable[[str], httpx.Client]
ORDERED = {"sysparm_query": "ORDERBYshort_description", "sysparm_fields": "short_description"}


def listed(answer: httpx.Response) -> str:
    assert answer.status_code == 200, answer.text
    return "".join(row["short_description"] for row in answer.json()["result"])


def links(answer: httpx.Response) -> dict[str, str]:
    """`rel` to address."""
    found = {}
    for link in answer.headers["Link"].split(","):
        address, _, rel = link.partition(";rel=")
        found[rel.strip('"')] = address.strip("<>")
    return found


@pytest.fixture
def five(integration: httpx.Client) -> httpx.Client:
    """Incidents a to e."""
    for name in "abcde":
        new_incident(integration, short_description=name)
    return integration


def test_35_the_limit_is_ten_thousand_unless_told(
    integration: httpx.Client, control: Control
) -> None:
    control("seed", {"table": "incident", "count": 10_001})
    params = {"sysparm_fields": "number"}
    answer = integration.get("/table/incident", params=params)
    assert (len(answer.json()["result"]), answer.headers["X-Total-Count"]) == (10_000, "10001")


def test_35_the_limit_comes_before_row_rights(
    five: httpx.Client, as_user: As, admin: httpx.Client
) -> None:
    new_incident(admin, short_description="mine", caller_id="no.roles")
    client = as_user("no.roles")
    params = {**ORDERED, "sysparm_limit": "2"}
    answer = client.get("/table/incident", params=params)
    assert (answer.json(), answer.headers["X-Total-Count"]) == ({"result": []}, "6")
    later = client.get("/table/incident", params={**params, "sysparm_offset": "4"})
    assert listed(later) == "mine"


def test_36_the_total_is_that_of_all_pages(five: httpx.Client) -> None:
    params = {**ORDERED, "sysparm_limit": "2"}
    assert five.get("/table/incident", params=params).headers["X-Total-Count"] == "5"
    params["sysparm_query"] = "short_description=c"
    assert five.get("/table/incident", params=params).headers["X-Total-Count"] == "1"


def test_36_without_counting_there_is_no_total(five: httpx.Client) -> None:
    answer = five.get("/table/incident", params={"sysparm_no_count": "true"})
    assert "X-Total-Count" not in answer.headers


@pytest.mark.parametrize(
    ("offset", "rels"),
    [
        ("0", {"first", "next", "last"}),
        ("2", {"first", "prev", "next", "last"}),
        ("4", {"first", "prev", "last"}),
    ],
)
def test_37_links_are_those_that_apply(five: httpx.Client, offset: str, rels: set[str]) -> None:
    params = {**ORDERED, "sysparm_limit": "2", "sysparm_offset": offset}
    assert set(links(five.get("/table/incident", params=params))) == rels


def test_37_by_switch_the_first_page_has_a_previous_one(
    five: httpx.Client, control: Control
) -> None:
    control("switches", {"prev_on_first_page": True})
    params = {**ORDERED, "sysparm_limit": "2"}
    found = links(five.get("/table/incident", params=params))
    assert list(found) == ["first", "prev", "next", "last"]
    assert "sysparm_offset=-2" in found["prev"]


def test_37_links_lead_to_their_pages(five: httpx.Client) -> None:
    params = {**ORDERED, "sysparm_limit": "2", "sysparm_offset": "2"}
    found = links(five.get("/table/incident", params=params))
    pages = {rel: listed(five.get(address)) for rel, address in found.items()}
    assert pages == {"first": "ab", "prev": "ab", "next": "e", "last": "e"}


def test_37_links_can_be_left_out(five: httpx.Client) -> None:
    params = {"sysparm_limit": "2", "sysparm_suppress_pagination_header": "true"}
    assert "Link" not in five.get("/table/incident", params=params).headers


NO_RECORD = (404, "No Record found", "Record doesn't exist or ACL restricts the record retrieval")


@pytest.mark.parametrize("sys_id", ["0" * 32, "INC0010001", "x", "%00"])
def test_38_an_unknown_sys_id(five: httpx.Client, sys_id: str) -> None:
    assert error_of(five.get(f"/table/incident/{sys_id}")) == NO_RECORD
    assert error_of(five.patch(f"/table/incident/{sys_id}", json={})) == NO_RECORD


def test_38_a_hidden_record_looks_the_same(five: httpx.Client, as_user: As) -> None:
    sys_id = new_incident(five)["sys_id"]
    assert error_of(as_user("no.roles").get(f"/table/incident/{sys_id}")) == NO_RECORD


def test_38_a_record_of_another_table_is_not_found(five: httpx.Client) -> None:
    sys_id = new_incident(five)["sys_id"]
    assert error_of(five.get(f"/table/change_request/{sys_id}")) == NO_RECORD
    assert five.get(f"/table/task/{sys_id}").status_code == 200


def test_39_version_1_answers_an_empty_list_with_404(integration: httpx.Client) -> None:
    assert error_of(integration.get("/v1/table/incident")) == NO_RECORD
    new_incident(integration)
    assert integration.get("/v1/table/incident").status_code == 200


def test_39_other_versions_answer_an_empty_list(integration: httpx.Client) -> None:
    for version in ("", "/v2"):
        answer = integration.get(f"{version}/table/incident")
        assert (answer.status_code, answer.json()) == (200, {"result": []})


@pytest.mark.parametrize("table", ["sys_nonexistent", "Incident", "INCIDENT"])
def test_40_an_unknown_table(integration: httpx.Client, table: str) -> None:
    expected = (400, f"Invalid table {table}", f"Table {table} does not exist")
    assert error_of(integration.get(f"/table/{table}")) == expected
    assert error_of(integration.post(f"/table/{table}", json={})) == expected


def test_41_an_unknown_path(integration: httpx.Client, control: Control) -> None:
    control("switches", {"unknown_path": "400"})
    expected = (400, "Requested URI does not represent any resource", None)
    assert error_of(integration.get("/no/such/path")) == expected


def test_44_without_an_order_pages_overlap(integration: httpx.Client, control: Control) -> None:
    control("seed", {"table": "incident", "count": 200})
    control("switches", {"shuffle": True})
    pages = [
        integration.get(
            "/table/incident",
            params={"sysparm_fields": "number", "sysparm_limit": "100", "sysparm_offset": offset},
        ).json()["result"]
        for offset in ("0", "100")
    ]
    seen = {row["number"] for page in pages for row in page}
    assert 100 < len(seen) < 200


def test_44_an_order_holds_in_spite_of_shuffling(five: httpx.Client, control: Control) -> None:
    control("switches", {"shuffle": True})
    assert listed(five.get("/table/incident", params=ORDERED)) == "abcde"


@pytest.mark.parametrize("number", ["-1", "x", "²", "9" * 30, ""])
def test_a_limit_or_offset_that_is_none_is_as_if_missing(five: httpx.Client, number: str) -> None:
    answer = five.get("/table/incident", params={**ORDERED, "sysparm_limit": number})
    assert listed(answer) == "abcde"
    assert five.get("/table/incident", params={"sysparm_offset": number}).status_code == 200


def test_task_finds_incidents_changes_and_problems(integration: httpx.Client) -> None:
    incident, change = new_incident(integration), new_change(integration)
    problem = integration.post("/table/problem", json={"short_description": "Why"}).json()["result"]
    params = {"sysparm_fields": "number,sys_class_name", "sysparm_query": "ORDERBYnumber"}
    rows = integration.get("/table/task", params=params).json()["result"]
    assert [(row["number"], row["sys_class_name"]) for row in rows] == [
        (change["number"], "change_request"),
        (incident["number"], "incident"),
        (problem["number"], "problem"),
    ]


def test_task_delivers_its_own_columns_with_each_records_own_labels(
    integration: httpx.Client,
) -> None:
    new_change(integration)
    params = {"sysparm_display_value": "true"}
    row = integration.get("/table/task", params=params).json()["result"][0]
    assert row["state"] == "New"
    assert "risk" not in row


def test_a_watermark_query_is_quick_among_many_records(
    integration: httpx.Client, control: Control
) -> None:
    control("seed", {"table": "incident", "count": 20_000, "over_days": 365})
    newest = new_incident(integration)
    query = f"sys_updated_on>={newest['sys_updated_on']}^ORDERBYsys_updated_on^ORDERBYsys_id"
    answer = integration.get("/table/incident", params={"sysparm_query": query})
    assert newest["number"] in [row["number"] for row in answer.json()["result"]]
    assert answer.elapsed.total_seconds() < 1
