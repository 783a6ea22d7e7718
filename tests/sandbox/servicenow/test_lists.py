"""Lists of the instance's pages: conditions, crumbs, order, pages, rights."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from tests.sandbox.servicenow.browsing import form_with, log_in, press, words_of
from tests.sandbox.servicenow.shorthand import new_change, new_incident

Control = Callable[[str, dict[str, Any]], Any]


@pytest.fixture
def browser(anonymous: httpx.Client) -> httpx.Client:
    """A browser in which change.owner is signed in."""
    log_in(anonymous, "change.owner")
    return anonymous


def test_a_condition_becomes_a_query_in_the_address_and_a_crumb(
    browser: httpx.Client, integration: httpx.Client
) -> None:
    new_incident(integration, short_description="Waits", state="2")
    new_incident(integration, short_description="Starts")
    page = browser.get("/incident_list.do")
    found = press(browser, page, "Run", field="state", operator="=", value="In Progress")
    assert found.url.params["sysparm_query"].startswith("state=2")
    words = words_of(found)
    assert "State is In Progress" in words
    assert "1 to 1 of 1" in words
    assert "Starts" not in words
    # The address alone leads another browser to the same rows.
    assert "1 to 1 of 1" in words_of(browser.get(str(found.url)))


def test_conditions_are_joined_by_and_or_and_groups(
    browser: httpx.Client, integration: httpx.Client
) -> None:
    for name, urgency in (("alpha", "1"), ("alpine", "3"), ("beta", "1")):
        new_incident(integration, short_description=name, urgency=urgency)
    query = "urgency=1^ORurgency=3^short_descriptionSTARTSWITHalp"
    words = words_of(browser.get("/incident_list.do", params={"sysparm_query": query}))
    assert "1 to 2 of 2" in words
    assert (
        "All › Urgency is 1 - High or Urgency is 3 - Low › Short description starts with alp"
        in (words)
    )
    query = "short_description=beta^NQurgency=3"
    words = words_of(browser.get("/incident_list.do", params={"sysparm_query": query}))
    assert "1 to 2 of 2" in words
    assert "or (new group) Urgency is 3 - Low" in words


def test_another_row_of_the_builder_keeps_the_first(browser: httpx.Client) -> None:
    page = browser.get("/incident_list.do")
    page = press(browser, page, "Add condition", field="priority", operator="IN", value="1,2")
    form = form_with(page, "Run")
    assert [value for name, value in form.values if name == "field"] == ["priority", ""]
    assert ("value", "1 - Critical, 2 - High") in form.values
    assert form.options["joint"] == ["AND", "OR", "NQ"]


def test_the_builder_reads_names_of_people_and_dates_in_their_zone(
    anonymous: httpx.Client, integration: httpx.Client
) -> None:
    mine = new_incident(integration, assigned_to="zh.owner")
    new_incident(integration)
    log_in(anonymous, "zh.owner")
    page = anonymous.get("/incident_list.do")
    found = press(anonymous, page, "运行", field="assigned_to", operator="=", value="王芳")
    assert mine["number"] in words_of(found)
    assert "第 1 至 1 条，共 1 条" in words_of(found)
    when = {"field": "sys_created_on", "operator": ">=", "value": "2026-01-02 07:00:00"}
    found = press(anonymous, page, "运行", **when)
    assert "sys_created_on>=2026-01-01 23:00:00" in found.url.params["sysparm_query"]
    assert "2026-01-02 07:00:00" in words_of(found)


def test_what_the_builder_cannot_show_stays_in_force(
    browser: httpx.Client, integration: httpx.Client
) -> None:
    new_incident(integration, short_description="Of the integration")
    query = "opened_by=javascript:gs.getUserID()"
    page = browser.get("/incident_list.do", params={"sysparm_query": query})
    assert "No records to display." in words_of(page)
    page = press(browser, page, "Run", field="state", operator="=", value="New")
    assert "opened_by=javascript:gs.getUserID()" in page.url.params["sysparm_query"]
    assert "No records to display." in words_of(page)


def test_a_heading_sorts_and_says_so(browser: httpx.Client, integration: httpx.Client) -> None:
    for name in ("Beta", "Alpha"):
        new_incident(integration, short_description=name)
    page = browser.get("/incident_list.do", params={"sysparm_query": "active=true"})
    heading = re.search(r'<a href="(\?[^"]*)">Short description', page.text)
    assert heading
    page = browser.get(f"/incident_list.do{heading[1].replace('&amp;', '&')}")
    assert re.search(r'aria-sort="ascending"[^>]*><a href="[^"]*">Short description', page.text)
    assert page.text.index("Alpha") < page.text.index("Beta")
    assert "Active is true" in words_of(page)


@pytest.mark.parametrize("size", [20, 50, 100])
def test_pages_have_the_size_that_was_chosen(
    browser: httpx.Client, control: Control, size: int
) -> None:
    control("seed", {"table": "incident", "count": 120})
    words = words_of(browser.get("/incident_list.do", params={"rows": size}))
    assert f"1 to {size} of 120" in words
    assert words.count("INC00") == size


def test_dates_read_as_how_long_ago(
    browser: httpx.Client, integration: httpx.Client, control: Control
) -> None:
    new_incident(integration)
    assert "just now" in words_of(browser.get("/incident_list.do"))
    control("clock", {"offset_seconds": 3 * 3600 + 60})
    assert "3h ago" in words_of(browser.get("/incident_list.do"))


def test_all_tasks_leads_to_the_form_of_the_right_table(
    browser: httpx.Client, integration: httpx.Client
) -> None:
    incident, change = new_incident(integration), new_change(integration)
    words = words_of(browser.get("/task_list.do"))
    assert incident["number"] in words
    assert change["number"] in words
    answer = browser.get(f"/task.do?sys_id={change['sys_id']}")
    assert answer.headers["location"] == f"/change_request.do?sys_id={change['sys_id']}"


def test_a_record_is_found_by_a_query(browser: httpx.Client, integration: httpx.Client) -> None:
    number = new_incident(integration)["number"]
    page = browser.get("/incident.do", params={"sysparm_query": f"number={number}"})
    assert page.status_code == 200
    assert number in words_of(page)


@pytest.mark.parametrize(
    "query",
    [
        "^",
        "^^",
        "^OR",
        "nonsense",
        "state=1^ORDERBYnowhere",
        "state=",
        "a" * 3000,
        "\x00",
        "状态=1",
    ],
)
def test_no_query_breaks_a_list(browser: httpx.Client, query: str) -> None:
    page = browser.get("/incident_list.do", params={"sysparm_query": query})
    assert page.status_code == 200
    asked = {"sysverb": "run", "field": "state", "operator": "=", "value": query}
    assert browser.get("/incident_list.do", params=asked).status_code == 302


def test_secrets_cannot_be_searched_for(anonymous: httpx.Client) -> None:
    log_in(anonymous, "admin")
    form = form_with(anonymous.get("/oauth_entity_list.do"), "Run")
    assert "client_id" in form.options["field"]
    assert "client_secret" not in form.options["field"]


def test_a_field_that_may_not_be_read_is_no_column(browser: httpx.Client, control: Control) -> None:
    heading = r"<th[^>]*>\s*<a[^>]*>Priority"
    assert re.search(heading, browser.get("/incident_list.do").text)
    control("switches", {"unreadable_fields": {"incident": ["priority"]}})
    assert not re.search(heading, browser.get("/incident_list.do").text)
    asked = {"sysparm_query": "priority=1"}
    assert browser.get("/incident_list.do", params=asked).status_code == 403


def test_other_dots_are_no_pages(browser: httpx.Client) -> None:
    assert browser.get("/no_such_table.do").status_code == 501
    assert browser.get("/no_such_table_list.do").status_code == 501
