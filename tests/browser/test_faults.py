"""What goes wrong in front of a person: denied, forbidden, pressed twice, gone back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from tests.browser import story
from tests.browser.world import ACTION, World

from scoredesk.common import clock
from scoredesk.connections.models import Connection
from scoredesk.tickets.delivery import deliver
from scoredesk.tickets.models import Ticket

pytestmark = pytest.mark.browser


def fill_in_ticket(page: Page, world: World, name: str) -> None:
    """The form for a ticket of one's own, ready to send."""
    page.goto(f"{world.portal.url}/tickets/new")
    page.locator("input[name=table][value=incident]").check()
    page.locator("[name=name]").fill(name)
    page.locator("[name=description]").fill("Line one.\nLine two.")
    page.locator("[name=due_date]").fill(f"{clock.now():%Y}-12-31")


def send(page: Page) -> None:
    """Presses Send and arrives at the ticket."""
    page.get_by_role("button", name="Send to ServiceNow").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Create a ticket")


def test_denying_is_explained_and_can_be_taken_back(
    world: World, new_browser: Callable[..., Page]
) -> None:
    world.set_up()
    page = world.enter(new_browser())
    page.goto(f"{world.portal.url}/connections/setup/")
    story.authorize(page, world.instance.servicenow_url)
    story.sign_in_to_instance(page, story.INTEGRATION_USER)
    page.get_by_role("button", name="Deny").click()
    alert = page.get_by_role("main").get_by_role("alert")
    expect(alert).to_contain_text("Deny")
    expect(alert).to_contain_text("What to do:")
    assert not Connection.objects.get().sealed_access_token
    story.authorize(page, world.instance.servicenow_url)
    story.allow(page)
    assert Connection.objects.get().usable


def test_a_reader_is_told_who_can_do_it(world: World, new_browser: Callable[..., Page]) -> None:
    page = world.enter(new_browser(), world.reader)
    answer = page.goto(f"{world.portal.url}/connections/setup/")
    assert answer is not None
    assert answer.status == 403
    main = page.get_by_role("main")
    expect(main).to_contain_text("This takes the role security administrator")
    expect(main).to_contain_text("Nothing was changed.")
    expect(main.get_by_role("link", name=world.admin.email)).to_be_visible()
    expect(page.get_by_role("navigation").get_by_role("link", name="Tickets")).to_be_visible()


def test_a_reader_is_offered_nothing_that_writes(
    world: World, new_browser: Callable[..., Page]
) -> None:
    world.furnish()
    page = world.enter(new_browser(), world.reader)
    for path in ("/", "/tickets/", f"/improvement-actions/{ACTION}/", "/connections/", "/people/"):
        page.goto(world.portal.url + path)
        expect(page.get_by_role("main")).to_be_visible()
        expect(page.locator("main form[method=post]")).to_have_count(0)
        expect(page.locator("main a[href*='/tickets/new']")).to_have_count(0)
        expect(page.locator("main a[href*='/tickets/share/']")).to_have_count(0)


def test_a_double_click_on_send_makes_one_ticket(
    world: World, new_browser: Callable[..., Page]
) -> None:
    connection = world.connect()
    page = world.enter(new_browser())
    fill_in_ticket(page, world, "Pressed twice")
    page.get_by_role("button", name="Send to ServiceNow").dblclick()
    expect(page.get_by_role("heading", name="Pressed twice")).to_be_visible()
    deliver(connection.pk)
    assert Ticket.objects.count() == 1
    assert len(story.records(world.instance.servicenow_url, "incident")) == 1


def test_a_double_click_without_scripts_makes_one_ticket(
    world: World, new_browser: Callable[..., Page]
) -> None:
    world.connect()
    page = world.enter(new_browser(java_script_enabled=False))
    fill_in_ticket(page, world, "Pressed twice")
    page.get_by_role("button", name="Send to ServiceNow").dblclick()
    expect(page.get_by_role("heading", name="Pressed twice")).to_be_visible()
    assert Ticket.objects.count() == 1


def test_going_back_and_sending_again_makes_one_ticket(
    world: World, new_browser: Callable[..., Page]
) -> None:
    connection = world.connect()
    page = world.enter(new_browser())
    fill_in_ticket(page, world, "Sent and sent again")
    send(page)
    page.go_back()
    expect(page.locator("[name=name]")).to_have_value("Sent and sent again")
    send(page)
    expect(page.get_by_role("heading", name="Sent and sent again")).to_be_visible()
    deliver(connection.pk)
    assert Ticket.objects.count() == 1
    assert len(story.records(world.instance.servicenow_url, "incident")) == 1


def test_what_was_typed_is_still_there_when_something_is_wrong(
    world: World, new_browser: Callable[..., Page]
) -> None:
    world.connect()
    page = world.enter(new_browser())
    fill_in_ticket(page, world, "In the past")
    page.locator("[name=due_date]").fill("2020-01-31")
    page.get_by_role("button", name="Send to ServiceNow").click()
    summary = page.get_by_role("main").get_by_role("alert").first
    expect(summary).to_be_focused()
    expect(page.locator("[name=due_date]")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("[name=name]")).to_have_value("In the past")
    expect(page.locator("[name=description]")).to_have_value("Line one.\nLine two.")
    summary.get_by_role("link").click()
    expect(page.locator("[name=due_date]")).to_be_focused()
    assert not Ticket.objects.exists()
