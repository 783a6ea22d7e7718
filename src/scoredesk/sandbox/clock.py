"""The sandbox's own clock, whose hands can be moved so that time need not be waited for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class Clock:
    """Tells the time of the sandbox: the machine's time plus an offset in seconds."""

    def __init__(self) -> None:
        self.offset_seconds: float = 0

    def now(self) -> datetime:
        """The sandbox's time as an aware UTC datetime."""
        return datetime.now(UTC) + timedelta(seconds=self.offset_seconds)

    def reset(self) -> None:
        """Go back to the machine's own time."""
        self.offset_seconds = 0
