"""What was typed while the session ended is there again after signing in."""

from __future__ import annotations

import pytest
from django.test import Client

from scoredesk.accounts.models import Person, Tenant
from scoredesk.accounts.typed import MOST, SESSION_TYPED

PASSWORD = "a long enough password"
SETUP = "/connections/setup/"


def typed_in(tenant: Tenant, **more: str) -> dict[str, str]:
    """The first step of the set-up of connections as somebody fills it in, and a secret, which no
    form of that page may leave in a session."""
    fields = {
        "tenant": str(tenant.uid),
        "step": "instance",
        "address": "https://acme.service-now.com",
        "client_secret": "not for a session",
        "language": "zh",
    }
    return {**fields, **more}


def sign_in(client: Client, person: Person, address: str) -> str:
    """Signs in on the page that `address` led to; the page after it."""
    form = {"login": person.email, "password": PASSWORD}
    return client.post(address, form, follow=True).content.decode()


def test_a_form_sent_after_the_session_ended_is_shown_again_without_its_secret(
    client: Client, admin: Person, tenant: Tenant
) -> None:
    answer = client.post(SETUP, typed_in(tenant))
    assert "not for a session" not in str(dict(client.session))
    page = sign_in(client, admin, answer["Location"])
    assert 'value="https://acme.service-now.com"' in page
    assert '<option value="zh" selected>' in page
    assert "Please send that once more" in page
    assert 'value="https://acme.service-now.com"' not in client.get(SETUP).content.decode()


def test_what_was_typed_for_another_tenant_is_not_put_into_this_one(
    client: Client, admin: Person, other_tenant: Tenant
) -> None:
    answer = client.post(SETUP, typed_in(other_tenant))
    page = sign_in(client, admin, answer["Location"])
    assert 'value="https://acme.service-now.com"' not in page


@pytest.mark.django_db
def test_a_stranger_cannot_fill_the_sessions(client: Client, tenant: Tenant) -> None:
    client.post(SETUP, typed_in(tenant, address="x" * MOST))
    assert SESSION_TYPED not in client.session


@pytest.mark.django_db
def test_a_button_pressed_after_the_session_ended_leads_back_to_its_page(client: Client) -> None:
    page = "http://testserver/connections/?tab=1"
    answer = client.post("/connections/check/", headers={"Referer": page})
    assert answer["Location"] == "/accounts/login/?next=/connections/%3Ftab%3D1"
    elsewhere = client.post("/connections/check/", headers={"Referer": "https://evil.example/x"})
    assert "evil" not in elsewhere["Location"]
