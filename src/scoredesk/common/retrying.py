"""The one place that waits and tries again. For calls that may be repeated without harm."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from scoredesk.common.errors import ScoredeskError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Pauses:
    """How often to try, and the growing pauses (seconds) between. A longer wish is not obeyed."""

    tries: int = 3
    first: float = 0.3
    factor: float = 3.0
    longest: float = 10.0

    def after(self, failures: int, chance: float) -> float:
        """Seconds to wait after that many failures; `chance` (0 to 1) spreads many callers."""
        full = min(self.longest, self.first * self.factor ** (failures - 1))
        return full * (0.5 + chance / 2)


ONCE = Pauses(tries=1)


def retrying(
    call: Callable[[], T],
    pauses: Pauses = ONCE,
    *,
    sleep: Callable[[float], None] = time.sleep,
    chance: Callable[[], float] = random.random,
) -> T:
    """`call()`'s answer, trying again after errors that are `retryable`.

    An error with `retry_after` (seconds) sets the pause itself; one that asks for more than the
    longest pause is raised at once, so that the caller can plan the next run instead of sleeping.
    Raises the last error.
    """
    failures = 0
    while True:
        try:
            return call()
        except ScoredeskError as fault:
            failures += 1
            asked = getattr(fault, "retry_after", None)
            patient = asked is None or asked <= pauses.longest
            if not fault.retryable or failures >= pauses.tries or not patient:
                raise
            sleep(pauses.after(failures, chance()) if asked is None else asked)
