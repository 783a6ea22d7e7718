"""The audit log: what the database refuses, and what the page shows."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from scoredesk.accounts.audit import Actor, record
from scoredesk.accounts.models import AuditEntry, Change, Person, Tenant

PAGE = "accounts:audit"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE accounts_auditentry SET actor = 'nobody'",
        "DELETE FROM accounts_auditentry",
    ],
)
def test_the_database_refuses_to_change_history(tenant: Tenant, statement: str) -> None:
    record(Actor.job("test"), "thing.done", tenant=tenant)
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert AuditEntry.objects.get().actor == "job:test"


def test_an_entry_says_what_differs() -> None:
    entry = AuditEntry(before={"b": 1, "same": 2}, after={"same": 2, "a": 3})
    assert entry.changes == [Change("a", None, 3), Change("b", 1, None)]


def test_the_page_shows_before_and_after(tenant: Tenant, reader_client: Client) -> None:
    record(
        Actor.job("test"),
        "thing.changed",
        tenant=tenant,
        subject="<b>thing</b>",
        before={"colour": "red"},
        after={"colour": "blue"},
    )
    page = reader_client.get(reverse(PAGE)).content.decode()
    assert "thing.changed" in page
    assert "<del" in page
    assert "blue" in page
    assert "<b>thing</b>" not in page


def test_the_page_filters_by_who_what_and_when(tenant: Tenant, admin_client: Client) -> None:
    record(Actor("ada@alder.example"), "apple.eaten", tenant=tenant, subject="orchard-1")
    record(Actor("bo@alder.example"), "pear.eaten", tenant=tenant, subject="orchard-2")
    tomorrow = (dt.datetime.now(dt.UTC) + dt.timedelta(days=2)).date().isoformat()

    def shown(**query: str) -> tuple[bool, bool]:
        page = admin_client.get(reverse(PAGE), query).content.decode()
        return "orchard-1" in page, "orchard-2" in page

    assert shown() == (True, True)
    assert shown(actor="BO@") == (False, True)
    assert shown(action="apple.eaten") == (True, False)
    assert shown(since=tomorrow) == (False, False)
    assert shown(until=tomorrow) == (True, True)


def test_a_filter_that_is_no_date_is_explained_and_kept(admin_client: Client) -> None:
    page = admin_client.get(reverse(PAGE), {"since": "soon", "actor": "ada"}).content.decode()
    assert "Enter a valid date" in page
    assert 'value="ada"' in page


def test_long_logs_come_in_pages(tenant: Tenant, admin_client: Client) -> None:
    for number in range(60):
        record(Actor.job("test"), "thing.done", tenant=tenant, subject=f"number-{number}-")
    first = admin_client.get(reverse(PAGE)).content.decode()
    assert "number-59-" in first
    assert "number-1-" not in first
    assert "number-1-" in admin_client.get(reverse(PAGE), {"page": 2}).content.decode()
    assert admin_client.get(reverse(PAGE), {"page": "many"}).status_code == 200


def test_a_neighbours_history_is_not_shown(tenant: Tenant, stranger_client: Client) -> None:
    record(Actor.job("test"), "secret.deed", tenant=tenant)
    assert "secret.deed" not in stranger_client.get(reverse(PAGE)).content.decode()


def test_signing_in_and_a_new_password_are_written_down(admin: Person, client: Client) -> None:
    old, new = "a long enough password", "quiet copper lantern"
    client.post(reverse("account_login"), {"login": "ADA@alder.example", "password": old})
    client.post(
        reverse("account_change_password"), {"oldpassword": old, "password1": new, "password2": new}
    )
    actions = set(AuditEntry.objects.filter(person=admin).values_list("action", flat=True))
    assert {"person.signed_in", "person.password_changed"} <= actions
    admin.refresh_from_db()
    assert admin.check_password(new)
    assert not any(new in str(entry.after) for entry in AuditEntry.objects.all())
