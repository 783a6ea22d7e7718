"""How often an application may call: Graph's published limits for Secure Score."""

from __future__ import annotations

import contextlib
import math
from collections import deque
from collections.abc import Iterator
from datetime import datetime

from scoredesk.sandbox.microsoft.errors import Throttled

# graph-secure-score 5: 150 a minute for secureScore; 10,000 in ten minutes and 4 at once for both.
CONCURRENT = 4
CONCURRENT_WAIT_SECONDS = 1


class Window:
    """At most `limit` calls in any `seconds`; refused calls count too, as in Graph."""

    def __init__(self, limit: int, seconds: int) -> None:
        self._limit = limit
        self._seconds = seconds
        self._calls: deque[float] = deque()

    def enter(self, now: datetime) -> None:
        """Count one call; Throttled with the seconds after which one more would pass."""
        at = now.timestamp()
        calls = self._calls
        # A clock that was set back would otherwise keep calls from the future for ever.
        while calls and not at - self._seconds < calls[0] <= at:
            calls.popleft()
        calls.append(at)
        if len(calls) > self._limit:
            wait = calls[len(calls) - self._limit] + self._seconds - at
            raise Throttled(max(1, math.ceil(wait)))


class Limits:
    """The limits of the one application that the sandbox knows."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget all calls."""
        self._scores = Window(150, 60)
        self._all = Window(10_000, 600)
        # A set of its own after each reset: what still runs from before must not count.
        self._running: set[object] = set()

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Count a call that was let in as running while the block lasts."""
        running, call = self._running, object()
        running.add(call)
        try:
            yield
        finally:
            running.discard(call)

    def enter(self, now: datetime, *, scores: bool) -> None:
        """Count a call that begins, `scores` for the secureScores addresses; or Throttled."""
        if len(self._running) >= CONCURRENT:
            raise Throttled(CONCURRENT_WAIT_SECONDS)
        self._all.enter(now)
        if scores:
            self._scores.enter(now)
