"""The shooting end of a connection: raw bytes out, an answer in."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

PATIENCE = 20


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


class Line:
    """One kept connection; it is opened again only when the answer said `close`."""

    def __init__(self, url: str) -> None:
        self._address = (urlsplit(url).hostname or "", urlsplit(url).port or 80)
        self._socket: socket.socket | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._hang_up()

    def send(self, raw: bytes, method: bytes) -> Answer | None:
        """The answer; None for a connection that ends without one."""
        self._socket = self._socket or socket.create_connection(self._address, PATIENCE)
        try:
            self._socket.sendall(raw)
            answer = HTTPResponse(self._socket, method=method.decode("latin-1"))
            answer.begin()
            body = answer.read()
        except (OSError, HTTPException):
            self._hang_up()
            return None
        headers = {name.lower(): value for name, value in answer.getheaders()}
        if headers.get("connection", "").lower() == "close":
            self._hang_up()
        return Answer(answer.status, headers, body)

    def _hang_up(self) -> None:
        if self._socket is not None:
            self._socket.close()
        self._socket = None
