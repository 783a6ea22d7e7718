"""Outward notifications: the app tells the product that one of its records changed.

At least once and in no certain order, as everything sent by an asynchronous business rule
(servicenow-api 9.13): the write does not wait for it and does not fail with it.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import itertools
import json
import secrets
from collections import deque
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx

from scoredesk.sandbox.servicenow.instance import Instance

# What the product checks: HMAC-SHA256 with the shared secret over `<timestamp>.<body>`, in hex.
EVENT_HEADER = "X-Scoredesk-Event"
TIMESTAMP_HEADER = "X-Scoredesk-Timestamp"
SIGNATURE_HEADER = "X-Scoredesk-Signature"
SIGNATURE_VERSION = "v1"
KEPT = 500
TIMEOUT_SECONDS = 5
RETRY_SECONDS = (0.2, 1, 3)
HOLD_SECONDS = 0.5
HERE = {"127.0.0.1", "localhost", "::1"}


@dataclass
class Notice:
    """One notification: what it says and what became of it."""

    number: int
    event: str
    operation: str
    table: str
    sys_id: str
    url: str
    status: int | None = None
    tries: int = 0
    outcome: str = "waiting"

    def body(self) -> bytes:
        """That something changed, not what: whoever hears it asks the instance itself."""
        told = {"event_id": self.event, "table": self.table, "sys_id": self.sys_id}
        return json.dumps(told, separators=(",", ":")).encode()


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """The value of the signature's header."""
    told = timestamp.encode() + b"." + body
    digest = hmac.new(secret.encode(), told, hashlib.sha256).hexdigest()
    return f"{SIGNATURE_VERSION}={digest}"


def trouble_with(url: str, *, anywhere: bool) -> str:
    """Why a hook may not be called; empty if it may. The sandbox bothers nobody else."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:  # a port beyond 65535, brackets that do not close
        usable = False
    if not usable:
        return "The address of the hook is no http address."
    if not anywhere and parts.hostname not in HERE:
        return (
            f"The sandbox only calls this machine, not {parts.hostname}; "
            "the switch app_any_host allows others."
        )
    return ""


@dataclass
class Notices:
    """Sends notifications in the background and remembers them."""

    instance: Instance
    _sent: deque[Notice] = field(default_factory=lambda: deque(maxlen=KEPT))
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    _running: set[asyncio.Task[None]] = field(default_factory=set)
    _held: list[tuple[Notice, str]] = field(default_factory=list)
    _due: int = 0

    def tell(self, operation: str, table: str, sys_id: str, *, url: str, secret: str) -> None:
        """Send one notification, or what the switches make of it."""
        notice = Notice(next(self._numbers), secrets.token_hex(16), operation, table, sys_id, url)
        self._sent.append(notice)
        self._due += 1
        switches = self.instance.shared.switches
        notice.outcome = trouble_with(url, anywhere=bool(switches.get("app_any_host"))) or "waiting"
        every = int(switches.get("app_missing"))
        if every and self._due % every == 0:
            notice.outcome = "missing"
        if notice.outcome != "waiting":
            return
        if switches.get("app_reorder"):
            self._held.append((notice, secret))
            if len(self._held) == 1:
                self._start(self._send_held())
            return
        for _ in range(1 + int(switches.get("app_duplicates"))):
            self._start(self._send(notice, secret))

    def as_json(self) -> list[dict[str, Any]]:
        """The newest notifications, oldest first."""
        return [asdict(notice) for notice in self._sent]

    def clear(self) -> None:
        """Forget all, and stop what is still under way."""
        for task in self._running:
            task.cancel()
        self._held.clear()
        self._sent.clear()
        self._due = 0

    def _start(self, sending: Any) -> None:
        task: asyncio.Task[None] = asyncio.get_running_loop().create_task(sending)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _send_held(self) -> None:
        """Everything of half a second, the newest first."""
        await asyncio.sleep(HOLD_SECONDS)
        held, self._held = self._held, []
        for notice, secret in reversed(held):
            for _ in range(1 + int(self.instance.shared.switches.get("app_duplicates"))):
                await self._send(notice, secret)

    async def _send(self, notice: Notice, secret: str) -> None:
        async with httpx.AsyncClient(timeout=TIMEOUT_SECONDS, trust_env=False) as client:
            for pause in (*RETRY_SECONDS, None):
                notice.tries += 1
                notice.outcome = await self._try(client, notice, secret)
                if notice.outcome == "delivered" or pause is None:
                    return
                await asyncio.sleep(pause)

    async def _try(self, client: httpx.AsyncClient, notice: Notice, secret: str) -> str:
        body = notice.body()
        timestamp = str(int(self.instance.shared.clock.now().timestamp()))
        headers = {
            "Content-Type": "application/json",
            EVENT_HEADER: notice.event,
            TIMESTAMP_HEADER: timestamp,
            SIGNATURE_HEADER: signature(secret, timestamp, body),
        }
        try:
            answer = await client.post(notice.url, content=body, headers=headers)
        except httpx.HTTPError as error:
            return f"not delivered: {type(error).__name__}"
        notice.status = answer.status_code
        return "delivered" if answer.is_success else f"refused with {answer.status_code}"
