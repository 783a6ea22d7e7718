"""Several programs run as one: ready together, stopped together, none left over."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from scoredesk.ports import check_ports
from scoredesk.processes import Process, ProcessError, run_all

SOURCE = Path(__file__).resolve().parents[1] / "src"
PYTHON = (sys.executable, "-c")

SERVER = """
import http.server, sys
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
    def log_message(self, *_): pass
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Answer).serve_forever()
"""
# Says its number, and on SIGTERM that it stops, into a file of its own.
SLEEPER = """
import os, pathlib, signal, sys, time
record = pathlib.Path(sys.argv[1])
def stop(*_):
    with record.open("a") as file: file.write(f"{sys.argv[2]} stopped {time.monotonic()}\\n")
    sys.exit(0)
signal.signal(signal.SIGTERM, stop)
with record.open("a") as file: file.write(f"{sys.argv[2]} pid {os.getpid()}\\n")
print("here", sys.argv[2], flush=True)
while True: time.sleep(0.05)
"""
STUBBORN = SLEEPER.replace("sys.exit(0)", "pass")
WAIT = """
import os, pathlib, signal, subprocess, sys, time
def wait(record):
    while not pathlib.Path(record).exists(): time.sleep(0.02)
"""
FAILING = WAIT + "wait(sys.argv[1]); sys.exit(3)"
# Starts a child of its own, then is killed like by the kernel when memory runs out.
PARENT = (
    WAIT
    + """
subprocess.Popen([sys.executable, "-c", sys.argv[1], sys.argv[2], "child"])
wait(sys.argv[2])
os.kill(os.getpid(), signal.SIGKILL)
"""
)
RUNNER = """
import sys
from scoredesk.processes import Process, run_all
run_all([Process(name, [code, record, name], program=(sys.executable, "-c"))
         for name, code, record in zip(*[iter(sys.argv[1:])] * 3)],
        when_ready=lambda: print("all ready", flush=True))
print("runner done", flush=True)
"""


@pytest.fixture(autouse=True)
def our_source(monkeypatch: pytest.MonkeyPatch) -> None:
    """Programs started here find this checkout's code."""
    monkeypatch.setenv("PYTHONPATH", str(SOURCE))


def wait_for(condition: Callable[[], bool], seconds: float = 15) -> bool:
    """Whether the condition came true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def lines(record: Path, word: str) -> list[list[str]]:
    """The record's lines that hold `word`, in words."""
    found = record.read_text().splitlines() if record.exists() else []
    return [line.split() for line in found if f" {word} " in line]


def runs(pid: int) -> bool:
    """Whether a process runs (one that ended and was not waited for does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@contextmanager
def runner(record: Path, **programs: str) -> Iterator[subprocess.Popen[str]]:
    """A runner in a process of its own, whose programs have written their numbers."""
    words = [word for name, code in programs.items() for word in (name, code, str(record))]
    with subprocess.Popen(
        [sys.executable, "-c", RUNNER, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            assert wait_for(lambda: len(lines(record, "pid")) == len(programs))
            yield process
        finally:
            process.kill()


def free_port() -> int:
    """A port that nobody has at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_all_in_reverse_order(tmp_path: Path, number: signal.Signals) -> None:
    record = tmp_path / "record"
    with runner(record, first=SLEEPER, second=SLEEPER, third=SLEEPER) as process:
        process.send_signal(number)
        output, _ = process.communicate(timeout=15)
    assert [words[0] for words in lines(record, "stopped")] == ["third", "second", "first"]
    assert "runner done" in output
    assert process.returncode == 0
    assert not any(runs(int(words[2])) for words in lines(record, "pid"))


def test_lines_appear_under_the_programs_names(tmp_path: Path) -> None:
    with runner(tmp_path / "record", portal=SLEEPER, worker=SLEEPER) as process:
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=15)
    assert "portal | here portal" in output
    assert "worker | here worker" in output


def test_nothing_is_left_when_the_runner_is_killed_outright(tmp_path: Path) -> None:
    record = tmp_path / "record"
    with runner(record, first=SLEEPER, second=SLEEPER) as process:
        process.kill()
        process.wait(timeout=5)
        pids = [int(words[2]) for words in lines(record, "pid")]
        assert wait_for(lambda: not any(runs(pid) for pid in pids))


def test_a_second_ctrl_c_kills_a_program_that_will_not_stop(tmp_path: Path) -> None:
    record = tmp_path / "record"
    with runner(record, stubborn=STUBBORN) as process:
        process.send_signal(signal.SIGINT)
        assert wait_for(lambda: bool(lines(record, "stopped")))
        begun = time.monotonic()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=15)
        assert time.monotonic() - begun < 5
    assert not runs(int(lines(record, "pid")[0][2]))


def test_a_program_that_ends_by_itself_is_named_and_stops_the_others(tmp_path: Path) -> None:
    record = tmp_path / "record"
    with pytest.raises(ProcessError, match=r"The worker ended by itself \(with status 3\)"):
        run_all(
            [
                Process("portal", [SLEEPER, str(record), "portal"], program=PYTHON),
                Process("worker", [FAILING, str(record)], program=PYTHON),
            ]
        )
    (pid,) = [int(words[2]) for words in lines(record, "pid")]
    assert not runs(pid)


def test_children_of_a_program_that_was_killed_are_stopped_too(tmp_path: Path) -> None:
    record = tmp_path / "record"
    with pytest.raises(ProcessError, match="by SIGKILL"):
        run_all([Process("portal", [PARENT, SLEEPER, str(record)], program=PYTHON)])
    (pid,) = [int(words[2]) for words in lines(record, "pid")]
    assert wait_for(lambda: not runs(pid))


def test_ready_is_said_once_the_address_answers() -> None:
    port = free_port()
    answered: list[bool] = []

    def ready() -> None:
        with socket.create_connection(("127.0.0.1", port), timeout=5):
            answered.append(True)
        os.kill(os.getpid(), signal.SIGINT)

    process = Process(
        "portal", [SERVER, str(port)], f"http://127.0.0.1:{port}/readyz", (port,), program=PYTHON
    )
    run_all([process], when_ready=ready)
    assert answered == [True]
    assert check_ports([(port, "")]) == ""


def test_a_port_in_use_is_told_with_its_owner_and_nothing_is_started(tmp_path: Path) -> None:
    record = tmp_path / "record"
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process = Process(
            "portal",
            [SLEEPER, str(record), "portal"],
            ports=(port,),
            port_option="--port",
            program=PYTHON,
        )
        with pytest.raises(ProcessError) as caught:
            run_all([process])
    assert f"Port {port} is in use by" in str(caught.value)
    assert f"(process {os.getpid()})" in str(caught.value)
    assert "choose another with --port" in str(caught.value)
    assert not record.exists()


def test_a_program_that_cannot_be_started_is_told() -> None:
    with pytest.raises(ProcessError, match="The portal ended by itself"):
        run_all([Process("portal", [], program=("/nowhere/scoredesk",))])
