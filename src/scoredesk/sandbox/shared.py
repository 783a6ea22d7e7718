"""What both simulated services share: clock, recorded requests, faults, switches, reset."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from scoredesk.sandbox.clock import Clock
from scoredesk.sandbox.faults import FaultBook
from scoredesk.sandbox.requests_log import RequestLog
from scoredesk.sandbox.switches import SwitchBoard


@dataclass
class Shared:
    """One sandbox.

    `data` is the SQLite file that keeps the state (None: in memory); the services' tables in it
    start with `sn_` and `ms_`. `profiles` and `scores` are captured Graph payloads to serve
    instead of the sandbox's own. A service appends to `on_reset` what puts it back to its seed,
    to `on_seed` what makes records for the control room's `{"table", "count", "over_days"}`
    (keyed by table, answering how many were made), and registers its switches.
    """

    clock: Clock = field(default_factory=Clock)
    requests: RequestLog = field(default_factory=RequestLog)
    faults: FaultBook = field(default_factory=FaultBook)
    switches: SwitchBoard = field(default_factory=SwitchBoard)
    data: Path | None = None
    profiles: Path | None = None
    scores: Path | None = None
    on_reset: list[Callable[[], None]] = field(default_factory=list)
    on_seed: dict[str, Callable[[int, int], int]] = field(default_factory=dict)

    def reset(self) -> None:
        """Put everything back to how a fresh sandbox starts."""
        self.clock.reset()
        self.switches.reset()
        self.faults.clear()
        self.requests.clear()
        for put_back in self.on_reset:
            put_back()
