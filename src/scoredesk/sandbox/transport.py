"""The connection below a request, which ASGI hides: dropping it, resetting it.

`DroppableProtocol` puts the transport into the scope under `TRANSPORT`.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import Any

from starlette.types import Scope
from uvicorn.protocols.http.h11_impl import H11Protocol

TRANSPORT = "sandbox.transport"


class DroppableProtocol(H11Protocol):
    """uvicorn's HTTP/1.1 protocol that also shows the application its transport."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn's own
        super().connection_made(transport)
        served = self.app

        async def with_transport(scope: Any, receive: Any, send: Any) -> None:
            scope[TRANSPORT] = transport
            await served(scope, receive, send)

        self.app = with_transport


async def drop(scope: Scope, *, reset: bool) -> None:
    """Close the connection of a request without an answer; `reset` sends RST, not FIN."""
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
