"""The token endpoint; numbers are those of servicenow-api 13."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from tests.sandbox.servicenow.shorthand import (
    CLIENT,
    REFUSED,
    by_password,
    set_field,
    set_property,
    system_log,
    token,
    who,
)

from scoredesk.sandbox.program import RunningSandbox

Control = Callable[[str, dict[str, Any]], Any]
RIGHT = {"grant_type": "password", "username": "admin", "password": "admin"}
ENTITY = f"client_id={CLIENT['client_id']}"
GRANT_PROPERTY = "glide.oauth.inbound.client.credential.grant_type.enabled"


def refused(answer: httpx.Response) -> None:
    """The one answer to every failure, and nothing besides it."""
    assert (answer.status_code, answer.json()) == (401, REFUSED)
    assert answer.headers["content-type"] == "application/json;charset=UTF-8"


def test_01_the_password_grant_gives_both_tokens(anonymous: httpx.Client) -> None:
    answer = by_password(anonymous)
    reply = answer.json()
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/json")
    assert set(reply) == {"access_token", "refresh_token", "scope", "token_type", "expires_in"}
    assert (reply["token_type"], reply["scope"]) == ("Bearer", "useraccount")
    assert type(reply["expires_in"]) is int
    assert 1 <= reply["expires_in"] <= 1800
    assert len(reply["access_token"]) == 86


def test_02_the_same_access_token_within_its_life(
    anonymous: httpx.Client, control: Control
) -> None:
    first = by_password(anonymous).json()
    control("clock", {"offset_seconds": 600})
    second = by_password(anonymous).json()
    assert second["access_token"] == first["access_token"]
    assert second["expires_in"] < first["expires_in"] - 500
    control("clock", {"offset_seconds": 1801})
    assert by_password(anonymous).json()["access_token"] != first["access_token"]


def test_03_a_wrong_client_secret_is_refused(anonymous: httpx.Client, admin: httpx.Client) -> None:
    refused(token(anonymous, **RIGHT, client_secret="wrong"))
    refused(token(anonymous, **RIGHT, client_secret=""))
    refused(token(anonymous, **RIGHT, client_id="0" * 32))
    set_field(admin, "oauth_entity", ENTITY, active="false")
    refused(token(anonymous, **RIGHT))


@pytest.mark.parametrize(
    ("username", "password", "reason"),
    [
        ("admin", "wrong", "Wrong password of user admin"),
        ("nobody", "nobody", "User nobody not found"),
        ("locked.user", "locked.user", "User locked.user is locked out"),
        ("inactive.user", "inactive.user", "User inactive.user is inactive"),
    ],
)
def test_04_a_user_who_cannot_sign_in_is_refused_alike(
    anonymous: httpx.Client, admin: httpx.Client, username: str, password: str, reason: str
) -> None:
    refused(token(anonymous, grant_type="password", username=username, password=password))
    assert system_log(admin) == [reason]


def test_04_a_password_that_must_be_changed_is_refused_alike(
    anonymous: httpx.Client, admin: httpx.Client
) -> None:
    set_field(admin, "sys_user", "user_name=change.owner", password_needs_reset="true")
    refused(by_password(anonymous, "change.owner"))


def test_05_a_web_service_user_has_no_password_grant(
    anonymous: httpx.Client, control: Control
) -> None:
    refused(by_password(anonymous, "web.service"))
    control("switches", {"web_service_password_grant": True})
    assert by_password(anonymous, "web.service").status_code == 200


def test_06_client_credentials_need_the_property_and_an_application_user(
    anonymous: httpx.Client, admin: httpx.Client
) -> None:
    refused(token(anonymous, grant_type="client_credentials"))
    set_property(admin, GRANT_PROPERTY, "true")
    set_field(admin, "oauth_entity", ENTITY, user="")
    refused(token(anonymous, grant_type="client_credentials"))
    assert system_log(admin) == [
        f"Property {GRANT_PROPERTY} is not true",
        "OAuth Application User is empty",
    ]
    set_field(admin, "oauth_entity", ENTITY, user="change.owner")
    answer = token(anonymous, grant_type="client_credentials")
    reply = answer.json()
    assert (answer.status_code, "refresh_token" in reply) == (200, False)
    user = who(anonymous, reply["access_token"]).json()["result"][0]
    assert user["user_name"] == "change.owner"


def test_06_client_credentials_by_switch(anonymous: httpx.Client, control: Control) -> None:
    control("switches", {"client_credentials": True})
    reply = token(anonymous, grant_type="client_credentials").json()
    user = who(anonymous, reply["access_token"]).json()["result"][0]
    assert user["user_name"] == "scoredesk.integration"


def test_07_a_refresh_gives_a_new_access_token_and_keeps_the_refresh_token(
    anonymous: httpx.Client, control: Control
) -> None:
    first = by_password(anonymous).json()
    renew = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    second = token(anonymous, **renew).json()
    assert second["access_token"] != first["access_token"]
    assert second["refresh_token"] == first["refresh_token"]
    assert who(anonymous, second["access_token"]).status_code == 200
    control("clock", {"offset_seconds": 8_639_990})
    assert token(anonymous, **renew).json()["refresh_token"] == first["refresh_token"]


def test_07_the_documented_reply_to_a_refresh_by_switch(
    anonymous: httpx.Client, control: Control
) -> None:
    control("switches", {"refresh_reply_has_refresh_token": False})
    renew = {
        "grant_type": "refresh_token",
        "refresh_token": by_password(anonymous).json()["refresh_token"],
    }
    assert "refresh_token" not in token(anonymous, **renew).json()
    assert "access_token" in token(anonymous, **renew).json()


def test_08_an_expired_refresh_token_is_refused(anonymous: httpx.Client, control: Control) -> None:
    first = by_password(anonymous).json()
    control("clock", {"offset_seconds": 8_640_001})
    refused(token(anonymous, grant_type="refresh_token", refresh_token=first["refresh_token"]))
    refused(token(anonymous, grant_type="refresh_token", refresh_token="unknown"))


def test_lifespans_of_the_application_hold_until_a_switch_is_changed(
    anonymous: httpx.Client, admin: httpx.Client, control: Control
) -> None:
    set_field(admin, "oauth_entity", ENTITY, access_token_lifespan="300")
    assert 290 <= by_password(anonymous).json()["expires_in"] <= 300
    control("switches", {"access_token_life": 60})
    assert by_password(anonymous, "admin").json()["expires_in"] <= 60


def test_the_life_of_refresh_tokens_by_switch(anonymous: httpx.Client, control: Control) -> None:
    control("switches", {"refresh_token_life": 100})
    renew = {
        "grant_type": "refresh_token",
        "refresh_token": by_password(anonymous).json()["refresh_token"],
    }
    control("clock", {"offset_seconds": 90})
    assert token(anonymous, **renew).status_code == 200
    control("clock", {"offset_seconds": 101})
    refused(token(anonymous, **renew))


def test_a_client_may_show_its_secret_by_basic(anonymous: httpx.Client) -> None:
    basic = (CLIENT["client_id"], CLIENT["client_secret"])
    assert anonymous.post("/oauth_token.do", data=RIGHT, auth=basic).status_code == 200
    refused(anonymous.post("/oauth_token.do", data=RIGHT, auth=(basic[0], "wrong")))


def test_nothing_works_while_oauth_is_not_active(
    anonymous: httpx.Client, admin: httpx.Client
) -> None:
    name = "com.snc.platform.security.oauth.is.active"
    set_field(admin, "sys_properties", f"name={name}", value="false")
    refused(by_password(anonymous))


def test_the_password_grant_by_switch(anonymous: httpx.Client, control: Control) -> None:
    control("switches", {"password_grant": False})
    refused(by_password(anonymous))


def test_a_scope_that_the_application_lacks_is_refused(
    anonymous: httpx.Client, admin: httpx.Client
) -> None:
    refused(token(anonymous, **RIGHT, scope="incident_read"))
    assert system_log(admin) == ["Exception on token flow - invalid_scope"]
    set_field(admin, "oauth_entity", ENTITY, auth_scopes="incident_read, change_read")
    reply = token(anonymous, **RIGHT, scope="incident_read").json()
    assert reply["scope"] == "incident_read"


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"password": "wrong"}, 400, "invalid_grant"),
        ({"grant_type": "something else"}, 400, "unsupported_grant_type"),
        ({"scope": "unknown"}, 400, "invalid_scope"),
        ({"grant_type": "client_credentials"}, 400, "unauthorized_client"),
    ],
)
def test_named_errors_by_switch(
    anonymous: httpx.Client, control: Control, form: dict[str, str], status: int, error: str
) -> None:
    refused(token(anonymous, **{**RIGHT, **form}))
    control("switches", {"token_error_style": "oauth"})
    answer = token(anonymous, **{**RIGHT, **form})
    assert (answer.status_code, answer.json()["error"]) == (status, error)


def test_the_control_room_tells_the_system_log(
    sandbox: RunningSandbox, anonymous: httpx.Client
) -> None:
    token(anonymous, **{**RIGHT, "password": "wrong"})
    answer = httpx.get(f"{sandbox.servicenow_url}/_sandbox/system-log").json()
    (line,) = answer["lines"]
    assert (line["level"], line["source"]) == ("error", "OAuth")
    assert line["message"] == "Wrong password of user admin"
