"""The Microsoft side put together: Entra's tokens, Graph's Secure Score, and its levers."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Scope

from scoredesk.sandbox.addresses import Address
from scoredesk.sandbox.faults import Fault
from scoredesk.sandbox.microsoft import seed
from scoredesk.sandbox.microsoft.entra import Entra
from scoredesk.sandbox.microsoft.errors import ENTRA_FAULTS, entra_fault_answer, fault_answer
from scoredesk.sandbox.microsoft.graph_api import GraphApi, request_ids
from scoredesk.sandbox.microsoft.levers import Levers
from scoredesk.sandbox.microsoft.partial import partial_answer
from scoredesk.sandbox.microsoft.state import MicrosoftState
from scoredesk.sandbox.shared import Shared
from scoredesk.sandbox.strikes import REAL_REPLY
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
    levers = Levers(shared, state)
    shared.on_reset += [state.reset, graph.reset]
    shared.levers += levers.addresses()
    shared.panels["microsoft"] = levers.panel

    def answer(fault: Fault, scope: Scope) -> Response:
        ids = request_ids(Request(scope))
        now = shared.clock.now()
        if fault.kind in PARTIAL_KINDS:
            return partial_answer(scope[REAL_REPLY], ids)
        if "/oauth2/" in scope["path"] and fault.kind in ENTRA_FAULTS:
            return entra_fault_answer(fault, now=now, correlation_id=ids["client-request-id"])
        return fault_answer(fault, now=now, ids=ids)

    served = Starlette(routes=[*Entra(shared, state).routes(), *graph.routes()])
    return wrap(served, shared, service="microsoft", answer=answer)
