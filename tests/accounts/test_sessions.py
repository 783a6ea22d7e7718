"""How long a session lasts, what a browser or proxy may keep, and what signing in and out tells."""

from __future__ import annotations

import smtplib
from typing import Any

import pytest
from django.conf import settings as project
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from django.urls import reverse

from scoredesk.accounts.middleware import SESSION_BEGAN
from scoredesk.accounts.models import AuditEntry, Membership, Person, Role, Tenant

PASSWORD = "a long enough password"


class BrokenMail(EmailBackend):
    """A mail server that does not answer."""

    def send_messages(self, _messages: Any) -> int:
        raise smtplib.SMTPServerDisconnected("gone")


def use_broken_mail(settings: Any) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.BrokenMail"


def ask_for_link(client: Client, email: str, **headers: str) -> Any:
    """The answer to "Forgot your password?"."""
    return client.post(reverse("account_reset_password"), {"email": email}, headers=headers)


def test_a_session_ends_some_hours_after_signing_in_however_active(admin_client: Client) -> None:
    assert admin_client.get(reverse("home")).status_code == 200
    session = admin_client.session
    session[SESSION_BEGAN] -= project.SESSION_COOKIE_AGE + 1
    session.save()
    answer = admin_client.get(reverse("home-cards"))
    assert answer.status_code == 302
    assert reverse("account_login") in answer["Location"]


def test_being_active_does_not_move_the_end_of_a_session(admin_client: Client) -> None:
    admin_client.get(reverse("home"))
    began = admin_client.session[SESSION_BEGAN]
    admin_client.get(reverse("home-cards"))
    assert admin_client.session[SESSION_BEGAN] == began


@pytest.mark.parametrize("page", ["home", "tickets:list", "accounts:audit", "connections:setup"])
def test_no_page_of_a_tenant_stays_in_a_cache(admin_client: Client, page: str) -> None:
    kept = admin_client.get(reverse(page))["Cache-Control"]
    assert {"no-store", "private"} <= set(kept.split(", "))


def test_a_guessed_password_is_in_the_audit_log(client: Client, admin: Person) -> None:
    form = {"login": admin.email.upper(), "password": "wrong"}
    client.post(reverse("account_login"), form, REMOTE_ADDR="192.0.2.9")
    entry = AuditEntry.objects.get(action="person.sign_in_failed")
    assert (entry.subject, entry.actor, entry.address) == (admin.email, "anonymous", "192.0.2.9")


def test_what_was_typed_as_an_unknown_name_is_kept_nowhere(
    client: Client, admin: Person, caplog: pytest.LogCaptureFixture
) -> None:
    form = {"login": "my-password@typed.here", "password": "wrong"}
    client.post(reverse("account_login"), form)
    assert "sign-in failed: unknown name" in caplog.text
    assert "my-password" not in caplog.text + str(list(AuditEntry.objects.values()))


def test_signing_out_is_in_the_audit_log(admin_client: Client, admin: Person) -> None:
    admin_client.post(reverse("account_logout"))
    assert AuditEntry.objects.filter(action="person.signed_out", person=admin).exists()


def test_the_link_for_a_password_leads_to_the_portals_own_address(
    client: Client, admin: Person, settings: Any
) -> None:
    settings.PUBLIC_URL = "https://scoredesk.alder.example"
    settings.ALLOWED_HOSTS = ["scoredesk.alder.example", "localhost"]
    ask_for_link(client, admin.email, Host="localhost:6666")
    assert "https://scoredesk.alder.example/accounts/password/reset/key/" in mail.outbox[0].body
    assert "localhost" not in mail.outbox[0].body


def test_a_broken_mail_server_does_not_tell_who_has_an_account(
    client: Client, admin: Person, settings: Any
) -> None:
    use_broken_mail(settings)
    known = ask_for_link(client, admin.email)
    unknown = ask_for_link(client, "nobody@alder.example")
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])


def test_an_administrator_is_told_when_the_mail_could_not_be_sent(
    admin_client: Client, settings: Any
) -> None:
    use_broken_mail(settings)
    form = {"email": "new@alder.example", "role": "security_reader", "first_sign_in": "mail"}
    page = admin_client.post(reverse("accounts:person-new"), form, follow=True).content.decode()
    assert "the e-mail could not be sent" in page
    assert Person.objects.filter(email="new@alder.example").exists()


def test_a_changed_password_is_told_by_mail(admin_client: Client, admin: Person) -> None:
    new = "seven wild geese at noon"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    admin_client.post(reverse("account_change_password"), form)
    assert [message.to for message in mail.outbox] == [[admin.email]]
    assert new not in mail.outbox[0].body


@pytest.mark.parametrize("target", ["http://localhost/", "//127.0.0.1/x", "https://evil.example/"])
def test_signing_in_goes_on_to_no_other_address(client: Client, admin: Person, target: str) -> None:
    form = {"login": admin.email, "password": PASSWORD, "next": target}
    assert client.post(reverse("account_login"), form)["Location"] == reverse("home")


@pytest.mark.parametrize(
    "path", ["/improvement-actions/%00/", "/tickets/of-action/%00", "/tickets/share/a%00b"]
)
def test_an_address_with_a_nul_is_no_page(admin_client: Client, path: str) -> None:
    assert admin_client.get(path).status_code == 404


@pytest.mark.parametrize("page", ["tickets:list", "posture:actions", "accounts:audit"])
def test_the_address_does_not_say_how_long_a_page_is(admin_client: Client, page: str) -> None:
    for wanted in ("-1", "0", "100000"):
        answer = admin_client.get(reverse(page), {"per_page": wanted, "page": "no number"})
        assert answer.status_code == 200
        assert answer.context["table"].paginator.per_page <= 50


def test_a_form_opened_for_one_tenant_is_not_taken_for_another(
    admin: Person, other_tenant: Tenant
) -> None:
    Membership.objects.create(tenant=other_tenant, person=admin, role=Role.SECURITY_ADMIN)
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(admin)
    page = browser.get(reverse("accounts:tenant")).content.decode()
    mark = page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    moved = {"tenant": str(other_tenant.uid), "csrfmiddlewaretoken": mark}
    assert browser.post(reverse("accounts:switch-tenant"), moved).status_code == 302
    typed = {"name": "Alder", "language": "en", "time_zone": "UTC", "csrfmiddlewaretoken": mark}
    assert browser.post(reverse("accounts:tenant"), typed).status_code == 403
    other_tenant.refresh_from_db()
    assert other_tenant.name == "Birch Bank"
