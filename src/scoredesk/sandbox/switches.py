"""Switches: where real instances differ, the control room chooses the variant."""

from __future__ import annotations

from typing import Any


class SwitchBoard:
    """Named settings with defaults that each service registers at its start."""

    def __init__(self) -> None:
        self._defaults: dict[str, Any] = {}
        self._values: dict[str, Any] = {}

    def register(self, defaults: dict[str, Any]) -> None:
        """Add switches with their defaults; the default's type is the type of the switch."""
        self._defaults.update(defaults)

    def get(self, name: str) -> Any:
        """The value in force; an unknown name raises KeyError."""
        return self._values.get(name, self._defaults[name])

    def set(self, values: dict[str, Any]) -> None:
        """Change several switches; ValueError names an unknown one, TypeError a wrong type."""
        for name, value in values.items():
            if name not in self._defaults:
                raise ValueError(
                    f"There is no switch {name!r}. There are: {', '.join(sorted(self._defaults))}."
                )
            wanted = type(self._defaults[name])
            if not isinstance(value, wanted):
                raise TypeError(f"The switch {name!r} takes a value of type {wanted.__name__}.")
        self._values.update(values)

    def all(self) -> dict[str, Any]:
        """Every switch with the value in force."""
        return {**self._defaults, **self._values}

    def reset(self) -> None:
        """Put every switch back to its default."""
        self._values.clear()
