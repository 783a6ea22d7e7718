"""No page breaks a rule of WCAG 2.1 A or AA that axe-core can see: light, dark, wide, narrow."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.browser.places import WELCOME, Place, all_places, visit
from tests.browser.world import World

from scoredesk.accounts.models import Membership, Person

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}
# Names, order and roles are the same in both themes: the dark one is asked for its colours only.
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
RULES_OF = {"light": RULES, "dark": COLOURS}
NARROW, WIDE = 375, 1280
RUN = """async (rules) => {
  const found = await axe.run(document, {runOnly: rules,
                                         resultTypes: ["violations"]});
  return found.violations.map(({id, help, nodes}) => ({id, help, nodes: nodes.map(
    ({target, failureSummary}) => `${target.join(" ")}: ${failureSummary}`)}));
}"""


@pytest.fixture(scope="session")
def axe() -> str:
    """The text of axe-core, which `make` installs."""
    if not AXE.is_file():
        pytest.skip("axe-core is not installed here: `make test` fetches it from npm")
    return AXE.read_text()


def violations(page: Page, axe: str, place: Place) -> list[str]:
    """One paragraph for each rule that the page breaks: light, dark, wide or narrow."""
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    # A thin line made by masking a box as large as its card: axe sees the whole box.
    page.add_style_tag(content=".card-status-top { display: none }")
    page.evaluate(axe)
    broken: list[str] = []
    for theme, width in product(RULES_OF, (NARROW, WIDE)):
        page.emulate_media(color_scheme=theme)
        expect(page.locator("html")).to_have_attribute("data-bs-theme", theme)
        page.set_viewport_size({"width": width, "height": 900})
        found: list[dict[str, Any]] = page.evaluate(RUN, RULES_OF[theme])
        name = f"{place.name}, {theme}, {width} px"
        broken += [
            "\n  ".join([f"{name}: {each['id']}, {each['help']}", *each["nodes"]]) for each in found
        ]
    page.emulate_media(color_scheme="light")
    return broken


@pytest.fixture
def page(new_browser: Callable[..., Page]) -> Page:
    """A browser that lets axe in, without transitions, so that colours are final at once."""
    return new_browser(bypass_csp=True, reduced_motion="reduce")


def test_no_page_breaks_a_rule(axe: str, world: World, page: Page) -> None:
    broken: list[str] = []
    for place in all_places(page, world):
        broken += violations(page, axe, place)
    assert not broken, "\n".join(broken)


def test_the_first_run_breaks_no_rule(axe: str, world: World, page: Page) -> None:
    Membership.objects.all().delete()
    Person.objects.all().delete()
    broken: list[str] = []
    for place in visit(page, world, WELCOME):
        expect(page.locator("main input[name=code]")).to_be_visible()
        broken += violations(page, axe, place)
    assert not broken, "\n".join(broken)


def test_a_broken_rule_is_noticed(axe: str, world: World, page: Page) -> None:
    page.goto(f"{world.portal.url}/accounts/login/")
    page.add_style_tag(content="[data-bs-theme=dark] h1 { color: #333 }")
    page.evaluate("document.querySelector('label').remove()")
    found = "\n".join(violations(page, axe, Place("login", "/accounts/login/")))
    assert f"login, light, {NARROW} px: label" in found
    assert f"login, dark, {WIDE} px: color-contrast" in found
    assert "login, light, 1280 px: color-contrast" not in found
