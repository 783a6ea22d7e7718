"""The programs of a browser test: where they listen, which database they share, start and stop."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass

import httpx
import pytest
from django.db import connection

from scoredesk.sandbox.program import RunningSandbox

CHROMIUM_FLAGS = [
    "--no-sandbox",  # the tests may run as root, where Chromium has no sandbox
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@dataclass(frozen=True)
class Portal:
    """A running portal: its address, and the environment that its processes share."""

    url: str
    environment: dict[str, str]


def free_port() -> int:
    """A port that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def database_url() -> str:
    """This worker's test database as an address that another process can use."""
    place = connection.settings_dict
    secret = f":{place['PASSWORD']}" if place["PASSWORD"] else ""
    host = place["HOST"]
    if host.startswith("/"):
        return f"postgresql://{place['USER']}{secret}@/{place['NAME']}?host={host}"
    return f"postgresql://{place['USER']}{secret}@{host}:{place['PORT'] or 5432}/{place['NAME']}"


def portal_environment(url: str, sandbox: RunningSandbox) -> dict[str, str]:
    """The settings of a portal at `url` whose Microsoft and ServiceNow are the sandbox."""
    host = sandbox.servicenow_url.removeprefix("http://")
    return {
        **os.environ,
        "DATABASE_URL": database_url(),
        "SCOREDESK_PUBLIC_URL": url,
        "SCOREDESK_GRAPH_URL": sandbox.microsoft_url,
        "SCOREDESK_LOGIN_URL": sandbox.microsoft_url,
        "SCOREDESK_INSTANCE_HOSTS": f"*.service-now.com,{host}",
        "SCOREDESK_PRIVATE_INSTANCE_HOSTS": host,
        "SCOREDESK_TRACK_SECONDS": "5",
    }


def start(arguments: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """Starts `scoredesk` with these arguments."""
    return subprocess.Popen([sys.executable, "-m", "scoredesk", *arguments], env=environment)


def stop(process: subprocess.Popen[bytes]) -> None:
    """Asks a program to stop, and insists after 15 s."""
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def wait_until_ready(url: str, process: subprocess.Popen[bytes]) -> None:
    """Returns when `url` answers; fails the test when the program ends or 40 s pass."""
    deadline = time.monotonic() + 40
    while time.monotonic() < deadline:
        if process.poll() is not None:
            pytest.fail(f"the portal ended at once with {process.returncode}")
        try:
            if httpx.get(url, timeout=2).is_success:
                return
        except httpx.HTTPError:
            time.sleep(0.1)
    pytest.fail("the portal did not answer within 40 s")
