"""What the tests of the simulated ServiceNow make and read again and again."""

from __future__ import annotations

from typing import Any

import httpx

CLIENT = {"client_id": "5c0ded3500000000000000000000c1d0", "client_secret": "sandbox-secret"}
REDIRECT = "http://127.0.0.1:8000/connections/callback"


def new_incident(client: httpx.Client, **fields: Any) -> dict[str, Any]:
    """A fresh incident as its creator's reply shows it."""
    answer = client.post("/table/incident", json={"short_description": "Test", **fields})
    assert answer.status_code == 201, answer.text
    return answer.json()["result"]


def new_change(client: httpx.Client, **fields: Any) -> dict[str, Any]:
    """A fresh change request as its creator's reply shows it."""
    answer = client.post("/table/change_request", json={"short_description": "Test", **fields})
    assert answer.status_code == 201, answer.text
    return answer.json()["result"]


def error_of(answer: httpx.Response) -> tuple[int, str, str | None]:
    """Status, message and detail of a refusal."""
    body = answer.json()
    assert body["status"] == "failure"
    return answer.status_code, body["error"]["message"], body["error"]["detail"]


def token(client: httpx.Client, **form: str) -> httpx.Response:
    return client.post("/oauth_token.do", data={**CLIENT, **form})


def by_password(client: httpx.Client, user: str = "scoredesk.integration") -> httpx.Response:
    password = "integration" if user == "scoredesk.integration" else user
    return token(client, grant_type="password", username=user, password=password)


def who(client: httpx.Client, access_token: str) -> httpx.Response:
    return client.get(
        "/api/now/table/sys_user",
        params={"sysparm_query": "sys_id=javascript:gs.getUserID()"},
        headers={"Authorization": f"Bearer {access_token}"},
    )
