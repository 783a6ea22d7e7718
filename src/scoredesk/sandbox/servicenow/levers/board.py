"""The addresses of the instance's own levers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from scoredesk.sandbox.addresses import Address
from scoredesk.sandbox.control.exchange import asked, done, plain
from scoredesk.sandbox.servicenow import errors
from scoredesk.sandbox.servicenow.instance import Instance
from scoredesk.sandbox.servicenow.levers.choices import change_choice
from scoredesk.sandbox.servicenow.levers.lives import Lives
from scoredesk.sandbox.servicenow.levers.packs import Packs
from scoredesk.sandbox.servicenow.levers.records import change_records
from scoredesk.sandbox.servicenow.levers.tokens import end_tokens
from scoredesk.sandbox.servicenow.sign_in import system_log
from scoredesk.sandbox.servicenow.state import Record
from scoredesk.sandbox.time_model import count

Lever = Callable[[Instance, dict[str, Any]], dict[str, Any]]


class Board:
    """Lives, records, choices, tokens and packs of one instance."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._lives = Lives(instance)
        self._packs = Packs(instance)
        instance.on_read.append(_count_rows)
        instance.on_change.append(_count_write)

    def addresses(self) -> list[Address]:
        """The levers' addresses in the control room of both ports."""
        return [
            Address(
                "/_sandbox/lives",
                plain(self.lives),
                "scripted lives: after so many reads, seconds or updates a person writes fields",
                ("GET", "POST", "DELETE"),
            ),
            Address(
                "/_sandbox/records",
                plain(self._once(change_records)),
                "creates, changes or deletes records as any user, also silently or without a trace",
                ("POST",),
            ),
            Address(
                "/_sandbox/choices",
                plain(self._once(change_choice)),
                "renames, retires, removes or adds a value of a choice list",
                ("POST",),
            ),
            Address(
                "/_sandbox/tokens",
                plain(self._once(end_tokens)),
                'ends tokens: `{"revoke": "access"}`, `{"expire": "all", "user": "…"}`',
                ("POST",),
            ),
            Address(
                "/_sandbox/system-log",
                plain(self.system_log),
                "the instance's system log: why a sign-in or a token was refused",
            ),
            Address(
                "/_sandbox/packs",
                plain(self.packs),
                'whole situations: `{"customised": true}`, `{"clone": true}`',
                ("GET", "POST"),
            ),
        ]

    def panels(self) -> dict[str, Callable[[], Any]]:
        """What the page shows of them."""
        return {"lives": self._lives.as_json, "packs": self._packs.as_json}

    async def lives(self, request: Request) -> Response:
        """Plan a life, list all with their progress, end all or (`remove`) one."""
        if request.method == "DELETE":
            self._lives.clear()
        elif request.method == "POST":
            given = await asked(request)
            if "remove" in given:
                self._lives.remove(int(given["remove"]))
            else:
                made = [one.as_json() for one in self._lives.plan(given)]
                return done(request, {"planned": made}, status=201)
        return done(request, self._lives.as_json())

    async def system_log(self, request: Request) -> Response:
        """The lines of the system log, oldest first."""
        return done(request, {"lines": system_log.lines(self._instance)})

    async def packs(self, request: Request) -> Response:
        """Turn packs on and off, list them."""
        if request.method == "POST":
            self._packs.set(await asked(request))
        return done(request, self._packs.as_json())

    def _once(self, lever: Lever) -> Callable[[Request], Any]:
        """A lever that does what it is told; a refusal of the instance is told as such."""

        async def handled(request: Request) -> Response:
            given = await asked(request)
            try:
                return done(request, lever(self._instance, given))
            except errors.Refusal as refusal:
                told = f"The instance refuses: {refusal.message}: {refusal.detail or ''}"
                if "text/html" in request.headers.get("accept", ""):
                    raise ValueError(told) from refusal
                return JSONResponse({"error": told}, status_code=409)

        return handled


def _count_rows(_: str, read: Sequence[Record]) -> None:
    """What a list returned costs time, where the time model says so."""
    count(rows=len(read))


def _count_write(operation: str, _: str, __: Record) -> None:
    if operation == "insert":
        count(inserts=1)
    else:
        count(updates=1)
