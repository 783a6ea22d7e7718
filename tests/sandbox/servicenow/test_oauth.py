"""OAuth and sign-in of the simulated ServiceNow; numbers are those of servicenow-api 13."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from tests.sandbox.servicenow.shorthand import CLIENT, REDIRECT, by_password, token, who

from scoredesk.sandbox.program import RunningSandbox

REFUSED = {"error_description": "access_denied", "error": "server_error"}
VERIFIER = "a-code-verifier-of-at-least-forty-three-characters"
CHALLENGE = (
    base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
)
Control = Callable[[str, dict[str, Any]], Any]


def asked(**other: str) -> dict[str, str]:
    return {
        "response_type": "code",
        "client_id": CLIENT["client_id"],
        "redirect_uri": REDIRECT,
        "state": "s t&te",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        **other,
    }


def log_in(client: httpx.Client, user: str = "scoredesk.integration") -> None:
    password = "integration" if user == "scoredesk.integration" else user
    answer = client.post("/login.do", data={"user_name": user, "user_password": password})
    assert answer.status_code == 303


def decide(client: httpx.Client, decision: str, **other: str) -> dict[str, list[str]]:
    """Press a button of the Allow/Deny page; answers the callback's parameters."""
    page = client.get("/oauth_auth.do", params=asked(**other))
    assert page.status_code == 200, page.text
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text))
    form = {**asked(**other), "sysparm_ck": hidden["sysparm_ck"], "decision": decision}
    answer = client.post("/oauth_auth.do", data=form)
    assert answer.status_code == 302
    return parse_qs(urlsplit(answer.headers["location"]).query)


def exchange(client: httpx.Client, code: str, **other: str) -> httpx.Response:
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT}
    return token(client, **{**form, "code_verifier": VERIFIER, **other})


def test_01_password_grant_gives_both_tokens(anonymous: httpx.Client) -> None:
    answer = by_password(anonymous)
    reply = answer.json()
    assert answer.status_code == 200
    assert (reply["token_type"], reply["scope"]) == ("Bearer", "useraccount")
    assert 1 <= reply["expires_in"] <= 1800
    assert reply["refresh_token"]


def test_02_the_same_access_token_within_its_life(
    anonymous: httpx.Client, control: Control
) -> None:
    first = by_password(anonymous).json()
    control("clock", {"offset_seconds": 600})
    second = by_password(anonymous).json()
    assert second["access_token"] == first["access_token"]
    assert second["expires_in"] < first["expires_in"] - 500


@pytest.mark.parametrize(
    "form",
    [
        {"client_secret": "wrong"},
        {"client_id": "0" * 32},
        {"password": "wrong"},
        {"username": "locked.user", "password": "locked.user"},
        {"username": "inactive.user", "password": "inactive.user"},
        {"username": "web.service", "password": "web.service"},
        {"grant_type": "client_credentials"},
        {"grant_type": "refresh_token", "refresh_token": "unknown"},
        {"grant_type": "something else"},
    ],
)
def test_03_04_05_06_08_every_failure_looks_alike(
    anonymous: httpx.Client, form: dict[str, str]
) -> None:
    right = {"grant_type": "password", "username": "admin", "password": "admin"}
    answer = token(anonymous, **{**right, **form})
    assert (answer.status_code, answer.json()) == (401, REFUSED)


def test_05_a_web_service_user_by_switch(anonymous: httpx.Client, control: Control) -> None:
    control("switches", {"web_service_password_grant": True})
    assert by_password(anonymous, "web.service").status_code == 200


def test_06_client_credentials_act_as_the_application_user(
    anonymous: httpx.Client, control: Control
) -> None:
    control("switches", {"client_credentials": True})
    reply = token(anonymous, grant_type="client_credentials").json()
    assert "refresh_token" not in reply
    user = who(anonymous, reply["access_token"]).json()["result"][0]
    assert user["user_name"] == "scoredesk.integration"


def test_07_08_refresh_gives_a_new_access_token_until_the_refresh_token_lapses(
    anonymous: httpx.Client, control: Control
) -> None:
    first = by_password(anonymous).json()
    renew = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    second = token(anonymous, **renew).json()
    assert second["access_token"] != first["access_token"]
    assert second["refresh_token"] == first["refresh_token"]
    control("clock", {"offset_seconds": 8_640_001})
    answer = token(anonymous, **renew)
    assert (answer.status_code, answer.json()) == (401, REFUSED)


def test_09_a_code_works_once(anonymous: httpx.Client) -> None:
    log_in(anonymous)
    answer = decide(anonymous, "allow")
    assert answer["state"] == ["s t&te"]
    assert exchange(anonymous, answer["code"][0]).status_code == 200
    again = exchange(anonymous, answer["code"][0])
    assert (again.status_code, again.json()) == (401, REFUSED)


def test_10_pkce_takes_only_the_right_verifier(anonymous: httpx.Client, control: Control) -> None:
    log_in(anonymous)
    code = decide(anonymous, "allow")["code"][0]
    assert exchange(anonymous, code, code_verifier="another").status_code == 401
    code = decide(anonymous, "allow")["code"][0]
    assert exchange(anonymous, code, client_secret="").status_code == 401
    control("switches", {"public_client": True})
    code = decide(anonymous, "allow")["code"][0]
    assert exchange(anonymous, code, client_secret="").status_code == 200


def test_11_another_redirect_address_in_the_exchange_fails(anonymous: httpx.Client) -> None:
    log_in(anonymous)
    code = decide(anonymous, "allow")["code"][0]
    assert exchange(anonymous, code, redirect_uri=f"{REDIRECT}/").status_code == 401


def test_12_who_is_not_signed_in_goes_to_the_login_page_and_back(
    anonymous: httpx.Client, control: Control
) -> None:
    answer = anonymous.get("/oauth_auth.do", params=asked())
    target = urlsplit(answer.headers["location"])
    assert (answer.status_code, target.path) == (302, "/login.do")
    goto = parse_qs(target.query)["goto"][0]
    form = {"user_name": "change.owner", "user_password": "change.owner", "goto": goto}
    back = anonymous.post("/login.do", data=form, follow_redirects=True)
    assert "Chen Owen" in back.text
    assert "Allow</button>" in back.text
    control("switches", {"sso_host": "login.example"})
    anonymous.cookies.clear()
    answer = anonymous.get("/oauth_auth.do", params=asked())
    assert urlsplit(answer.headers["location"]).hostname == "login.example"


def test_13_a_missing_state_is_refused_by_switch(anonymous: httpx.Client, control: Control) -> None:
    control("switches", {"oauth_state_required": True})
    answer = anonymous.get("/oauth_auth.do", params=asked(state=""))
    assert "Missing State parameter in request." in answer.text


def test_14_the_token_belongs_to_whoever_pressed_allow(anonymous: httpx.Client) -> None:
    log_in(anonymous, "change.owner")
    reply = exchange(anonymous, decide(anonymous, "allow")["code"][0]).json()
    headers = {"Authorization": f"Bearer {reply['access_token']}"}
    made = anonymous.post("/api/now/table/incident", json={}, headers=headers).json()["result"]
    assert made["sys_created_by"] == "change.owner"
    user = who(anonymous, reply["access_token"]).json()["result"][0]
    assert made["opened_by"]["value"] == user["sys_id"]


def test_15_revoking_needs_no_sign_in(anonymous: httpx.Client) -> None:
    reply = by_password(anonymous).json()
    assert who(anonymous, reply["access_token"]).status_code == 200
    secret = {"token": reply["access_token"]}
    assert anonymous.post("/oauth_revoke_token.do", params=secret).status_code == 200
    assert who(anonymous, reply["access_token"]).status_code == 401


def test_deny_goes_back_with_access_denied(anonymous: httpx.Client) -> None:
    log_in(anonymous)
    assert decide(anonymous, "deny") == {"error": ["access_denied"], "state": ["s t&te"]}


def test_an_unregistered_redirect_address_is_a_visible_page(
    anonymous: httpx.Client, control: Control
) -> None:
    log_in(anonymous)
    elsewhere = "http://127.0.0.1:9/callback"
    answer = anonymous.get("/oauth_auth.do", params=asked(redirect_uri=elsewhere))
    assert answer.status_code == 400
    assert "Invalid redirect_uri" in answer.text
    control("switches", {"oauth_redirects": [elsewhere]})
    assert "code" in decide(anonymous, "allow", redirect_uri=elsewhere)


def test_not_you_logs_out_and_comes_back(anonymous: httpx.Client) -> None:
    log_in(anonymous, "change.owner")
    page = anonymous.get("/oauth_auth.do", params=asked()).text
    not_you = re.search(r'href="(/logout\.do[^"]*)">Not you\?', page)
    assert not_you
    login = anonymous.get(not_you[1].replace("&amp;", "&"), follow_redirects=True)
    assert login.url.path == "/login.do"
    goto = parse_qs(login.url.query.decode())["goto"][0]
    form = {"user_name": "scoredesk.integration", "user_password": "integration", "goto": goto}
    back = anonymous.post("/login.do", data=form, follow_redirects=True)
    assert "Scoredesk Integration" in back.text


def test_a_foreign_page_cannot_press_allow(anonymous: httpx.Client) -> None:
    log_in(anonymous)
    answer = anonymous.post("/oauth_auth.do", data={**asked(), "decision": "allow"})
    assert answer.status_code == 200
    assert "Allow</button>" in answer.text


def test_secrets_are_not_in_the_recorded_requests(
    sandbox: RunningSandbox, anonymous: httpx.Client
) -> None:
    reply = by_password(anonymous).json()
    token(anonymous, grant_type="refresh_token", refresh_token=reply["refresh_token"])
    anonymous.post("/oauth_revoke_token.do", params={"token": reply["access_token"]})
    recorded = httpx.get(f"{sandbox.servicenow_url}/_sandbox/requests").text
    for secret in (*reply.values(), "sandbox-secret", "password=integration"):
        if isinstance(secret, str) and secret not in {"Bearer", "useraccount"}:
            assert secret not in recorded
