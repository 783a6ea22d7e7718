"""What the tests of the simulated ServiceNow make and read again and again."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

CLIENT = {"client_id": "5c0ded3500000000000000000000c1d0", "client_secret": "sandbox-secret"}
REDIRECT = "http://127.0.0.1:8000/connections/callback"
REFUSED = {"error_description": "access_denied", "error": "server_error"}
NOT_AUTHENTICATED = (401, "User Not Authenticated", "Required to provide Auth information")
VERIFIER = "a-code-verifier-of-at-least-forty-three-characters"
CHALLENGE = (
    base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
)


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


def asked(**other: str) -> dict[str, str]:
    """The parameters of an authorization request with PKCE."""
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
    """Sign a browser in on the instance's login page."""
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
    """Spend an authorization code at the token endpoint."""
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT}
    return token(client, **{**form, "code_verifier": VERIFIER, **other})


def set_field(admin: httpx.Client, table: str, query: str, **fields: str) -> None:
    """An administrator changes the one record that a query finds."""
    found = admin.get(f"/table/{table}", params={"sysparm_query": query}).json()["result"]
    assert len(found) == 1, found
    answer = admin.patch(f"/table/{table}/{found[0]['sys_id']}", json=fields)
    assert answer.status_code == 200, answer.text


def set_property(admin: httpx.Client, name: str, value: str) -> None:
    """An administrator creates a system property."""
    answer = admin.post("/table/sys_properties", json={"name": name, "value": value})
    assert answer.status_code == 201, answer.text


def system_log(admin: httpx.Client) -> list[str]:
    """The messages of the system log."""
    lines = admin.get("/table/syslog").json()["result"]
    return [line["message"] for line in lines]
