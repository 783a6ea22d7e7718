"""One PostgreSQL server: found running, started, watched, stopped."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from pathlib import Path

from scoredesk.postgres.account import Account
from scoredesk.postgres.binaries import Installation, clean_environment, identity, run_program
from scoredesk.postgres.errors import NO_SPACE, PostgresError
from scoredesk.postgres.folders import make_private
from scoredesk.postgres.places import SOCKET_NAME, Places

DURABLE, VOLATILE = "durable", "volatile"  # words for the keeper's command line
# Crash recovery replays at most max_wal_size (1 GB); a slow disk needs a minute or two for that.
START_SECONDS = 180
_LOG_LIMIT = 5_000_000  # bytes; then it is kept once as server.log.1
_TAIL_LINES = 12
_RETRY_SECONDS = 15

# Figures for one machine that also runs the portal and its workers (PostgreSQL 18's defaults
# where not named). jit: the wheel is built without LLVM, and short queries lose by it anyhow.
_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "logging_collector": "off",
    "log_line_prefix": "%m [%p] ",
    "log_lock_waits": "on",
}
# A machine that fails may lose or spoil the data: for tests, which throw them away.
_NOT_DURABLE = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


def running_pid(data: Path) -> tuple[int, bool] | None:
    """The process number of the server that runs on `data`, and whether it takes connections.

    None if none runs. A postmaster.pid left by a crash is seen through: its number may by now
    belong to any other program, so the program and its folder are compared where /proc tells them.
    """
    try:
        lines = (data / "postmaster.pid").read_text(encoding="utf-8", errors="replace").split("\n")
        pid = int(lines[0])
    except (OSError, ValueError):
        return None
    if not _serves(pid, data):
        return None
    # The eighth line is the state: "starting", "ready", "standby" or "stopping", padded.
    return pid, len(lines) > 7 and lines[7].strip() == "ready"


def answers(places: Places) -> bool:
    """Whether a server runs on the cluster's data and takes connections at its socket."""
    found = running_pid(places.data)
    if found is None or not found[1]:
        return False
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(5)
        try:
            probe.connect(str(places.socket))
        except OSError:
            return False
    return True


def log_tail(places: Places, start: int = 0) -> str:
    """The last lines of the server's log, from byte `start` on."""
    try:
        with places.server_log.open("rb") as file:
            file.seek(start)
            lines = file.read().decode("utf-8", errors="replace").strip().splitlines()
    except OSError:
        return ""
    return "\n".join(lines[-_TAIL_LINES:])


class Server:
    """The server of a cluster, as its keeper handles it."""

    def __init__(
        self, places: Places, account: Account, installation: Installation, *, durable: bool
    ) -> None:
        self.places = places
        self.account = account
        self.installation = installation
        self.durable = durable
        self._child: subprocess.Popen[bytes] | None = None
        self._pid = 0

    def start(self) -> None:
        """Adopt the server that runs already, or start one; returns when it takes connections.

        Raises PostgresError with the last lines of its log if it does not come up.
        """
        deadline = time.monotonic() + _RETRY_SECONDS
        while True:
            mark = self._log_size()
            if running_pid(self.places.data) is None:
                self._spawn()
            if self._wait_ready():
                return
            tail = log_tail(self.places, mark)
            # Backends of a killed server leave the shared memory within moments; until then a
            # new server refuses, rightly.
            if "shared memory block" in tail and time.monotonic() < deadline:
                time.sleep(0.2)
                continue
            raise did_not_start(self.places, tail)

    def is_alive(self) -> bool:
        """Whether the server's main process still runs."""
        if self._child is not None:
            return self._child.poll() is None
        return _serves(self._pid, self.places.data)

    def stop(self) -> None:
        """Stop the server: connections are closed, everything committed is on disk."""
        for mode in ("fast", "immediate"):
            if running_pid(self.places.data) is None:
                break
            command: list[str | Path] = [self.installation.bin / "pg_ctl", "stop", "--wait"]
            command += ["--timeout", "60", "--mode", mode, "--pgdata", self.places.data]
            run_program(command, account=self.account)
        if self._child is not None:
            self._child.wait()

    def _spawn(self) -> None:
        data = self.places.data
        self._disown_foreign_pid(data / "postmaster.pid")
        make_private(self.places.socket_folder, self.account)
        # A killed server leaves its socket and that socket's lock. No server runs, and the folder
        # is ours alone; PostgreSQL itself would ask who has the old number now.
        for name in (SOCKET_NAME, f"{SOCKET_NAME}.lock"):
            (self.places.socket_folder / name).unlink(missing_ok=True)
        settings = _SETTINGS | ({} if self.durable else _NOT_DURABLE)
        settings["unix_socket_directories"] = str(self.places.socket_folder)
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        self._turn_log()
        handle = os.open(
            self.places.server_log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600
        )
        with os.fdopen(handle, "ab") as log:
            self._child = subprocess.Popen(  # noqa: S603 - our own program and settings, no shell
                [str(self.installation.bin / "postgres"), "-D", str(data), *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=clean_environment(),
                start_new_session=True,  # Ctrl-C at our terminal is not for the database
                **identity(self.account),
            )
        self._pid = self._child.pid

    def _disown_foreign_pid(self, pid_file: Path) -> None:
        """Let the server start although its old number now belongs to another program.

        PostgreSQL would take that program for a server. It passes over the number of its own
        parent, so that is written there; the rest of the file stays, for with it PostgreSQL
        checks that no old backend still uses the shared memory.
        """
        try:
            lines = pid_file.read_text(encoding="utf-8", errors="replace").split("\n")
        except FileNotFoundError:
            return
        with pid_file.open("r+", encoding="utf-8") as file:
            file.write("\n".join([str(os.getpid()), *lines[1:]]))
            file.truncate()

    def _wait_ready(self) -> bool:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            found = running_pid(self.places.data)
            if found is not None and answers(self.places):
                self._pid = found[0]
                if self._child is not None and self._child.pid != self._pid:
                    self._child = None
                return True
            if found is None and (self._child is None or self._child.poll() is not None):
                return False
            time.sleep(0.01)
        return False

    def _log_size(self) -> int:
        try:
            return self.places.server_log.stat().st_size
        except OSError:
            return 0

    def _turn_log(self) -> None:
        log = self.places.server_log
        if self._log_size() > _LOG_LIMIT:
            log.replace(log.with_name("server.log.1"))


def did_not_start(places: Places, tail: str) -> PostgresError:
    """The sentence for a server that does not come up, with the end of its log."""
    what = "The embedded PostgreSQL did not start."
    if "No space left on device" in tail or "Disk quota exceeded" in tail:
        return PostgresError(what, *NO_SPACE)
    why = f"The last lines of {places.server_log}:\n{tail}\n" if tail else ""
    return PostgresError(
        what, why, "Mend what they name and start again, or use DATABASE_URL for another server."
    )


def _serves(pid: int, data: Path) -> bool:
    """Whether process `pid` is a PostgreSQL server at work in `data`."""
    if pid <= 0:
        return False
    if Path("/proc/self/exe").exists():
        try:
            program = Path(f"/proc/{pid}/exe").readlink()
            folder = Path(f"/proc/{pid}/cwd").readlink()
        except OSError:
            return False
        # A reinstalled wheel makes the running program's name end in " (deleted)".
        return program.name.startswith("postgres") and folder == data
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True
