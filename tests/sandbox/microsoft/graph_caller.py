"""A caller of the simulated Graph that knows nothing of the product: plain HTTP, fresh tokens."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx

TENANT = "11111111-2222-4333-8444-555555555555"
SCORES = "/v1.0/security/secureScores"
PROFILES = "/v1.0/security/secureScoreControlProfiles"
VENDOR = {"provider": "SecureScore", "vendor": "Microsoft"}


class GraphCaller:
    """Talks to one sandbox whose clock it sets to noon, so that no test meets midnight."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = httpx.Client(base_url=url, timeout=30)
        self._token = ""
        now = datetime.now(UTC)
        noon = now.replace(hour=12, minute=0, second=0, microsecond=0)
        self._offset = (noon - now).total_seconds()
        self.wait(seconds=0)

    def close(self) -> None:
        """Give the connections back."""
        self.http.close()

    def wait(self, **passing: float) -> None:
        """Let time pass in the sandbox, given as for a timedelta."""
        self._offset += timedelta(**passing).total_seconds()
        self.lever("/_sandbox/clock", offset_seconds=self._offset)

    def switch(self, **values: Any) -> None:
        """Set switches of the control room."""
        self.lever("/_sandbox/switches", **values)

    def lever(self, path: str, **asked: Any) -> Any:
        """Post to the control room."""
        response = self.http.post(path, json=asked)
        assert response.is_success, response.text
        self._token = ""
        return response.json()

    def ask_token(self, tenant: str = TENANT, **changes: str) -> httpx.Response:
        """Ask the token endpoint as the registered application, but for `changes`."""
        form = {
            "grant_type": "client_credentials",
            "client_id": "scoredesk-graph",
            "client_secret": "sandbox-secret",
            "scope": "https://graph.microsoft.com/.default",
            **changes,
        }
        sent = {name: value for name, value in form.items() if value}
        return self.http.post(f"/{tenant}/oauth2/v2.0/token", data=sent)

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        """One call with a valid token."""
        if not self._token:
            self._token = self.ask_token().json()["access_token"]
        headers = {"Authorization": f"Bearer {self._token}", **options.pop("headers", {})}
        return self.http.request(method, path, headers=headers, **options)

    def get(self, path: str) -> httpx.Response:
        """GET a path with its query."""
        return self.request("GET", path)

    def page(self, path: str) -> dict[str, Any]:
        """The body of a GET that must succeed."""
        response = self.get(path)
        assert response.status_code == 200, response.text
        body: dict[str, Any] = response.json()
        return body

    def walk(self, path: str) -> list[list[dict[str, Any]]]:
        """All pages of a list, following the links as they are."""
        pages, link = [], path
        while link:
            body = self.page(link)
            pages.append(body["value"])
            link = body.get("@odata.nextLink", "")
            assert not link or urlsplit(link).netloc == urlsplit(self.url).netloc
        return pages

    def scores(self) -> list[dict[str, Any]]:
        """Every snapshot, newest first."""
        return [one for page in self.walk(SCORES) for one in page]

    def score_of(self, control: str, snapshot: int = 0) -> dict[str, Any]:
        """A control's entry in the n-th newest snapshot."""
        entries = self.scores()[snapshot]["controlScores"]
        return next(entry for entry in entries if entry["controlName"] == control)

    def profiles(self) -> list[dict[str, Any]]:
        """The whole catalogue, which is never empty: no test shall hold for want of profiles."""
        catalogue = [one for page in self.walk(PROFILES) for one in page]
        assert catalogue
        return catalogue

    def update(
        self, control: str, *, prefer: str = "return=representation", **body: Any
    ) -> httpx.Response:
        """PATCH a control's state with the vendor filled in, unless told otherwise."""
        headers = {"Prefer": prefer} if prefer else {}
        payload = {"vendorInformation": VENDOR, **body}
        return self.request("PATCH", f"{PROFILES}/{control}", json=payload, headers=headers)
