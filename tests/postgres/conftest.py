"""Folders, people and programs for the tests of the embedded PostgreSQL."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from scoredesk.postgres import Cluster
from scoredesk.postgres.server import running_pid

SOURCE = Path(__file__).resolve().parents[2] / "src"
AM_ROOT = os.geteuid() == 0

# Most tests run as whoever runs them; those where the account matters run as another one too.
BOTH = pytest.mark.parametrize("person", ["myself", "nobody"], indirect=True)
NOBODY = pytest.mark.parametrize("person", ["nobody"], indirect=True)

HOLD = """
import sys
from pathlib import Path
from scoredesk.postgres import Cluster, PostgresError
try:
    lease = Cluster(Path(sys.argv[1]), durable=len(sys.argv) > 2).acquire()
except PostgresError as fault:
    sys.exit(f"refused: {fault}")
print("held", flush=True)
sys.stdin.read()
"""
ASK = """
import sys
from pathlib import Path
import psycopg
from scoredesk.postgres import Cluster, PostgresError
cluster = Cluster(Path(sys.argv[1]), durable=False)
try:
    with cluster.lease(), psycopg.connect(cluster.url, autocommit=True) as connection:
        for statement in sys.argv[2:]:
            found = connection.execute(statement)
        print(found.fetchone()[0] if found.description else "")
except PostgresError as fault:
    sys.exit(f"refused: {fault}")
"""


class Programs:
    """Programs that use a cluster, each a process of its own, run by one person."""

    def __init__(self, uid: int, python: str) -> None:
        self.uid = uid
        self.python = python
        self._held: list[subprocess.Popen[str]] = []

    def begin(self, code: str, *words: object) -> subprocess.Popen[str]:
        """Start a program; its output can be read."""
        other = {"user": self.uid, "group": self.uid, "extra_groups": []}
        process: subprocess.Popen[str] = subprocess.Popen(
            [self.python, "-c", code, *map(str, words)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd="/",
            env={"PATH": os.defpath, "PYTHONPATH": str(SOURCE), "PYTHONDONTWRITEBYTECODE": "1"},
            **(other if self.uid != os.geteuid() else {}),
        )
        self._held.append(process)
        return process

    def hold(self, folder: Path, *, durable: bool = False) -> subprocess.Popen[str]:
        """A program that has the cluster until it is killed."""
        process = self.begin(HOLD, folder, *(["durable"] if durable else []))
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n", process.communicate()
        return process

    def ask(self, folder: Path, *statements: str) -> str:
        """What the last statement returns, in a program that comes and goes."""
        process = self.begin(ASK, folder, *statements)
        said, fault = process.communicate(timeout=120)
        assert process.returncode == 0, fault
        return said.strip()

    def refused(self, folder: Path) -> str:
        """What a program says that cannot have the cluster."""
        process = self.begin(HOLD, folder)
        _, fault = process.communicate(timeout=120)
        assert process.returncode != 0
        assert fault.startswith("refused: "), fault
        return fault.removeprefix("refused: ")

    def end(self) -> None:
        """Kill all that still run."""
        for process in self._held:
            process.kill()
            process.communicate()


def wait_for(condition: Callable[[], bool], seconds: float = 30) -> bool:
    """Whether the condition came true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def server_pid(folder: Path) -> int:
    """The server's process number; 0 if none runs."""
    found = running_pid(Cluster(folder).places.data)
    return found[0] if found else 0


def stopped(folder: Path) -> bool:
    """Whether the cluster's server has ended, or does so in time."""
    return wait_for(lambda: server_pid(folder) == 0)


def keeper_pid(folder: Path) -> int:
    """The keeper's process number; 0 if none runs."""
    wanted = [os.fsencode(Cluster(folder).places.folder), b"scoredesk.postgres.keeper"]
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if all(word in words for word in wanted):
            return int(process.name)
    return 0


@pytest.fixture
def room() -> Iterator[Path]:
    """A short folder that every account may enter, empty again afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="scoredesk-test-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def folder(room: Path, person: int) -> Iterator[Path]:
    """Where a cluster shall lie, inside the person's own folder; its server is gone afterwards."""
    os.chown(room, person, person)
    found = room / "var" / "postgres"
    yield found
    assert stopped(found)
    assert wait_for(lambda: keeper_pid(found) == 0)


@pytest.fixture(scope="session")
def open_python() -> Iterator[Path]:
    """A Python with our packages that every account may run; ours may lie in root's home."""
    room = Path(tempfile.mkdtemp(prefix="scoredesk-python-", dir="/tmp"))
    room.chmod(0o755)
    system = Path("/usr/bin", f"python3.{sys.version_info[1]}")
    if system.exists():
        subprocess.run([system, "-m", "venv", "--without-pip", room], check=True)
        (folder,) = room.glob("lib/python3.*/site-packages")
        (folder / "ours.pth").write_text(sysconfig.get_path("purelib") + "\n")
    yield room / "bin" / "python"
    shutil.rmtree(room)


def python_for(uid: int, open_python: Path) -> str:
    """A Python that the account can run with our packages; skips the test without one."""
    if uid == os.geteuid():
        return sys.executable
    imports = f"import psycopg; open({str(SOURCE / 'scoredesk' / '__init__.py')!r})"
    for python in (sys.executable, str(open_python)):
        with suppress(OSError, subprocess.CalledProcessError):
            subprocess.run(
                [python, "-c", imports],
                user=uid,
                group=uid,
                extra_groups=[],
                capture_output=True,
                check=True,
                cwd="/",
            )
            return python
    pytest.skip("no Python on this machine that another user may run with our packages")


@pytest.fixture
def person(request: pytest.FixtureRequest) -> int:
    """Who uses the cluster: the account that runs the tests, or `nobody` where a test asks."""
    if getattr(request, "param", "myself") == "myself":
        return os.geteuid()
    if not AM_ROOT:
        pytest.skip("only root can be another user")
    return pwd.getpwnam("nobody").pw_uid


@pytest.fixture
def programs(person: int, folder: Path, open_python: Path) -> Iterator[Programs]:
    """The person's programs; those that still run are killed before the folder is taken away."""
    found = Programs(person, python_for(person, open_python))
    yield found
    found.end()
