"""All planned faults, and those that stand because a switch is turned."""

from __future__ import annotations

import itertools
from datetime import datetime

from scoredesk.sandbox.faults.fault import Asked, Fault


class FaultBook:
    """The planned faults in the order in which they were planned, standing ones after them."""

    def __init__(self) -> None:
        self._planned: list[Fault] = []
        self._standing: dict[str, list[Fault]] = {}
        self._numbers = itertools.count(1)
        # Whether there is anything to look through; read for each request.
        self.active = False

    def add(self, fault: Fault, *, now: datetime) -> Fault:
        """Plan a fault from now on and give it its number."""
        fault.number = next(self._numbers)
        fault.begin(now)
        self._planned.append(fault)
        self._note()
        return fault

    def stand(self, name: str, faults: list[Fault]) -> None:
        """What a switch brings about under this name, in the place of what stood there."""
        self._standing[name] = faults
        self._note()

    def take(self, asked: Asked) -> Fault | None:
        """The first fault that strikes this request, counted as used; None lets it pass."""
        for fault in self._planned:
            if fault.strikes(asked):
                return fault
        for faults in self._standing.values():
            for fault in faults:
                if fault.strikes(asked):
                    return fault
        return None

    def all(self) -> list[Fault]:
        """Every fault planned since the last clearing, also those used up."""
        return list(self._planned)

    def refusing(self, service: str, now: datetime) -> bool:
        """Whether the port of a service is to be closed."""
        return any(
            fault.kind == "refuse" and fault.service in {"", service} and not fault.over(now)
            for fault in self._planned
        )

    def remove(self, number: int) -> bool:
        """Take one fault away; False if there is none with this number."""
        left = [fault for fault in self._planned if fault.number != number]
        found = len(left) < len(self._planned)
        self._planned = left
        self._note()
        return found

    def clear(self) -> None:
        """Remove all planned faults; what switches bring about stays."""
        self._planned = []
        self._note()

    def _note(self) -> None:
        self.active = bool(self._planned) or any(self._standing.values())
