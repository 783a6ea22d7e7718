"""The authorization code flow; numbers are those of servicenow-api 13."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from tests.sandbox.servicenow.shorthand import (
    CLIENT,
    NOT_AUTHENTICATED,
    REDIRECT,
    REFUSED,
    VERIFIER,
    asked,
    by_password,
    decide,
    error_of,
    exchange,
    log_in,
    set_field,
    set_property,
    token,
    who,
)

from scoredesk.sandbox.program import RunningSandbox

Control = Callable[[str, dict[str, Any]], Any]
ENTITY = f"client_id={CLIENT['client_id']}"


def refused(answer: httpx.Response) -> None:
    assert (answer.status_code, answer.json()) == (401, REFUSED)


def test_09_a_code_works_once(anonymous: httpx.Client) -> None:
    log_in(anonymous)
    answer = decide(anonymous, "allow")
    assert answer["state"] == ["s t&te"]
    reply = exchange(anonymous, answer["code"][0])
    assert reply.status_code == 200
    assert {"access_token", "refresh_token"} <= set(reply.json())
    refused(exchange(anonymous, answer["code"][0]))


def test_09_a_code_is_short_lived(anonymous: httpx.Client, control: Control) -> None:
    log_in(anonymous)
    code = decide(anonymous, "allow")["code"][0]
    control("clock", {"offset_seconds": 121})
    refused(exchange(anonymous, code))


def test_10_pkce_takes_only_the_right_verifier(
    anonymous: httpx.Client, admin: httpx.Client
) -> None:
    log_in(anonymous)
    refused(exchange(anonymous, decide(anonymous, "allow")["code"][0], code_verifier="another"))
    refused(exchange(anonymous, decide(anonymous, "allow")["code"][0], client_secret=""))
    set_field(admin, "oauth_entity", ENTITY, public_client="true")
    code = decide(anonymous, "allow")["code"][0]
    reply = exchange(anonymous, code, client_secret="")
    assert reply.status_code == 200
    refresh = reply.json()["refresh_token"]
    renewed = token(anonymous, client_secret="", grant_type="refresh_token", refresh_token=refresh)
    assert renewed.status_code == 200


def test_10_a_public_client_cannot_do_without_pkce(
    anonymous: httpx.Client, control: Control
) -> None:
    control("switches", {"public_client": True})
    log_in(anonymous)
    code = decide(anonymous, "allow", code_challenge="", code_challenge_method="")["code"][0]
    refused(exchange(anonymous, code, client_secret=""))


def test_10_a_plain_challenge_is_the_verifier_itself(anonymous: httpx.Client) -> None:
    log_in(anonymous)
    plain = {"code_challenge": VERIFIER, "code_challenge_method": "plain"}
    assert exchange(anonymous, decide(anonymous, "allow", **plain)["code"][0]).status_code == 200
    refused(exchange(anonymous, decide(anonymous, "allow", **plain)["code"][0], code_verifier="x"))


def test_11_another_redirect_address_in_the_exchange_fails(anonymous: httpx.Client) -> None:
    log_in(anonymous)
    code = decide(anonymous, "allow")["code"][0]
    refused(exchange(anonymous, code, redirect_uri=f"{REDIRECT}/"))
    # The failed exchange has spent the code.
    refused(exchange(anonymous, code))


def test_12_who_is_not_signed_in_goes_to_the_login_page_and_back(anonymous: httpx.Client) -> None:
    answer = anonymous.get("/oauth_auth.do", params=asked())
    target = urlsplit(answer.headers["location"])
    assert (answer.status_code, target.path) == (302, "/login.do")
    goto = parse_qs(target.query)["goto"][0]
    form = {"user_name": "change.owner", "user_password": "change.owner", "goto": goto}
    back = anonymous.post("/login.do", data=form, follow_redirects=True)
    assert "Chen Owen" in back.text
    assert "Allow</button>" in back.text


def test_12_single_sign_on_leads_to_another_host(anonymous: httpx.Client, control: Control) -> None:
    control("switches", {"sso_host": "login.example"})
    for path in (f"/oauth_auth.do?{httpx.QueryParams(asked())}", "/incident_list.do"):
        answer = anonymous.get(path)
        target = urlsplit(answer.headers["location"])
        assert (answer.status_code, target.hostname) == (302, "login.example")
        assert parse_qs(target.query)["RelayState"][0] == path
    assert anonymous.get("/login.do").status_code == 200


def test_12_the_side_door_signs_in_past_single_sign_on(
    anonymous: httpx.Client, control: Control
) -> None:
    control("switches", {"sso_host": "login.example"})
    page = anonymous.get("/side_door.do")
    assert page.status_code == 200
    assert 'name="user_password"' in page.text
    log_in(anonymous)
    assert "code" in decide(anonymous, "allow")


def test_13_a_missing_state_is_refused_by_the_property(
    anonymous: httpx.Client, admin: httpx.Client
) -> None:
    log_in(anonymous)
    assert "code" in decide(anonymous, "allow", state="")
    set_property(admin, "glide.oauth.state.parameter.required", "true")
    answer = anonymous.get("/oauth_auth.do", params=asked(state=""))
    assert "Missing State parameter in request." in answer.text
    assert 'name="decision"' not in answer.text


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
    assert user["user_name"] == "change.owner"
    assert made["opened_by"]["value"] == user["sys_id"]


def test_15_revoking_needs_no_sign_in(anonymous: httpx.Client) -> None:
    reply = by_password(anonymous).json()
    assert who(anonymous, reply["access_token"]).status_code == 200
    secret = {"token": reply["access_token"]}
    assert anonymous.post("/oauth_revoke_token.do", params=secret).status_code == 200
    assert error_of(who(anonymous, reply["access_token"])) == NOT_AUTHENTICATED
    assert anonymous.get("/oauth_revoke_token.do", params=secret).status_code == 200


def test_15_a_revoked_refresh_token_renews_nothing(anonymous: httpx.Client) -> None:
    refresh = by_password(anonymous).json()["refresh_token"]
    anonymous.post("/oauth_revoke_token.do", data={"token": refresh})
    refused(token(anonymous, grant_type="refresh_token", refresh_token=refresh))


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


def test_the_first_registered_redirect_address_by_switch(
    anonymous: httpx.Client, control: Control
) -> None:
    control("switches", {"redirect_mismatch": "first"})
    page = anonymous.get("/oauth_auth.do", params=asked(redirect_uri="http://127.0.0.1:9/"))
    assert page.status_code == 302
    log_in(anonymous)
    page = anonymous.get("/oauth_auth.do", params=asked(redirect_uri="http://127.0.0.1:9/"))
    assert f'name="redirect_uri" value="{REDIRECT}"' in page.text


@pytest.mark.parametrize(
    ("other", "text"),
    [
        ({"client_id": "0" * 32}, "Invalid client_id"),
        ({"response_type": "token"}, "Invalid response_type"),
        ({"code_challenge_method": "S512"}, "Invalid code_challenge_method"),
    ],
)
def test_a_request_that_makes_no_sense_is_a_visible_page(
    anonymous: httpx.Client, other: dict[str, str], text: str
) -> None:
    answer = anonymous.get("/oauth_auth.do", params=asked(**other))
    assert answer.status_code == 400
    assert text in answer.text


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
