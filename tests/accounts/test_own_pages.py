"""Signing in, one's profile, the tenant's settings, and the language."""

from __future__ import annotations

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from scoredesk.accounts.models import AuditEntry, Person, Tenant

PASSWORD = "a long enough password"


def sign_in(client: Client, email: str, password: str = PASSWORD) -> str:
    """The page after trying to sign in."""
    form = {"login": email, "password": password}
    return client.post(reverse("account_login"), form, follow=True).content.decode()


def test_a_wrong_password_is_told_without_saying_whether_the_person_exists(
    client: Client, admin: Person
) -> None:
    known = sign_in(client, admin.email, "wrong")
    unknown = sign_in(client, "nobody@alder.example", "wrong")
    for page in (known, unknown):
        assert "not correct" in page
    assert f'value="{admin.email}"' in known


def test_guessing_passwords_is_slowed_down(client: Client, admin: Person) -> None:
    for _ in range(6):
        page = sign_in(client, admin.email, "wrong")
    assert "Too many failed login attempts" in page
    assert "Too many failed login attempts" in sign_in(client, admin.email)


def test_somebody_switched_off_cannot_sign_in(client: Client, admin: Person) -> None:
    Person.objects.update(is_active=False)
    sign_in(client, admin.email)
    assert client.get("/")["Location"].startswith(reverse("account_login"))


def test_signing_out_takes_a_click_not_a_link(admin_client: Client) -> None:
    assert admin_client.get(reverse("account_logout")).status_code == 200
    assert admin_client.get("/").status_code == 200
    admin_client.post(reverse("account_logout"))
    assert admin_client.get("/").status_code == 302


def test_a_reset_for_an_unknown_address_sends_nothing_and_says_nothing(
    client: Client, admin: Person
) -> None:
    answer = client.post(reverse("account_reset_password"), {"email": "nobody@alder.example"})
    assert answer["Location"] == reverse("account_reset_password_done")
    assert mail.outbox == []


def test_a_used_reset_link_leads_to_a_new_one(client: Client, db: None) -> None:
    address = reverse("account_reset_password_from_key", kwargs={"uidb36": "1", "key": "set-x"})
    page = client.get(address, follow=True).content.decode()
    assert "This link no longer works" in page
    assert reverse("account_reset_password") in page


def test_the_profile_is_kept_and_the_change_is_in_the_log(
    admin_client: Client, admin: Person, tenant: Tenant
) -> None:
    form = {"name": "Ada L.", "language": "", "time_zone": "Asia/Shanghai"}
    page = admin_client.post(reverse("accounts:profile"), form, follow=True).content.decode()
    assert "Your profile is saved" in page
    admin.refresh_from_db()
    assert (admin.name, admin.time_zone) == ("Ada L.", "Asia/Shanghai")
    entry = AuditEntry.objects.of(tenant).get(action="person.changed")
    assert entry.after["name"] == "Ada L."


@pytest.mark.parametrize("field", ["time_zone", "language"])
def test_a_zone_or_language_that_does_not_exist_is_refused(
    admin_client: Client, admin: Person, field: str
) -> None:
    form = {"name": "New", "language": "", "time_zone": "", field: "Mars/Olympus"}
    page = admin_client.post(reverse("accounts:profile"), form).content.decode()
    assert "is-invalid" in page
    assert 'value="New"' in page
    admin.refresh_from_db()
    assert admin.name == ""


def test_the_tenants_settings_are_kept(admin_client: Client, tenant: Tenant) -> None:
    form = {"name": "Alder Clinic", "language": "zh-hans", "time_zone": "Asia/Shanghai"}
    admin_client.post(reverse("accounts:tenant"), form)
    tenant.refresh_from_db()
    assert (tenant.name, tenant.language, tenant.time_zone) == tuple(form.values())
    entry = AuditEntry.objects.of(tenant).get(action="tenant.changed")
    assert entry.before["name"] == "Alder Hospital"


def test_the_language_switch_is_kept_in_the_browser_and_on_the_person(
    admin_client: Client, admin: Person
) -> None:
    answer = admin_client.post(
        reverse("set_language"), {"language": "zh-hans", "next": reverse("accounts:people")}
    )
    assert answer["Location"] == reverse("accounts:people")
    admin.refresh_from_db()
    assert admin.language == "zh-hans"
    assert '<html lang="zh-hans">' in admin_client.get("/").content.decode()
    elsewhere = Client()
    elsewhere.force_login(admin)
    assert '<html lang="zh-hans">' in elsewhere.get("/").content.decode()


def test_the_language_switch_works_before_signing_in(client: Client, admin: Person) -> None:
    client.post(reverse("set_language"), {"language": "zh-hans", "next": "/accounts/login/"})
    assert '<html lang="zh-hans">' in client.get(reverse("account_login")).content.decode()


def test_each_language_is_named_in_itself(client: Client, admin: Person) -> None:
    for language in ("en", "zh-hans"):
        client.cookies["django_language"] = language
        page = client.get(reverse("account_login")).content.decode()
        assert ">English<" in page
        assert ">简体中文<" in page


def test_the_language_switch_goes_nowhere_else(client: Client, admin: Person) -> None:
    form = {"language": "en", "next": "https://evil.example/"}
    assert client.post(reverse("set_language"), form)["Location"] == "/"
    assert client.get(reverse("set_language")).status_code == 405


def test_a_language_that_is_not_spoken_changes_nothing(admin_client: Client, admin: Person) -> None:
    admin_client.post(reverse("set_language"), {"language": "tlh"})
    admin.refresh_from_db()
    assert admin.language == ""
