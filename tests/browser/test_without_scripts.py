"""With JavaScript off, the main job still works: sign in, connect, share, sign out."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from tests.browser import story
from tests.browser.world import ACTION, World

from scoredesk.connections.models import Connection
from scoredesk.tickets.delivery import deliver
from scoredesk.tickets.models import Ticket

pytestmark = pytest.mark.browser


def test_connecting_and_sharing_work_without_scripts(
    world: World, new_browser: Callable[..., Page]
) -> None:
    world.read_score()
    portal, servicenow = world.portal.url, world.instance.servicenow_url
    page = new_browser(java_script_enabled=False)
    story.sign_in(page, portal, world.admin.email)
    story.fill_in_connection(page, portal, servicenow)
    story.authorize(page, servicenow)
    story.sign_in_to_instance(page, story.INTEGRATION_USER)
    story.allow(page)
    expect(page).to_have_url(f"{portal}/connections/")

    page.goto(f"{portal}/improvement-actions/{ACTION}/")
    page.get_by_role("button", name="Share").click()
    page.locator(f"main a[href='/tickets/share/{ACTION}']").click()
    page.locator("input[name=table][value=incident]").check()
    page.locator("main form button[type=submit]").click()
    expect(page).to_have_url(re.compile(r"/tickets/[0-9a-f-]{36}/$"))
    deliver(Connection.objects.get().pk)
    page.reload()
    number = Ticket.objects.get().number
    expect(page.get_by_role("main")).to_contain_text(number)
    assert [row["number"] for row in story.records(servicenow, "incident")] == [number]


def test_menus_of_the_header_are_reached_without_scripts(
    world: World, new_browser: Callable[..., Page]
) -> None:
    page = world.enter(new_browser(java_script_enabled=False, width=360))
    page.goto(world.portal.url)
    page.locator("a[href='/improvement-actions/']").first.click()
    expect(page).to_have_url(re.compile("/improvement-actions/$"))
    page.get_by_role("button", name="Language").click()
    page.get_by_role("button", name="简体中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
    expect(page.locator("[data-theme-choice], [data-copy]").locator("visible=true")).to_have_count(
        0
    )
    page.locator("header [data-bs-toggle=dropdown]").last.click()
    page.locator("form[action='/accounts/logout/'] button").click()
    expect(page.locator("input[name=login]")).to_be_visible()
