"""Graph's two lists of Secure Score over HTTP: tokens, limits, pages, single objects, updates."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from scoredesk.sandbox.addresses import Address
from scoredesk.sandbox.microsoft.entra import base_address
from scoredesk.sandbox.microsoft.errors import (
    GRAPH_JSON,
    BadUpdate,
    Forbidden,
    GraphError,
    MethodNotAllowed,
    NotFound,
    NotSimulated,
    Throttled,
    graph_error,
)
from scoredesk.sandbox.microsoft.limits import Limits
from scoredesk.sandbox.microsoft.query import (
    PROFILE_FIELDS,
    SCORE_FIELDS,
    Options,
    Page,
    PageBook,
    Row,
    parse_options,
)
from scoredesk.sandbox.microsoft.state import MicrosoftState
from scoredesk.sandbox.microsoft.tokens import Caller, read_token
from scoredesk.sandbox.microsoft.updates import changes_of
from scoredesk.sandbox.shared import Shared
from scoredesk.sandbox.wire import note_user

# The same paths exist in both versions (graph-secure-score 1).
VERSIONS = ("v1.0", "beta")
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]

Handler = Callable[[Request, Caller], Awaitable[Response]]


@dataclass(frozen=True)
class Collection:
    """One of the two lists: its name, page size and properties, its rows, what is said of it."""

    name: str
    page_size: int
    fields: dict[str, str]
    rows: Callable[[], list[Row]]
    about: str
    about_one: str


def request_ids(request: Request) -> dict[str, str]:
    """The two ids that every answer carries; the caller's own comes back to it."""
    given = request.headers.get("client-request-id")
    request_id = str(uuid.uuid4())
    return {"request-id": request_id, "client-request-id": given or request_id}


class GraphApi:
    """The addresses of Secure Score, in both versions of Graph."""

    def __init__(self, shared: Shared, state: MicrosoftState) -> None:
        self._shared = shared
        self._state = state
        self._limits = Limits()
        self._pages = PageBook()
        self._scores = Collection(
            "secureScores",
            1000,
            SCORE_FIELDS,
            state.snapshots,
            "daily snapshots of the score, newest first",
            "the snapshot of one day",
        )
        # graph-secure-score 3: profiles come 200 at a time although no $top was sent.
        self._profiles = Collection(
            "secureScoreControlProfiles",
            200,
            PROFILE_FIELDS,
            state.profiles,
            "the catalogue of improvement actions",
            "one improvement action; PATCH sets its state, assignee and comment",
        )

    def reset(self) -> None:
        """Forget skip tokens and counted calls."""
        self._limits.reset()
        self._pages.clear()

    def addresses(self) -> list[Address]:
        """The lists and their objects, with the methods that they take."""
        found: list[Address] = []
        for version in VERSIONS:
            for collection in (self._scores, self._profiles):
                path = f"/{version}/security/{collection.name}"
                everything = self._answered(self._list_of(collection), collection)
                single = self._answered(self._one_of(collection), collection)
                methods = ("GET", "PATCH") if collection is self._profiles else ("GET",)
                found += [
                    Address(path, everything, collection.about),
                    Address(f"{path}/{{id}}", single, collection.about_one, methods),
                ]
        return found

    def routes(self) -> list[Route]:
        """The addresses, which refuse other methods themselves, and everything else."""
        served = [Route(one.path, one.endpoint, methods=METHODS) for one in self.addresses()]
        # A segment of its own in OData, and no id.
        count = Route("/{version}/security/{list}/$count", self._not_simulated, methods=METHODS)
        return [count, *served, Route("/{path:path}", self._not_simulated, methods=METHODS)]

    async def _not_simulated(self, request: Request) -> Response:
        error = NotSimulated(request.method, request.scope["path"])
        return graph_error(error, now=self._shared.clock.now(), ids=request_ids(request))

    def _answered(
        self, handler: Handler, collection: Collection
    ) -> Callable[[Request], Awaitable[Response]]:
        """The handler behind token and limits, with Graph's headers and error bodies."""

        async def handled(request: Request) -> Response:
            ids = request_ids(request)
            try:
                response = await self._entered(handler, request, collection)
                response.headers.update(ids)
            except GraphError as error:
                if isinstance(error, Throttled) and not self._shared.switches.get(
                    "graph_retry_after"
                ):
                    error.headers.pop("Retry-After", None)
                response = graph_error(error, now=self._shared.clock.now(), ids=ids)
            return response

        return handled

    async def _entered(
        self, handler: Handler, request: Request, collection: Collection
    ) -> Response:
        """Let a caller in, whom the token names, if the limits of their application allow it."""
        switches = self._shared.switches
        caller = read_token(
            request.headers.get("authorization"),
            key=self._state.signing_key,
            now=self._shared.clock.now(),
        )
        note_user(request.scope, caller.name)
        if switches.get("graph_throttled"):
            raise Throttled(10)
        if switches.get("graph_limits"):
            scores = collection is self._scores
            self._limits.enter(self._shared.clock.now(), scores=scores)
        with self._limits.running():
            await asyncio.sleep(switches.get("graph_latency_ms") / 1000)
            return await handler(request, caller)

    def _list_of(self, collection: Collection) -> Handler:
        async def handler(request: Request, caller: Caller) -> Response:
            if request.method not in {"GET", "HEAD"}:
                raise MethodNotAllowed("GET")
            if not caller.may_read():
                raise Forbidden
            return self._page(collection, request)

        return handler

    def _one_of(self, collection: Collection) -> Handler:
        allowed = "GET, PATCH" if collection is self._profiles else "GET"

        async def handler(request: Request, caller: Caller) -> Response:
            if request.method == "PATCH" and collection is self._profiles:
                return await self._update(request, caller)
            if request.method not in {"GET", "HEAD"}:
                raise MethodNotAllowed(allowed)
            if not caller.may_read():
                raise Forbidden
            wanted = request.path_params["id"]
            for row in collection.rows():
                if row.get("id") == wanted:
                    return _entity(request, collection, row)
            raise NotFound(f"There is no {collection.name} entry with the id '{wanted}'.")

        return handler

    def _page(self, collection: Collection, request: Request) -> Response:
        token = request.query_params.get("$skiptoken")
        if token is None:
            options = parse_options(request.query_params, collection.fields)
            rows = collection.rows()
            if options.matches is not None:
                rows = [row for row in rows if options.matches(row)]
            total, rows = len(rows), rows[options.skip :]
        else:
            # The token knows the options of the first call; new ones beside it change nothing.
            page = self._pages.open(token, collection.name)
            options, total = page.options, page.total
            by_id = {row["id"]: row for row in collection.rows()}
            rows = [by_id[wanted] for wanted in page.ids if wanted in by_id]
        size = collection.page_size if options.top is None else options.top
        size = min(size, collection.page_size)
        rest = tuple(row["id"] for row in rows[size:]) if size else ()
        body: dict[str, Any] = {"@odata.context": _context(request, collection)}
        if options.count:
            body["@odata.count"] = total
        if rest:
            token = self._pages.keep(Page(collection.name, rest, options, total))
            address = f"{_service(request)}/security/{collection.name}"
            body["@odata.nextLink"] = f"{address}?{options.kept}$skiptoken={token}"
        body["value"] = [_selected(row, options) for row in rows[:size]]
        return JSONResponse(body, media_type=GRAPH_JSON)

    async def _update(self, request: Request, caller: Caller) -> Response:
        if not caller.may_write():
            raise Forbidden
        control = request.path_params["id"]
        refused = self._shared.switches.get("graph_undeclared_in_patch") == "refused"
        changes = changes_of(await request.body(), refuse_undeclared=refused)
        if control not in {profile["id"] for profile in self._state.profiles()}:
            raise NotFound(f"There is no control with the id '{control}'.")
        # graph-secure-score 4: device controls follow Defender's own exceptions.
        if control.startswith("scid_"):
            raise BadUpdate
        self._state.update(control, changes, by=caller.name)
        if "return=representation" not in request.headers.get("prefer", "").lower():
            return Response(status_code=204)
        profiles = {profile["id"]: profile for profile in self._state.profiles()}
        response = _entity(request, self._profiles, profiles[control])
        response.headers["Preference-Applied"] = "return=representation"
        return response


def _service(request: Request) -> str:
    """The address of the version of Graph that was asked, which its own links lead back to."""
    version = str(request.scope["path"]).split("/", 2)[1]
    return f"{base_address(request)}/{version}"


def _context(request: Request, collection: Collection) -> str:
    return f"{_service(request)}/$metadata#security/{collection.name}"


def _entity(request: Request, collection: Collection, row: Row) -> Response:
    body = {"@odata.context": f"{_context(request, collection)}/$entity", **row}
    return JSONResponse(body, media_type=GRAPH_JSON)


def _selected(row: Row, options: Options) -> Row:
    if not options.select:
        return row
    return {name: row[name] for name in options.select if name in row}
