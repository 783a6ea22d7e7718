"""Steps of the first day's story, as a person's hands do them, whatever the page's language."""

from __future__ import annotations

import os
import re
from pathlib import Path

import httpx
from playwright.sync_api import Page, expect

CLIENT_ID = "5c0ded3500000000000000000000c1d0"
CLIENT_SECRET = "sandbox-secret"
INTEGRATION_USER = ("scoredesk.integration", "integration")
OWNER = ("change.owner", "change.owner")
PASSWORD = "a long enough password"


def look(page: Page, name: str) -> None:
    """Keeps a picture of the page when the variable PICTURES names a folder."""
    if folder := os.environ.get("PICTURES"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


def sign_in(page: Page, url: str, email: str) -> None:
    """Signs a person in to the portal."""
    page.goto(url)
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    expect(page).to_have_url(f"{url}/")


def fill_in_connection(page: Page, portal: str, instance: str, secret: str = CLIENT_SECRET) -> None:
    """From the home page's card to a saved set-up, ready to authorize."""
    page.goto(portal)
    page.locator("main a[href='/connections/setup/']").click()
    save_step(page, "instance", address=instance)
    page.locator("#app input[value=without]").check()
    save_step(page, "app")
    save_step(page, "application", client_id=CLIENT_ID, client_secret=secret)
    save_step(page, "user", integration_user=INTEGRATION_USER[0])
    expect(page.locator("form[action='/connections/authorize/'] button")).to_be_visible()


def save_step(page: Page, step: str, **fields: str) -> None:
    """Types into the fields of one step of the checklist and saves it."""
    for name, value in fields.items():
        page.locator(f"#{step} [name={name}]").fill(value)
    page.locator(f"#{step} .card-body button[type=submit]").click()
    expect(page.locator(f"#state-{step}[data-state=to_do]")).to_have_count(0)


def authorize(page: Page, instance: str) -> None:
    """Presses Authorize and arrives at the instance."""
    page.locator("form[action='/connections/authorize/'] button").first.click()
    page.wait_for_url(re.compile(re.escape(instance)))


def sign_in_to_instance(page: Page, user: tuple[str, str]) -> None:
    """Fills in the instance's login page."""
    page.locator("#user_name").fill(user[0])
    page.locator("#user_password").fill(user[1])
    page.locator("#sysverb_login").click()


def allow(page: Page) -> None:
    """Presses Allow; the browser comes back to the portal."""
    page.get_by_role("button", name="Allow").click()
    page.wait_for_url(re.compile("/connections/"))


def open_action(page: Page, portal: str, control_id: str) -> None:
    """Opens an improvement action, again and again until the worker has read the score."""
    address = f"{portal}/improvement-actions/{control_id}/"
    for _ in range(30):
        answer = page.goto(address)
        if answer and answer.ok:
            return
        page.wait_for_timeout(1000)
    raise AssertionError(f"{control_id} was not read within 30 s")


def share(page: Page, portal: str, control_id: str, kind: str) -> str:
    """Shares an improvement action through its menu; returns the number ServiceNow gave it."""
    open_action(page, portal, control_id)
    page.locator("main [data-bs-toggle=dropdown]").first.click()
    page.locator(f"a[href='/tickets/share/{control_id}']").click()
    page.locator(f"input[name=table][value={kind}]").check()
    page.locator("main form button[type=submit]").click()
    number = page.locator("main").get_by_text(re.compile(r"^(CHG|INC)\d{7}$")).first
    expect(number).to_be_visible(timeout=20_000)
    return number.inner_text()


def move_in_instance(page: Page, instance: str, number: str, state: str) -> None:
    """Somebody opens the record in ServiceNow's own pages and changes its state."""
    table = "incident" if number.startswith("INC") else "change_request"
    page.goto(f"{instance}/{table}_list.do?sysparm_query=number={number}")
    if page.locator("#user_name").count():
        sign_in_to_instance(page, OWNER)
        page.goto(f"{instance}/{table}_list.do?sysparm_query=number={number}")
    page.get_by_role("link", name=number).click()
    page.locator("select[name=state]").select_option(state)
    page.locator("#sysverb_update").click()
    expect(page.get_by_role("status")).to_be_visible()


def records(
    instance: str, table: str, user: tuple[str, str] = ("admin", "admin")
) -> list[dict[str, str]]:
    """The records of ours that the instance holds."""
    answer = httpx.get(
        f"{instance}/api/now/table/{table}",
        params={"sysparm_query": "correlation_idSTARTSWITHscoredesk-"},
        headers={"Accept": "application/json"},
        auth=user,
    )
    found: list[dict[str, str]] = answer.raise_for_status().json()["result"]
    return found
