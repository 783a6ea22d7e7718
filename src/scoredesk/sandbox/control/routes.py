"""Addresses of the control room: reset, seed, clock, time model, faults, switches, requests."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from scoredesk.sandbox.addresses import Address
from scoredesk.sandbox.control.exchange import PAGE, asked, done, plain
from scoredesk.sandbox.control.page import shown_page
from scoredesk.sandbox.faults import Fault, parse_fault
from scoredesk.sandbox.shared import SeedOrder, Shared

MOST_SEEDED = 1_000_000
LONGEST_DAYS = 10_000
REFUSE_SECONDS = 30


def control_addresses(shared: Shared, service: str = "servicenow") -> list[Address]:
    """Every address of the control room, those that the services brought included."""
    room = _Room(shared, service)
    return [
        Address("/_sandbox", room.to_page, "leads to the page"),
        Address(PAGE, room.page, "the page for people: every lever as a form"),
        Address("/_sandbox/health", room.health, "whether the sandbox is up"),
        Address(
            "/_sandbox/reset", plain(room.reset), "everything back to the beginning", ("POST",)
        ),
        Address(
            "/_sandbox/seed",
            plain(room.seed),
            'makes records: `{"table": "incident", "count": 100, "over_days": 30, "fields": {…}}`, '
            "or between `start` and `end`",
            ("POST",),
        ),
        Address(
            "/_sandbox/clock",
            plain(room.clock),
            'moves the clock: `{"offset_seconds": 86400}`, `{"now": "2026-03-01T08:00:00Z"}`, '
            '`{"advance_seconds": 3600}`, `{"freeze": true}`',
            ("GET", "POST"),
        ),
        Address(
            "/_sandbox/time-model",
            plain(room.time_model),
            "how long ServiceNow takes: `round_trip_ms`, `insert_ms`, `update_ms`, `query_ms`, "
            "`row_ms`; `parallel` requests, `queue`, `overflow`",
            ("GET", "POST", "DELETE"),
        ),
        Address(
            "/_sandbox/faults",
            plain(room.faults),
            "plans faults, lists them, removes all",
            ("GET", "POST", "DELETE"),
        ),
        Address(
            "/_sandbox/faults/{number}",
            plain(room.fault),
            "shows or removes one fault",
            ("GET", "DELETE"),
        ),
        Address(
            "/_sandbox/switches",
            plain(room.switches),
            "variants in which real instances differ",
            ("GET", "POST"),
        ),
        Address(
            "/_sandbox/requests",
            plain(room.requests),
            "every request that arrived, secrets masked; searched by `service`, `method`, `path`, "
            "`query`, `user`, `body`, `fault`, `status`, `since`, `limit`",
            ("GET", "POST", "DELETE"),
        ),
        *shared.levers,
    ]


def control_room(shared: Shared, service: str) -> Starlette:
    """The control room of one service's port; both ports steer the same sandbox."""
    return Starlette(routes=[address.route() for address in control_addresses(shared, service)])


class _Room:
    def __init__(self, shared: Shared, service: str) -> None:
        self._shared = shared
        self._service = service

    async def to_page(self, request: Request) -> Response:  # noqa: ARG002 # the shape of an endpoint
        return RedirectResponse(PAGE)

    async def health(self, request: Request) -> Response:  # noqa: ARG002 # the shape of an endpoint
        return JSONResponse({"status": "ok", "service": self._service})

    async def page(self, request: Request) -> Response:
        return HTMLResponse(shown_page(self._shared, self._service, request.query_params))

    async def reset(self, request: Request) -> Response:
        self._shared.reset()
        return done(request, {"reset": True})

    async def seed(self, request: Request) -> Response:
        given = await asked(request)
        table = str(given.get("table", "incident"))
        if table not in self._shared.on_seed:
            names = ", ".join(sorted(self._shared.on_seed))
            raise ValueError(f"Records can be seeded for {names}, not for {table!r}.")
        made = self._shared.on_seed[table](_seed_order(given, now=self._shared.clock.now()))
        return done(request, {"table": table, "made": made})

    async def clock(self, request: Request) -> Response:
        clock = self._shared.clock
        if request.method == "POST":
            given = await asked(request)
            unknown = sorted(set(given) - {"offset_seconds", "now", "advance_seconds", "freeze"})
            if unknown or not given:
                raise ValueError(
                    "The clock takes offset_seconds, now, advance_seconds or freeze"
                    f"{', not ' + ', '.join(unknown) if unknown else ''}."
                )
            self._move(given)
            self._shared.clock_moved()
        shown = {
            "offset_seconds": clock.offset_seconds,
            "now": clock.now().isoformat(),
            "frozen": clock.frozen,
        }
        return done(request, shown)

    def _move(self, given: dict[str, Any]) -> None:
        clock = self._shared.clock
        # First, so that a clock stopped at a time stands there to the microsecond.
        if "freeze" in given:
            if type(given["freeze"]) is not bool:
                raise TypeError("freeze is true or false.")
            if given["freeze"]:
                clock.freeze()
            else:
                clock.thaw()
        if "offset_seconds" in given:
            clock.offset_seconds = _number(given["offset_seconds"], "offset_seconds")
        if "now" in given:
            clock.set(_moment(given["now"], "now"))
        if "advance_seconds" in given:
            clock.advance(_number(given["advance_seconds"], "advance_seconds"))

    async def time_model(self, request: Request) -> Response:
        if request.method == "DELETE":
            self._shared.time.reset()
        elif request.method == "POST":
            self._shared.time.set(await asked(request))
        return done(request, self._shared.time.as_json())

    async def faults(self, request: Request) -> Response:
        book, now = self._shared.faults, self._shared.clock.now()
        if request.method == "POST":
            given = await asked(request)
            if given.get("kind") == "none":
                book.clear()
            elif "remove" in given:
                book.remove(int(given["remove"]))
            else:
                fault = book.add(_planned(given, self._service), now=now)
                await self._settle()
                if fault.kind == "refuse":
                    self._open_again_after(fault.seconds or REFUSE_SECONDS, fault.number)
                return done(request, fault.as_json(now), status=201)
        elif request.method == "DELETE":
            book.clear()
        await self._settle()
        return done(request, {"faults": [fault.as_json(now) for fault in book.all()]})

    async def _settle(self) -> None:
        """Close or open the ports before the answer tells that they are."""
        self._shared.settle_doors()
        # A connection ends in the loop's next turn.
        for _ in range(3):
            await asyncio.sleep(0)

    def _open_again_after(self, seconds: float, number: int) -> None:
        """The machine's seconds: nobody can ask this port for anything meanwhile."""

        def open_again() -> None:
            self._shared.faults.remove(number)
            self._shared.settle_doors()

        asyncio.get_running_loop().call_later(seconds, open_again)

    async def fault(self, request: Request) -> Response:
        number = str(request.path_params["number"])
        book, now = self._shared.faults, self._shared.clock.now()
        for fault in book.all():
            if str(fault.number) == number:
                if request.method == "DELETE":
                    book.remove(fault.number)
                    await self._settle()
                return JSONResponse(fault.as_json(now))
        return JSONResponse({"error": f"There is no fault {number}."}, status_code=404)

    async def switches(self, request: Request) -> Response:
        if request.method == "POST":
            self._shared.switches.set(await asked(request))
        return done(request, self._shared.switches.all())

    async def requests(self, request: Request) -> Response:
        log = self._shared.requests
        if request.method == "DELETE" or (
            request.method == "POST" and (await asked(request)).get("clear")
        ):
            log.clear()
        entries = log.search(request.query_params) if request.method != "POST" else []
        return done(request, {"requests": [entry.as_json() for entry in entries]})


def _planned(given: dict[str, Any], service: str) -> Fault:
    fault = parse_fault(given)
    if fault.kind == "refuse":
        # Never both ports: the control room stays to be reached.
        fault.service = fault.service or service
        fault.times = None
    return fault


def _seed_order(given: dict[str, Any], *, now: datetime) -> SeedOrder:
    known = {"table", "count", "over_days", "start", "end", "fields", "correlation_display"}
    unknown = sorted(set(given) - known)
    if unknown:
        raise ValueError(f"Seeding takes {', '.join(sorted(known))}, not {', '.join(unknown)}.")
    count = given.get("count", 10)
    if type(count) is not int or not 0 <= count <= MOST_SEEDED:
        raise ValueError(f"count is from 0 to {MOST_SEEDED}.")
    end = _moment(given["end"], "end") if "end" in given else now
    if "start" in given:
        start = _moment(given["start"], "start")
    else:
        days = _number(given.get("over_days", 30), "over_days")
        if not 0 <= days <= LONGEST_DAYS:
            raise ValueError(f"over_days is from 0 to {LONGEST_DAYS}.")
        start = end - timedelta(days=days)
    if start > end:
        raise ValueError("start is before end.")
    fields = given.get("fields") or {}
    if not isinstance(fields, dict):
        raise TypeError("fields is an object of field names and values.")
    if "correlation_display" in given:
        fields = {**fields, "correlation_display": given["correlation_display"]}
    return SeedOrder(count, start, end, {name: str(value) for name, value in fields.items()})


def _number(given: object, name: str) -> float:
    if type(given) not in {int, float}:
        raise TypeError(f"{name} is a number.")
    return float(str(given))


def _moment(given: object, name: str) -> datetime:
    """A time as ISO 8601 or as ServiceNow writes it; without a zone it is UTC."""
    try:
        moment = datetime.fromisoformat(str(given))
    except ValueError:
        raise ValueError(f"{name} is a time such as 2026-03-01T08:00:00Z, not {given!r}.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
