"""The sandbox as a program, and its control room."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from tests.sandbox.servicenow.shorthand import new_incident

from scoredesk.sandbox.program import RunningSandbox, running_sandbox

SOURCE = Path(__file__).resolve().parents[2] / "src"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def program(*options: str) -> Iterator[subprocess.Popen[str]]:
    started = subprocess.Popen(
        [sys.executable, "-m", "scoredesk.sandbox", *options],
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield started
    finally:
        started.kill()
        started.communicate(timeout=10)


def caller(program: RunningSandbox) -> httpx.Client:
    """The administrator of a sandbox."""
    return httpx.Client(
        base_url=f"{program.servicenow_url}/api/now",
        auth=("admin", "admin"),
        headers={"Accept": "application/json"},
    )


def wait_until_ready(url: str) -> None:
    transport = httpx.HTTPTransport(retries=6)
    with httpx.Client(transport=transport, timeout=10) as client:
        assert client.get(f"{url}/_sandbox/health").json()["status"] == "ok"


def test_it_serves_both_ports_and_stops_on_sigterm() -> None:
    ports = free_port(), free_port()
    options = ("--servicenow-port", str(ports[0]), "--microsoft-port", str(ports[1]))
    with program(*options) as started:
        for port in ports:
            wait_until_ready(f"http://127.0.0.1:{port}")
        started.send_signal(signal.SIGTERM)
        assert started.wait(timeout=10) == 0


def test_a_port_in_use_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        options = ("--servicenow-port", str(port), "--microsoft-port", str(free_port()))
        with program(*options) as started:
            _, said = started.communicate(timeout=20)
            assert started.returncode == 1
    assert said.strip() == (
        f"The sandbox cannot start: Port {port} is in use by another program; "
        "stop that program or choose another port."
    )


def test_a_data_file_of_the_first_version_is_taken_over(tmp_path: Path) -> None:
    data = tmp_path / "sandbox.sqlite"
    stamp = "2026-11-01 08:00:00"
    record = {
        "sys_id": "a" * 32,
        "number": "INC0010001",
        "short_description": "Old",
        "sys_created_on": stamp,
        "sys_updated_on": stamp,
        "sys_mod_count": "3",
    }
    with sqlite3.connect(data) as old:
        old.execute(
            "CREATE TABLE sn_record (sys_id TEXT PRIMARY KEY, tbl TEXT NOT NULL,"
            " number TEXT NOT NULL, state TEXT NOT NULL, correlation_id TEXT NOT NULL,"
            " correlation_display TEXT NOT NULL,"
            " sys_created_on TEXT NOT NULL, sys_updated_on TEXT NOT NULL,"
            " sys_mod_count INTEGER NOT NULL, body TEXT NOT NULL)"
        )
        old.execute(
            "INSERT INTO sn_record VALUES (?, 'incident', 'INC0010001', '', '', '', ?, ?, 3, ?)",
            [record["sys_id"], stamp, stamp, json.dumps(record)],
        )
    old.close()
    with running_sandbox(data=data) as program, caller(program) as client:
        assert client.get("/table/incident").json()["result"][0]["short_description"] == "Old"
        assert new_incident(client)["correlation_id"] == ""
        assert client.get("/table/chg_model").json()["result"]


def test_a_data_file_keeps_records_and_tokens(tmp_path: Path) -> None:
    data = tmp_path / "sandbox.sqlite"
    login = ("scoredesk.integration", "integration")
    with running_sandbox(data=data) as first:
        client = httpx.Client(base_url=f"{first.servicenow_url}/api/now", auth=login)
        number = new_incident(client)["number"]
    with running_sandbox(data=data) as second:
        client = httpx.Client(base_url=f"{second.servicenow_url}/api/now", auth=login)
        rows = client.get("/table/incident").json()["result"]
        assert [row["number"] for row in rows] == [number]
        assert new_incident(client)["number"] != number


def test_the_control_room_has_a_page_on_both_ports(sandbox: RunningSandbox) -> None:
    for url in (sandbox.servicenow_url, sandbox.microsoft_url):
        page = httpx.get(f"{url}/_sandbox", follow_redirects=True)
        assert page.status_code == 200
        assert "Control room" in page.text
        form = {"json": '{"table": "incident", "count": 3}'}
        pressed = httpx.post(f"{url}/_sandbox/seed", data=form, headers={"Accept": "text/html"})
        assert (pressed.status_code, pressed.headers["location"]) == (303, "/_sandbox/")


def test_reset_puts_everything_back(sandbox: RunningSandbox) -> None:
    url = f"{sandbox.servicenow_url}/_sandbox"
    login = ("admin", "admin")
    httpx.post(f"{url}/seed", json={"table": "change_request", "count": 30, "over_days": 3})
    httpx.post(f"{url}/clock", json={"offset_seconds": 500})
    httpx.post(f"{url}/switches", json={"mfa": True})
    httpx.post(f"{url}/faults", json={"kind": "reset", "times": None})
    assert httpx.post(f"{url}/reset").json() == {"reset": True}
    changes = f"{sandbox.servicenow_url}/api/now/table/change_request"
    assert httpx.get(changes, auth=login).json() == {"result": []}
    assert httpx.get(f"{url}/clock").json()["offset_seconds"] == 0


def test_wrong_orders_are_refused_with_a_sentence(sandbox: RunningSandbox) -> None:
    url = f"{sandbox.servicenow_url}/_sandbox"
    for lever, asked, said in (
        ("faults", {"kind": "earthquake"}, "There is no fault 'earthquake'"),
        ("faults", {"kind": "reset", "match": {"colour": "x"}}, "not colour"),
        ("faults", {"kind": "reset", "match": {"path": "("}}, "could not be read"),
        ("switches", {"nothing": 1}, "There is no switch 'nothing'"),
        ("switches", {"mfa": "yes"}, "takes true or false"),
        ("switches", {"business_rules": {"incident": 5}}, "holds text in each place"),
        ("switches", {"rate_rules": ["incident"]}, "in each place"),
        ("switches", {"rate_rules": [{"limit": "x"}]}, "limit is a whole number"),
        ("switches", {"rate_rules": [{"limit": 1, "colour": "x"}]}, "A rate rule has api"),
        ("switches", {"assignment_rules": {"incident": {"fields": 3}}}, "fields, an object"),
        ("switches", {"mandatory_fields": {"incident": {"x": 5}}}, "has a label"),
        ("switches", {"unreadable_fields": {"incident": [1]}}, "a list of names"),
        ("switches", {"rate_limit": -1}, "is from 0 to"),
        ("switches", {"clock_offset": 10**12}, "is from -1000000000 to"),
        ("clock", {"freeze": "x"}, "freeze is true or false"),
        ("clock", {"offset_seconds": None}, "offset_seconds is a number"),
        ("seed", {"count": "x"}, "count is from 0 to"),
        ("seed", {"count": 1, "over_days": 1e300}, "over_days is from 0 to"),
        ("seed", {"table": "nothing"}, "not for 'nothing'"),
    ):
        answer = httpx.post(f"{url}/{lever}", json=asked)
        assert answer.status_code == 400
        assert said in answer.json()["error"]


def test_requests_are_recorded_with_who_and_how(sandbox: RunningSandbox) -> None:
    url = sandbox.servicenow_url
    httpx.get(f"{url}/api/now/table/incident?sysparm_limit=1", auth=("admin", "admin"))
    entry = httpx.get(f"{url}/_sandbox/requests?service=servicenow").json()["requests"][-1]
    assert (entry["method"], entry["path"]) == ("GET", "/api/now/table/incident")
    assert (entry["query"], entry["user"]) == ("sysparm_limit=1", "admin")
    assert entry["status"] == 200
    assert "authorization" not in entry["headers"]
    httpx.delete(f"{url}/_sandbox/requests").raise_for_status()
    assert httpx.get(f"{url}/_sandbox/requests").json() == {"requests": []}
