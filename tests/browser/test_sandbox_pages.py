"""The stand-in instance's own pages in a real browser: set up by hand, used, readable by all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser import story
from tests.browser.test_accessibility import AXE, COLOURS, NARROW, RULES, RUN, WIDE

from scoredesk.sandbox.program import RunningSandbox

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

ADMIN = ("admin", "admin")
BY_HAND = ("by.hand", "chosen by hand")
# Nothing listens there: the browser's address bar is all that the test needs.
CALLBACK = "http://127.0.0.1:9/callback"
RULES_OF = {"light": RULES, "dark": COLOURS}
PLACES = (
    "/incident_list.do?sysparm_query=state=1^ORstate=2&add=1",
    "/incident.do?sys_id=-1",
    "/change_request.do?sysparm_query=numberISNOTEMPTY",
    "/sys_user.do?sysparm_query=user_name=change.owner",
    "/oauth_entity.do?sysparm_query=clientISNOTEMPTY",
    "/wizard_view.do?sys_target=oauth_entity",
    "/oauth_credential_list.do",
    "/syslog_list.do",
    "/login.do",
)


@pytest.fixture
def instance(sandbox_program: RunningSandbox) -> str:
    """The address of a fresh instance."""
    sandbox_program.reset()
    return sandbox_program.servicenow_url


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page of a browser of its own."""
    context = chromium.new_context(viewport={"width": WIDE, "height": 900})
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def sign_in(page: Page, instance: str, user: tuple[str, str]) -> None:
    """Signs somebody in at the instance's login page."""
    page.goto(f"{instance}/logout.do")
    story.sign_in_to_instance(page, user)
    expect(page.get_by_role("heading", name="Incidents")).to_be_visible()


def open_module(page: Page, name: str) -> None:
    """Follows an entry of the navigator."""
    page.get_by_role("navigation", name="Main").get_by_role("link", name=name, exact=True).click()


def make_application(page: Page) -> tuple[str, str]:
    """Registers an OAuth application as `docs/connect-servicenow.md` says; its id and secret."""
    open_module(page, "Application Registry")
    page.get_by_role("link", name="New", exact=True).click()
    page.get_by_role("link", name="Create an OAuth API endpoint for external clients").click()
    page.get_by_label("Name").fill("Made by hand")
    page.get_by_label("Redirect URL").fill(CALLBACK)
    expect(page.get_by_label("Active")).to_be_checked()
    expect(page.get_by_label("Scope restriction")).to_have_value("broad")
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_role("status")).to_contain_text("created")
    page.locator("summary", has_text="Show").first.click()
    secret = page.locator("code[data-field=client_secret]").inner_text()
    return page.get_by_label("Client ID").input_value(), secret


def make_integration_user(page: Page) -> None:
    """Makes the integration user with the role itil."""
    open_module(page, "Users")
    page.get_by_role("link", name="New", exact=True).click()
    page.get_by_label("User ID").fill(BY_HAND[0])
    page.get_by_label("Password", exact=True).fill(BY_HAND[1])
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_role("status")).to_contain_text("created")
    roles = page.get_by_role("region", name="Roles")
    roles.get_by_role("combobox").select_option(label="itil")
    roles.get_by_role("button", name="Add").click()
    expect(page.get_by_role("region", name="Roles").get_by_role("link")).to_have_text("itil")


def authorize(page: Page, instance: str, client_id: str) -> str:
    """Walks the authorization from somebody else's session to a code of the integration user."""
    asked = {"response_type": "code", "client_id": client_id, "state": "s"}
    page.goto(f"{instance}/oauth_auth.do?{urlencode({**asked, 'redirect_uri': CALLBACK})}")
    expect(page.get_by_role("main")).to_contain_text("System Administrator")
    page.get_by_role("link", name="Not you?").click()
    story.sign_in_to_instance(page, BY_HAND)
    expect(page.get_by_role("main")).to_contain_text("Made by hand")
    with page.expect_request(re.compile(re.escape(CALLBACK))) as called:
        page.get_by_role("button", name="Allow").click()
    answer = parse_qs(urlsplit(called.value.url).query)
    assert answer["state"] == ["s"]
    return answer["code"][0]


def test_the_installation_checklist_is_walked_by_hand(page: Page, instance: str) -> None:
    sign_in(page, instance, ADMIN)
    client_id, secret = make_application(page)
    make_integration_user(page)
    code = authorize(page, instance, client_id)
    form = {
        "grant_type": "authorization_code",
        "client_id": client_id,
        "client_secret": secret,
        "code": code,
        "redirect_uri": CALLBACK,
    }
    reply = httpx.post(f"{instance}/oauth_token.do", data=form).raise_for_status().json()
    made = httpx.post(
        f"{instance}/api/now/table/change_request",
        json={"short_description": "Made through the application"},
        headers={
            "Authorization": f"Bearer {reply['access_token']}",
            "Accept": "application/json",
        },
    )
    record = made.raise_for_status().json()["result"]
    assert record["sys_created_by"] == BY_HAND[0]

    sign_in(page, instance, story.OWNER)
    for state, name in (("-4", "Assess"), ("-3", "Authorize")):
        story.move_in_instance(page, instance, record["number"], state)
        shown = page.get_by_label("State").locator("option:checked")
        expect(shown).to_have_text(name)


def test_a_filter_is_built_and_its_address_kept(page: Page, instance: str) -> None:
    asked = {"table": "incident", "count": 30}
    httpx.post(f"{instance}/_sandbox/seed", json=asked).raise_for_status()
    sign_in(page, instance, story.OWNER)
    page.locator("summary", has_text="Filter").click()
    page.get_by_label("Field 1").select_option(label="State")
    page.get_by_label("Value 1").fill("New")
    page.get_by_role("button", name="Add condition").click()
    page.get_by_label("Field 2").select_option(label="Priority")
    page.get_by_label("Operator 2").select_option(label="is one of")
    page.get_by_label("Value 2").fill("3 - Moderate, 4 - Low")
    page.get_by_role("button", name="Run").click()
    crumbs = page.get_by_role("navigation", name="Filter")
    expect(crumbs).to_contain_text("Priority is one of 3 - Moderate, 4 - Low")
    expect(page.get_by_role("main")).to_contain_text("1 to 10 of 10")
    page.get_by_role("link", name="Number").click()
    expect(page.get_by_role("columnheader", name="Number")).to_have_attribute(
        "aria-sort", "ascending"
    )
    address = page.url
    page.goto(f"{instance}/incident_list.do")
    page.goto(address)
    expect(page.get_by_role("main")).to_contain_text("1 to 10 of 10")
    crumbs.get_by_role("link", name="State is New").click()
    expect(page.get_by_role("main")).to_contain_text("1 to 10 of 10")


def test_the_keyboard_alone_signs_in_and_reaches_the_content(page: Page, instance: str) -> None:
    page.goto(f"{instance}/login.do")
    expect(page.locator("#user_name")).to_be_focused()
    page.keyboard.type(story.OWNER[0])
    page.keyboard.press("Tab")
    page.keyboard.type(story.OWNER[1])
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Incidents")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


@pytest.mark.parametrize("user", [ADMIN, ("zh.owner", "zh.owner")], ids=["en", "zh"])
def test_no_page_is_wider_than_a_small_phone(
    page: Page, instance: str, user: tuple[str, str]
) -> None:
    for table in ("incident", "change_request"):
        asked = {"table": table, "count": 5}
        httpx.post(f"{instance}/_sandbox/seed", json=asked).raise_for_status()
    page.goto(f"{instance}/login.do")
    story.sign_in_to_instance(page, user)
    page.set_viewport_size({"width": 360, "height": 740})
    for place in PLACES:
        page.goto(instance + place)
        assert page.evaluate("document.documentElement.scrollWidth") == 360, place


def test_no_page_breaks_a_rule_of_accessibility(page: Page, instance: str) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core is not installed here: `make test` fetches it from npm")
    for table in ("incident", "change_request"):
        asked = {"table": table, "count": 5}
        httpx.post(f"{instance}/_sandbox/seed", json=asked).raise_for_status()
    sign_in(page, instance, ADMIN)
    broken = []
    for place in PLACES:
        page.goto(instance + place)
        page.evaluate("document.querySelectorAll('details').forEach((each) => each.open = true)")
        page.evaluate(AXE.read_text())
        for theme, width in product(RULES_OF, (NARROW, WIDE)):
            page.emulate_media(color_scheme=theme)
            page.set_viewport_size({"width": width, "height": 900})
            found: list[dict[str, Any]] = page.evaluate(RUN, RULES_OF[theme])
            broken += [
                "\n  ".join([f"{place}, {theme}, {width} px: {each['id']}", *each["nodes"]])
                for each in found
            ]
    assert not broken, "\n".join(broken)
