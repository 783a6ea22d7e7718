"""Signing in by hand, and links that lead into the instance."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from tests.sandbox.servicenow.browsing import log_in, press, words_of
from tests.sandbox.servicenow.shorthand import new_incident, set_field

from scoredesk.sandbox.program import RunningSandbox

Control = Callable[[str, dict[str, Any]], Any]


def test_links_of_the_classic_frame_lead_to_the_record(
    anonymous: httpx.Client, integration: httpx.Client
) -> None:
    record = f"/incident.do?sys_id={new_incident(integration)['sys_id']}"
    classic = "/now/nav/ui/classic/params/target/"
    for link in (f"{classic}{quote(record[1:], safe='')}", f"{classic}{record[1:]}"):
        assert anonymous.get(link).headers["location"] == record
    for home in ("/", "/navpage.do", "/now/nav/ui/home"):
        assert anonymous.get(home).headers["location"] == "/incident_list.do"


@pytest.mark.parametrize("target", ["https%3A%2F%2Fevil.example", "%2F%2Fevil.example", "%5Cevil"])
def test_links_of_the_classic_frame_never_lead_elsewhere(
    anonymous: httpx.Client, target: str
) -> None:
    location = anonymous.get(f"/now/nav/ui/classic/params/target/{target}").headers["location"]
    assert location.startswith("/")
    assert not location.startswith(("//", "/\\"))


def test_a_password_that_must_be_changed_is_changed_at_the_door(
    sandbox: RunningSandbox, anonymous: httpx.Client, admin: httpx.Client
) -> None:
    set_field(admin, "sys_user", "user_name=change.owner", password_needs_reset="true")
    form = {"user_name": "change.owner", "user_password": "change.owner", "goto": "/task_list.do"}
    page = anonymous.post("/login.do", data=form)
    assert page.status_code == 200
    assert anonymous.get("/incident_list.do").status_code == 302
    short = press(anonymous, page, "Change password", new_password="short", again="short")
    assert short.status_code == 400
    page = press(
        anonymous, short, "Change password", new_password="long enough", again="long enough"
    )
    assert page.url.path == "/task_list.do"
    answer = anonymous.get(
        "/api/now/table/incident",
        auth=("change.owner", "long enough"),
        headers={"Accept": "application/json"},
    )
    assert answer.status_code == 200
    recorded = httpx.get(f"{sandbox.servicenow_url}/_sandbox/requests").text
    assert "long+enough" not in recorded
    assert "again=***" in recorded


def test_nobody_changes_a_password_without_the_old_one(anonymous: httpx.Client) -> None:
    form = {"proof": "guessed", "new_password": "long enough", "again": "long enough"}
    answer = anonymous.post("/change_password.do", data=form)
    assert answer.headers["location"].startswith("/login.do")


def test_single_sign_on_by_name_leads_to_the_provider(
    anonymous: httpx.Client, control: Control
) -> None:
    assert anonymous.get("/login_with_sso.do").headers["location"].startswith("/login.do")
    control("switches", {"sso_host": "login.example"})
    location = anonymous.get("/login_with_sso.do?glide_sso_id=1").headers["location"]
    assert location.startswith("https://login.example/")


def test_the_navigator_lights_the_page_that_is_shown(anonymous: httpx.Client) -> None:
    log_in(anonymous, "change.owner")
    page = anonymous.get("/change_request_list.do")
    lit = re.findall(r'aria-current="page">([^<]+)<', page.text)
    assert set(lit) == {"Change requests"}
    assert "Skip to content" in words_of(page)


def test_a_second_factor_is_asked_for_at_the_door(
    anonymous: httpx.Client, control: Control
) -> None:
    control("switches", {"mfa": True, "mfa_code": "123456"})
    form = {"user_name": "change.owner", "user_password": "change.owner", "goto": "/task_list.do"}
    page = anonymous.post("/login.do", data=form)
    assert page.status_code == 200
    assert anonymous.get("/task_list.do").status_code == 302
    wrong = press(anonymous, page, "Log in", code="654321")
    assert wrong.status_code == 401
    assert "The code is not right." in words_of(wrong)
    # The proof of the password serves once.
    again = press(anonymous, page, "Log in", code="123456")
    assert again.url.path == "/login.do"
    page = press(anonymous, wrong, "Log in", code="123456")
    assert page.url.path == "/task_list.do"
