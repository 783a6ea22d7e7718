"""A real portal (granian), a real worker, the sandbox, and a real Chromium before them."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import httpx
import pytest
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from scoredesk.sandbox.program import RunningSandbox

# Playwright's synchronous interface runs an event loop in this thread; Django only sees the loop.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

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


@pytest.fixture(scope="session")
def portal(django_db_setup: None, sandbox_program: RunningSandbox) -> Iterator[Portal]:
    """`scoredesk serve` on a free port, for all browser tests of this worker."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    host = sandbox_program.servicenow_url.removeprefix("http://")
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "SCOREDESK_PUBLIC_URL": url,
        "SCOREDESK_GRAPH_URL": sandbox_program.microsoft_url,
        "SCOREDESK_LOGIN_URL": sandbox_program.microsoft_url,
        "SCOREDESK_INSTANCE_HOSTS": f"*.service-now.com,{host}",
        "SCOREDESK_PRIVATE_INSTANCE_HOSTS": host,
        "SCOREDESK_TRACK_SECONDS": "5",
    }
    process = _start(["serve", "--port", str(port)], environment)
    try:
        _wait_until_ready(f"{url}/healthz", process)
        yield Portal(url, environment)
    finally:
        _stop(process)


@pytest.fixture
def worker(portal: Portal, transactional_db: None) -> Iterator[None]:
    """`scoredesk worker` for one test."""
    process = _start(["worker"], portal.environment)
    try:
        yield
    finally:
        _stop(process)


@pytest.fixture
def instance(sandbox_program: RunningSandbox, portal: Portal) -> RunningSandbox:
    """The sandbox at its first state, ready to send people back to this portal."""
    sandbox_program.reset()
    httpx.post(
        f"{sandbox_program.servicenow_url}/_sandbox/switches",
        json={"oauth_redirects": [f"{portal.url}/connections/callback"]},
    ).raise_for_status()
    return sandbox_program


@pytest.fixture(scope="session")
def playwright_program() -> Iterator[Playwright]:
    """Playwright, once per worker."""
    with sync_playwright() as program:
        yield program


@pytest.fixture(scope="session")
def chromium(playwright_program: Playwright) -> Iterator[Browser]:
    """Debian's Chromium, else the one Playwright installed."""
    path = shutil.which("chromium")
    browser = playwright_program.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
    yield browser
    browser.close()


@pytest.fixture
def new_browser(chromium: Browser, transactional_db: None) -> Iterator[Callable[..., Page]]:
    """Opens a page of a browser of its own: `new_browser(locale="zh-CN", width=390, dark=True)`."""
    contexts: list[BrowserContext] = []

    def open_page(*, locale: str = "en-GB", width: int = 1280, dark: bool = False) -> Page:
        context = chromium.new_context(
            locale=locale,
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


def _start(arguments: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "scoredesk", *arguments], env=environment)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _wait_until_ready(url: str, process: subprocess.Popen[bytes]) -> None:
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
