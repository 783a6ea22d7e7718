"""No page breaks a rule of WCAG 2.1 A or AA that axe-core can see: light, dark, wide, narrow."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.browser.places import WELCOME, Place, all_places, visit
from tests.browser.world import World

from scoredesk.accounts.models import Membership, Person

pytestmark = pytest.mark.browser

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


def violations(page: Page, axe: str, place: Place, theme: str) -> list[str]:
    """One paragraph for each rule that the page breaks, wide or narrow."""
    assert page.locator("html").get_attribute("data-bs-theme") == theme
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    # A thin line made by masking a box as large as its card: axe sees the whole box.
    page.add_style_tag(content=".card-status-top { display: none }")
    page.evaluate(axe)
    broken: list[str] = []
    for width in (NARROW, WIDE):
        page.set_viewport_size({"width": width, "height": 900})
        found: list[dict[str, Any]] = page.evaluate(RUN, RULES_OF[theme])
        name = f"{place.name} at {width} px"
        broken += [
            "\n  ".join([f"{name}: {each['id']}, {each['help']}", *each["nodes"]]) for each in found
        ]
    return broken


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_page_breaks_a_rule(
    theme: str, axe: str, world: World, new_browser: Callable[..., Page]
) -> None:
    page = new_browser(dark=theme == "dark", bypass_csp=True)
    broken: list[str] = []
    for place in all_places(page, world):
        broken += violations(page, axe, place, theme)
    assert not broken, "\n".join(broken)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_first_run_breaks_no_rule(
    theme: str, axe: str, world: World, new_browser: Callable[..., Page]
) -> None:
    Membership.objects.all().delete()
    Person.objects.all().delete()
    page = new_browser(dark=theme == "dark", bypass_csp=True)
    broken: list[str] = []
    for place in visit(page, world, WELCOME):
        expect(page.locator("main input[name=code]")).to_be_visible()
        broken += violations(page, axe, place, theme)
    assert not broken, "\n".join(broken)
