"""Graph's Secure Score addresses over HTTP, and the whole Microsoft side put together."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from scoredesk.sandbox.faults import Fault
from scoredesk.sandbox.microsoft import seed
from scoredesk.sandbox.microsoft.entra import base_address, entra_routes
from scoredesk.sandbox.microsoft.errors import (
    GRAPH_JSON,
    BadQuery,
    BadUpdate,
    Forbidden,
    GraphError,
    MethodNotAllowed,
    NotFound,
    NotSimulated,
    Throttled,
    fault_answer,
    graph_error,
)
from scoredesk.sandbox.microsoft.levers import PREFIX, levers
from scoredesk.sandbox.microsoft.limits import Limits
from scoredesk.sandbox.microsoft.partial import PartialAnswer
from scoredesk.sandbox.microsoft.query import Options, Page, PageBook, Row, parse_options
from scoredesk.sandbox.microsoft.state import STATES, MicrosoftState
from scoredesk.sandbox.microsoft.tokens import Caller, read_token
from scoredesk.sandbox.shared import Shared
from scoredesk.sandbox.wire import note_user, wrap

# The same paths exist in both versions (graph-secure-score 1).
VERSIONS = ("v1.0", "beta")
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
UPDATABLE = {"state", "assignedTo", "comment"}

# What is one transaction in ServiceNow is many providers here: a part of them fails.
PARTIAL_KINDS = {"partial", "cancelled"}

Handler = Callable[[Request, Caller], Awaitable[Response]]


@dataclass(frozen=True)
class Collection:
    """One of the two lists: its name, its page size, its properties, where its rows come from."""

    name: str
    page_size: int
    fields: dict[str, str]
    rows: Callable[[], list[Row]]


SCORE_FIELDS = {
    **dict.fromkeys(("id", "azureTenantId"), "string"),
    **dict.fromkeys(("activeUserCount", "licensedUserCount", "currentScore", "maxScore"), "number"),
    **dict.fromkeys(("enabledServices", "averageComparativeScores", "controlScores"), "other"),
    "createdDateTime": "datetime",
    "vendorInformation": "other",
}
PROFILE_TEXTS = (
    *("id", "azureTenantId", "actionType", "actionUrl", "controlCategory", "title"),
    *("implementationCost", "remediation", "remediationImpact", "service", "tier", "userImpact"),
)
PROFILE_FIELDS = {
    **dict.fromkeys(PROFILE_TEXTS, "string"),
    **dict.fromkeys(("maxScore", "rank"), "number"),
    **dict.fromkeys(("threats", "vendorInformation"), "other"),
    **dict.fromkeys(("complianceInformation", "controlStateUpdates"), "other"),
    "deprecated": "boolean",
    "lastModifiedDateTime": "datetime",
}


def create_app(shared: Shared) -> ASGIApp:
    """The Microsoft side of a sandbox: Entra's tokens, Graph's Secure Score, and its levers."""
    shared.switches.register(seed.SWITCHES)
    state = MicrosoftState(shared)
    graph = _Graph(shared, state)
    shared.on_reset += [state.reset, graph.reset]
    served = Starlette(routes=[*entra_routes(shared, state), *graph.routes()])

    def answer(fault: Fault, scope: Scope) -> Response:
        ids = _request_ids(Request(scope))
        if fault.kind in PARTIAL_KINDS:
            return PartialAnswer(served, ids)
        return fault_answer(fault, now=shared.clock.now(), ids=ids)

    service = wrap(served, shared, service="microsoft", answer=answer)
    control = levers(shared, state)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        path = str(scope.get("path", ""))
        own = path == PREFIX or path.startswith(f"{PREFIX}/")
        await (control if own else service)(scope, receive, send)

    return app


def _request_ids(request: Request) -> dict[str, str]:
    given = request.headers.get("client-request-id")
    request_id = str(uuid.uuid4())
    return {"request-id": request_id, "client-request-id": given or request_id}


class _Graph:
    def __init__(self, shared: Shared, state: MicrosoftState) -> None:
        self._shared = shared
        self._state = state
        self._limits = Limits()
        self._pages = PageBook()
        self._scores = Collection("secureScores", 1000, SCORE_FIELDS, state.snapshots)
        # graph-secure-score 3: profiles come 200 at a time although no $top was sent.
        self._profiles = Collection(
            "secureScoreControlProfiles", 200, PROFILE_FIELDS, state.profiles
        )

    def reset(self) -> None:
        """Forget skip tokens and counted calls."""
        self._limits.reset()
        self._pages.clear()

    def routes(self) -> list[Route]:
        """The addresses of both versions, and everything else, which is not simulated."""
        served: list[Route] = []
        for collection in (self._scores, self._profiles):
            everything = self._answered(self._list_of(collection), collection)
            single = self._answered(self._one_of(collection), collection)
            for version in VERSIONS:
                address = f"/{version}/security/{collection.name}"
                served += [
                    Route(address, everything, methods=METHODS),
                    Route(f"{address}/$count", self._not_simulated, methods=METHODS),
                    Route(f"{address}/{{id}}", single, methods=METHODS),
                ]
        return [*served, Route("/{path:path}", self._not_simulated, methods=METHODS)]

    async def _not_simulated(self, request: Request) -> Response:
        error = NotSimulated(request.method, request.url.path)
        return graph_error(error, now=self._shared.clock.now(), ids=_request_ids(request))

    def _answered(
        self, handler: Handler, collection: Collection
    ) -> Callable[[Request], Awaitable[Response]]:
        """The handler behind token and limits, with Graph's headers and error bodies."""

        async def handled(request: Request) -> Response:
            ids = _request_ids(request)
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
        self._limits.running += 1
        try:
            await asyncio.sleep(switches.get("graph_latency_ms") / 1000)
            return await handler(request, caller)
        finally:
            self._limits.running -= 1

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
        changes = _changes(await request.body(), refuse_undeclared=refused)
        if control not in {profile["id"] for profile in self._state.profiles()}:
            raise NotFound(f"There is no control with the id '{control}'.")
        # graph-secure-score 4: device controls follow Defender's own exceptions.
        if control.startswith("scid_"):
            raise BadUpdate
        profile = self._state.update(control, changes, by=caller.name)
        if "return=representation" not in request.headers.get("prefer", ""):
            return Response(status_code=204)
        response = _entity(request, self._profiles, profile)
        response.headers["Preference-Applied"] = "return=representation"
        return response


def _changes(body: bytes, *, refuse_undeclared: bool) -> dict[str, str | None]:
    """What a PATCH body changes; BadUpdate for anything that Graph would not take.

    Of the properties that a profile has, none but vendorInformation can be sent. Others are
    undeclared in Graph, as the three updatable ones themselves are: an open type lets them pass.
    """
    try:
        asked = json.loads(body)
    except ValueError as error:
        raise BadQuery(
            "Unable to read JSON request payload. Please ensure Content-Type header is set and"
            " payload is of valid JSON format."
        ) from error
    if not isinstance(asked, dict):
        raise BadUpdate
    vendor = asked.pop("vendorInformation", None)
    if not isinstance(vendor, dict) or not vendor.get("provider") or not vendor.get("vendor"):
        raise BadUpdate
    sent = {name for name in asked if "@" not in name}
    if sent & PROFILE_FIELDS.keys() or (refuse_undeclared and sent - UPDATABLE):
        raise BadUpdate
    changes = {name: asked[name] for name in UPDATABLE & sent}
    if not all(value is None or isinstance(value, str) for value in changes.values()):
        raise BadUpdate
    if "state" in changes:
        state = STATES.get(str(changes["state"]).lower())
        if state is None:
            raise BadUpdate
        changes["state"] = state
    return changes


def _service(request: Request) -> str:
    """The address of the version of Graph that was asked, which its own links lead back to."""
    version = request.url.path.split("/", 2)[1]
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
