"""An administrator names a state in both languages and gives a new one its phase."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Page, expect
from tests.browser import story
from tests.browser.world import World

from scoredesk.connections import states

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
WORDS = {
    "en-GB": ("Being worked on", "is new. Choose its phase.", "I have seen this"),
    "zh-CN": ("处理中", "是新状态。请选择它的阶段。", "我已了解"),
}


@pytest.mark.parametrize("locale", list(WORDS))
def test_a_new_state_gets_a_name_and_a_phase(
    locale: str, world: World, new_browser: Callable[..., Page]
) -> None:
    name, new, seen = WORDS[locale]
    connection = world.connect()
    httpx.post(
        f"{world.instance.servicenow_url}/_sandbox/choices",
        json={"table": "incident", "element": "state", "value": "42", "label": "Awaiting parts"},
    ).raise_for_status()
    states.take_up(connection, actor=world.ada)
    page = new_browser(locale=locale)
    world.enter(page)
    page.goto(world.portal.url)
    page.locator("[data-notice=states] a").click()
    expect(page.get_by_role("main")).to_contain_text(new)
    story.look(page, f"states-{locale}")
    row = page.locator("[data-state='incident:42']")
    row.locator(f"input[lang={'zh-hans' if locale == 'zh-CN' else 'en'}]").fill(name)
    row.locator("select").select_option("on_hold")
    row.locator("input").first.press("Enter")
    expect(row.locator("select")).to_have_value("on_hold")
    page.get_by_role("button", name=seen).click()
    expect(page.get_by_role("main")).not_to_contain_text(new)
    assert (
        connection.state_names.get(value="42").shown_in("zh-hans" if locale == "zh-CN" else "en")
        == name
    )
    page.goto(f"{world.portal.url}/connections/data-exchange/")
    expect(page.get_by_role("main")).to_contain_text("sys_choice")
    story.look(page, f"exchange-{locale}")


def test_names_and_phases_stay_readable_on_a_phone(
    world: World, new_browser: Callable[..., Page]
) -> None:
    world.connect()
    page = world.enter(new_browser())
    page.set_viewport_size({"width": 375, "height": 800})
    page.goto(f"{world.portal.url}/connections/states/")
    for place, least in (("input[lang=en]", 90), ("select", 120)):
        box = page.locator(f"[data-state='incident:1'] {place}").bounding_box()
        assert box is not None
        assert box["width"] >= least
