"""Every request that reached the sandbox, as the control room shows it."""

from __future__ import annotations

import itertools
import json
import re
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

# Old requests are forgotten: a benchmark of 200,000 tickets must not fill the memory.
KEPT = 5000
BODY_KEPT = 200_000
# Values of these form fields, JSON keys and query parameters never stay in the record.
SECRET = re.compile(
    r"((?:^|[&?\"])(?:client_secret|client_assertion|assertion|jwt_secret|password|user_password"
    r"|new_password|again|proof|refresh_token|access_token|code|code_verifier|token)"
    r"\"?\s*[=:]\s*\"?)([^&\"]+)",
)


def masked(text: str) -> str:
    """The same form, query or JSON text with every secret replaced by `***`."""
    return SECRET.sub(r"\1***", text)


@dataclass
class RecordedRequest:
    """One request and what became of it; `status` None means that no answer was sent."""

    service: str
    method: str
    path: str
    query: str
    received_at: str
    body: str = ""
    user: str = ""
    status: int | None = None
    duration_ms: float = 0
    fault: str = ""
    in_batch: bool = False
    number: int = 0
    headers: dict[str, str] = field(default_factory=dict)

    def note_body(self, body: bytes) -> None:
        """Keep the body as text with its secrets masked."""
        text = body[:BODY_KEPT].decode("utf-8", "replace")
        self.body = masked(text)

    def as_json(self) -> dict[str, Any]:
        """The request for the control room; a JSON body appears parsed under `json`."""
        shown = asdict(self)
        try:
            shown["json"] = json.loads(self.body) if self.body else None
        except ValueError:
            shown["json"] = None
        return shown


# What the log can be searched by, and how a request fits what was asked for.
FILTERS: dict[str, Callable[[RecordedRequest, str], bool]] = {
    "service": lambda entry, wanted: entry.service == wanted,
    "method": lambda entry, wanted: entry.method in wanted.upper().split(","),
    "path": lambda entry, wanted: re.search(wanted, entry.path) is not None,
    "query": lambda entry, wanted: wanted in entry.query,
    "user": lambda entry, wanted: entry.user == wanted,
    "body": lambda entry, wanted: wanted in entry.body,
    "fault": lambda entry, wanted: entry.fault == wanted,
    "status": lambda entry, wanted: str(entry.status or "none").startswith(wanted.rstrip("x")),
    "since": lambda entry, wanted: entry.number > int(wanted),
}


class RequestLog:
    """The newest requests of all services, oldest first."""

    def __init__(self) -> None:
        self._entries: deque[RecordedRequest] = deque(maxlen=KEPT)
        self._numbers = itertools.count(1)

    def add(self, entry: RecordedRequest) -> None:
        """Append one request and number it."""
        entry.number = next(self._numbers)
        self._entries.append(entry)

    def entries(self, **wanted: str) -> list[RecordedRequest]:
        """The kept requests that fit every filter that is not empty (see `FILTERS`)."""
        asked = [(FILTERS[name], value) for name, value in wanted.items() if value]
        return [entry for entry in self._entries if all(fits(entry, v) for fits, v in asked)]

    def search(self, params: Mapping[str, str]) -> list[RecordedRequest]:
        """`entries` for query parameters: those of `FILTERS`, and `limit` for the newest only.

        ValueError for a filter that there is not, or a path that is no regular expression.
        """
        unknown = sorted(set(params) - {*FILTERS, "limit"})
        if unknown:
            raise ValueError(
                f"Requests can be searched by {', '.join(FILTERS)} and limit, "
                f"not by {', '.join(unknown)}."
            )
        try:
            found = self.entries(**{name: params[name] for name in params if name != "limit"})
        except re.error as error:
            raise ValueError(f"path is no regular expression: {error}") from error
        limit = int(params.get("limit") or 0)
        return found[-limit:] if limit else found

    def clear(self) -> None:
        """Forget all requests."""
        self._entries.clear()
