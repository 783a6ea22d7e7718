"""Mapping, dry run, trial record and the share form, with real hands, in English and in Chinese."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from tests.browser import story
from tests.browser.world import ACTION, World
from tests.tickets.world import Instance

from scoredesk.common.clock import now
from scoredesk.connections.fields import reading
from scoredesk.tickets.delivery import deliver
from scoredesk.tickets.models import Ticket

WORDS = {
    "en-GB": {"lost": "does not belong", "whole": "Every field was stored"},
    "zh-CN": {"lost": "不属于", "whole": "每个字段都按发送的内容存储"},
}
FIELDS = "/connections/fields/"
pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.mark.parametrize("locale", list(WORDS))
def test_an_administrator_maps_fields_tries_them_and_a_ticket_carries_them(
    locale: str, world: World, new_browser: Callable[..., Page]
) -> None:
    instance = Instance(world.instance.servicenow_url)
    instance.switch(mandatory_fields={"incident": {"u_cost_center": "Cost center"}})
    instance.create("incident", short_description="There before", u_cost_center="1")
    world.read_score()
    connection = world.connect()
    reading.take_up(connection, actor=world.ada, now=now())
    page = world.enter(new_browser(locale=locale))

    map_group_by_name(page, world)
    map_template(page, world)
    mark_as_asked(page, world, "category")
    mark_as_asked(page, world, "subcategory")
    page.goto(world.portal.url + FIELDS)
    story.look(page, f"fields-{locale}")

    try_it(page, world, WORDS[locale])
    share_with_further_fields(page, world, WORDS[locale], locale)
    deliver(connection.pk)
    ticket = Ticket.objects.get()
    page.reload()
    expect(page.get_by_role("main")).to_contain_text("Identity Operations")
    expect(page.get_by_role("main")).to_contain_text("4711")
    story.look(page, f"fields-ticket-{locale}")
    record = next(each for each in instance.records("incident") if each["sys_id"] == ticket.sys_id)
    assert (record["category"], record["subcategory"]) == ("network", "dns")
    assert record["u_cost_center"] == "4711"


def map_group_by_name(page: Page, world: World) -> None:
    """Types a part of the name; the list comes by itself; chooses and saves."""
    page.goto(f"{world.portal.url}{FIELDS}incident/assignment_group/")
    page.locator("input[name=words]").press_sequentially("identity")
    found = page.locator("#found input[name=value]")
    expect(found).to_have_count(1)
    found.check()
    story.look(page, "fields-group")
    page.locator("main form .btn-primary").click()
    expect(page.locator("#incident")).to_contain_text("Identity Operations")


def map_template(page: Page, world: World) -> None:
    """A wrong placeholder is told and stays as typed; the right one is previewed and saved."""
    page.goto(f"{world.portal.url}{FIELDS}incident/work_notes/")
    text = page.locator("[name=value]")
    text.fill("Shared by {shared_byy}")
    page.locator("main form .btn-primary").click()
    expect(page.locator("main .alert-danger")).to_contain_text("{shared_byy}")
    expect(text).to_have_value("Shared by {shared_byy}")
    text.fill("Shared by {shared_by}")
    page.locator("button[value=preview]").click()
    expect(page.get_by_role("status")).to_contain_text("ada@example.com")
    story.look(page, "fields-template")
    page.locator("main form .btn-primary").click()
    expect(page.locator("#incident")).to_contain_text("Shared by {shared_by}")


def mark_as_asked(page: Page, world: World, field: str) -> None:
    """The person who shares fills it in."""
    page.goto(f"{world.portal.url}{FIELDS}incident/{field}/")
    page.locator("input[name=how][value=asked]").check()
    page.locator("main form .btn-primary").click()
    expect(page.locator("#incident")).to_be_visible()


def try_it(page: Page, world: World, words: dict[str, str]) -> None:
    """A trial record is refused and teaches; the dry run then knows; with the field all is well."""
    page.goto(f"{world.portal.url}/tickets/trial?table=incident&action={ACTION}")
    real = page.locator("button[formaction$='/record']")
    real.click()
    expect(page.locator("#trial-result")).to_contain_text("servicenow.data_policy")
    story.look(page, "fields-trial-refused")
    cost = page.locator("[name=extra-incident-u_cost_center]")
    cost.fill("4711")
    page.locator("main form[method=post] .btn-primary").click()
    expect(page.locator("#record")).to_contain_text("4711")
    story.look(page, "fields-dry-run")
    real.click()
    expect(page.locator("#trial-result")).to_contain_text(words["whole"])
    story.look(page, "fields-trial")


def share_with_further_fields(page: Page, world: World, words: dict[str, str], locale: str) -> None:
    """The form shows what is asked for the chosen type only, and keeps what was typed."""
    page.goto(f"{world.portal.url}/tickets/share/{ACTION}")
    cost = page.locator("[name=extra-incident-u_cost_center]")
    page.locator("input[name=table][value=change_request]").check()
    expect(cost).to_be_hidden()
    page.locator("input[name=table][value=incident]").check()
    cost.fill("4711")
    page.locator("[name=extra-incident-category]").select_option("network")
    page.locator("[name=extra-incident-subcategory]").select_option("os")
    page.locator("main form[method=post] .btn-primary").click()
    expect(page.locator("main .alert-danger")).to_contain_text(words["lost"])
    expect(cost).to_have_value("4711")
    story.look(page, f"fields-share-{locale}")
    page.locator("[name=extra-incident-subcategory]").select_option("dns")
    page.locator("main form[method=post] .btn-primary").click()
    page.wait_for_url("**/tickets/*-*/")
