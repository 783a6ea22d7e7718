"""Layers around httpx's sockets: one that checks the resolved address, one that caps the answer."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable

import httpx

from scoredesk.common.addresses import AddressPolicy

Resolver = Callable[[str, int], list[str]]


class NameNotResolved(httpx.ConnectError):
    """DNS has no address for the host."""


class AnswerTooLarge(httpx.ReadError):
    """The answer, unpacked, is longer than we are willing to hold."""


class AnswerTooSlow(httpx.ReadTimeout):
    """The answer came in drops and was not complete in time."""


def resolve(host: str, port: int) -> list[str]:
    """The host's IP addresses in the order the system prefers. Raises NameNotResolved."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as fault:
        raise NameNotResolved(f"{host} has no address: {fault}") from fault
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class PinnedTransport(httpx.BaseTransport):
    """Resolves the host, checks every address, and connects to a checked one.

    The name stays in the Host header and in TLS (SNI and certificate check), so that between
    check and connect no second look-up can lead elsewhere (DNS rebinding). One transport is for
    one name: the pool beneath reuses connections by address, so a second name at the same address
    would go unchecked by TLS. `build_client` sees to that.
    """

    def __init__(
        self, inner: httpx.BaseTransport, policy: AddressPolicy, resolver: Resolver = resolve
    ) -> None:
        self._inner = inner
        self._policy = policy
        self._resolve = resolver

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        host = request.url.host
        port = request.url.port or (443 if request.url.scheme == "https" else 80)
        addresses = self._resolve(host, port)
        self._policy.check_resolved(host, port, addresses)
        request.extensions = {**request.extensions, "sni_hostname": host}
        *earlier, last = addresses
        for address in earlier:
            try:
                return self._send(request, address)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue  # e.g. an IPv6 address on a machine without IPv6: nothing was sent yet
        return self._send(request, last)

    def close(self) -> None:
        self._inner.close()

    def _send(self, request: httpx.Request, address: str) -> httpx.Response:
        pinned = httpx.Request(
            request.method,
            request.url.copy_with(host=address),
            headers=request.headers,
            stream=request.stream,
            extensions=request.extensions,
        )
        return self._inner.handle_request(pinned)


class CappedTransport(httpx.BaseTransport):
    """Reads the whole answer, unpacked, within a size and a time; hands on a finished response."""

    def __init__(self, inner: httpx.BaseTransport, *, limit: int, seconds: float) -> None:
        self._inner = inner
        self._limit = limit
        self._seconds = seconds

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        ends = time.monotonic() + self._seconds
        response = self._inner.handle_request(request)
        try:
            body = self._read(response, ends)
        except httpx.DecodingError as fault:
            raise httpx.RemoteProtocolError(f"The answer cannot be unpacked: {fault}") from fault
        finally:
            response.close()
        headers = [
            (name, value)
            for name, value in response.headers.multi_items()
            if name.lower() not in {"content-encoding", "content-length", "transfer-encoding"}
        ]
        return httpx.Response(response.status_code, headers=headers, content=body)

    def close(self) -> None:
        self._inner.close()

    def _read(self, response: httpx.Response, ends: float) -> bytes:
        body = bytearray()
        for piece in response.iter_bytes():
            body += piece
            if len(body) > self._limit:
                raise AnswerTooLarge(f"The answer is longer than {self._limit} bytes.")
            if time.monotonic() > ends:
                raise AnswerTooSlow(f"The answer took longer than {self._seconds:g} s.")
        return bytes(body)
