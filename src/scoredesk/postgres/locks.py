"""Locks between processes: flock(2), which falls with the process, however it ends."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Lock:
    """An open lock file. Closed on exec, so that no child program holds it by accident."""

    def __init__(self, path: Path, *, owner: tuple[int, int] | None = None) -> None:
        """Open `path`, made if needed; `owner` (uid, gid) is who gets a file made by root."""
        self._handle = os.open(path, os.O_RDONLY | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        if owner is not None and os.geteuid() == 0:
            os.fchown(self._handle, *owner)

    def share(self) -> None:
        """Take the lock together with other sharers; waits while somebody has it alone."""
        fcntl.flock(self._handle, fcntl.LOCK_SH)

    def try_alone(self) -> bool:
        """Take the lock alone if nobody else has it; returns whether it was taken."""
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def take_alone(self, *, seconds: float) -> bool:
        """Take the lock alone, waiting at most `seconds`; returns whether it was taken."""
        deadline = time.monotonic() + seconds
        while not self.try_alone():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)
        return True

    def wait_alone(self) -> None:
        """Take the lock alone, waiting until everybody else has given it back."""
        fcntl.flock(self._handle, fcntl.LOCK_EX)

    def unlock(self) -> None:
        """Give the lock back, also when a forked child still has the file open."""
        fcntl.flock(self._handle, fcntl.LOCK_UN)

    def close(self) -> None:
        """Close the file; the lock falls when every forked child has closed it too."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1


@contextmanager
def opened(path: Path, *, owner: tuple[int, int] | None = None) -> Iterator[Lock]:
    """A lock file, given back at the end of the block."""
    lock = Lock(path, owner=owner)
    try:
        yield lock
    finally:
        lock.unlock()
        lock.close()
