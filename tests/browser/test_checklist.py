"""The installation checklist as a new administrator walks it, also in Chinese and by keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Page, expect
from tests.browser import story
from tests.browser.world import World

from scoredesk.connections.models import Connection, Status

pytestmark = pytest.mark.browser


def state(page: Page, step: str, expected: str) -> None:
    """Waits until a step shows this state."""
    shown = page.locator(f"#state-{step}")
    expect(shown).to_have_attribute("data-state", expected, timeout=20_000)


def check_again(page: Page, step: str) -> None:
    page.locator(f"#{step} form[action='/connections/check/{step}/'] button").click()


def make_in_instance(page: Page, instance: str, callback: str) -> tuple[str, str]:
    """As admin, in the instance's own pages: the OAuth application; its client ID and secret."""
    page.goto(f"{instance}/login.do")
    story.sign_in_to_instance(page, ("admin", "admin"))
    page.goto(f"{instance}/oauth_entity.do?sys_id=-1")
    page.locator("[name=name]").fill("Scoredesk of Alder")
    page.locator("[name=redirect_url]").fill(callback)
    page.locator("#sysverb_insert").click()
    expect(page.locator("[name=client_id]")).not_to_have_value("")
    client_id = page.locator("[name=client_id]").input_value()
    secret = page.locator("code[data-field=client_secret]").text_content()
    return client_id, secret or ""


@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
def test_a_new_administrator_goes_through_all_steps(
    world: World, new_browser: Callable[..., Page], locale: str
) -> None:
    portal, instance = world.portal.url, world.instance.servicenow_url
    client_id, secret = make_in_instance(new_browser(), instance, f"{portal}/connections/callback")
    page = world.enter(new_browser(locale=locale, width=375 if locale == "zh-CN" else 1280))
    page.goto(f"{portal}/connections/setup/")
    story.save_step(page, "instance", address=instance)
    state(page, "instance", "passed")
    page.locator("#app input[value=without]").check()
    story.save_step(page, "app")
    story.save_step(page, "application", client_id="f" * 32, client_secret=secret)
    state(page, "application", "failed")
    expect(page.locator("#application")).to_contain_text("servicenow.client_unknown")
    story.look(page, f"checklist-wrong-client-{locale}")
    page.locator("#application input[value=client_credentials]").check()  # the longest links
    ends = "links => Math.max(...links.map(link => link.getBoundingClientRect().right))"
    links, card = (page.locator(f"#application{part}") for part in (" li a", ""))
    assert links.evaluate_all(ends) <= card.evaluate("card => card.getBoundingClientRect().right")
    page.locator("#application input[value=authorization_code]").check()
    story.save_step(page, "application", client_id=client_id, client_secret=secret)
    state(page, "application", "passed")
    story.save_step(page, "user", integration_user=story.INTEGRATION_USER[0])
    page.goto(f"{portal}/connections/setup/")  # the next day
    expect(page.locator("details[open]")).to_have_attribute("id", "authorize")
    story.look(page, f"checklist-authorize-{locale}")
    story.authorize(page, instance)
    story.sign_in_to_instance(page, story.INTEGRATION_USER)
    story.allow(page)
    page.goto(f"{portal}/connections/setup/")
    state(page, "authorize", "passed")
    expect(page.locator("[data-state=failed], [data-state=to_do]")).to_have_count(0)
    story.look(page, f"checklist-done-{locale}")
    assert Connection.objects.get().status == Status.CONNECTED


def test_a_fault_is_cured_and_checked_again_in_its_card(
    world: World, new_browser: Callable[..., Page]
) -> None:
    portal, instance = world.portal.url, world.instance.servicenow_url
    page = world.enter(new_browser())
    httpx.post(f"{instance}/_sandbox/faults", json={"kind": "hibernating", "times": None})
    page.goto(f"{portal}/connections/setup/")
    page.locator("#instance [name=address]").fill(instance)
    page.locator("#instance .card-body button[type=submit]").dblclick()
    state(page, "instance", "failed")
    expect(page.locator("#found-instance")).to_contain_text("hibernating")
    httpx.delete(f"{instance}/_sandbox/faults")
    page.locator("#application summary").press("Enter")  # unfolded by keyboard
    page.locator("#application [name=client_id]").fill("typed, not saved")
    check_again(page, "instance")
    state(page, "instance", "passed")
    expect(page.locator("#found-instance")).not_to_contain_text("hibernating")
    expect(page.locator("#application [name=client_id]")).to_have_value("typed, not saved")
    expect(page.locator("#progress [aria-current=step]")).to_have_attribute("href", "#app")
    assert Connection.objects.count() == 1


def test_only_the_chosen_way_is_explained_and_checking_works_without_scripts(
    world: World, new_browser: Callable[..., Page]
) -> None:
    world.set_up()
    page = world.enter(new_browser(java_script_enabled=False))
    page.goto(f"{world.portal.url}/connections/setup/?step=application")
    ways = page.locator("#application [data-way]")
    expect(ways.locator("visible=true")).to_have_count(1)
    page.locator("#application input[value=client_credentials]").check()
    expect(page.locator("[data-way=client_credentials]")).to_be_visible()
    expect(page.locator("[data-way=authorization_code]")).to_be_hidden()
    check_again(page, "application")
    expect(page).to_have_url(re.compile(r"step=application#application$"))
    state(page, "application", "passed")
