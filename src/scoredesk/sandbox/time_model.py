"""How long the simulated instance takes: round trips, costs of its work, parallel requests.

With everything 0 (the default) it answers as fast as it can. The costs are those of the whole
answer: what the sandbox itself needed is part of them, so an answer takes what the model says
unless the sandbox needed more.
"""

from __future__ import annotations

import asyncio
from collections import deque
from contextvars import ContextVar
from dataclasses import asdict, dataclass, fields
from typing import Any

MOST_MS = 600_000


@dataclass
class Costs:
    """What one request did so far."""

    inserts: int = 0
    updates: int = 0
    queries: int = 0
    rows: int = 0


COSTS: ContextVar[Costs | None] = ContextVar("costs", default=None)


def count(*, inserts: int = 0, updates: int = 0, rows: int = 0) -> None:
    """Add to what the running request did; outside of a timed request nothing happens."""
    costs = COSTS.get()
    if costs is not None:
        costs.inserts += inserts
        costs.updates += updates
        costs.rows += rows


@dataclass(frozen=True)
class TimeModel:
    """Milliseconds of each kind of work; `parallel` requests at once (0: any number).

    Of more than `parallel` requests, `queue` wait for their turn; one more is answered with
    `overflow` (servicenow-api 10: four sessions a node, then a queue, then 429 or 503).
    """

    round_trip_ms: float = 0
    insert_ms: float = 0
    update_ms: float = 0
    query_ms: float = 0
    row_ms: float = 0
    parallel: int = 0
    queue: int = 50
    overflow: int = 429

    def seconds(self, costs: Costs) -> float:
        """What the work of one request takes."""
        return (
            costs.inserts * self.insert_ms
            + costs.updates * self.update_ms
            + costs.queries * self.query_ms
            + costs.rows * self.row_ms
        ) / 1000

    @property
    def active(self) -> bool:
        """Whether it changes anything."""
        return bool(
            self.round_trip_ms
            or self.insert_ms
            or self.update_ms
            or self.query_ms
            or self.row_ms
            or self.parallel
        )


class Slots:
    """A number of sessions, given in the order in which requests came."""

    def __init__(self, model: TimeModel) -> None:
        self._free = model.parallel
        self._queue = model.queue
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def enter(self) -> bool:
        """Take a session, after a wait if need be; False if too many are waiting already."""
        if self._free > 0:
            self._free -= 1
            return True
        if len(self._waiting) >= self._queue:
            return False
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn in self._waiting:
                self._waiting.remove(turn)
            elif turn.done() and not turn.cancelled():
                self.leave()
            raise
        return True

    def leave(self) -> None:
        """Give the session to who waits longest."""
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1

    @property
    def waiting(self) -> int:
        """How many requests wait."""
        return len(self._waiting)


class TimeKeeper:
    """The time model in force with its sessions."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """As fast as it can."""
        self._use(TimeModel())

    def set(self, asked: dict[str, Any]) -> None:
        """Change what is named, keep the rest; ValueError or TypeError says what is wrong."""
        known = {field.name: field for field in fields(TimeModel)}
        unknown = sorted(set(asked) - set(known))
        if unknown:
            raise ValueError(f"A time model has {', '.join(known)}, not {', '.join(unknown)}.")
        values = asdict(self.model)
        for name, value in asked.items():
            whole = name in {"parallel", "queue", "overflow"}
            if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
                raise TypeError(f"{name} is a {'whole ' if whole else ''}number.")
            if not 0 <= value <= MOST_MS:
                raise ValueError(f"{name} is from 0 to {MOST_MS}.")
            values[name] = value
        if values["overflow"] not in {429, 503}:
            raise ValueError("overflow is 429 or 503.")
        self._use(TimeModel(**values))

    def as_json(self) -> dict[str, Any]:
        """The model for the control room."""
        return {**asdict(self.model), "waiting": self.slots.waiting}

    def _use(self, model: TimeModel) -> None:
        self.model = model
        self.slots = Slots(model)
        self.active = model.active
