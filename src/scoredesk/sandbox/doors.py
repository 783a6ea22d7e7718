"""The listening port of a service, which a fault can close so that connections are refused."""

from __future__ import annotations

import asyncio
import socket

import uvicorn

HOST = "127.0.0.1"
BACKLOG = 2048


class Door:
    """One service's port: open while its server listens.

    A shut door keeps its port: a socket that is bound but does not listen refuses every
    connection, and no other program can take the port meanwhile.
    """

    def __init__(self, server: uvicorn.Server, listening: socket.socket) -> None:
        self._server = server
        self._port = int(listening.getsockname()[1])
        self._held: socket.socket | None = None
        self._opening: asyncio.Task[None] | None = None

    @property
    def shut(self) -> bool:
        """Whether connections are refused now."""
        return self._held is not None

    def close(self) -> None:
        """Refuse new connections; open ones end now, or with the answer that is under way."""
        if self._held is not None:
            return
        for server in self._server.servers:
            server.close()
        self._held = bound(self._port)
        for connection in list(self._server.server_state.connections):
            connection.shutdown()

    def open(self) -> None:
        """Listen again, at once; the server takes what came in its next turn."""
        if self._held is None:
            return
        held, self._held = self._held, None
        held.listen(BACKLOG)
        self._opening = asyncio.get_running_loop().create_task(self._server.startup([held]))


def bound(port: int) -> socket.socket:
    """A socket on this port of 127.0.0.1 that does not listen yet; OSError if it is in use."""
    # With the protocol named, asyncio switches Nagle's algorithm off; else each answer waits 40 ms.
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((HOST, port))
    except OSError:
        made.close()
        raise
    return made
