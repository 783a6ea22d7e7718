"""Envelope, headers and value shapes; numbers are those of servicenow-api 13."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
from tests.sandbox.servicenow.shorthand import new_incident

Control = Callable[[str, dict[str, Any]], Any]


def test_97_the_clock_of_the_instance_can_be_shifted(
    integration: httpx.Client, control: Control
) -> None:
    before = new_incident(integration)["sys_created_on"]
    control("clock", {"offset_seconds": 86_400})
    answer = integration.post("/table/incident", json={})
    assert answer.json()["result"]["sys_created_on"][:10] > before[:10]
    assert "GMT" in answer.headers["Date"]


def test_secrets_of_the_instance_are_never_delivered(admin: httpx.Client) -> None:
    assert "user_password" not in admin.get("/table/sys_user").json()["result"][0]
    assert "client_secret" not in admin.get("/table/oauth_entity").json()["result"][0]
