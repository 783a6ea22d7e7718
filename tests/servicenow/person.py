"""A person with a browser, who signs in to the sandbox and presses Allow or Deny."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import httpx


class _Hidden(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "input" and given.get("type") == "hidden":
            self.fields[given["name"] or ""] = given.get("value") or ""


def decide(url: str, user: str, password: str, decision: str = "allow") -> dict[str, str]:
    """Opens an authorization address as this user; returns what the callback is given."""
    root = "{0.scheme}://{0.netloc}".format(urlsplit(url))
    with httpx.Client(base_url=root, follow_redirects=True) as browser:
        login = browser.get(url)
        signing_in = {"user_name": user, "user_password": password, **_fields(login)}
        allow = browser.post(login.url, data=signing_in)
        pressed = {**_fields(allow), "decision": decision}
        done = browser.post("/oauth_auth.do", data=pressed, follow_redirects=False)
    callback = urlsplit(done.headers["location"])
    return {name: values[0] for name, values in parse_qs(callback.query).items()}


def _fields(page: httpx.Response) -> dict[str, str]:
    parser = _Hidden()
    parser.feed(page.text)
    return parser.fields
