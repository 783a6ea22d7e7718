"""Forms of the instance's pages: new records, choices, dates, notes, what was typed."""

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


def stored(client: httpx.Client, page: httpx.Response) -> dict[str, Any]:
    """The record that a form's page shows, raw."""
    table = page.url.path.removeprefix("/").removesuffix(".do")
    answer = client.get(
        f"/table/{table}/{page.url.params['sys_id']}",
        params={"sysparm_exclude_reference_link": "true"},
    )
    found: dict[str, Any] = answer.json()["result"]
    return found


def test_a_person_creates_an_incident(browser: httpx.Client, integration: httpx.Client) -> None:
    page = browser.get("/incident.do?sys_id=-1")
    form = form_with(page, "Submit")
    assert {"short_description", "caller_id"} <= form.required
    assert form.options["state"] == ["1"]
    caller = next(value for value in form.options["caller_id"] if value)
    typed = {"short_description": "No mail", "caller_id": caller, "impact": "1", "urgency": "1"}
    page = press(browser, page, "Submit", **typed, work_notes="Seen twice")
    words = words_of(page)
    assert "The record was created." in words
    assert "Seen twice" in words
    record = stored(integration, page)
    assert record["number"].startswith("INC")
    assert (record["priority"], record["caller_id"]) == ("1", caller)
    assert record["sys_created_by"] == "change.owner"


def test_the_address_of_a_new_record_may_fill_it_in(browser: httpx.Client) -> None:
    preset = "short_description=From a link^impact=2"
    page = browser.get("/incident.do", params={"sys_id": "-1", "sysparm_query": preset})
    values = dict(form_with(page, "Submit").values)
    assert (values["short_description"], values["impact"]) == ("From a link", "2")


def test_who_may_not_create_is_told_so(anonymous: httpx.Client) -> None:
    log_in(anonymous, "no.roles")
    assert anonymous.get("/incident.do?sys_id=-1").status_code == 403
    assert "sysverb_new" not in anonymous.get("/incident_list.do").text


def test_a_refused_new_record_keeps_what_was_typed(browser: httpx.Client, control: Control) -> None:
    control("switches", {"mandatory_fields": {"change_request": {"u_cost_center": "Cost center"}}})
    page = browser.get("/change_request.do?sys_id=-1")
    assert "u_cost_center" in form_with(page, "Submit").required
    typed = {"short_description": "Turn it on", "description": "Line 1\r\nLine 2 <b>"}
    page = press(browser, page, "Submit", **typed)
    assert page.status_code == 403
    assert "The following fields are mandatory: Cost center" in words_of(page)
    values = dict(form_with(page, "Submit").values)
    assert values["short_description"] == "Turn it on"
    assert values["description"] == "Line 1\nLine 2 <b>"
    assert re.search(r'name="u_cost_center" required aria-invalid="true"', page.text)
    page = press(browser, page, "Submit", u_cost_center="4711")
    assert "The record was created." in words_of(page)


def test_a_change_walks_its_way_to_the_end_by_hand(
    browser: httpx.Client, integration: httpx.Client
) -> None:
    sys_id = new_change(integration)["sys_id"]
    page = browser.get(f"/change_request.do?sys_id={sys_id}")
    for state in ("-4", "-3", "-2", "-1", "0"):
        assert state in form_with(page, "Update").options["state"]
        page = press(browser, page, "Update", state=state)
        assert "The record was updated." in words_of(page)
    refused = press(browser, page, "Update", state="3")
    assert "Close code, Close notes" in words_of(refused)
    assert dict(form_with(refused, "Update").values)["state"] == "3"
    page = press(browser, refused, "Update", close_code="successful", close_notes="Done")
    record = stored(integration, page)
    assert (record["state"], record["active"], record["closed_by"] != "") == ("3", "false", True)


def test_dates_are_typed_and_read_in_the_zone_of_the_person(
    anonymous: httpx.Client, integration: httpx.Client
) -> None:
    sys_id = new_change(integration)["sys_id"]
    log_in(anonymous, "zh.owner")
    page = anonymous.get(f"/change_request.do?sys_id={sys_id}")
    page = press(anonymous, page, "更新", start_date="2026-03-01 08:00:00")
    assert stored(integration, page)["start_date"] == "2026-03-01 00:00:00"
    values = dict(form_with(page, "更新").values)
    assert values["start_date"] == "2026-03-01 08:00:00"


def test_a_box_can_be_ticked_and_cleared(browser: httpx.Client, integration: httpx.Client) -> None:
    sys_id = new_change(integration)["sys_id"]
    page = browser.get(f"/change_request.do?sys_id={sys_id}")
    page = press(browser, page, "Update", on_hold="true", on_hold_reason="Frozen")
    assert stored(integration, page)["on_hold"] == "true"
    page = press(browser, page, "Update", on_hold="false")
    assert stored(integration, page)["on_hold"] == "false"


def test_notes_and_comments_stand_in_the_activity_newest_first(
    browser: httpx.Client, integration: httpx.Client
) -> None:
    sys_id = new_incident(integration)["sys_id"]
    page = browser.get(f"/incident.do?sys_id={sys_id}")
    assert "Nobody has written a note yet." in words_of(page)
    page = press(browser, page, "Update", work_notes="Only for us")
    page = press(browser, page, "Update", comments="For everybody")
    activity = words_of(page).split("Activity")[1]
    assert activity.index("Additional comments") < activity.index("Work notes")
    assert activity.index("For everybody") < activity.index("Only for us")


def test_a_chinese_profile_reads_chinese(
    anonymous: httpx.Client, integration: httpx.Client
) -> None:
    sys_id = new_incident(integration)["sys_id"]
    login = anonymous.get("/login.do", headers={"Accept-Language": "zh-CN,zh;q=0.9"})
    assert 'lang="zh-CN"' in login.text
    assert "密码" in words_of(login)
    log_in(anonymous, "zh.owner")
    page = anonymous.get(f"/incident.do?sys_id={sys_id}")
    words = words_of(page)
    for word in ("事件 INC", "简短描述", "分配组", "更改请求", "工作备注", "新建"):
        assert word in words
    assert 'lang="zh-CN"' in page.text


def test_an_administrator_deletes_a_record(
    anonymous: httpx.Client, integration: httpx.Client
) -> None:
    incident = new_incident(integration)
    path = f"/incident.do?sys_id={incident['sys_id']}"
    log_in(anonymous, "change.owner")
    assert "sysverb_delete" not in anonymous.get(path).text
    log_in(anonymous, "admin")
    page = press(anonymous, anonymous.get(path), "Delete")
    assert page.url.path == "/incident_list.do"
    answer = integration.get(f"/table/incident/{incident['sys_id']}")
    assert answer.status_code == 404
