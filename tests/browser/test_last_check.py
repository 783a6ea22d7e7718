"""The last check and the report, in both languages, on wide and narrow screens."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.browser import story
from tests.browser.world import World
from tests.tickets.world import Instance

CHECK_NOW = {"en-GB": "Check now", "zh-CN": "立即检查"}
CURE = {"en-GB": "What to do:", "zh-CN": "处理方法："}
TEXT = {"en-GB": "Text", "zh-CN": "文本"}
pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.mark.parametrize(
    ("locale", "width", "dark"), [("en-GB", 1280, False), ("zh-CN", 375, True)]
)
def test_a_fault_is_named_with_its_cure_and_green_once_it_is_cured(
    locale: str, width: int, *, dark: bool, world: World, new_browser: Callable[..., Page]
) -> None:
    instance = Instance(world.instance.servicenow_url)
    world.connect()
    page = world.enter(new_browser(locale=locale, width=width, dark=dark))
    instance.switch(range_refused_fields={"incident": ["sys_updated_on"]})
    page.goto(f"{world.portal.url}/connections/")
    page.get_by_role("button", name=CHECK_NOW[locale]).first.click()
    failed = page.locator('[data-check="incident"][data-outcome="failed"]').first
    expect(failed).to_contain_text(CURE[locale])
    expect(failed.locator("code")).to_be_visible()
    story.look(page, f"last-check-{locale}")
    with page.expect_download() as given:
        page.get_by_role("link", name=TEXT[locale], exact=True).click()
    text = Path(given.value.path()).read_text(encoding="utf-8")
    assert given.value.suggested_filename.endswith(".md")
    assert "scoredesk.integration" in text
    instance.switch(range_refused_fields={})
    page.get_by_role("button", name=CHECK_NOW[locale]).first.click()
    expect(page.locator('[data-outcome="failed"]')).to_have_count(0)
