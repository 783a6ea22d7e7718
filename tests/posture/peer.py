"""A peer in Microsoft's place that answers what a test tells it to, over real HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

SCORES = "/v1.0/security/secureScores"
PROFILES = "/v1.0/security/secureScoreControlProfiles"

Answer = Callable[[str], Any]


@contextmanager
def microsoft_that(answer: Answer, *, watch: Callable[[], None] | None = None) -> Iterator[str]:
    """The address of a peer that gives a token to everybody, and `answer(path)` as JSON.

    `watch` is called while each of Graph's requests is being answered.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if watch is not None:
                watch()
            self._give(answer(self.path))

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("content-length", 0)))
            self._give({"access_token": "opaque", "token_type": "Bearer", "expires_in": 3599})

        def _give(self, body: Any) -> None:
            text = json.dumps(body).encode()
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base class's name
            """Stay quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def snapshot(
    day: str, *controls: dict[str, Any], tenant: str = "t-1", **more: Any
) -> dict[str, Any]:
    """A secureScore of that day."""
    return {
        "id": f"{tenant}_{day}",
        "azureTenantId": tenant,
        "createdDateTime": f"{day}T00:00:00Z",
        "currentScore": 5.0,
        "maxScore": 20.0,
        "controlScores": list(controls),
        **more,
    }


def control(name: str, score: float, percent: float) -> dict[str, Any]:
    """A controlScore."""
    return {
        "controlName": name,
        "controlCategory": "Identity",
        "score": score,
        "scoreInPercentage": percent,
    }


def profile(name: str, **more: Any) -> dict[str, Any]:
    """A secureScoreControlProfile."""
    return {"id": name, "title": f"Do {name}", "maxScore": 10.0, "rank": 1, **more}
