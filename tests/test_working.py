"""The worker as a program: it outlives its database, and ends cleanly when told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from scoredesk.postgres import Cluster

NEWEST_WORKER = "SELECT coalesce(max(id), 0) FROM procrastinate_workers"


@pytest.fixture
def var() -> Iterator[Path]:
    """A folder with a migrated database of its own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o711)  # as root, the database runs as another account
        _program(folder, "migrate").wait(60)
        yield folder


@pytest.fixture
def worker(var: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`scoredesk worker` on that database."""
    process = _program(var, "worker")
    yield process
    process.kill()
    process.wait()


def test_a_worker_begins_again_after_its_database_was_killed(
    var: Path, worker: subprocess.Popen[bytes]
) -> None:
    cluster = Cluster(var / "postgres")
    with cluster.lease():
        first = _wait(lambda: _newest(cluster))
        os.kill(_postmaster(cluster), signal.SIGKILL)
        _wait(lambda: _newest(cluster) > first)
        assert worker.poll() is None


def test_a_worker_that_is_told_to_stop_ends_with_status_0(
    var: Path, worker: subprocess.Popen[bytes]
) -> None:
    with Cluster(var / "postgres").lease():
        _wait(lambda: _newest(Cluster(var / "postgres")))
    worker.terminate()
    assert worker.wait(15) == 0


def _program(var: Path, command: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "SCOREDESK_VAR": str(var)}
    environment.pop("DATABASE_URL", None)
    return subprocess.Popen([sys.executable, "-m", "scoredesk", command], env=environment)


def _newest(cluster: Cluster) -> int:
    """The number of the worker that registered last; 0 while there is none to ask or to find."""
    try:
        with psycopg.connect(cluster.url, connect_timeout=2) as connection:
            row = connection.execute(NEWEST_WORKER).fetchone()
    except psycopg.OperationalError:
        return 0
    return int(row[0]) if row else 0


def _postmaster(cluster: Cluster) -> int:
    return int((cluster.places.data / "postmaster.pid").read_text().split("\n")[0])


def _wait(happened: Callable[[], int]) -> int:
    """What `happened` says once it says something; fails after a minute."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if found := happened():
            return found
        time.sleep(0.1)
    pytest.fail("it did not happen within a minute")
