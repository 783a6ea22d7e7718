"""Who an API request comes from; numbers are those of servicenow-api 13."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
from tests.sandbox.servicenow.shorthand import by_password, error_of, who

Control = Callable[[str, dict[str, Any]], Any]


def test_16_17_a_lapsed_or_missing_token_is_not_authenticated(
    anonymous: httpx.Client, control: Control
) -> None:
    expected = (401, "User Not Authenticated", "Required to provide Auth information")
    reply = by_password(anonymous).json()
    control("clock", {"offset_seconds": 1801})
    assert error_of(who(anonymous, reply["access_token"])) == expected
    assert error_of(anonymous.get("/api/now/table/incident")) == expected


def test_16_the_life_of_tokens_is_a_switch(anonymous: httpx.Client, control: Control) -> None:
    control("switches", {"access_token_life": 60})
    assert by_password(anonymous).json()["expires_in"] <= 60


def test_18_basic_restriction_spares_web_service_users(
    as_user: Callable[[str], httpx.Client], control: Control
) -> None:
    control("switches", {"basic_restriction": True})
    assert error_of(as_user("change.owner").get("/table/incident"))[0] == 401
    assert as_user("web.service").get("/table/incident").status_code == 200


def test_19_mfa_shows_only_when_the_password_was_right(
    as_user: Callable[..., httpx.Client], control: Control
) -> None:
    control("switches", {"mfa": True})
    right = as_user("change.owner").get("/table/incident")
    wrong = as_user("change.owner", "wrong").get("/table/incident")
    assert (right.status_code, right.headers["X-MFA_TOKEN"]) == (401, "invalid")
    assert (wrong.status_code, "X-MFA_TOKEN" in wrong.headers) == (401, False)


def test_20_a_restricted_client_may_not_use_unscoped_apis(
    anonymous: httpx.Client, control: Control
) -> None:
    control("switches", {"scope_restriction": True})
    answer = who(anonymous, by_password(anonymous).json()["access_token"])
    assert error_of(answer) == (
        403,
        "User Not Authorized",
        "Access to unscoped api is not allowed",
    )


def test_21_a_token_in_the_query_by_switch(anonymous: httpx.Client, control: Control) -> None:
    params = {"access_token": by_password(anonymous).json()["access_token"]}
    assert anonymous.get("/api/now/table/incident", params=params).status_code == 200
    control("switches", {"token_in_query": False})
    assert anonymous.get("/api/now/table/incident", params=params).status_code == 401
