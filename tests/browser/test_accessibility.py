"""No page breaks a rule of WCAG 2.1 A or AA that axe-core can see, light or dark, wide or narrow."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page
from tests.browser.places import WELCOME, Place, all_places, visit
from tests.browser.world import World

from scoredesk.accounts.models import Membership, Person

pytestmark = pytest.mark.browser

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
NARROW, WIDE = 375, 1280
RUN = """async (rules) => {
  const found = await axe.run(document, {runOnly: {type: "tag", values: rules},
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


def violations(page: Page, axe: str, place: Place, width: int) -> list[str]:
    """One paragraph for each rule that the page breaks at this width."""
    page.set_viewport_size({"width": width, "height": 900})
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(axe)
        # A thin line made by masking a box as large as its card: axe sees the whole box.
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        page.add_style_tag(content=".card-status-top { display: none }")
    found: list[dict[str, Any]] = page.evaluate(RUN, RULES)
    return [
        "\n  ".join([f"{place.name} at {width} px: {each['id']}, {each['help']}", *each["nodes"]])
        for each in found
    ]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_no_page_breaks_a_rule(
    dark: bool, axe: str, world: World, new_browser: Callable[..., Page]
) -> None:
    page = new_browser(dark=dark, bypass_csp=True)
    seen: list[str] = []
    for place in all_places(page, world):
        assert page.locator("html").get_attribute("data-bs-theme") == ("dark" if dark else "light")
        for width in (WIDE, NARROW):
            seen += violations(page, axe, place, width)
        page.set_viewport_size({"width": WIDE, "height": 900})
    assert not seen, "\n".join(seen)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_first_run_breaks_no_rule(
    dark: bool, axe: str, world: World, new_browser: Callable[..., Page]
) -> None:
    Membership.objects.all().delete()
    Person.objects.all().delete()
    page = new_browser(dark=dark, bypass_csp=True)
    seen: list[str] = []
    for place in visit(page, world, WELCOME):
        assert page.get_by_role("main").locator("input[name=code]").count()
        for width in (WIDE, NARROW):
            seen += violations(page, axe, place, width)
    assert not seen, "\n".join(seen)
