"""Starts both simulated services in one process, and in a thread for tests."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from scoredesk.sandbox import microsoft, servicenow
from scoredesk.sandbox.doors import BACKLOG, HOST, Door, bound
from scoredesk.sandbox.shared import Shared
from scoredesk.sandbox.wire import DroppableProtocol

SERVICES = ("servicenow", "microsoft")
START_SECONDS = 20


def run(
    *,
    servicenow_port: int = 8081,
    microsoft_port: int = 8082,
    data: Path | None = None,
    profiles: Path | None = None,
    scores: Path | None = None,
) -> None:
    """Serve both services until Ctrl-C or SIGTERM.

    OSError (with the port in its text) if a port is in use; `data` None keeps everything in
    memory.
    """
    shared = Shared(data=data, profiles=profiles, scores=scores)
    sockets = [_listening(servicenow_port), _listening(microsoft_port)]
    asyncio.run(_serve_until_stopped(shared, sockets))


@dataclass
class RunningSandbox:
    """A sandbox on free ports in a thread of this process."""

    servicenow_url: str
    microsoft_url: str
    _shared: Shared
    _loop: asyncio.AbstractEventLoop

    def reset(self) -> None:
        """Put everything back to the seed, as the control room's reset does."""

        async def resetting() -> None:
            self._shared.reset()

        asyncio.run_coroutine_threadsafe(resetting(), self._loop).result(START_SECONDS)


@contextlib.contextmanager
def running_sandbox(
    *, data: Path | None = None, profiles: Path | None = None, scores: Path | None = None
) -> Iterator[RunningSandbox]:
    """Both services on free ports of 127.0.0.1 while the block runs; for tests."""
    sockets = [_listening(0), _listening(0)]
    loop = asyncio.new_event_loop()
    shared = Shared(data=data, profiles=profiles, scores=scores)
    servers = _servers(shared, sockets)
    thread = threading.Thread(
        target=loop.run_until_complete, args=(_serve(servers, sockets),), daemon=True
    )
    thread.start()
    try:
        _wait_until_started(servers, thread)
        urls = [f"http://{HOST}:{listening.getsockname()[1]}" for listening in sockets]
        yield RunningSandbox(urls[0], urls[1], shared, loop)
    finally:
        for server in servers:
            server.should_exit = True
        thread.join(START_SECONDS)
        loop.close()


def _listening(port: int) -> socket.socket:
    try:
        listening = bound(port)
    except OSError as error:
        raise OSError(
            error.errno,
            f"Port {port} is in use by another program; stop that program or choose another port",
        ) from error
    listening.listen(BACKLOG)
    return listening


def _servers(shared: Shared, sockets: list[socket.socket]) -> list[uvicorn.Server]:
    apps: list[ASGIApp] = [servicenow.create_app(shared), microsoft.create_app(shared)]
    servers: list[uvicorn.Server] = [
        _Server(
            uvicorn.Config(
                app,
                http=DroppableProtocol,
                ws="none",
                lifespan="off",
                log_level="warning",
                access_log=False,
                server_header=False,
                date_header=False,
                timeout_keep_alive=75,
                timeout_graceful_shutdown=1,
            )
        )
        for app in apps
    ]
    for service, server, listening in zip(SERVICES, servers, sockets, strict=True):
        shared.doors[service] = Door(server, listening)
    return servers


class _Server(uvicorn.Server):
    """A server that leaves signals alone: one hand stops both."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def _serve(servers: list[uvicorn.Server], sockets: list[socket.socket]) -> None:
    await asyncio.gather(
        *(
            server.serve(sockets=[listening])
            for server, listening in zip(servers, sockets, strict=True)
        )
    )


async def _serve_until_stopped(shared: Shared, sockets: list[socket.socket]) -> None:
    servers = _servers(shared, sockets)

    def stop() -> None:
        for server in servers:
            server.should_exit = True

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    await _serve(servers, sockets)


def _wait_until_started(servers: list[uvicorn.Server], thread: threading.Thread) -> None:
    """Serving starts in a moment; a thread that ended has printed why it could not."""
    patience = threading.Event()
    for _ in range(START_SECONDS * 100):
        if all(server.started for server in servers):
            return
        if not thread.is_alive():
            break
        patience.wait(0.01)
    raise RuntimeError("The sandbox did not start; its own output says why.")
