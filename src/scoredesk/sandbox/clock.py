"""The sandbox's own clock, whose hands can be moved so that time need not be waited for."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta


class Clock:
    """Tells the time of the sandbox: the machine's time plus an offset, or a frozen moment."""

    def __init__(self) -> None:
        self._offset = timedelta()
        self._standing: datetime | None = None

    def now(self) -> datetime:
        """The sandbox's time as an aware UTC datetime."""
        if self._standing is not None:
            return self._standing
        return datetime.now(UTC) + self._offset

    @property
    def offset_seconds(self) -> float:
        """How far the sandbox is ahead of the machine."""
        if self._standing is None:
            return self._offset.total_seconds()
        return (self._standing - datetime.now(UTC)).total_seconds()

    @offset_seconds.setter
    def offset_seconds(self, seconds: float) -> None:
        self.set(datetime.now(UTC) + timedelta(seconds=seconds))
        # Set as told, not as measured: two readings of the machine's clock lie apart.
        self._offset = timedelta(seconds=seconds)

    @property
    def frozen(self) -> bool:
        """Whether time stands still."""
        return self._standing is not None

    def set(self, moment: datetime) -> None:
        """Make it that time now; a frozen clock then stands there."""
        self._offset = moment - datetime.now(UTC)
        if self._standing is not None:
            self._standing = moment

    def advance(self, seconds: float) -> None:
        """Move the hands on; a frozen clock stands at the later moment."""
        if self._standing is not None:
            self._standing += timedelta(seconds=seconds)
        else:
            self._offset += timedelta(seconds=seconds)

    def freeze(self) -> None:
        """Let time stand still."""
        self._standing = self.now()

    def thaw(self) -> None:
        """Let time go on from where it stands."""
        standing, self._standing = self._standing, None
        if standing is not None:
            self._offset = standing - datetime.now(UTC)

    @contextlib.contextmanager
    def at(self, moment: datetime) -> Iterator[None]:
        """Another time while the block runs; the block must not wait for anything."""
        before, self._standing = self._standing, moment
        try:
            yield
        finally:
            self._standing = before

    def reset(self) -> None:
        """Go back to the machine's own time."""
        self._standing = None
        self._offset = timedelta()
