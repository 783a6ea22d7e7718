"""The simulated instance's own pages, as a browser without scripts uses them."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import httpx
import pytest
from tests.sandbox.servicenow.shorthand import new_change, new_incident

Control = Callable[[str, dict[str, Any]], Any]


@pytest.fixture
def browser(anonymous: httpx.Client) -> httpx.Client:
    """A browser in which change.owner is signed in."""
    log_in(anonymous, "change.owner")
    return anonymous


def log_in(client: httpx.Client, user: str) -> None:
    form = {"user_name": user, "user_password": user}
    assert client.post("/login.do", data=form).status_code == 303


def open_record(client: httpx.Client, table: str, sys_id: str) -> str:
    answer = client.get(f"/{table}.do?sys_id={sys_id}")
    assert answer.status_code == 200
    return answer.text


def update(client: httpx.Client, table: str, sys_id: str, **typed: str) -> httpx.Response:
    """Press Update with the values of the form, some typed anew."""
    token = re.search(r'name="sysparm_ck" value="(\w+)"', open_record(client, table, sys_id))
    assert token
    form = {"sys_id": sys_id, "sysparm_ck": token[1], **typed}
    return client.post(f"/{table}.do?sys_id={sys_id}", data=form)


def states(page: str) -> list[str]:
    """The states that the form offers."""
    select = re.search(r'<select id="\w+\.state".*?</select>', page, re.DOTALL)
    return re.findall(r"<option[^>]*>([^<]*)", select[0]) if select else []


def test_a_change_moves_on_as_the_person_who_is_signed_in(
    browser: httpx.Client, integration: httpx.Client
) -> None:
    change = new_change(integration)
    page = open_record(browser, "change_request", change["sys_id"])
    assert states(page) == ["New", "Assess", "Canceled"]
    answer = update(browser, "change_request", change["sys_id"], state="-4", work_notes="I <look>")
    assert answer.status_code == 303
    page = browser.get(answer.headers["location"]).text
    assert "The record was updated." in page
    assert "I &lt;look&gt;" in page
    stored = integration.get(f"/table/change_request/{change['sys_id']}").json()["result"]
    assert (stored["state"], stored["sys_updated_by"]) == ("-4", "change.owner")
    assert stored["sys_mod_count"] == "1"


def test_a_refused_update_keeps_what_was_typed(
    browser: httpx.Client, integration: httpx.Client
) -> None:
    incident = new_incident(integration)
    typed = {"state": "6", "close_notes": "Done & dusted", "work_notes": "Not lost"}
    answer = update(browser, "incident", incident["sys_id"], **typed)
    page = unescape(answer.text)
    assert answer.status_code == 403
    assert "The following fields are mandatory: Resolution code" in page
    assert "Done & dusted</textarea>" in page
    assert "Not lost</textarea>" in page
    assert re.search(r'<option value="6"\s+selected>Resolved', page)
    typed["close_code"] = "Solution provided"
    assert update(browser, "incident", incident["sys_id"], **typed).status_code == 303


def test_only_states_that_a_person_may_set_are_offered(
    browser: httpx.Client, integration: httpx.Client
) -> None:
    sys_id = new_incident(integration)["sys_id"]
    offered = states(open_record(browser, "incident", sys_id))
    assert offered == ["New", "In Progress", "On Hold", "Resolved", "Canceled"]
    log_in(browser, "itil.admin")
    assert "Closed" in states(open_record(browser, "incident", sys_id))


def test_a_form_of_another_session_changes_nothing(
    browser: httpx.Client, integration: httpx.Client
) -> None:
    incident = new_incident(integration)
    path = f"/incident.do?sys_id={incident['sys_id']}"
    form = {"sys_id": incident["sys_id"], "state": "2", "sysparm_ck": "another"}
    assert browser.post(path, data=form).status_code == 403
    stored = integration.get(f"/table/incident/{incident['sys_id']}").json()["result"]
    assert stored["state"] == "1"


def test_lists_filter_sort_and_page(
    browser: httpx.Client, integration: httpx.Client, control: Control
) -> None:
    control("seed", {"table": "incident", "count": 45})
    new_incident(integration, short_description="Needle & thread")
    found = browser.get("/incident_list.do", params={"text": "needle &"}).text
    assert "1 to 1 of 1" in found
    first = browser.get("/incident_list.do", params={"order": "number"}).text
    assert first.index("INC0010001") < first.index("INC0010002")
    assert "1 to 20 of 46" in first
    following = re.search(r'rel="next"\s+href="([^"]+)"', first)
    assert following
    second = browser.get(f"/incident_list.do{unescape(following[1])}").text
    assert "21 to 40 of 46" in second
    assert "INC0010021" in second


def test_record_addresses_of_other_products_lead_to_the_record(
    anonymous: httpx.Client, integration: httpx.Client
) -> None:
    sys_id = new_incident(integration)["sys_id"]
    record = f"/incident.do?sys_id={sys_id}"
    for uri in (record[1:], record[1:].replace("?", "%3F").replace("=", "%3D")):
        answer = anonymous.get(f"/nav_to.do?uri={uri}")
        assert answer.headers["location"] == record
    answer = anonymous.get(record)
    form = {"user_name": "change.owner", "user_password": "change.owner"}
    goto = httpx.URL(answer.headers["location"]).params["goto"]
    assert goto == record
    answer = anonymous.post("/login.do", data={**form, "goto": goto})
    assert answer.headers["location"] == record


@pytest.mark.parametrize("goto", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_signing_in_never_leads_elsewhere(anonymous: httpx.Client, goto: str) -> None:
    form = {"user_name": "change.owner", "user_password": "change.owner", "goto": goto}
    assert anonymous.post("/login.do", data=form).headers["location"] == "/incident_list.do"


@pytest.mark.parametrize(
    ("user", "password"),
    [
        ("change.owner", "wrong"),
        ("locked.user", "locked.user"),
        ("inactive.user", "inactive.user"),
        ("web.service", "web.service"),
    ],
)
def test_who_may_not_sign_in_is_told_so(anonymous: httpx.Client, user: str, password: str) -> None:
    answer = anonymous.post("/login.do", data={"user_name": user, "user_password": password})
    assert answer.status_code == 401
    assert "User name or password invalid" in answer.text
    assert f'value="{user}"' in answer.text


def test_pages_obey_rights(anonymous: httpx.Client, integration: httpx.Client) -> None:
    sys_id = new_incident(integration)["sys_id"]
    log_in(anonymous, "no.roles")
    assert anonymous.get(f"/incident.do?sys_id={sys_id}").status_code == 404
    assert anonymous.get("/oauth_entity_list.do").status_code == 403
    log_in(anonymous, "admin")
    registry = anonymous.get("/oauth_entity_list.do").text
    assert "5c0ded3500000000000000000000c1d0" in registry
    assert "sandbox-secret" not in registry
    assert anonymous.get("/sys_user_list.do").status_code == 200


def test_logging_out_ends_the_session(browser: httpx.Client) -> None:
    assert browser.get("/incident_list.do").status_code == 200
    browser.get("/logout.do")
    assert browser.get("/incident_list.do").status_code == 302
