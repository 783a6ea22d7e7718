"""Runs several of our own programs as one: started together, stopped together, none left over.

Each program's lines appear under its name. When one ends by itself, all stop and a sentence says
which and why. Ctrl-C, SIGTERM and a closed terminal stop all in reverse order; if this process is
killed outright, the kernel sends SIGTERM to the programs in its place (Linux).
"""

from __future__ import annotations

import ctypes
import http.client
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import IO
from urllib.parse import urlsplit

from scoredesk.ports import check_ports

READY_SECONDS = 60.0
STOP_SECONDS = 10.0
_PATIENCE_SECONDS = 3.0  # how long one program may take to stop before the next is told to
_LOOK_SECONDS = 0.1
_COLOURS = (36, 35, 33, 32, 34, 31)
_PR_SET_PDEATHSIG = 1  # linux/prctl.h


class ProcessError(Exception):
    """A program could not be started, did not get ready, or ended by itself: in whole sentences."""


@dataclass(frozen=True)
class Process:
    """A program to run.

    `arguments` are those of the command `scoredesk`; `program` names another one instead (a
    command's first words). It is ready when `ready_url` answers with 2xx, or at once without one.
    `ports` must be free before anything is started; `port_option` is what chooses another port.
    """

    name: str
    arguments: Sequence[str]
    ready_url: str = ""
    ports: Sequence[int] = ()
    port_option: str = ""
    env: Mapping[str, str] = field(default_factory=dict)
    program: Sequence[str] = (sys.executable, "-m", "scoredesk")


def run_all(processes: Sequence[Process], *, when_ready: Callable[[], None] | None = None) -> None:
    """Run the programs until Ctrl-C or SIGTERM, then stop them; returns when all have ended.

    `when_ready` is called once, as soon as every program is ready.
    Raises ProcessError, with all stopped again, if one cannot be had or ends by itself.
    To be called from the main thread: it takes over the signals while it runs.
    """
    fault = check_ports([(port, one.port_option) for one in processes for port in one.ports])
    if fault:
        raise ProcessError(fault)
    running: list[_Running] = []
    with _stop_signals() as stop:
        try:
            width = max(len(process.name) for process in processes)
            for number, process in enumerate(processes):
                running.append(_Running(process, _label(process.name, number, width)))
            for one in running:
                _wait_ready(one, running, stop)
            if when_ready is not None and not stop.set:
                when_ready()
            while not stop.wait(_LOOK_SECONDS):
                _check_alive(running)
        finally:
            _stop_all(running)


class _Running:
    """A started program and the thread that passes its lines on."""

    def __init__(self, process: Process, label: str) -> None:
        self.process = process
        command = [*process.program, *process.arguments]
        launcher = [sys.executable, "-m", "scoredesk.processes", str(os.getpid()), *command]
        try:
            self.child = subprocess.Popen(  # noqa: S603 - our own programs, no shell
                launcher if sys.platform == "linux" else command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env={**os.environ, "PYTHONUNBUFFERED": "1", **process.env},
                start_new_session=True,  # Ctrl-C is for us alone; we then stop them in order
            )
        except OSError as fault:
            raise ProcessError(f"{process.name} cannot be started: {fault.strerror}.") from fault
        self._reader = threading.Thread(target=self._pass_on, args=(label,), daemon=True)
        self._reader.start()

    def _pass_on(self, label: str) -> None:
        output: IO[bytes] | None = self.child.stdout
        for line in output or ():
            _say(label + line.decode("utf-8", errors="replace").rstrip("\n"))

    def signal_group(self, number: signal.Signals) -> None:
        """Send a signal to the program and everything it started."""
        try:
            os.killpg(self.child.pid, number)
        except ProcessLookupError:
            return

    def finish(self) -> None:
        """Kill what is left of the program's children and pass its last lines on."""
        self.signal_group(signal.SIGKILL)
        self.child.wait()
        self._reader.join(timeout=1)


def _wait_ready(one: _Running, running: list[_Running], stop: _Asked) -> None:
    if not one.process.ready_url:
        return
    deadline = time.monotonic() + READY_SECONDS
    while not stop.set and not _answers(one.process.ready_url):
        _check_alive(running)
        if time.monotonic() > deadline:
            raise ProcessError(
                f"The {one.process.name} was not ready within {READY_SECONDS:.0f} seconds. "
                "Its last lines above say why. Everything has been stopped."
            )
        stop.wait(_LOOK_SECONDS)


def _answers(url: str) -> bool:
    """Whether the address answers with 2xx. Straight to this machine, whatever proxy is set."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=2)
    try:
        connection.request("GET", parts.path or "/")
        return 200 <= connection.getresponse().status < 300
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _check_alive(running: list[_Running]) -> None:
    for one in running:
        status = one.child.poll()
        if status is not None:
            how = f"with status {status}" if status >= 0 else f"by {signal.Signals(-status).name}"
            raise ProcessError(
                f"The {one.process.name} ended by itself ({how}). "
                "Its last lines above say why. Everything else has been stopped."
            )


def _stop_all(running: list[_Running]) -> None:
    """Stop in reverse order; what still runs after STOP_SECONDS is killed."""
    deadline = time.monotonic() + STOP_SECONDS
    with _stop_signals() as hurry:
        for one in reversed(running):
            if one.child.poll() is None:
                one.child.send_signal(signal.SIGTERM)
                _wait_end(one, min(deadline, time.monotonic() + _PATIENCE_SECONDS), hurry)
        for one in running:
            _wait_end(one, deadline, hurry)
        for one in running:
            one.finish()


def _wait_end(one: _Running, deadline: float, hurry: _Asked) -> None:
    while one.child.poll() is None and time.monotonic() < deadline and not hurry.set:
        hurry.wait(0.02)


class _Asked:
    """A flag for signal handlers. Not a threading.Event: set by a handler that interrupts its
    wait() at the wrong moment, that waits for its own lock forever.
    """

    def __init__(self) -> None:
        self.set = False

    def ask(self, _number: int, _frame: FrameType | None) -> None:
        """The signal handler."""
        self.set = True

    def wait(self, seconds: float) -> bool:
        """Sleep a moment; returns whether a signal has come."""
        if not self.set:
            time.sleep(seconds)
        return self.set


@contextmanager
def _stop_signals() -> Iterator[_Asked]:
    """A flag that Ctrl-C, SIGTERM and a closed terminal set for the length of the block."""
    asked = _Asked()
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, asked.ask) for number in numbers}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _label(name: str, number: int, width: int) -> str:
    """The name before each line, in a colour of its own on a terminal."""
    text = f"{name:<{width}} | "
    if not sys.stdout.isatty() or os.environ.get("NO_COLOR"):
        return text
    return f"\033[{_COLOURS[number % len(_COLOURS)]}m{text}\033[0m"


_saying = threading.Lock()


def _say(line: str) -> None:
    with _saying:
        try:
            sys.stdout.write(line + "\n")
            sys.stdout.flush()
        except OSError:
            # The terminal is gone; the programs' pipes must still be drained until they end.
            return


def launch(arguments: Sequence[str]) -> None:
    """Become the program named by `arguments` (parent's number, command), tied to the parent.

    The kernel sends SIGTERM when the parent's main thread ends, also by SIGKILL; the tie
    outlives exec. A parent that ended before the tie was made is seen by its number.
    """
    parent, command = int(arguments[0]), list(arguments[1:])
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        raise SystemExit("The program that started this one has ended.")
    try:
        os.execvp(command[0], command)  # noqa: S606 - our own programs, no shell
    except OSError as fault:
        raise SystemExit(f"{command[0]} cannot be started: {fault.strerror}.") from fault


if __name__ == "__main__":
    launch(sys.argv[1:])
