"""Switches: where real instances differ, the control room chooses the variant."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Switch:
    """One choice: its default, what it changes, and the only values it takes (empty: any).

    The default's type is the type of the switch.
    """

    default: Any
    meaning: str
    choices: tuple[str, ...] = ()

    def check(self, name: str, value: object) -> None:
        """ValueError or TypeError with a sentence for a value that the switch does not take."""
        wanted = type(self.default)
        number = wanted is float and type(value) is int
        if type(value) is not wanted and not number:
            raise TypeError(f"The switch {name!r} takes a value of type {wanted.__name__}.")
        if self.choices and value not in self.choices:
            raise ValueError(f"The switch {name!r} takes one of: {', '.join(self.choices)}.")


class SwitchBoard:
    """Named settings with defaults that each service registers at its start."""

    def __init__(self) -> None:
        self._switches: dict[str, Switch] = {}
        self._values: dict[str, Any] = {}
        # Who wants to know that a value may have changed.
        self.on_change: list[Callable[[], None]] = []

    def register(self, switches: Mapping[str, Switch]) -> None:
        """Add a service's switches by their names."""
        self._switches.update(switches)
        self._tell()

    def get(self, name: str) -> Any:
        """The value in force; an unknown name raises KeyError."""
        return self._values[name] if name in self._values else self._switches[name].default

    def set(self, values: dict[str, Any]) -> None:
        """Change several switches at once, or none: a wrong one raises what `Switch.check` says."""
        for name, value in values.items():
            if name not in self._switches:
                known = ", ".join(sorted(self._switches))
                raise ValueError(f"There is no switch {name!r}. There are: {known}.")
            self._switches[name].check(name, value)
        self._values.update(values)
        self._tell()

    def all(self) -> dict[str, Any]:
        """Every switch with the value in force."""
        return {name: self.get(name) for name in self._switches}

    def meanings(self) -> dict[str, Switch]:
        """Every switch as it was registered, for the control room's page."""
        return dict(self._switches)

    def reset(self) -> None:
        """Put every switch back to its default."""
        self._values.clear()
        self._tell()

    def _tell(self) -> None:
        for told in self.on_change:
            told()
