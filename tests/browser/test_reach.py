"""Every page is whole on a phone and quiet in the console; all is reached by keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.browser import story
from tests.browser.places import WELCOME, all_places, visit
from tests.browser.programs import Portal
from tests.browser.world import ACTION, World

from scoredesk.accounts.models import Membership, Person

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

PHONE = 360
TELL_VIOLATIONS = """document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));"""
# What reaches beyond the right edge of the page, for the message of a failing test.
TOO_WIDE = """() => {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  const wide = [...document.querySelectorAll("body *")].filter(
    (each) => each.getBoundingClientRect().right > root.clientWidth + 1);
  return [`${root.scrollWidth} px`, ...wide.slice(0, 5).map((each) => each.outerHTML.slice(0, 90))];
}"""


def listen(page: Page, portal: Portal) -> list[str]:
    """Everything the portal's pages complain of from now on."""
    heard: list[str] = []
    page.add_init_script(TELL_VIOLATIONS)

    def keep(text: str) -> None:
        if page.url.startswith(portal.url):
            heard.append(f"{page.url}: {text}")

    page.on("pageerror", lambda error: keep(str(error)))
    page.on(
        "console",
        lambda message: (
            keep(message.text)
            if message.type in {"error", "warning"} and not is_status(message.text)
            else None
        ),
    )
    return heard


def is_status(text: str) -> bool:
    """Chromium also writes a line for each page whose status is 400 or more, as some here are."""
    return bool(
        re.match(r"Failed to load resource: the server responded .* (400|403|404|422)", text)
    )


def test_every_page_fits_a_phone_and_none_complains(
    world: World, new_browser: Callable[..., Page]
) -> None:
    page = new_browser(width=PHONE)
    heard = listen(page, world.portal)
    wide: list[str] = []
    for place in all_places(page, world):
        wide += [f"{place.name}: {each}" for each in page.evaluate(TOO_WIDE)]
    assert not wide, "\n".join(wide)
    assert not heard, "\n".join(heard)


def test_the_first_run_fits_a_phone_and_does_not_complain(
    world: World, new_browser: Callable[..., Page]
) -> None:
    Membership.objects.all().delete()
    Person.objects.all().delete()
    page = new_browser(width=PHONE)
    heard = listen(page, world.portal)
    for place in visit(page, world, WELCOME):
        assert not page.evaluate(TOO_WIDE), place.name
    assert not heard


def test_these_tests_notice_what_they_look_for(
    world: World, new_browser: Callable[..., Page]
) -> None:
    page = new_browser(width=PHONE)
    heard = listen(page, world.portal)
    page.goto(f"{world.portal.url}/accounts/login/")
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {text: '1'}))"
    )
    expect(page.locator("body > script")).to_have_count(1)
    assert any("CSP: script-src" in each for each in heard)
    assert not page.evaluate(TOO_WIDE)
    page.evaluate("document.querySelector('main').style.minWidth = '400px'")
    assert page.evaluate(TOO_WIDE)


def has_focus_ring(control: Locator) -> bool:
    """Whether the control shows that it has the focus."""
    ring = "each => [getComputedStyle(each).outlineStyle, getComputedStyle(each).boxShadow]"
    return control.evaluate(ring) != ["none", "none"]


def test_the_first_tab_leads_past_the_navigation(
    world: World, new_browser: Callable[..., Page]
) -> None:
    page = world.enter(new_browser())
    page.goto(f"{world.portal.url}/tickets/")
    page.keyboard.press("Tab")
    skip = page.locator(".skip-link")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_each_stop_of_the_tab_key_shows_itself(
    world: World, new_browser: Callable[..., Page]
) -> None:
    page = world.enter(new_browser())
    page.goto(f"{world.portal.url}/connections/setup/")
    stops = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        stop = page.locator(":focus")
        if not stop.count():
            break
        stops.add(stop.evaluate("each => each.outerHTML.slice(0, 100)"))
        assert has_focus_ring(stop), stop.evaluate("each => each.outerHTML")
    assert len(stops) > 15


@pytest.mark.parametrize(
    ("menu", "choice"),
    [
        ("Language", "English"),
        ("Light or dark", "Light"),
        ("Your account", "Your profile"),
        ("Share", "ServiceNow"),
    ],
)
def test_a_menu_opens_and_closes_by_keyboard(
    menu: str, choice: str, world: World, new_browser: Callable[..., Page]
) -> None:
    world.read_score()
    page = world.enter(new_browser())
    page.goto(f"{world.portal.url}/improvement-actions/{ACTION}/")
    button = page.get_by_role("button", name=re.compile(f"^{menu}"))
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    first = page.locator(".dropdown-menu.show").locator("a, button").first
    expect(first).to_be_focused()
    expect(first).to_have_text(re.compile(choice))
    page.keyboard.press("Escape")
    expect(button).to_have_attribute("aria-expanded", "false")
    expect(button).to_be_focused()


def test_share_leads_to_the_form_by_keyboard(
    world: World, new_browser: Callable[..., Page]
) -> None:
    world.read_score()
    world.connect()
    page = world.enter(new_browser())
    page.goto(f"{world.portal.url}/improvement-actions/{ACTION}/")
    page.get_by_role("button", name="Share").focus()
    for key in ("Enter", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    expect(page.locator("input[name=name]")).not_to_have_value("")


def test_the_chosen_theme_is_there_before_the_page_is(
    portal: Portal, world: World, new_browser: Callable[..., Page]
) -> None:
    page = new_browser()
    page.goto(f"{portal.url}/accounts/login/")
    page.get_by_role("button", name="Light or dark").click()
    page.get_by_role("button", name="Dark", exact=True).click()
    root = page.locator("html")
    expect(root).to_have_attribute("data-bs-theme", "dark")
    # Notes the theme at the moment when the first element of the body appears.
    page.add_init_script(
        """new MutationObserver((_, watcher) => {
             if (!document.body) return;
             window.themeAtFirst = document.documentElement.dataset.bsTheme;
             watcher.disconnect();
           }).observe(document, {childList: true, subtree: true});"""
    )
    page.reload()
    assert page.evaluate("window.themeAtFirst") == "dark"
    expect(root).to_have_attribute("data-bs-theme", "dark")


def test_the_chosen_language_outlives_signing_out(
    portal: Portal, world: World, new_browser: Callable[..., Page]
) -> None:
    page = new_browser()
    story.sign_in(page, portal.url, world.admin.email)
    root = page.locator("html")
    expect(root).to_have_attribute("lang", "en")
    page.get_by_role("button", name="Language").click()
    page.get_by_role("button", name="简体中文").click()
    expect(root).to_have_attribute("lang", "zh-hans")
    page.locator("header [data-bs-toggle=dropdown]").last.click()
    page.locator("form[action='/accounts/logout/'] button").click()
    expect(page.locator("input[name=login]")).to_be_visible()
    expect(root).to_have_attribute("lang", "zh-hans")
    story.sign_in(page, portal.url, world.admin.email)
    expect(root).to_have_attribute("lang", "zh-hans")
    elsewhere = new_browser()
    story.sign_in(elsewhere, portal.url, world.admin.email)
    expect(elsewhere.locator("html")).to_have_attribute("lang", "zh-hans")


def test_a_list_that_somebody_opened_stays_open_while_the_ticket_refreshes(
    world: World, new_browser: Callable[..., Page]
) -> None:
    world.furnish()
    page = world.enter(new_browser())
    page.goto(f"{world.portal.url}/tickets/{world.tickets['change'].uid}/")
    requests = page.locator("details").first
    requests.locator("summary").click()
    with page.expect_response(re.compile("/now$")):
        pass
    page.evaluate("() => new Promise(requestAnimationFrame)")
    expect(requests).to_have_attribute("open", "")
