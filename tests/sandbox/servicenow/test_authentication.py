"""Who an API request comes from; numbers are those of servicenow-api 13."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from tests.sandbox.servicenow.shorthand import (
    CLIENT,
    NOT_AUTHENTICATED,
    by_password,
    error_of,
    log_in,
    set_field,
    set_property,
    system_log,
    who,
)

Control = Callable[[str, dict[str, Any]], Any]
ENTITY = f"client_id={CLIENT['client_id']}"
UNSCOPED = (403, "User Not Authorized", "Access to unscoped api is not allowed")


def test_16_a_lapsed_token_is_not_authenticated(anonymous: httpx.Client, control: Control) -> None:
    reply = by_password(anonymous).json()
    assert who(anonymous, reply["access_token"]).status_code == 200
    control("clock", {"offset_seconds": 1801})
    answer = who(anonymous, reply["access_token"])
    assert error_of(answer) == NOT_AUTHENTICATED
    assert answer.headers["X-Is-Logged-In"] == "false"


def test_16_the_life_of_tokens_is_a_switch(anonymous: httpx.Client, control: Control) -> None:
    control("switches", {"access_token_life": 60})
    assert by_password(anonymous).json()["expires_in"] <= 60


def test_17_without_authorization_the_answer_is_the_same(anonymous: httpx.Client) -> None:
    answer = anonymous.get("/api/now/table/incident")
    assert error_of(answer) == NOT_AUTHENTICATED
    assert answer.headers["WWW-Authenticate"] == 'BASIC realm="Service-now"'


def test_18_basic_restriction_refuses_people_and_spares_web_service_users(
    as_user: Callable[[str], httpx.Client], control: Control
) -> None:
    assert as_user("change.owner").get("/table/incident").status_code == 200
    control("switches", {"basic_restriction": True})
    assert error_of(as_user("change.owner").get("/table/incident")) == NOT_AUTHENTICATED
    assert as_user("web.service").get("/table/incident").status_code == 200
    control("switches", {"basic_restriction": False})
    (line,) = system_log(as_user("admin"))
    assert line == (
        "SNCRestrictBasicAuthUserAuthenticationGate: denied basic-auth API call for "
        "interactive-login user [change.owner] under enforce=true"
    )


@pytest.mark.parametrize("role", ["snc_basic_auth_api_access", "mid_server"])
def test_18_a_role_exempts_from_basic_restriction(
    as_user: Callable[[str], httpx.Client], control: Control, role: str
) -> None:
    grant = {"user": "change.owner", "role": role}
    assert as_user("admin").post("/table/sys_user_has_role", json=grant).status_code == 201
    control("switches", {"basic_restriction": True})
    assert as_user("change.owner").get("/table/incident").status_code == 200
    assert as_user("incident.owner").get("/table/incident").status_code == 401


def test_19_mfa_shows_only_when_the_password_was_right(
    as_user: Callable[..., httpx.Client], control: Control
) -> None:
    control("switches", {"mfa": True})
    right = as_user("change.owner").get("/table/incident")
    wrong = as_user("change.owner", "wrong").get("/table/incident")
    assert (right.status_code, right.headers["X-MFA_TOKEN"]) == (401, "invalid")
    assert error_of(right) == NOT_AUTHENTICATED
    assert (wrong.status_code, "X-MFA_TOKEN" in wrong.headers) == (401, False)
    assert as_user("web.service").get("/table/incident").status_code == 200


def test_19_a_right_second_factor_follows_the_password(
    as_user: Callable[..., httpx.Client], control: Control
) -> None:
    control("switches", {"mfa": True, "mfa_code": "123456", "basic_restriction": True})
    right = as_user("change.owner", "change.owner123456").get("/table/incident")
    wrong = as_user("change.owner", "change.owner654321").get("/table/incident")
    assert (right.status_code, wrong.status_code) == (200, 401)


def test_20_a_restricted_client_may_not_use_unscoped_apis(
    anonymous: httpx.Client, control: Control
) -> None:
    control("switches", {"scope_restriction": True})
    answer = who(anonymous, by_password(anonymous).json()["access_token"])
    assert error_of(answer) == UNSCOPED
    assert answer.headers["X-Is-Logged-In"] == "true"


@pytest.mark.parametrize("cure", ["broad", "useraccount", "property"])
def test_20_each_cure_of_a_securely_scoped_client(
    anonymous: httpx.Client, admin: httpx.Client, cure: str
) -> None:
    set_field(admin, "oauth_entity", ENTITY, scope_restriction="secure")
    access = by_password(anonymous).json()["access_token"]
    assert error_of(who(anonymous, access)) == UNSCOPED
    if cure == "broad":
        set_field(admin, "oauth_entity", ENTITY, scope_restriction="broad")
    elif cure == "useraccount":
        set_field(admin, "oauth_entity", ENTITY, auth_scopes="useraccount")
    else:
        set_property(admin, "glide.security.oauth_allow_unscoped_clients", "true")
    assert who(anonymous, access).status_code == 200


def test_20_a_scoped_api_opens_for_its_scope_and_method(
    anonymous: httpx.Client, admin: httpx.Client, control: Control
) -> None:
    control("switches", {"api_scopes": {"GET /api/now/table/incident": "incident_read"}})
    set_field(
        admin, "oauth_entity", ENTITY, scope_restriction="secure", auth_scopes="incident_read"
    )
    headers = {"Authorization": f"Bearer {by_password(anonymous).json()['access_token']}"}
    read = anonymous.get("/api/now/table/incident", headers=headers)
    written = anonymous.post("/api/now/table/incident", json={}, headers=headers)
    assert read.status_code == 200
    assert error_of(written) == UNSCOPED


def test_a_token_without_the_scope_of_an_api_is_refused(
    anonymous: httpx.Client, admin: httpx.Client, control: Control
) -> None:
    control("switches", {"api_scopes": {"GET /api/now/table/incident": "incident_read"}})
    set_field(admin, "oauth_entity", ENTITY, auth_scopes="change_read")
    headers = {"Authorization": f"Bearer {by_password(anonymous).json()['access_token']}"}
    answer = anonymous.get("/api/now/table/incident", headers=headers)
    expected = (403, "User Not Authorized", "Missing required api access scope")
    assert error_of(answer) == expected
    # Auth scopes bind tokens only.
    assert admin.get("/table/incident").status_code == 200


def test_21_a_token_in_the_query_by_switch(anonymous: httpx.Client, control: Control) -> None:
    params = {"access_token": by_password(anonymous).json()["access_token"]}
    assert anonymous.get("/api/now/table/incident", params=params).status_code == 200
    control("switches", {"token_in_query": False})
    answer = anonymous.get("/api/now/table/incident", params=params)
    assert error_of(answer) == NOT_AUTHENTICATED


def test_the_cookie_of_a_browser_needs_its_token_too(anonymous: httpx.Client) -> None:
    log_in(anonymous, "change.owner")
    answer = anonymous.get("/api/now/table/incident")
    assert error_of(answer) == NOT_AUTHENTICATED
    assert answer.headers["X-Is-Logged-In"] == "true"
    headers = {"X-UserToken": answer.headers["X-UserToken-Response"]}
    answer = anonymous.get("/api/now/ui/user/current_user", headers=headers)
    assert answer.json()["result"]["user_name"] == "change.owner"


def test_the_cookie_of_a_browser_has_the_name_of_a_real_instance(anonymous: httpx.Client) -> None:
    log_in(anonymous, "change.owner")
    cookie = {"Cookie": f"JSESSIONID={anonymous.cookies['JSESSIONID']}"}
    anonymous.cookies.clear()
    answer = anonymous.get("/api/now/ui/user/current_user", headers=cookie)
    csrf = {"X-UserToken": answer.headers["X-UserToken-Response"]}
    answer = anonymous.get("/api/now/ui/user/current_user", headers={**cookie, **csrf})
    assert answer.json()["result"]["user_name"] == "change.owner"


def test_an_api_key_by_switch(anonymous: httpx.Client, control: Control) -> None:
    headers = {"x-sn-apikey": "now_key"}
    path = "/api/now/ui/user/current_user"
    assert error_of(anonymous.get(path, headers=headers)) == NOT_AUTHENTICATED
    control("switches", {"api_keys": {"now_key": "web.service"}})
    assert anonymous.get(path, headers=headers).json()["result"]["user_name"] == "web.service"


def test_an_access_policy_refuses_right_credentials(admin: httpx.Client, control: Control) -> None:
    control("switches", {"api_access_policy": True})
    assert error_of(admin.get("/table/incident")) == NOT_AUTHENTICATED


def test_an_active_api_acl_demands_its_role(
    as_user: Callable[[str], httpx.Client], control: Control
) -> None:
    control("switches", {"api_acl": True})
    answer = as_user("change.owner").get("/table/incident")
    assert error_of(answer) == (403, "User Not Authorized", "Failed API level ACL Validation")
    grant = {"user": "change.owner", "role": "rest_service"}
    assert as_user("admin").post("/table/sys_user_has_role", json=grant).status_code == 201
    assert as_user("change.owner").get("/table/incident").status_code == 200


def test_wrong_passwords_lock_an_account_by_switch(
    as_user: Callable[..., httpx.Client], control: Control
) -> None:
    control("switches", {"lock_after": 3})
    for _ in range(2):
        assert as_user("change.owner", "wrong").get("/table/incident").status_code == 401
    assert as_user("change.owner").get("/table/incident").status_code == 200
    for _ in range(3):
        assert as_user("change.owner", "wrong").get("/table/incident").status_code == 401
    assert as_user("change.owner").get("/table/incident").status_code == 401
    set_field(as_user("admin"), "sys_user", "user_name=change.owner", locked_out="false")
    assert as_user("change.owner").get("/table/incident").status_code == 200


def test_basic_without_sense_is_not_authenticated(anonymous: httpx.Client) -> None:
    for value in ("Basic", "Basic %%%", "Basic /w==", "Bearer", "Bearer \xff", "Digest x"):
        headers = {"Authorization": value.encode("latin-1")}
        answer = anonymous.get("/api/now/table/incident", headers=headers)
        assert error_of(answer) == NOT_AUTHENTICATED
