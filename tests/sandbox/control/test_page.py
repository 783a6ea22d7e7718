"""The control room's page: every lever as a form that works without JavaScript."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import httpx
import pytest

BROWSER = {"Accept": "text/html,application/xhtml+xml"}


@pytest.fixture(params=["servicenow_url", "microsoft_url"])
def room(request: pytest.FixtureRequest, sandbox: Any) -> str:
    """The control room of either port: both steer the same sandbox."""
    return f"{getattr(sandbox, request.param)}/_sandbox"


def press(room: str, lever: str, **fields: str) -> httpx.Response:
    names = {name.replace("__", ":"): value for name, value in fields.items()}
    return httpx.post(f"{room}/{lever}?back=here", data=names, headers=BROWSER)


def read(room: str, lever: str) -> Any:
    return httpx.get(f"{room}/{lever}").json()


def test_a_pressed_button_leads_back_to_its_section(room: str) -> None:
    pressed = press(room, "clock", advance_seconds__number="3600")
    assert (pressed.status_code, pressed.headers["location"]) == (303, "/_sandbox/#here")
    assert 3599 < read(room, "clock")["offset_seconds"] < 3661


def test_a_fault_is_planned_with_a_form(room: str) -> None:
    form = {"kind": "unavailable", "match.path": "table/", "times:times": "always", "every:int": ""}
    httpx.post(f"{room}/faults", data=form, headers=BROWSER)
    fault = read(room, "faults")["faults"][0]
    assert (fault["kind"], fault["match"]["path"]) == ("unavailable", "table/")
    assert (fault["times"], fault["every"]) == (None, 1)
    press(room, "faults", remove__int=str(fault["number"]))
    assert read(room, "faults") == {"faults": []}


def test_a_fault_in_a_form_may_have_more_as_json(room: str) -> None:
    form = {"kind": "rate_limit", "json": '{"retry_after": 3}'}
    httpx.post(f"{room}/faults", data=form, headers=BROWSER)
    assert read(room, "faults")["faults"][0]["params"] == {"retry_after": 3}


def test_switches_are_turned_with_a_form_of_all_of_them(room: str) -> None:
    page = httpx.get(f"{room}/").text
    section = page[page.index('<section id="switches"') :]
    section = section[: section.index("</section>")]
    fields = dict(re.findall(r'<input id="[^"]+"\s+name="([^"]+)"[^>]*value="([^"]*)"', section))
    selects = r'<select id="[^"]+" name="([^"]+)">(.*?)</select>'
    for name, options in re.findall(selects, section, re.DOTALL):
        chosen = re.search(r'<option (?:value="(\w+)" )?selected>([^<]*)', options)
        assert chosen
        fields[name] = chosen[1] or chosen[2]
    before = read(room, "switches")
    assert {name.partition(":")[0] for name in fields} == set(before)
    sent = {name: unescape(value) for name, value in fields.items()}
    pressed = httpx.post(f"{room}/switches", data={**sent, "mfa:yes": "true"}, headers=BROWSER)
    assert pressed.headers["location"] == "/_sandbox/"
    assert read(room, "switches") == {**before, "mfa": True}


def test_records_are_made_and_changed_with_forms(room: str) -> None:
    press(room, "seed", table="problem", count__int="3", fields__pairs="short_description=a=b")
    asked = {"table": "problem", "query": "short_description=a=b"}
    form = {**asked, "delete:yes": "true"}
    assert httpx.post(f"{room}/records", data=form, headers=BROWSER).status_code == 303
    gone = httpx.post(f"{room}/records", json={**asked, "query": "active=true", "delete": True})
    assert "No such record" in gone.json()["error"]


def test_a_wrong_order_comes_back_with_its_sentence(room: str) -> None:
    pressed = press(room, "faults", kind="reset", every__int="x")
    assert pressed.status_code == 303
    page = httpx.get(httpx.URL(f"{room}/").join(pressed.headers["location"])).text
    assert 'role="alert">every is a whole number, not &#39;x&#39;.' in page
    pressed = press(room, "seed", fields__pairs="no equals sign")
    assert "trouble=" in pressed.headers["location"]


def test_the_page_shows_what_is_planned(room: str) -> None:
    httpx.post(f"{room}/faults", json={"kind": "lost_reply", "match": {"path": "<b>"}})
    life = {"next": 2, "after_reads": 1, "fields": {"state": "2"}}
    httpx.post(f"{room}/lives", json=life).raise_for_status()
    page = httpx.get(f"{room}/").text
    assert "lost_reply" in page
    assert "&lt;b&gt;" in page
    assert "<b>" not in page
    assert "next 2 of incident" in page


def test_every_field_has_a_label_and_every_id_is_there_once(room: str) -> None:
    page = httpx.get(f"{room}/").text
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    labelled = set(re.findall(r'<label for="([^"]+)"', page))
    fields = re.findall(r"<(?:input|select|textarea)\b[^>]*>", page)
    for shown in (field for field in fields if 'type="hidden"' not in field):
        named = re.search(r'\bid="([^"]+)"', shown)
        assert named, shown
        assert named[1] in labelled


def test_the_log_is_searched_on_the_page(room: str, sandbox: Any) -> None:
    for table in ("incident", "change_request"):
        httpx.get(f"{sandbox.servicenow_url}/api/now/table/{table}", auth=("admin", "admin"))
    page = httpx.get(f"{room}/", params={"path": "change_request$"}).text
    assert "1 found" in page
    assert "<code>GET /api/now/table/change_request</code>" in page
    assert "<code>GET /api/now/table/incident</code>" not in page
    broken = httpx.get(f"{room}/", params={"path": "("})
    assert (broken.status_code, "no regular expression" in broken.text) == (200, True)
    httpx.post(f"{room}/requests", data={"clear:yes": "true"}, headers=BROWSER)
    assert read(room, "requests") == {"requests": []}
