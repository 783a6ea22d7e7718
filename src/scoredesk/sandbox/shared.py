"""What both simulated services share: clock, recorded requests, faults, switches, levers, reset."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from scoredesk.sandbox.addresses import Address
from scoredesk.sandbox.callers import TokenUser
from scoredesk.sandbox.clock import Clock
from scoredesk.sandbox.doors import Door
from scoredesk.sandbox.faults import FaultBook
from scoredesk.sandbox.requests_log import RequestLog
from scoredesk.sandbox.switches import SwitchBoard
from scoredesk.sandbox.time_model import TimeKeeper


@dataclass(frozen=True)
class SeedOrder:
    """How many records to make, evenly between two moments, with which values for each."""

    count: int
    start: datetime
    end: datetime
    fields: dict[str, str] = field(default_factory=dict)


@dataclass
class Shared:
    """One sandbox.

    `data` is the SQLite file that keeps the state (None: in memory); the services' tables in it
    start with `sn_` and `ms_`. `profiles` and `scores` are captured Graph payloads to serve
    instead of the sandbox's own. A service registers its switches and appends to `on_reset` what
    puts it back to its seed, to `on_seed` what makes records (keyed by table, answering how many
    were made), to `on_clock` what follows when the hands were moved, to `on_request` what has to
    happen before the next request, to `levers` its own addresses of the control room, and to
    `token_users` who finds the user of a token. `panels` are what the page shows of a service's
    own levers, by their names.
    """

    clock: Clock = field(default_factory=Clock)
    requests: RequestLog = field(default_factory=RequestLog)
    faults: FaultBook = field(default_factory=FaultBook)
    switches: SwitchBoard = field(default_factory=SwitchBoard)
    time: TimeKeeper = field(default_factory=TimeKeeper)
    doors: dict[str, Door] = field(default_factory=dict)
    data: Path | None = None
    profiles: Path | None = None
    scores: Path | None = None
    on_reset: list[Callable[[], None]] = field(default_factory=list)
    on_seed: dict[str, Callable[[SeedOrder], int]] = field(default_factory=dict)
    on_clock: list[Callable[[], None]] = field(default_factory=list)
    on_request: list[Callable[[], None]] = field(default_factory=list)
    levers: list[Address] = field(default_factory=list)
    token_users: list[TokenUser] = field(default_factory=list)
    panels: dict[str, Callable[[], Any]] = field(default_factory=dict)

    def reset(self) -> None:
        """Put everything back to how a fresh sandbox starts."""
        self.clock.reset()
        self.switches.reset()
        self.faults.clear()
        self.time.reset()
        self.requests.clear()
        for put_back in self.on_reset:
            put_back()
        self.settle_doors()

    def clock_moved(self) -> None:
        """What follows when somebody moved the hands of the clock."""
        for follow in self.on_clock:
            follow()

    def settle_doors(self) -> None:
        """Close the ports that a fault closes, open the others."""
        for service, door in self.doors.items():
            if self.faults.refusing(service, self.clock.now()):
                door.close()
            else:
                door.open()
