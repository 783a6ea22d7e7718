"""One authenticated request to the API."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request

from scoredesk.sandbox.servicenow.instance import Caller, Instance


@dataclass(frozen=True)
class Call:
    """Which instance is asked, by whom, and what."""

    instance: Instance
    caller: Caller
    request: Request

    @property
    def base_url(self) -> str:
        """Scheme and host as the caller addressed them; links in replies start so."""
        return f"{self.request.url.scheme}://{self.request.url.netloc}"
