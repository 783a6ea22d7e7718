"""Every request that reached the sandbox, as the control room shows it."""

from __future__ import annotations

import json
import re
from collections import deque
from dataclasses import asdict, dataclass, field
from typing import Any

# Old requests are forgotten: a benchmark of 200,000 tickets must not fill the memory.
KEPT = 5000
BODY_KEPT = 200_000
# Values of these form fields, JSON keys and query parameters never stay in the record.
SECRET = re.compile(
    r"((?:^|[&?\"])(?:client_secret|client_assertion|password|user_password|refresh_token"
    r"|access_token|code|code_verifier|token)\"?\s*[=:]\s*\"?)([^&\"]+)",
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


class RequestLog:
    """The newest requests of all services, oldest first."""

    def __init__(self) -> None:
        self._entries: deque[RecordedRequest] = deque(maxlen=KEPT)

    def add(self, entry: RecordedRequest) -> None:
        """Append one request."""
        self._entries.append(entry)

    def entries(self, service: str = "") -> list[RecordedRequest]:
        """All kept requests, or those of one service."""
        return [entry for entry in self._entries if not service or entry.service == service]

    def clear(self) -> None:
        """Forget all requests."""
        self._entries.clear()
