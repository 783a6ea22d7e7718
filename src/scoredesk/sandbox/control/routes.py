"""Addresses of the control room: reset, seed, clock, faults, switches, recorded requests."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from scoredesk.sandbox.faults import KINDS, parse_fault
from scoredesk.sandbox.shared import Shared

PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, trim_blocks=True
)
SHOWN = 50

Handler = Callable[[Request], Awaitable[Response]]


def control_room(shared: Shared, service: str) -> Starlette:
    """The control room of one service's port; both ports steer the same sandbox."""
    room = _Room(shared, service)
    routes = [
        Route("/_sandbox", _to_page),
        Route("/_sandbox/", room.page),
        Route("/_sandbox/health", room.health),
        Route("/_sandbox/reset", _plain(room.reset), methods=["POST"]),
        Route("/_sandbox/seed", _plain(room.seed), methods=["POST"]),
        Route("/_sandbox/clock", _plain(room.clock), methods=["GET", "POST"]),
        Route("/_sandbox/faults", _plain(room.faults), methods=["GET", "POST", "DELETE"]),
        Route("/_sandbox/switches", _plain(room.switches), methods=["GET", "POST"]),
        Route("/_sandbox/requests", _plain(room.requests), methods=["GET", "DELETE"]),
    ]
    return Starlette(routes=routes)


async def _to_page(request: Request) -> Response:  # noqa: ARG001 # the shape of an endpoint
    return RedirectResponse("/_sandbox/")


def _plain(handler: Handler) -> Handler:
    """Answer 400 with a sentence where the caller's JSON is not what it should be."""

    async def handled(request: Request) -> Response:
        try:
            return await handler(request)
        except (ValueError, TypeError, KeyError) as error:
            return JSONResponse({"error": str(error)}, status_code=400)

    return handled


async def _asked(request: Request) -> dict[str, Any]:
    """The JSON object of the body; the page's own forms send it in the field `json`."""
    if request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        form = await request.form()
        raw: str | bytes = str(form.get("json") or "{}")
    else:
        raw = await request.body() or b"{}"
    asked = json.loads(raw)
    if not isinstance(asked, dict):
        raise TypeError("The body must be a JSON object.")
    return asked


class _Room:
    def __init__(self, shared: Shared, service: str) -> None:
        self._shared = shared
        self._service = service

    async def health(self, request: Request) -> Response:  # noqa: ARG002 # the shape of an endpoint
        return JSONResponse({"status": "ok", "service": self._service})

    async def page(self, request: Request) -> Response:  # noqa: ARG002 # the shape of an endpoint
        newest = self._shared.requests.entries()[-SHOWN:]
        html = PAGES.get_template("control.html").render(
            service=self._service,
            now=self._shared.clock.now(),
            offset=self._shared.clock.offset_seconds,
            faults=self._shared.faults.all(),
            kinds=KINDS,
            switches=self._shared.switches.all(),
            meanings=self._shared.switches.meanings(),
            tables=sorted(self._shared.on_seed),
            requests=list(reversed(newest)),
        )
        return HTMLResponse(html)

    async def reset(self, request: Request) -> Response:
        self._shared.reset()
        return _done(request, {"reset": True})

    async def seed(self, request: Request) -> Response:
        asked = await _asked(request)
        table = str(asked.get("table", "incident"))
        if table not in self._shared.on_seed:
            names = ", ".join(sorted(self._shared.on_seed))
            raise ValueError(f"Records can be seeded for {names}, not for {table!r}.")
        made = self._shared.on_seed[table](
            int(asked.get("count", 10)), int(asked.get("over_days", 30))
        )
        return _done(request, {"table": table, "made": made})

    async def clock(self, request: Request) -> Response:
        clock = self._shared.clock
        if request.method == "POST":
            asked = await _asked(request)
            clock.offset_seconds = float(asked["offset_seconds"])
        shown = {"offset_seconds": clock.offset_seconds, "now": clock.now().isoformat()}
        return _done(request, shown)

    async def faults(self, request: Request) -> Response:
        book = self._shared.faults
        if request.method == "POST":
            asked = await _asked(request)
            if asked.get("kind") == "none":
                book.clear()
                return _done(request, {"faults": []})
            return _done(request, book.add(parse_fault(asked)).as_json(), status=201)
        if request.method == "DELETE":
            book.clear()
        return JSONResponse({"faults": [fault.as_json() for fault in book.all()]})

    async def switches(self, request: Request) -> Response:
        if request.method == "POST":
            self._shared.switches.set(await _asked(request))
        return _done(request, self._shared.switches.all())

    async def requests(self, request: Request) -> Response:
        log = self._shared.requests
        if request.method == "DELETE":
            log.clear()
        entries = log.entries(request.query_params.get("service", ""))
        return JSONResponse({"requests": [entry.as_json() for entry in entries]})


def _done(request: Request, shown: dict[str, Any], *, status: int = 200) -> Response:
    """JSON for programs; back to the page for a person who pressed one of its buttons."""
    if request.method == "POST" and "text/html" in request.headers.get("accept", ""):
        return RedirectResponse("/_sandbox/", status_code=303)
    return JSONResponse(shown, status_code=status)
