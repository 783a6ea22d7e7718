"""The sandbox's own clock, whose hands can be moved so that time need not be waited for."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

EARLIEST, LATEST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2199, 1, 1, tzinfo=UTC)


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
        self.set(_later(datetime.now(UTC), seconds))
        # Set as told, not as measured: two readings of the machine's clock lie apart.
        self._offset = timedelta(seconds=seconds)

    @property
    def frozen(self) -> bool:
        """Whether time stands still."""
        return self._standing is not None

    def set(self, moment: datetime) -> None:
        """Make it that time now; a frozen clock then stands there. ValueError if far off."""
        if not EARLIEST <= moment <= LATEST:
            raise ValueError("The clock goes from the year 1990 to 2198.")
        self._offset = moment - datetime.now(UTC)
        if self._standing is not None:
            self._standing = moment

    def advance(self, seconds: float) -> None:
        """Move the hands on; a frozen clock stands at the later moment. ValueError if far off."""
        later, offset = _later(self.now(), seconds), self._offset + timedelta(seconds=seconds)
        self.set(later)
        if self._standing is None:
            self._offset = offset

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


def _later(moment: datetime, seconds: float) -> datetime:
    try:
        return moment + timedelta(seconds=seconds)
    except OverflowError:
        raise ValueError("That is too far away for the clock.") from None
