"""The embedded PostgreSQL as the rest of Scoredesk sees it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from scoredesk.postgres.binaries import wheel_installation
from scoredesk.postgres.errors import PostgresError, folder_fault
from scoredesk.postgres.folders import prepare
from scoredesk.postgres.initialise import NAME
from scoredesk.postgres.locks import Lock, opened
from scoredesk.postgres.places import Places, locate
from scoredesk.postgres.server import (
    DURABLE,
    START_SECONDS,
    VOLATILE,
    answers,
    did_not_start,
    log_tail,
)

KEEPER = "scoredesk.postgres.keeper"
PORT = "5432"  # names the socket's file only; nothing listens on the network


class Cluster:
    """One database cluster in one folder, started on demand and shared by many processes.

    Making the object and asking for its address starts nothing and writes nothing.
    `durable=False` is for tests: faster, and a failing machine may spoil the data.
    """

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self.places = locate(folder)
        self.durable = durable

    def connection_parameters(self) -> dict[str, str]:
        """host (the socket's folder), port, dbname and user, as psycopg takes them."""
        host = str(self.places.socket_folder)
        return {"host": host, "port": PORT, "dbname": NAME, "user": NAME}

    @property
    def url(self) -> str:
        """The address as a libpq URL."""
        host = quote(str(self.places.socket_folder), safe="")
        return f"postgresql://{NAME}@/{NAME}?host={host}&port={PORT}"

    @property
    def bin(self) -> Path:
        """The folder with pg_dump, pg_restore, psql; raises PostgresError if not installed."""
        return wheel_installation().bin

    def acquire(self) -> Lease:
        """Start the server if needed and keep it running while this process lives.

        May be called again, from any thread; each lease can be released on its own.
        Raises PostgresError, with what happened, why and what to do, if it cannot be had.
        """
        wheel_installation()
        account = prepare(self.places)
        owner = (account.uid, account.gid)
        try:
            lease = Lease(Lock(self.places.lease, owner=owner))
        except OSError as fault:
            raise folder_fault(self.places.base, fault) from fault
        try:
            with opened(self.places.start, owner=owner) as start:
                start.wait_alone()
                self._ensure_running(owner)
        except BaseException:
            lease.release()
            raise
        return lease

    @contextmanager
    def lease(self) -> Iterator[Lease]:
        """The server, running for the length of the block."""
        held = self.acquire()
        try:
            yield held
        finally:
            held.release()

    def _ensure_running(self, owner: tuple[int, int]) -> None:
        """To be called by one process at a time, which the start lock sees to."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if not _keeper_lives(self.places, owner):
                self._start_keeper()
            if answers(self.places):
                return
            time.sleep(0.02)
        raise did_not_start(self.places, log_tail(self.places))

    def _start_keeper(self) -> None:
        """Start a keeper and wait for its word; raises the PostgresError that it reports."""
        # The package's own place, so that the keeper is of this release wherever it is started.
        source = Path(__file__).parents[2]
        environment = {"PATH": os.environ.get("PATH", os.defpath), "PYTHONPATH": str(source)}
        durability = DURABLE if self.durable else VOLATILE
        handle = os.open(
            self.places.keeper_log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600
        )
        with os.fdopen(handle, "ab") as log:
            done = subprocess.run(  # noqa: S603 - our own module and paths, no shell
                [sys.executable, "-m", KEEPER, self.places.folder, self.places.base, durability],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                cwd="/",
                env=environment,
                start_new_session=True,
                check=False,
            )
        report = _parsed(done.stdout)
        if report is None:
            raise PostgresError(
                "The keeper of the embedded PostgreSQL ended without a word.",
                f"Its log is {self.places.keeper_log}.",
                "Start again; if it stays so, use a PostgreSQL server with DATABASE_URL.",
            )
        if report:
            raise PostgresError(report["what"], report["why"], report["next"])


class Lease:
    """A hold on a running cluster. It falls with the process, however that ends."""

    def __init__(self, lock: Lock) -> None:
        """Take the lock; waits while a server that nobody used any more is being stopped."""
        self._lock = lock
        self._guard = threading.Lock()
        _held.add(self)
        lock.share()

    def release(self) -> None:
        """Give the lease back; the server stops when it was the last one."""
        with self._guard:
            _held.discard(self)
            self._lock.close()


# A lease that its taker does not keep must still hold for the life of the process.
_held: set[Lease] = set()


def _keeper_lives(places: Places, owner: tuple[int, int]) -> bool:
    with opened(places.keeper, owner=owner) as lock:
        return not lock.try_alone()


def _parsed(output: bytes) -> dict[str, str] | None:
    try:
        report: dict[str, str] = json.loads(output)
    except ValueError:
        return None
    return report
