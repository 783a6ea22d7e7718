"""The Microsoft side put together: Entra's tokens, Graph's Secure Score, and its levers."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from scoredesk.sandbox.addresses import Address
from scoredesk.sandbox.faults import Fault
from scoredesk.sandbox.microsoft import seed
from scoredesk.sandbox.microsoft.entra import Entra
from scoredesk.sandbox.microsoft.errors import ENTRA_FAULTS, entra_fault_answer, fault_answer
from scoredesk.sandbox.microsoft.graph_api import GraphApi, request_ids
from scoredesk.sandbox.microsoft.levers import PREFIX, Levers
from scoredesk.sandbox.microsoft.partial import PartialAnswer
from scoredesk.sandbox.microsoft.state import MicrosoftState
from scoredesk.sandbox.shared import Shared
from scoredesk.sandbox.wire import wrap

# What is one transaction in ServiceNow is many providers here: a part of them fails.
PARTIAL_KINDS = {"partial", "cancelled"}


def addresses(shared: Shared, state: MicrosoftState) -> list[Address]:
    """Every simulated address of Entra and Graph, for who wants to list them."""
    return [*Entra(shared, state).addresses(), *GraphApi(shared, state).addresses()]


def create_app(shared: Shared) -> ASGIApp:
    """The Microsoft side of a sandbox: Entra's tokens, Graph's Secure Score, and its levers."""
    shared.switches.register(seed.SWITCHES)
    state = MicrosoftState(shared)
    graph = GraphApi(shared, state)
    shared.on_reset += [state.reset, graph.reset]
    served = Starlette(routes=[*Entra(shared, state).routes(), *graph.routes()])

    def answer(fault: Fault, scope: Scope) -> Response:
        ids = request_ids(Request(scope))
        if "/oauth2/" in scope["path"] and fault.kind in ENTRA_FAULTS:
            return entra_fault_answer(
                fault, now=shared.clock.now(), correlation_id=ids["client-request-id"]
            )
        if fault.kind in PARTIAL_KINDS:
            return PartialAnswer(served, ids)
        return fault_answer(fault, now=shared.clock.now(), ids=ids)

    service = wrap(served, shared, service="microsoft", answer=answer)
    levers = Levers(shared, state).addresses()
    control = Starlette(routes=[lever.route() for lever in levers])

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        path = str(scope.get("path", ""))
        own = path == PREFIX or path.startswith(f"{PREFIX}/")
        await (control if own else service)(scope, receive, send)

    return app
