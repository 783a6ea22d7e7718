"""Lists, pages and encoded queries; numbers are those of servicenow-api 13."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from tests.sandbox.servicenow.shorthand import error_of, new_change, new_incident

Control = Callable[[str, dict[str, Any]], Any]


def names(client: httpx.Client, query: str, table: str = "incident") -> list[str]:
    """The short descriptions that a query finds, in their order."""
    answer = client.get(f"/table/{table}", params={"sysparm_query": query})
    assert answer.status_code == 200, answer.text
    return [row["short_description"] for row in answer.json()["result"]]


@pytest.fixture
def five(integration: httpx.Client, admin: httpx.Client) -> httpx.Client:
    """Incidents a to e with urgencies 1, 2, 3, 1, 2; b is the admin's."""
    for place, name in enumerate("abcde"):
        client = admin if name == "b" else integration
        new_incident(client, short_description=name, urgency=str(place % 3 + 1))
    return integration


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("urgency=1", "ad"),
        ("urgency!=1", "bce"),
        ("urgencyIN1,2", "abde"),
        ("urgencyNOT IN1,2", "c"),
        ("short_descriptionLIKEA", "a"),
        ("short_descriptionSTARTSWITHb^ORshort_descriptionENDSWITHe", "be"),
        ("assigned_toISEMPTY", "abcde"),
        ("assigned_toISNOTEMPTY", ""),
        ("urgencyBETWEEN2@3", "bce"),
        ("urgency>=2", "bce"),
        ("urgency<2", "ad"),
        ("impactSAMEASurgency", "c"),
        ("sys_created_by=admin", "b"),
        ("opened_by=javascript:gs.getUserID()", "acde"),
        ("opened_by.user_name=admin", "b"),
        ("opened_byLIKEsystem", "b"),
        ("opened_byDYNAMIC90d1921e5f510100a9ad2572f2b477fe", "acde"),
        ("sys_created_on>=javascript:gs.daysAgo(1)", "abcde"),
        ("sys_created_on<javascript:gs.daysAgo(1)", ""),
        ("no_such_field=1", "abcde"),
        ("urgency=1^no_such_field=2", "ad"),
        ("urgency=1^EQ", "ad"),
        ("short_description=x^^y", ""),
    ],
)
def test_45_47_48_49_operators(five: httpx.Client, query: str, found: str) -> None:
    assert "".join(names(five, f"{query}^ORDERBYshort_description")) == found


def test_45_an_unknown_field_gives_nothing_by_switch(five: httpx.Client, control: Control) -> None:
    control("switches", {"invalid_query_no_rows": True})
    assert names(five, "no_such_field=1") == []


def test_46_or_binds_to_the_condition_before_and_nq_unions(five: httpx.Client) -> None:
    order = "^ORDERBYshort_description"
    assert names(five, f"sys_created_by=admin^urgency=1^ORurgency=2{order}") == ["b"]
    assert names(five, f"sys_created_by=admin^NQurgency=3{order}") == ["b", "c"]


def test_47_order(five: httpx.Client) -> None:
    assert "".join(names(five, "ORDERBYDESCshort_description")) == "edcba"
    assert "".join(names(five, "ORDERBYurgency^ORDERBYDESCshort_description")) == "daebc"


def test_50_51_unreadable_fields_refuse_the_query(five: httpx.Client, control: Control) -> None:
    refused = (
        403,
        "Insufficient rights to query records",
        "Field(s) present in the query do not have permission to be read",
    )
    control("switches", {"unreadable_fields": {"incident": ["urgency"]}})
    params = {"sysparm_query": "urgency=1"}
    assert error_of(five.get("/table/incident", params=params)) == refused
    assert five.get("/table/incident").status_code == 200
    control("switches", {"range_refused_fields": {"incident": ["impact"]}})
    assert names(five, "impact=9") == []
    params = {"sysparm_query": "impact>=1"}
    assert error_of(five.get("/table/incident", params=params)) == refused


def test_52_name_value_parameters_take_display_values(five: httpx.Client) -> None:
    params = {"urgency": "1 - High", "sysparm_limit": "10"}
    rows = five.get("/table/incident", params=params).json()["result"]
    assert {row["short_description"] for row in rows} == {"a", "d"}
    rows = five.get("/table/incident", params={"opened_by": "System Administrator"}).json()
    assert [row["short_description"] for row in rows["result"]] == ["b"]


def test_35_36_37_pages(five: httpx.Client) -> None:
    params = {"sysparm_query": "ORDERBYshort_description", "sysparm_limit": "2"}
    answer = five.get("/table/incident", params={**params, "sysparm_offset": "2"})
    assert answer.headers["X-Total-Count"] == "5"
    links = {link.split(";")[1]: link for link in answer.headers["Link"].split(",")}
    assert set(links) == {'rel="first"', 'rel="prev"', 'rel="next"', 'rel="last"'}
    following = links['rel="next"'].split(">")[0].removeprefix("<")
    rows = five.get(following).json()["result"]
    assert [row["short_description"] for row in rows] == ["e"]
    quiet = {"sysparm_no_count": "true"}
    assert "X-Total-Count" not in five.get("/table/incident", params=quiet).headers
    quiet = {"sysparm_suppress_pagination_header": "true"}
    assert "Link" not in five.get("/table/incident", params=quiet).headers


def test_35_the_limit_comes_before_row_rights(
    five: httpx.Client, as_user: Callable[[str], httpx.Client], admin: httpx.Client
) -> None:
    nobody = admin.get("/table/sys_user", params={"user_name": "no.roles"}).json()["result"][0]
    new_incident(admin, short_description="mine", caller_id=nobody["sys_id"])
    client = as_user("no.roles")
    params = {"sysparm_query": "ORDERBYsys_created_on", "sysparm_limit": "2"}
    answer = client.get("/table/incident", params=params)
    assert (answer.json(), answer.headers["X-Total-Count"]) == ({"result": []}, "6")
    assert names(client, "ORDERBYnumber") == ["mine"]


def test_38_missing_and_hidden_records_look_alike(
    five: httpx.Client, as_user: Callable[[str], httpx.Client]
) -> None:
    expected = (
        404,
        "No Record found",
        "Record doesn't exist or ACL restricts the record retrieval",
    )
    assert error_of(five.get(f"/table/incident/{'0' * 32}")) == expected
    sys_id = new_incident(five)["sys_id"]
    assert error_of(as_user("no.roles").get(f"/table/incident/{sys_id}")) == expected
    assert error_of(five.get(f"/table/change_request/{sys_id}")) == expected


def test_39_an_empty_list_is_404_in_version_1_only(integration: httpx.Client) -> None:
    assert integration.get("/v1/table/incident").status_code == 404
    assert integration.get("/v2/table/incident").json() == {"result": []}
    assert integration.get("/table/incident").json() == {"result": []}


def test_40_an_unknown_table(integration: httpx.Client) -> None:
    assert error_of(integration.get("/table/nothing")) == (
        400,
        "Invalid table nothing",
        "Table nothing does not exist",
    )


def test_44_without_an_order_pages_may_be_shuffled(
    integration: httpx.Client, control: Control
) -> None:
    control("seed", {"table": "incident", "count": 200})
    control("switches", {"shuffle": True})
    params = {"sysparm_fields": "number"}
    first = integration.get("/table/incident", params=params).json()["result"]
    second = integration.get("/table/incident", params=params).json()["result"]
    assert first != second
    assert sorted(row["number"] for row in first) == sorted(row["number"] for row in second)


def test_task_finds_incidents_and_changes(integration: httpx.Client) -> None:
    incident, change = new_incident(integration), new_change(integration)
    params = {"sysparm_fields": "number,sys_class_name", "sysparm_query": "ORDERBYDESCnumber"}
    rows = integration.get("/table/task", params=params).json()["result"]
    assert rows == [
        {"number": incident["number"], "sys_class_name": "incident"},
        {"number": change["number"], "sys_class_name": "change_request"},
    ]


def test_a_watermark_query_is_quick_among_many_records(
    integration: httpx.Client, control: Control
) -> None:
    control("seed", {"table": "incident", "count": 20_000, "over_days": 365})
    newest = new_incident(integration)
    query = f"sys_updated_on>={newest['sys_updated_on']}^ORDERBYsys_updated_on^ORDERBYsys_id"
    answer = integration.get("/table/incident", params={"sysparm_query": query})
    assert newest["number"] in [row["number"] for row in answer.json()["result"]]
    assert answer.elapsed.total_seconds() < 1


@pytest.mark.parametrize("table", ["sys_properties", "oauth_entity"])
def test_86_87_admin_tables_are_closed_to_itil(
    integration: httpx.Client, admin: httpx.Client, control: Control, table: str
) -> None:
    assert error_of(integration.get(f"/table/{table}"))[:2] == (
        403,
        "Insufficient rights to query records",
    )
    assert admin.get(f"/table/{table}").json()["result"]
    control("switches", {"unreadable_table": "empty"})
    assert integration.get(f"/table/{table}").json() == {"result": []}


def test_86_properties_carry_the_release(admin: httpx.Client) -> None:
    rows = admin.get("/table/sys_properties", params={"name": "glide.war"}).json()["result"]
    assert rows[0]["value"].startswith("glide-yokohama-")


def test_roles_of_the_caller_can_be_read(integration: httpx.Client) -> None:
    params = {
        "sysparm_query": "user=javascript:gs.getUserID()",
        "sysparm_fields": "role.name",
    }
    rows = integration.get("/table/sys_user_has_role", params=params).json()["result"]
    assert rows == [{"role.name": "itil"}]
