"""Every page of the portal, and how to stand before it: an address, and what is done there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from playwright.sync_api import Page, expect
from tests.browser import story
from tests.browser.world import ACTION, World


@dataclass(frozen=True)
class Place:
    """A page: its name in messages, its path (`{refused}` is that ticket's uid), what is done."""

    name: str
    path: str
    then: Callable[[Page], None] | None = None


def send_main_form(page: Page) -> None:
    """Sends the page's form as it is, to see what is wrong with it."""
    page.locator("main form[method=post] button[type=submit]").first.click()
    expect(page.locator("main .invalid-feedback, main .alert").first).to_be_visible()


def show_record(page: Page) -> None:
    """Sends the trial page's form."""
    page.locator("main form[method=post] .btn-primary").click()
    expect(page.locator("#record")).to_be_visible()


def open_share(page: Page) -> None:
    """Opens the Share menu."""
    page.locator("main [data-bs-toggle=dropdown]").first.click()
    expect(page.locator(f"a[href='/tickets/share/{ACTION}']")).to_be_visible()


def open_person(page: Page) -> None:
    """Opens the menu with the person's name."""
    page.locator("header [data-bs-toggle=dropdown]").last.click()
    expect(page.locator("form[action='/accounts/logout/'] button")).to_be_visible()


def come_back_as_the_wrong_user(page: Page) -> None:
    """Allows a person's own account at the instance: the portal refuses it."""
    page.locator("form[action='/connections/authorize/'] button").first.click()
    story.sign_in_to_instance(page, story.OWNER)
    story.allow(page)
    expect(page.get_by_role("main")).to_contain_text("change.owner")


OUTSIDE = [
    Place("login", "/accounts/login/"),
    Place("login refused", "/accounts/login/", send_main_form),
    Place("forgotten password", "/accounts/password/reset/"),
]
WELCOME = [
    Place("welcome", "/welcome"),
    Place("welcome refused", "/welcome", send_main_form),
]
BARE = [
    Place("home before connecting", "/"),
    Place("no actions", "/improvement-actions/"),
    Place("no source", "/secure-score/"),
    Place("source refused", "/secure-score/", send_main_form),
    Place("no tickets", "/tickets/"),
    Place("create without connection", "/tickets/new"),
    Place("no connection", "/connections/"),
    Place("set-up", "/connections/setup/"),
    Place("set-up refused", "/connections/setup/", send_main_form),
    Place("callback of nobody", "/connections/callback?state=unknown&code=x"),
]
WRONG_USER = [Place("wrong user", "/connections/setup/", come_back_as_the_wrong_user)]
FURNISHED = [
    Place("home", "/"),
    Place("home with the person's menu", "/", open_person),
    Place("actions", "/improvement-actions/"),
    Place("actions, none found", "/improvement-actions/?q=zzzzzz"),
    Place("action", f"/improvement-actions/{ACTION}/"),
    Place("action with the Share menu", f"/improvement-actions/{ACTION}/", open_share),
    Place("source", "/secure-score/"),
    Place("tickets", "/tickets/"),
    Place("tickets, none found", "/tickets/?q=zzzzzz"),
    Place("create", "/tickets/new"),
    Place("create refused", "/tickets/new", send_main_form),
    Place("share", f"/tickets/share/{ACTION}"),
    Place("ticket delivered", "/tickets/{change}/"),
    Place("ticket refused", "/tickets/{refused}/"),
    Place("ticket queued", "/tickets/{queued}/"),
    Place("mend", "/tickets/{refused}/mend"),
    Place("connection", "/connections/"),
    Place("set-up again", "/connections/setup/"),
    Place("state names", "/connections/states/"),
    Place("fields", "/connections/fields/"),
    Place("field of a choice", "/connections/fields/incident/category/"),
    Place("field that points to a group", "/connections/fields/incident/assignment_group/"),
    Place("field of a text refused", "/connections/fields/incident/u_note/", send_main_form),
    Place("trial", "/tickets/trial"),
    Place("dry run", "/tickets/trial", show_record),
    Place("new secret", "/connections/secret/"),
    Place("new secret missing", "/connections/secret/", send_main_form),
    Place("change the address", "/connections/address/", send_main_form),
    Place("check the integration user", "/connections/validate/", send_main_form),
    Place("remove", "/connections/remove/"),
    Place("data exchange", "/connections/data-exchange/"),
    Place("people", "/people/"),
    Place("add a person", "/people/new"),
    Place("profile", "/profile/"),
    Place("change password", "/accounts/password/change/"),
    Place("tenant settings", "/tenant/"),
    Place("audit log", "/audit/"),
    Place("not found", "/nowhere/"),
]
FORBIDDEN = [
    Place("forbidden", "/tickets/new"),
    Place("home of a reader", "/"),
    Place("action of a reader", f"/improvement-actions/{ACTION}/"),
]


def visit(page: Page, world: World, places: list[Place]) -> Iterator[Place]:
    """Goes to each place in turn and yields it once the page is at rest."""
    tickets = {name: str(ticket.uid) for name, ticket in world.tickets.items()}
    for place in places:
        page.goto(world.portal.url + place.path.format(**tickets))
        if place.then:
            place.then(page)
        expect(page.locator(".htmx-request")).to_have_count(0)
        expect(page.get_by_text("Looking for tickets…")).to_have_count(0)
        yield place


def all_places(page: Page, world: World) -> Iterator[Place]:
    """Every page but the first run's, through the stages of the tenant's life."""
    yield from visit(page, world, OUTSIDE)
    world.enter(page)
    yield from visit(page, world, BARE)
    connection = world.set_up()
    yield from visit(page, world, WRONG_USER)
    connection.delete()
    world.furnish()
    yield from visit(page, world, FURNISHED)
    world.enter(page, world.reader)
    yield from visit(page, world, FORBIDDEN)
