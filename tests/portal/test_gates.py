"""Every address of the portal: who may open it, and who may send something to it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

# What anybody may open. A new address is closed until it is named in one of these two lists.
PUBLIC = {
    "healthz",
    "readyz",
    "metrics",
    "home",  # sends to the sign-in page itself, or to the first run
    "set_language",
    "account_login",
    "account_logout",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_signup",
    "account_set_password",
    "accounts:welcome",
}
# allauth's own gate: signed in, whatever the role or tenant.
SIGNED_IN = {"account_reauthenticate", "account_change_password"}
READER = {
    "home-cards",
    "accounts:switch-tenant",
    "accounts:profile",
    "accounts:people",
    "accounts:audit",
    "posture:actions",
    "posture:action",
    "posture:source",
    "posture:status",
    "connections:overview",
    "connections:status",
    "connections:data-exchange",
    "tickets:list",
    "tickets:ticket",
    "tickets:now",
    "tickets:of-action",
}
EXAMPLES = {"int": 1, "uuid": uuid.UUID(int=7), "path": "some-control", "str": "x"}


def patterns(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every named address below `resolver`."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from patterns(entry, inner)
        else:
            yield f"{namespace}{entry.name}", entry


def example(pattern: URLPattern) -> dict[str, object]:
    """Values that fit the placeholders of an address."""
    kinds = {
        name: type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")
        for name, converter in pattern.pattern.converters.items()
    }
    return {name: EXAMPLES[kind] for name, kind in kinds.items()}


ALL = dict(patterns(get_resolver()))
GATED = sorted(set(ALL) - PUBLIC)
ADMIN = sorted(set(ALL) - PUBLIC - SIGNED_IN - READER)


def address(name: str) -> str:
    """An address of this name."""
    return reverse(name, kwargs=example(ALL[name]))


def test_the_lists_name_only_what_exists() -> None:
    assert set(ALL) >= (PUBLIC | SIGNED_IN | READER)


@pytest.mark.parametrize("name", GATED)
def test_somebody_not_signed_in_is_sent_to_the_sign_in_page(
    name: str, client: Client, admin: object
) -> None:
    answers = [client.get(address(name)), client.post(address(name))]
    assert all(answer.status_code in {302, 405} for answer in answers), answers
    gone = [answer for answer in answers if answer.status_code == 302]
    assert gone
    assert all(answer["Location"].startswith(reverse("account_login")) for answer in gone)


@pytest.mark.parametrize("name", ADMIN)
def test_a_reader_cannot_use_an_administrators_page(name: str, reader_client: Client) -> None:
    answers = {
        reader_client.get(address(name)).status_code,
        reader_client.post(address(name)).status_code,
    }
    assert 403 in answers
    assert answers <= {403, 405}


@pytest.mark.parametrize("name", ADMIN)
def test_a_refused_reader_learns_who_can_do_it(
    name: str, admin: object, reader_client: Client
) -> None:
    answer = reader_client.post(address(name))
    if answer.status_code == 403:
        assert b"ada@alder.example" in answer.content


def test_a_reader_cannot_save_the_secure_score_source(reader_client: Client) -> None:
    assert reader_client.post(reverse("posture:source"), {"directory": "x"}).status_code == 403


@pytest.mark.parametrize("name", ["account_signup", "account_set_password"])
def test_nobody_makes_an_account_by_themselves(name: str, client: Client) -> None:
    assert client.get(reverse(name)).status_code == 404


@pytest.mark.parametrize(
    "path", ["/accounts/email/", "/accounts/confirm-email/", "/accounts/3rdparty/"]
)
def test_pages_of_allauth_that_make_no_sense_here_are_closed(path: str, client: Client) -> None:
    assert client.get(path).status_code == 404
