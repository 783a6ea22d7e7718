"""Sending a form again: what the browser's Back button brings back is still the same form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from tests.browser import story
from tests.browser.conftest import Portal
from tests.tickets.world import Instance, connect

from scoredesk.accounts.models import Person
from scoredesk.sandbox.program import RunningSandbox
from scoredesk.tickets.models import Ticket

pytestmark = pytest.mark.browser


def fill_and_send(page: Page, name: str) -> None:
    """Fills in the form of a ticket of one's own and presses its button."""
    due = timezone.localdate() + dt.timedelta(days=30)
    page.locator("[name=name]").fill(name)
    page.locator("[name=description]").fill("Turn the policy on.")
    page.locator("[name=due_date]").fill(due.isoformat())
    page.locator("main form button[type=submit]").click()


def test_back_and_send_again_makes_no_second_ticket_and_loses_no_change(
    admin: Person, portal: Portal, instance: RunningSandbox, new_browser: Callable[..., Page]
) -> None:
    connect(admin.memberships.get().tenant, Instance(instance.servicenow_url))
    page = new_browser()
    story.sign_in(page, portal.url, admin.email)
    page.goto(f"{portal.url}/tickets/new")
    fill_and_send(page, "First words")
    ticket = f"{portal.url}/tickets/{Ticket.objects.get().uid}/"
    expect(page).to_have_url(ticket)
    page.go_back()
    fill_and_send(page, "First words")
    expect(page).to_have_url(ticket)
    page.go_back()
    fill_and_send(page, "Second words")
    expect(page.get_by_role("alert")).to_contain_text("First words")
    assert Ticket.objects.count() == 1
    page.locator("main form button[type=submit]").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Second words")
    assert Ticket.objects.count() == 2
