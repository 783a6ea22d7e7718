"""A real portal (granian), a real worker, the sandbox, and a real Chromium before them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright
from tests.browser.programs import (
    CHROMIUM_FLAGS,
    Portal,
    free_port,
    portal_environment,
    start,
    stop,
    wait_until_ready,
)
from tests.browser.world import World

from scoredesk.accounts.models import Person
from scoredesk.sandbox.program import RunningSandbox

# Playwright's synchronous interface runs an event loop in this thread; Django only sees the loop.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def portal(django_db_setup: None, sandbox_program: RunningSandbox) -> Iterator[Portal]:
    """`scoredesk serve` on a free port, for all browser tests of this worker."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environment = portal_environment(url, sandbox_program)
    process = start(["serve", "--port", str(port)], environment)
    try:
        wait_until_ready(f"{url}/healthz", process)
        yield Portal(url, environment)
    finally:
        stop(process)


@pytest.fixture
def worker(portal: Portal, transactional_db: None) -> Iterator[None]:
    """`scoredesk worker` for one test."""
    process = start(["worker"], portal.environment)
    try:
        yield
    finally:
        stop(process)


@pytest.fixture
def instance(sandbox_program: RunningSandbox, portal: Portal) -> RunningSandbox:
    """The sandbox at its first state, ready to send people back to this portal."""
    sandbox_program.reset()
    httpx.post(
        f"{sandbox_program.servicenow_url}/_sandbox/switches",
        json={"oauth_redirects": [f"{portal.url}/connections/callback"]},
    ).raise_for_status()
    return sandbox_program


@pytest.fixture
def world(
    transactional_db: None,
    sandbox: RunningSandbox,
    instance: RunningSandbox,
    portal: Portal,
    admin: Person,
    reader: Person,
) -> World:
    """Alder Hospital with Ada and Rob, to be furnished as far as a test needs."""
    return World(portal, instance, admin, reader)


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
    """Opens a page of a browser of its own: `new_browser(locale="zh-CN", width=390, dark=True)`.

    Other words go to Playwright as they are: `java_script_enabled=False`, `bypass_csp=True`.
    """
    contexts: list[BrowserContext] = []

    def open_page(
        *, locale: str = "en-GB", width: int = 1280, dark: bool = False, **more: Any
    ) -> Page:
        context = chromium.new_context(
            locale=locale,
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            **more,
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
