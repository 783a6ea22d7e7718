"""Switches: where real instances differ, the control room chooses the variant."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

FLAGS = {"on": True, "off": False}
KINDS = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "text",
    list: "a list",
    dict: "an object",
}


@dataclass(frozen=True)
class Switch:
    """One choice: its default, what it changes, and the only values it takes (empty: any).

    The default's type is the type of the switch; `inner` is the type of what an object or a list
    has in it, `check` raises for what is wrong inside; whole numbers are from `least` to `most`.
    """

    default: Any
    meaning: str
    choices: tuple[str, ...] = ()
    inner: type | None = None
    check: Callable[[Any], None] | None = None
    least: int = 0
    most: int = 10**9

    def taken(self, name: str, value: object) -> Any:
        """The value as the switch takes it: `"on"` for true, 404 for `"404"`.

        ValueError or TypeError with a sentence for a value that the switch does not take.
        """
        wanted = type(self.default)
        if wanted is bool and isinstance(value, str) and value in FLAGS:
            return FLAGS[value]
        if self.choices and type(value) is int:
            value = str(value)
        number = wanted is float and type(value) is int
        if type(value) is not wanted and not number:
            raise TypeError(f"The switch {name!r} takes {KINDS[wanted]}.")
        if self.inner is not None and isinstance(value, dict | list):
            held = value.values() if isinstance(value, dict) else value
            if not all(type(one) is self.inner for one in held):
                raise TypeError(f"The switch {name!r} holds {KINDS[self.inner]} in each place.")
        if type(value) is int and not self.least <= value <= self.most:
            raise ValueError(f"The switch {name!r} is from {self.least} to {self.most}.")
        if self.check is not None:
            self.check(value)
        if self.choices and value not in self.choices:
            raise ValueError(f"The switch {name!r} takes one of: {', '.join(self.choices)}.")
        return value


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
        """Change several switches at once, or none: a wrong one raises what `Switch.taken` says."""
        for name in values:
            if name not in self._switches:
                known = ", ".join(sorted(self._switches))
                raise ValueError(f"There is no switch {name!r}. There are: {known}.")
        taken = {name: self._switches[name].taken(name, value) for name, value in values.items()}
        self._values.update(taken)
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
