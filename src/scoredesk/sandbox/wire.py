"""The middleware around each service: control room, recorded requests, faults, time model."""

from __future__ import annotations

import asyncio
import time
from functools import cached_property, partial

from starlette.applications import Starlette
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from scoredesk.sandbox.callers import claimed_user
from scoredesk.sandbox.control.routes import control_room
from scoredesk.sandbox.faults import WIRE_KINDS, Asked, Fault
from scoredesk.sandbox.header_names import named
from scoredesk.sandbox.requests_log import RecordedRequest, masked
from scoredesk.sandbox.shared import Shared
from scoredesk.sandbox.strikes import AnswerFault, Struck, strike
from scoredesk.sandbox.timing import timed
from scoredesk.sandbox.transport import TRANSPORT, DroppableProtocol

__all__ = ["SERVED_BY", "TRANSPORT", "DroppableProtocol", "SandboxMiddleware", "note_user", "wrap"]

ENTRY = "sandbox.entry"
SERVED_BY = "sandbox.served_by"


def note_user(scope: Scope, user: str) -> None:
    """Write into the recorded request as whom it was carried out."""
    entry = scope.get(ENTRY)
    if isinstance(entry, RecordedRequest):
        entry.user = user


def wrap(app: ASGIApp, shared: Shared, *, service: str, answer: AnswerFault) -> ASGIApp:
    """`app` with the control room under `/_sandbox`, recorded requests, faults and time model.

    `answer` makes the reply of a fault that is no wire fault in the service's own words; a fault
    of `faults.CARRIED_OUT` finds the right reply in the scope under `strikes.REAL_REPLY`.
    """
    return SandboxMiddleware(app, shared, service, answer)


class SandboxMiddleware:
    """See `wrap`."""

    def __init__(self, app: ASGIApp, shared: Shared, service: str, answer: AnswerFault) -> None:
        self._app = app
        self._shared = shared
        self._service = service
        self._answer = answer

    @cached_property
    def _control(self) -> Starlette:
        # Made when it is first needed: by then both services have brought their levers.
        return control_room(self._shared, self._service)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif scope["path"].startswith("/_sandbox"):
            await self._control(scope, receive, send)
        else:
            await self._serve(scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        shared = self._shared
        entry = self._recorded(scope)
        inner = SERVED_BY in scope
        scope[ENTRY] = entry
        scope[SERVED_BY] = self
        started = time.perf_counter()
        shared.requests.add(entry)

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                entry.status = message["status"]
            await send(named(message))

        body = await _read(receive)
        entry.note_body(body)
        for due in shared.on_request:
            due()
        fault = self._fault(scope, body) if shared.faults.active else None

        async def run(out: Send) -> None:
            if fault is None:
                await self._app(scope, _replay(body), out)
            else:
                entry.fault = fault.kind
                rest = partial(self._app, scope, _replay(body))
                await strike(Struck(fault, scope, _replay(body), out, rest, self._answer))

        try:
            on_wire = fault is not None and fault.kind in WIRE_KINDS
            if shared.time.active and self._service == "servicenow" and not on_wire:
                reject = partial(self._rejected, scope, _replay(body))
                await timed(shared.time, scope, run=run, send=sending, overflow=reject, inner=inner)
            else:
                await run(sending)
        finally:
            entry.duration_ms = round((time.perf_counter() - started) * 1000, 2)

    def _fault(self, scope: Scope, body: bytes) -> Fault | None:
        headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        asked = Asked(
            service=self._service,
            method=scope["method"],
            target=_target(scope),
            body=body,
            headers=headers,
            user=partial(claimed_user, headers, self._shared.token_users),
            now=self._shared.clock.now(),
        )
        return self._shared.faults.take(asked)

    async def _rejected(self, scope: Scope, receive: Receive, send: Send) -> None:
        full = Fault.of("overload", status=self._shared.time.model.overflow)
        await self._answer(full, scope)(scope, receive, send)

    def _recorded(self, scope: Scope) -> RecordedRequest:
        return RecordedRequest(
            service=self._service,
            method=scope["method"],
            path=scope["path"],
            query=masked(scope["query_string"].decode("latin-1")),
            received_at=self._shared.clock.now().isoformat(timespec="milliseconds"),
            in_batch=SERVED_BY in scope,
            headers={
                name.decode("latin-1"): value.decode("latin-1")
                for name, value in scope["headers"]
                if name not in {b"authorization", b"cookie"}
            },
        )


def _target(scope: Scope) -> str:
    query = scope["query_string"].decode("latin-1")
    return f"{scope['path']}?{query}" if query else str(scope["path"])


async def _read(receive: Receive) -> bytes:
    body = bytearray()
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message["type"] == "http.request" and message.get("more_body", False)
    return bytes(body)


def _replay(body: bytes) -> Receive:
    pending = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        if pending:
            return pending.pop()
        # Only who waits for the client to leave reads on; a departure is of no interest here.
        return await asyncio.Future()

    return receive
