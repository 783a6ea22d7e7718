"""The middleware around each service: control room, recorded requests, faults on the wire.

Dropping a connection needs its transport, which ASGI hides: `DroppableProtocol` puts it into the
scope under `TRANSPORT`.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import time
from collections.abc import Callable
from typing import Any

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from scoredesk.sandbox.control.routes import control_room
from scoredesk.sandbox.faults import Fault
from scoredesk.sandbox.requests_log import RecordedRequest, masked
from scoredesk.sandbox.shared import Shared

TRANSPORT = "sandbox.transport"
ENTRY = "sandbox.entry"
SERVED_BY = "sandbox.served_by"

AnswerFault = Callable[[Fault, Scope], Response]


class DroppableProtocol(H11Protocol):
    """uvicorn's HTTP/1.1 protocol that also shows the application its transport."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn's own
        super().connection_made(transport)
        served = self.app

        async def with_transport(scope: Any, receive: Any, send: Any) -> None:
            scope[TRANSPORT] = transport
            await served(scope, receive, send)

        self.app = with_transport


def note_user(scope: Scope, user: str) -> None:
    """Write into the recorded request as whom it was carried out."""
    entry = scope.get(ENTRY)
    if isinstance(entry, RecordedRequest):
        entry.user = user


def wrap(app: ASGIApp, shared: Shared, *, service: str, answer: AnswerFault) -> ASGIApp:
    """`app` with the control room under `/_sandbox`, recorded requests, and faults.

    `answer` makes the reply of a fault out of `faults.ANSWER_KINDS` in the service's own words.
    """
    return SandboxMiddleware(app, shared, service, answer)


class SandboxMiddleware:
    """See `wrap`."""

    def __init__(self, app: ASGIApp, shared: Shared, service: str, answer: AnswerFault) -> None:
        self._app = app
        self._shared = shared
        self._service = service
        self._answer = answer
        self._control = control_room(shared, service)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif scope["path"].startswith("/_sandbox"):
            await self._control(scope, receive, send)
        else:
            await self._serve(scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        entry = self._recorded(scope)
        scope[ENTRY] = entry
        scope[SERVED_BY] = self
        started = time.perf_counter()
        self._shared.requests.add(entry)

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                entry.status = message["status"]
            await send(message)

        body = await _read(receive)
        entry.note_body(body)
        fault = self._shared.faults.take(
            service=self._service,
            method=scope["method"],
            path=_target(scope),
            body=body.decode("utf-8", "replace") if self._shared.faults.needs_body() else "",
        )
        try:
            if fault is None:
                await self._app(scope, _replay(body), sending)
            else:
                entry.fault = fault.kind
                await self._strike(fault, scope, body, sending)
        finally:
            entry.duration_ms = round((time.perf_counter() - started) * 1000, 2)

    async def _strike(self, fault: Fault, scope: Scope, body: bytes, send: Send) -> None:
        if fault.kind == "reset":
            await _drop(scope, reset=True)
        elif fault.kind == "timeout":
            await asyncio.sleep(fault.delay or 3600)
            await _drop(scope, reset=False)
        elif fault.kind == "lost_reply":
            await self._app(scope, _replay(body), _swallow)
            await asyncio.sleep(fault.delay)
            await _drop(scope, reset=False)
        elif fault.kind == "slow":
            await asyncio.sleep(fault.delay)
            await self._app(scope, _replay(body), send)
        else:
            await asyncio.sleep(fault.delay)
            await self._answer(fault, scope)(scope, _replay(body), send)

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


async def _swallow(message: Message) -> None:
    """Take an answer that nobody will see."""


async def _drop(scope: Scope, *, reset: bool) -> None:
    transport = scope.get(TRANSPORT)
    if transport is None:
        return
    if reset:
        # Lingering for 0 seconds makes the kernel send RST, which clients see as a read error.
        raw = transport.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
    # uvicorn learns of the loss in the loop's next turns and then expects no answer.
    for _ in range(3):
        await asyncio.sleep(0)
