"""The sandbox as a program of its own: start, and its speed and size with 200,000 records."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from bench.ground import tell

EACH = 100_000
MATCHING = 100
ROUNDS = 100
READS = 500
CALLERS = 4
AUTH = {"Authorization": "Basic YWRtaW46YWRtaW4=", "Accept": "application/json"}


def main() -> None:
    """Prints the figures; the sandbox listens on free ports of 127.0.0.1."""
    port, other = free_port(), free_port()
    with program(port, other) as running:
        caller = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        begun = time.perf_counter()
        for table in ("incident", "change_request"):
            asked = json.dumps({"table": table, "count": EACH, "over_days": 365})
            kind = {"Content-Type": "application/json"}
            answer(caller, "POST", "/_sandbox/seed", body=asked, headers=kind)
        tell("sandbox_seed_200k", time.perf_counter() - begun, "s")
        measure_queries(caller)
        measure_reads(port, sys_id=newest(caller, 1)[0]["sys_id"])
        tell("sandbox_memory_200k", resident(running.pid), "MB")


@contextlib.contextmanager
def program(port: int, other: int) -> Iterator[subprocess.Popen[bytes]]:
    """The sandbox as a process, once it answers; prints how long that took."""
    command = [sys.executable, "-m", "scoredesk.sandbox"]
    command += ["--servicenow-port", str(port), "--microsoft-port", str(other)]
    begun = time.perf_counter()
    running = subprocess.Popen(command)  # noqa: S603 # our own program
    try:
        while not answers(port):
            time.sleep(0.005)
        tell("sandbox_start", time.perf_counter() - begun, "s")
        yield running
    finally:
        running.terminate()
        running.wait(timeout=10)


def measure_queries(caller: http.client.HTTPConnection) -> None:
    """The tracking query over each kind of table: 100 whole records of 100,000 or 200,000."""
    for table in ("incident", "task"):
        watermark = newest(caller, MATCHING, table)[-1]["sys_updated_on"]
        query = f"sys_updated_on>={watermark}^ORDERBYsys_updated_on^ORDERBYsys_id"
        path = f"/api/now/table/{table}?sysparm_query={quote(query)}"
        times = []
        for _ in range(ROUNDS):
            begun = time.perf_counter()
            found = answer(caller, "GET", path)["result"]
            times.append((time.perf_counter() - begun) * 1000)
        assert MATCHING <= len(found) <= MATCHING + 2  # noqa: S101 # equal seconds may add some
        tell(f"sandbox_watermark_query_{table}_median", statistics.median(times), "ms")
        tell(f"sandbox_watermark_query_{table}_p95", statistics.quantiles(times, n=20)[-1], "ms")


def measure_reads(port: int, *, sys_id: str) -> None:
    """One record read again and again, by one caller and by several at once."""
    for callers in (1, CALLERS):
        threads = [
            threading.Thread(target=read_on, args=(port, sys_id, READS)) for _ in range(callers)
        ]
        begun = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        rate = READS * callers / (time.perf_counter() - begun)
        tell(f"sandbox_simple_reads_{callers}_callers", rate, "1/s")


def read_on(port: int, sys_id: str, count: int) -> None:
    """Read one record `count` times over one connection."""
    caller = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for _ in range(count):
        answer(caller, "GET", f"/api/now/table/incident/{sys_id}")
    caller.close()


def newest(
    caller: http.client.HTTPConnection, count: int, table: str = "incident"
) -> list[dict[str, str]]:
    """The records changed last, newest first."""
    query = quote("ORDERBYDESCsys_updated_on^ORDERBYDESCsys_id")
    fields = "sysparm_fields=sys_id,sys_updated_on"
    path = f"/api/now/table/{table}?sysparm_query={query}&sysparm_limit={count}&{fields}"
    rows: list[dict[str, str]] = answer(caller, "GET", path)["result"]
    return rows


def answer(
    caller: http.client.HTTPConnection,
    method: str,
    path: str,
    *,
    body: str | None = None,
    headers: dict[str, str] = AUTH,
) -> dict[str, list[dict[str, str]]]:
    """The JSON of one answer, which must be a success."""
    caller.request(method, path, body, headers)
    reply = caller.getresponse()
    content = reply.read()
    assert reply.status == 200, content  # noqa: S101 # a benchmark of refusals measures nothing
    shown: dict[str, list[dict[str, str]]] = json.loads(content)
    return shown


def answers(port: int) -> bool:
    """Whether somebody listens on the port."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def free_port() -> int:
    """A port that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def resident(pid: int) -> float:
    """The memory that a process holds, in MB."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


if __name__ == "__main__":
    main()
