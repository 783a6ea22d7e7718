"""Carrying out a request in the time that the time model says."""

from __future__ import annotations

import asyncio

from starlette.types import Message, Scope, Send

from scoredesk.sandbox.strikes import Run
from scoredesk.sandbox.time_model import COSTS, Costs, TimeKeeper

# A timer of the event loop fires up to a millisecond late, half of one on average.
LATE_SECONDS = 0.0005


async def timed(
    keeper: TimeKeeper, scope: Scope, *, run: Run, send: Send, overflow: Run, inner: bool
) -> None:
    """Run and answer when the model's time is over; `overflow` answers if nobody may wait.

    `inner` is a request of a batch: it works in its batch's session and makes no round trip.
    """
    model, slots = keeper.model, keeper.slots
    now = asyncio.get_running_loop().time
    half = 0 if inner else model.round_trip_ms / 2000
    arrived = now() + half
    waited = 0.0
    await _until(arrived)
    if model.parallel and not inner:
        if not await slots.enter():
            await overflow(send)
            return
        waited = max(0.0, now() - arrived)
        if waited > LATE_SECONDS * 4:
            arrived = now()
    held: list[Message] = []
    try:
        costs = await _run(run, held, scope=scope)
        done = max(arrived + model.seconds(costs), now())
        await _until(done)
    finally:
        if model.parallel and not inner:
            slots.leave()
    await _until(done + half)
    for message in held:
        if message["type"] == "http.response.start":
            _tell_wait(message, waited)
        await send(message)


async def _run(run: Run, held: list[Message], *, scope: Scope) -> Costs:
    async def hold(message: Message) -> None:
        held.append(message)

    reading = scope["method"] in {"GET", "HEAD"} and scope["path"].startswith("/api/")
    costs = Costs(queries=1 if reading else 0)
    token = COSTS.set(costs)
    try:
        await run(hold)
    finally:
        COSTS.reset(token)
    return costs


async def _until(moment: float) -> None:
    left = moment - asyncio.get_running_loop().time() - LATE_SECONDS
    if left > 0:
        await asyncio.sleep(left)


def _tell_wait(message: Message, waited: float) -> None:
    """The wait for a session stands in `Server-Timing` (servicenow-api 10)."""
    told = f"sem_wait;dur={round(waited * 1000)}, sesh_wait;dur=0".encode()
    message["headers"] = [
        (name, told if name.lower() == b"server-timing" else value)
        for name, value in message["headers"]
    ]
