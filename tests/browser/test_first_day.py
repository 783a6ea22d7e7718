"""The whole story of a first day, with real hands on real pages, in English and in Chinese."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from tests.browser import story
from tests.browser.programs import Portal

from scoredesk.accounts.models import Person
from scoredesk.accounts.sealed import seal
from scoredesk.connections.models import Connection
from scoredesk.posture.models import CredentialKind, SecureScoreSource
from scoredesk.posture.tasks import refresh_soon
from scoredesk.sandbox.program import RunningSandbox

WORDS = {
    "en-GB": {
        "language": "en",
        "question": "Do you use ServiceNow?",
        "not_you": "Not you?",
        "change": "Change management",
        "incident": "Incident management",
        "removed": "no longer tracked",
    },
    "zh-CN": {
        "language": "zh-hans",
        "question": "ServiceNow",
        "not_you": "Not you?",
        "change": "更改管理",
        "incident": "事件管理",
        "removed": "不再跟踪",
    },
}
pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


@pytest.fixture
def score(admin: Person, instance: RunningSandbox, worker: None) -> None:
    """The tenant's Secure Score, being read by the worker."""
    tenant = admin.memberships.get().tenant
    SecureScoreSource.objects.create(
        tenant=tenant,
        directory=tenant.entra_id,
        kind=CredentialKind.CLIENT_SECRET,
        client_id="scoredesk-graph",
        sealed_secret=seal("sandbox-secret"),
    )
    refresh_soon(tenant)


@pytest.mark.parametrize("locale", list(WORDS))
def test_a_first_day_from_signing_in_to_removing_the_connection(
    locale: str,
    portal: Portal,
    instance: RunningSandbox,
    score: None,
    new_browser: Callable[..., Page],
) -> None:
    words = WORDS[locale]
    servicenow = instance.servicenow_url
    page = new_browser(locale=locale)
    story.sign_in(page, portal.url, "ada@alder.example")
    expect(page.locator("html")).to_have_attribute("lang", words["language"])
    expect(page.get_by_role("main")).to_contain_text(words["question"])
    story.look(page, f"1-home-{locale}")

    connect_as_the_wrong_user(page, portal, servicenow, words, locale)
    connect_as_the_integration_user(page, servicenow)
    story.look(page, f"3-connected-{locale}")

    change = story.share(page, portal.url, "AdminMFAV2", "change_request")
    incident = story.share(page, portal.url, "BlockLegacyAuthentication", "incident")
    story.look(page, f"4-ticket-{locale}")
    owner = new_browser()
    story.move_in_instance(owner, servicenow, change, "-4")
    story.move_in_instance(owner, servicenow, incident, "2")
    see_the_cards_change(page, portal, words, (change, incident))
    story.look(page, f"5-cards-{locale}")

    remove(page, portal, words, change)
    assert [row["number"] for row in story.records(servicenow, "change_request")] == [change]
    assert [row["number"] for row in story.records(servicenow, "incident")] == [incident]


def connect_as_the_wrong_user(
    page: Page, portal: Portal, servicenow: str, words: dict[str, str], locale: str
) -> None:
    """A person's own account is refused, its tokens are revoked, and the page says what to do."""
    story.fill_in_connection(page, portal.url, servicenow)
    story.authorize(page, servicenow)
    story.sign_in_to_instance(page, story.OWNER)
    story.allow(page)
    main = page.get_by_role("main")
    expect(main).to_contain_text("change.owner")
    expect(main).to_contain_text(words["not_you"])
    story.look(page, f"2-refused-{locale}")
    connection = Connection.objects.get()
    assert connection.status == "not_connected"
    assert not connection.sealed_access_token


def connect_as_the_integration_user(page: Page, servicenow: str) -> None:
    """The browser still knows the person: Not you? leads to the right account."""
    story.authorize(page, servicenow)
    page.get_by_role("link", name="Not you?").click()
    story.sign_in_to_instance(page, story.INTEGRATION_USER)
    story.allow(page)
    expect(page).to_have_url(re.compile("/connections/$"))
    assert Connection.objects.get().status == "connected"


def see_the_cards_change(
    page: Page, portal: Portal, words: dict[str, str], numbers: tuple[str, str]
) -> None:
    """Both tickets show as being in progress, on the card of their kind, without a reload."""
    page.goto(portal.url)
    for title, number in zip((words["change"], words["incident"]), numbers, strict=True):
        card = page.get_by_role("region", name=title)
        expect(card).to_contain_text(number)
        expect(card.locator("[data-phase=in_progress]")).to_have_text("1", timeout=30_000)


def remove(page: Page, portal: Portal, words: dict[str, str], number: str) -> None:
    """Removing keeps the tickets, marked as no longer tracked."""
    page.goto(f"{portal.url}/connections/")
    page.locator("a[href='/connections/remove/']").click()
    page.locator("main form button[type=submit]").click()
    expect(page.get_by_role("main")).to_be_visible()
    connection = Connection.objects.get()
    assert connection.status == "removed"
    assert not connection.sealed_refresh_token
    row = page.get_by_role("row").filter(has_text=number)
    page.goto(f"{portal.url}/tickets/")
    expect(row).to_be_visible()
    for _ in range(15):
        if words["removed"].lower() in row.inner_text().lower():
            return
        page.wait_for_timeout(1000)
        page.reload()
    pytest.fail("the ticket is still shown as tracked")
