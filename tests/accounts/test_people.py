"""Who belongs to a tenant: adding, roles, removing, and the border between tenants."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from scoredesk.accounts.models import AuditEntry, Membership, Person, Role, Tenant


def new_person(**changes: str) -> dict[str, str]:
    """The form for adding a person."""
    return {
        "email": "Kim@Alder.example",
        "name": "Kim",
        "role": Role.SECURITY_READER,
        "first_sign_in": "password",
        **changes,
    }


def add(client: Client, **changes: str) -> str:
    """The answer to that form."""
    return client.post(
        reverse("accounts:person-new"), new_person(**changes), follow=True
    ).content.decode()


def membership_of(person: Person) -> Membership:
    """A person's only membership."""
    return Membership.objects.get(person=person)


def test_an_added_person_signs_in_with_the_password_shown_once(
    admin_client: Client, tenant: Tenant
) -> None:
    page = add(admin_client)
    found = re.search(r"data-first-password>([^<]+)<", page)
    assert found
    kim = Client()
    answer = kim.post(
        reverse("account_login"), {"login": "kim@alder.example", "password": found.group(1)}
    )
    assert answer["Location"] == "/"
    assert kim.get("/").status_code == 200
    assert (
        AuditEntry.objects.of(tenant)
        .filter(action="person.added", subject="kim@alder.example")
        .exists()
    )
    assert found.group(1) not in admin_client.get(reverse("accounts:people")).content.decode()


def test_an_added_person_may_get_a_link_by_e_mail_instead(admin_client: Client) -> None:
    page = add(admin_client, first_sign_in="mail")
    assert "on its way" in page
    [letter] = mail.outbox
    assert letter.to == ["kim@alder.example"]
    link = re.search(r"https?://[^/]+(/accounts/password/reset/key/\S+)", letter.body)
    assert link
    kim = Client()
    form = kim.get(link.group(1), follow=True)
    word = {"password1": "quiet copper lantern", "password2": "quiet copper lantern"}
    kim.post(form.redirect_chain[-1][0], word)
    assert Person.objects.get(email="kim@alder.example").check_password("quiet copper lantern")


def test_a_person_of_another_tenant_keeps_their_name_and_password(
    admin_client: Client, stranger: Person, tenant: Tenant
) -> None:
    page = add(admin_client, email=stranger.email, name="Changed")
    assert "has an account already" in page
    stranger.refresh_from_db()
    assert stranger.name == ""
    assert stranger.check_password("a long enough password")
    assert Membership.objects.of(tenant).filter(person=stranger).exists()


def test_adding_a_member_twice_is_refused_and_keeps_what_was_typed(
    admin_client: Client, reader: Person
) -> None:
    page = add(admin_client, email=reader.email.upper(), name="Robert")
    assert "belongs to the tenant already" in page
    assert 'value="Robert"' in page
    assert Membership.objects.filter(person=reader).count() == 1


def test_a_role_is_changed_and_the_change_is_in_the_log(
    admin_client: Client, reader: Person, tenant: Tenant
) -> None:
    address = reverse("accounts:person-role", args=[membership_of(reader).pk])
    admin_client.post(address, {"role": Role.SECURITY_ADMIN})
    assert membership_of(reader).role == Role.SECURITY_ADMIN
    entry = AuditEntry.objects.of(tenant).get(action="person.role_changed")
    assert (entry.before, entry.after) == ({"role": "security_reader"}, {"role": "security_admin"})
    assert entry.actor == "ada@alder.example"
    assert entry.address == "127.0.0.1"


def test_a_role_that_does_not_exist_changes_nothing(admin_client: Client, reader: Person) -> None:
    address = reverse("accounts:person-role", args=[membership_of(reader).pk])
    page = admin_client.post(address, {"role": "owner"}, follow=True)
    assert b"There is no such role" in page.content
    assert membership_of(reader).role == Role.SECURITY_READER


def test_a_removed_person_loses_the_tenant_at_once(
    admin_client: Client, reader_client: Client, reader: Person
) -> None:
    admin_client.post(reverse("accounts:person-remove", args=[membership_of(reader).pk]))
    answer = reader_client.get("/")
    assert answer.status_code == 403
    assert b"no tenant has you as a member" in answer.content
    assert Person.objects.filter(pk=reader.pk).exists()


@pytest.mark.parametrize("action", ["person-role", "person-remove"])
def test_the_last_administrator_stays(admin_client: Client, admin: Person, action: str) -> None:
    address = reverse(f"accounts:{action}", args=[membership_of(admin).pk])
    page = admin_client.post(address, {"role": Role.SECURITY_READER}, follow=True)
    assert b"last security administrator" in page.content
    assert membership_of(admin).role == Role.SECURITY_ADMIN


def test_an_administrator_who_cannot_sign_in_does_not_count(
    admin_client: Client, admin: Person, reader: Person
) -> None:
    Membership.objects.filter(person=reader).update(role=Role.SECURITY_ADMIN)
    Person.objects.filter(pk=reader.pk).update(is_active=False)
    admin_client.post(reverse("accounts:person-remove", args=[membership_of(admin).pk]))
    assert Membership.objects.filter(person=admin).exists()


@pytest.mark.parametrize("action", ["person-role", "person-remove"])
def test_a_neighbours_people_are_out_of_reach(
    stranger_client: Client, reader: Person, action: str
) -> None:
    address = reverse(f"accounts:{action}", args=[membership_of(reader).pk])
    assert stranger_client.post(address, {"role": Role.SECURITY_ADMIN}).status_code == 404
    assert membership_of(reader).role == Role.SECURITY_READER


def test_a_person_of_two_tenants_sees_one_at_a_time(
    admin_client: Client, admin: Person, other_tenant: Tenant, reader: Person
) -> None:
    Membership.objects.create(tenant=other_tenant, person=admin, role=Role.SECURITY_READER)
    assert reader.email in admin_client.get(reverse("accounts:people")).content.decode()
    admin_client.post(reverse("accounts:switch-tenant"), {"tenant": str(other_tenant.uid)})
    page = admin_client.get(reverse("accounts:people")).content.decode()
    assert reader.email not in page
    assert "Add a person" not in page


def test_nobody_switches_to_a_tenant_that_is_not_theirs(
    admin_client: Client, other_tenant: Tenant
) -> None:
    for uid in (str(other_tenant.uid), "", "nonsense"):
        assert (
            admin_client.post(reverse("accounts:switch-tenant"), {"tenant": uid}).status_code == 404
        )
    assert "Alder Hospital" in admin_client.get("/").content.decode()


def test_a_reader_sees_the_people_and_no_buttons(reader_client: Client, admin: Person) -> None:
    page = reader_client.get(reverse("accounts:people")).content.decode()
    assert admin.email in page
    assert "Remove" not in page
