"""How each fault strikes a request: on the wire, or with another answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from scoredesk.sandbox.faults import CARRIED_OUT, Fault
from scoredesk.sandbox.transport import TRANSPORT, drop

# The right answer of a request that was carried out before its fault struck.
REAL_REPLY = "sandbox.real_reply"
NEVER_SECONDS = 3600
DRIP_SECONDS = 0.05

AnswerFault = Callable[[Fault, Scope], Response]
Run = Callable[[Send], Awaitable[None]]


@dataclass
class Reply:
    """An answer as it was sent to nobody yet."""

    status: int = 0
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytearray = field(default_factory=bytearray)

    async def take(self, message: Message) -> None:
        """Keep one message of the answer."""
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], list(message["headers"])
        else:
            self.body += message.get("body", b"")

    def start(self) -> Message:
        """The beginning of the answer."""
        return {"type": "http.response.start", "status": self.status, "headers": self.headers}


@dataclass
class Struck:
    """A request that a fault strikes: `run` carries it out, `answer` words a fault's reply."""

    fault: Fault
    scope: Scope
    receive: Receive
    send: Send
    run: Run
    answer: AnswerFault


async def strike(struck: Struck) -> None:
    """Do what the fault does."""
    fault = struck.fault
    on_wire = ON_WIRE.get(fault.kind)
    if on_wire is not None:
        await on_wire(struck)
        return
    await asyncio.sleep(fault.delay)
    if fault.kind == "ip_filter" and fault.params.get("variant", "html") == "drop":
        await drop(struck.scope, reset=True)
        return
    if fault.kind in CARRIED_OUT:
        struck.scope[REAL_REPLY] = await _carried_out(struck)
    await _answered(struck, fault)


async def _answered(struck: Struck, fault: Fault) -> None:
    await struck.answer(fault, struck.scope)(struck.scope, struck.receive, struck.send)


async def _carried_out(struck: Struck) -> Reply:
    reply = Reply()
    await struck.run(reply.take)
    return reply


async def _reset(struck: Struck) -> None:
    await asyncio.sleep(struck.fault.delay)
    await drop(struck.scope, reset=True)


async def _reset_after(struck: Struck) -> None:
    await _carried_out(struck)
    await asyncio.sleep(struck.fault.delay)
    await drop(struck.scope, reset=True)


async def _lost_reply(struck: Struck) -> None:
    await _carried_out(struck)
    await asyncio.sleep(struck.fault.delay)
    await drop(struck.scope, reset=False)


async def _timeout(struck: Struck) -> None:
    await asyncio.sleep(struck.fault.delay or NEVER_SECONDS)
    await drop(struck.scope, reset=False)


async def _slow(struck: Struck) -> None:
    await asyncio.sleep(struck.fault.delay)
    await struck.run(struck.send)


async def _half_body(struck: Struck) -> None:
    reply = await _carried_out(struck)
    half = bytes(reply.body[: len(reply.body) // 2])
    await asyncio.sleep(struck.fault.delay)
    await struck.send(reply.start())
    await struck.send({"type": "http.response.body", "body": half, "more_body": True})
    transport = struck.scope.get(TRANSPORT)
    if transport is not None:
        # What was written is still sent; then the connection ends, too early.
        transport.close()
    for _ in range(3):
        await asyncio.sleep(0)


async def _slow_drip(struck: Struck) -> None:
    reply = await _carried_out(struck)
    size = max(1, int(struck.fault.params.get("bytes", 1)))
    pause = struck.fault.delay or DRIP_SECONDS
    await struck.send(reply.start())
    for begin in range(0, len(reply.body), size):
        piece = bytes(reply.body[begin : begin + size])
        await struck.send({"type": "http.response.body", "body": piece, "more_body": True})
        await asyncio.sleep(pause)
    await struck.send({"type": "http.response.body", "body": b"", "more_body": False})


async def _stored_error(struck: Struck) -> None:
    await _carried_out(struck)
    await asyncio.sleep(struck.fault.delay)
    await _answered(struck, Fault.of("server_error", **struck.fault.params))


ON_WIRE: dict[str, Callable[[Struck], Awaitable[None]]] = {
    "reset": _reset,
    "reset_after": _reset_after,
    "lost_reply": _lost_reply,
    "timeout": _timeout,
    "half_body": _half_body,
    "slow": _slow,
    "slow_drip": _slow_drip,
    "stored_error": _stored_error,
}
