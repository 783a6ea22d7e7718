"""Steps of the first day's story, as a person's hands do them, in either language."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, expect

CLIENT_ID = "5c0ded3500000000000000000000c1d0"
PASSWORD = "a long enough password"


@dataclass(frozen=True)
class Words:
    """What buttons and fields are called."""

    email: str
    password: str
    sign_in: str
    connect: str
    address: str
    client_id: str
    client_secret: str
    integration_user: str
    authorize: str
    connected: str
    send: str
    change_request: str
    incident: str
    remove: str


ENGLISH = Words(
    email="E-mail address",
    password="Password",
    sign_in="Sign in",
    connect="Connect to ServiceNow",
    address="Instance address",
    client_id="Client ID",
    client_secret="Client secret",
    integration_user="Integration user",
    authorize="Authorize",
    connected="Connected",
    send="Send to ServiceNow",
    change_request="Change request",
    incident="Incident",
    remove="Remove",
)


def look(page: Page, name: str) -> None:
    """Keeps a picture of the page when PICTURES names a folder."""
    if folder := os.environ.get("PICTURES"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


def sign_in(page: Page, url: str, email: str, words: Words = ENGLISH) -> None:
    """Signs a person in to the portal."""
    page.goto(url)
    page.get_by_label(words.email).fill(email)
    page.get_by_label(words.password, exact=True).fill(PASSWORD)
    page.get_by_role("button", name=words.sign_in).click()
    expect(page.get_by_role("main")).to_be_visible()


def sign_in_to_instance(page: Page, user: str, password: str) -> None:
    """Fills in the instance's login page."""
    page.locator("#user_name").fill(user)
    page.locator("#user_password").fill(password)
    page.get_by_role("button", name="Log in").click()
