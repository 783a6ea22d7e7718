"""The one builder of HTTP clients: time-outs, checked addresses, capped answers, one log line each.

A client made here talks to one origin only, follows no redirect, keeps no cookie, and reads no
proxy from the environment: a proxy would resolve the name again, behind our check.
"""

from __future__ import annotations

import logging
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx

from scoredesk.common.addresses import AddressPolicy, HostNotAllowed
from scoredesk.common.errors import ScoredeskError
from scoredesk.common.redaction import redact_text
from scoredesk.common.retrying import Pauses
from scoredesk.common.transports import (
    AnswerTooLarge,
    CappedTransport,
    NameNotResolved,
    PinnedTransport,
)

log = logging.getLogger(__name__)

USER_AGENT = "Scoredesk/0.1"
LONGEST_ANSWER = 50 * 1024 * 1024
_POOL = httpx.Limits(max_connections=8, max_keepalive_connections=4, keepalive_expiry=30)


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds: to connect, between two pieces of an answer, and for the whole answer."""

    connect: float = 5.0
    read: float = 30.0
    total: float = 120.0

    @classmethod
    def page(cls, seconds: float) -> Timeouts:
        """For calls that a person waits for: nothing takes longer than `seconds`."""
        return cls(connect=min(5.0, seconds), read=seconds, total=seconds)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request and how it ended. `target` is path and query, redacted; `seconds` wall time."""

    method: str
    target: str
    status: int | None
    seconds: float
    error: str = ""


@dataclass(frozen=True, slots=True)
class Wire:
    """How to talk to a peer: whom we may call, how long we wait, how often we try, who is told.

    `transport`: replaces the sockets in tests (`httpx.MockTransport`); names are then not resolved.
    `on_attempt`: called after every request, also a failed one. `on_fault`: called with what the
    request's answer, or its absence, amounts to, where that is a fault.
    """

    policy: AddressPolicy = field(default_factory=AddressPolicy)
    timeouts: Timeouts = field(default_factory=Timeouts)
    pauses: Pauses = field(default_factory=Pauses)
    transport: httpx.BaseTransport | None = None
    on_attempt: Callable[[Attempt], None] | None = None
    on_fault: Callable[[ScoredeskError], None] | None = None

    @contextmanager
    def telling(self) -> Iterator[None]:
        """Tells `on_fault` of a fault that leaves the block, which makes one request."""
        try:
            yield
        except ScoredeskError as fault:
            if self.on_fault is not None:
                self.on_fault(fault)
            raise


class Trouble(StrEnum):
    """What may happen to a request on its way."""

    NAME = "name"
    REFUSED = "refused"
    TLS = "tls"
    CONNECT_TIMEOUT = "connect_timeout"
    ANSWER_TIMEOUT = "answer_timeout"
    LOST = "lost"
    TOO_LARGE = "too_large"


@dataclass(frozen=True, slots=True)
class NetworkTrouble:
    """What happened, and whether the other side may have received the request (`sent`)."""

    kind: Trouble
    sent: bool
    detail: str


def build_client(
    base_url: str, wire: Wire, *, headers: dict[str, str] | None = None
) -> httpx.Client:
    """An httpx client for `base_url`'s origin. Close it, or use it in a `with` block.

    Raises AddressError from any call to a host that the wire's policy does not allow.
    """
    sockets = wire.transport or PinnedTransport(_sockets(), wire.policy)
    guarded = CappedTransport(sockets, limit=LONGEST_ANSWER, seconds=wire.timeouts.total)
    return httpx.Client(
        base_url=base_url,
        transport=_Recorder(guarded, httpx.URL(base_url), wire),
        timeout=httpx.Timeout(
            wire.timeouts.read, connect=wire.timeouts.connect, pool=wire.timeouts.connect
        ),
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        headers={"Accept": "application/json", "User-Agent": USER_AGENT, **(headers or {})},
        follow_redirects=False,
        trust_env=False,
    )


def network_trouble(fault: httpx.TransportError) -> NetworkTrouble:
    """What a transport error amounts to. `sent` is False only where nothing can have left."""
    kind = _kind(fault)
    sent = kind in {Trouble.ANSWER_TIMEOUT, Trouble.LOST, Trouble.TOO_LARGE}
    return NetworkTrouble(kind, sent, redact_text(str(fault)))


def _kind(fault: httpx.TransportError) -> Trouble:
    if isinstance(fault, NameNotResolved):
        return Trouble.NAME
    if isinstance(fault, AnswerTooLarge):
        return Trouble.TOO_LARGE
    if isinstance(fault, (httpx.ConnectTimeout, httpx.PoolTimeout)):
        return Trouble.CONNECT_TIMEOUT
    if isinstance(fault, httpx.TimeoutException):
        return Trouble.ANSWER_TIMEOUT
    if isinstance(fault, httpx.ConnectError):
        return Trouble.TLS if _caused_by_tls(fault) else Trouble.REFUSED
    return Trouble.LOST


def _caused_by_tls(fault: BaseException | None) -> bool:
    while fault is not None:
        if isinstance(fault, ssl.SSLError):
            return True
        fault = fault.__cause__ or fault.__context__
    return False


class _Recorder(httpx.BaseTransport):
    """Checks the origin, tells the log and `on_attempt` about every request."""

    def __init__(self, inner: httpx.BaseTransport, base: httpx.URL, wire: Wire) -> None:
        self._inner = inner
        self._base = base
        self._wire = wire

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self._check(request.url)
        started = time.monotonic()
        try:
            response = self._inner.handle_request(request)
        except Exception as fault:
            self._tell(request, None, started, error=redact_text(repr(fault)))
            raise
        self._tell(request, response.status_code, started)
        return response

    def close(self) -> None:
        self._inner.close()

    def _check(self, url: httpx.URL) -> None:
        port = url.port or (443 if url.scheme == "https" else 80)
        self._wire.policy.check(url.scheme, url.host, port)
        if (url.scheme, url.host, url.port) != (
            self._base.scheme,
            self._base.host,
            self._base.port,
        ):
            # A peer's own link led elsewhere: our token must not follow it.
            raise HostNotAllowed(facts={"host": url.host, "allowed": self._base.host})

    def _tell(
        self, request: httpx.Request, status: int | None, started: float, *, error: str = ""
    ) -> None:
        target = redact_text(request.url.raw_path.decode("ascii"))
        attempt = Attempt(request.method, target, status, time.monotonic() - started, error)
        log.info(
            "%s %s%s -> %s in %.3f s %s",
            attempt.method,
            request.url.host,
            attempt.target[:500],
            attempt.status or "no answer",
            attempt.seconds,
            attempt.error,
        )
        if self._wire.on_attempt is not None:
            self._wire.on_attempt(attempt)


def _sockets() -> httpx.HTTPTransport:
    return httpx.HTTPTransport(verify=_tls(), limits=_POOL, trust_env=False)


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    """Certificates of certifi (or SSL_CERT_FILE) and of the machine: companies add their own there.

    Made once: reading them takes about 20 ms.
    """
    context = httpx.create_ssl_context()
    context.load_default_certs()
    return context
