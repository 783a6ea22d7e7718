"""Walks the instance's own pages as a browser would: sign-in, Allow or Deny, and the way back."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import urlsplit

import httpx
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from scoredesk.sandbox.program import RunningSandbox

CLIENT_ID = "5c0ded3500000000000000000000c1d0"
CLIENT_SECRET = "sandbox-secret"
INTEGRATION = ("scoredesk.integration", "integration")
OWNER = ("change.owner", "change.owner")
_OAUTH = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}


class _Form(HTMLParser):
    """The fields of the first form of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and not self.action:
            self.action = given.get("action", "")
        if tag == "input" and given.get("name"):
            self.fields[given["name"]] = given.get("value", "")


STEPS = {
    "instance": ("address", "language"),
    "app": ("connector_app",),
    "application": ("sign_in", "client_id", "client_secret"),
    "user": ("integration_user",),
}


def set_up(client: Client, sandbox: RunningSandbox, **changes: str) -> HttpResponse:
    """Fills in the checklist step by step; `changes` replace single fields.

    The answer of the step that was refused, else of the last one.
    """
    fields = {
        "address": sandbox.servicenow_url,
        "connector_app": "without",
        "sign_in": "authorization_code",
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "integration_user": INTEGRATION[0],
        "language": "en",
        **changes,
    }
    for step, names in STEPS.items():
        answer = send_step(client, step, **{name: fields[name] for name in names})
        if answer.status_code == 200:
            break
    return answer


def send_step(client: Client, step: str, **fields: str) -> HttpResponse:
    """Sends the form of one step of the checklist."""
    return client.post(reverse("connections:setup"), {"step": step, **fields})  # type: ignore[return-value]  # Django's test response is one


def begin(client: Client) -> str:
    """Presses "Authorize"; the address of the instance's Allow page to which the browser goes."""
    response = client.post(reverse("connections:authorize"))
    assert response.status_code == 200, response.status_code
    return response.headers["Refresh"].partition("url=")[2]


def walk(address: str, user: str, password: str, *, press: str = "allow") -> str:
    """From the Allow page's address through sign-in and a button, to the callback's path."""
    with httpx.Client(follow_redirects=True, timeout=10) as browser:
        page = browser.get(address)
        form = _Form(page.text)
        signed = {**form.fields, "user_name": user, "user_password": password}
        page = browser.post(str(page.url.join(form.action)), data=signed)
        form = _Form(page.text)
        answer = browser.post(
            str(page.url.join(form.action)),
            data={**form.fields, "decision": press},
            follow_redirects=False,
        )
    assert answer.status_code == 302, page.text
    back = urlsplit(answer.headers["location"])
    return f"{back.path}?{back.query}"


def authorize_as(client: Client, user: str, password: str, *, press: str = "allow") -> str:
    """The whole trip from "Authorize"; the path with which the browser comes back."""
    return walk(begin(client), user, password, press=press)


def connect(
    client: Client, sandbox: RunningSandbox, user: tuple[str, str] = INTEGRATION
) -> HttpResponse:
    """Sets up, authorizes as `user`, and comes back: the answer of the callback."""
    set_up(client, sandbox)
    return client.get(authorize_as(client, *user))  # type: ignore[return-value]  # Django's test response is one


def told(sandbox: RunningSandbox, room: str, **asked: object) -> dict[str, object]:
    """Posts to the sandbox's control room: "faults", "switches", "clock"."""
    answer = httpx.post(f"{sandbox.servicenow_url}/_sandbox/{room}", json=asked, timeout=10)
    answer.raise_for_status()
    shown: dict[str, object] = answer.json()
    return shown


def requests_of(sandbox: RunningSandbox, path: str) -> list[dict[str, object]]:
    """The requests that the instance recorded for a path."""
    answer = httpx.get(f"{sandbox.servicenow_url}/_sandbox/requests", timeout=10).json()
    return [entry for entry in answer["requests"] if path in str(entry["path"])]


def answers_to(sandbox: RunningSandbox, token: str) -> int:
    """The status that the instance gives to a request with this access token."""
    return httpx.get(
        f"{sandbox.servicenow_url}/api/now/table/incident?sysparm_limit=1",
        headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
        timeout=10,
    ).status_code


def tokens_of(sandbox: RunningSandbox, user: str, password: str) -> dict[str, str]:
    """Tokens that the instance gives this user outside the portal."""
    asked = {"grant_type": "password", "username": user, "password": password}
    answer = httpx.post(f"{sandbox.servicenow_url}/oauth_token.do", data={**_OAUTH, **asked})
    answer.raise_for_status()
    given: dict[str, str] = answer.json()
    return given


def refreshes(sandbox: RunningSandbox, refresh_token: str) -> int:
    """The status that the instance gives to a renewal with this refresh token."""
    asked = {"grant_type": "refresh_token", "refresh_token": refresh_token}
    return httpx.post(
        f"{sandbox.servicenow_url}/oauth_token.do", data={**_OAUTH, **asked}
    ).status_code
