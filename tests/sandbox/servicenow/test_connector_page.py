"""The connector app's page in the instance: installed and removed by hand."""

from __future__ import annotations

from typing import Any

import httpx
from tests.sandbox.servicenow.browsing import forms_of, log_in

PAGE = "/x_scoredesk_connector.do"
HOOK = "http://127.0.0.1:1/hook"


def app(sandbox: Any) -> dict[str, Any]:
    return dict(httpx.get(f"{sandbox.servicenow_url}/_sandbox/app").json())


def press(client: httpx.Client, decision: str, **typed: str) -> httpx.Response:
    form = forms_of(client.get(PAGE))[-1]
    sent = dict(form.filled(**typed, decision=decision))
    return client.post(PAGE, data=sent)


def test_an_administrator_installs_and_removes_the_app(
    anonymous: httpx.Client, sandbox: Any
) -> None:
    log_in(anonymous, "admin")
    assert "Not installed." in anonymous.get(PAGE).text
    assert PAGE in anonymous.get("/incident_list.do").text
    pressed = press(anonymous, "install", hook_url=HOOK, hook_secret="shared")
    assert (pressed.status_code, pressed.headers["location"]) == (303, PAGE)
    shown = app(sandbox)
    assert (shown["installed"], shown["hook_url"], shown["has_secret"]) == (True, HOOK, True)
    page = anonymous.get(PAGE).text
    assert HOOK in page
    assert "shared" not in page
    press(anonymous, "save", hook_url=f"{HOOK}/2", hook_secret="")
    assert (app(sandbox)["hook_url"], app(sandbox)["has_secret"]) == (f"{HOOK}/2", True)
    press(anonymous, "remove")
    assert app(sandbox)["installed"] is False


def test_a_hook_elsewhere_is_refused_on_the_page(anonymous: httpx.Client, sandbox: Any) -> None:
    log_in(anonymous, "admin")
    refused = press(anonymous, "install", hook_url="https://hook.example/", hook_secret="x")
    assert refused.status_code == 400
    assert "The sandbox only calls this machine, not hook.example" in refused.text
    assert app(sandbox)["installed"] is False


def test_nobody_else_installs_the_app(anonymous: httpx.Client, sandbox: Any) -> None:
    assert anonymous.get(PAGE).headers["location"].startswith("/login.do")
    log_in(anonymous, "change.owner")
    assert anonymous.get(PAGE).status_code == 403
    assert anonymous.post(PAGE, data={"decision": "install"}).status_code == 403
    assert app(sandbox)["installed"] is False


def test_a_form_of_another_session_installs_nothing(anonymous: httpx.Client, sandbox: Any) -> None:
    log_in(anonymous, "admin")
    refused = anonymous.post(PAGE, data={"decision": "install", "sysparm_ck": "forged"})
    assert refused.status_code == 400
    assert app(sandbox)["installed"] is False
