"""The table of addresses says who may use each; here a stranger and a reader try them all."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from scripts import docs_addresses, write_docs

SAMPLES = {
    "uuid": "00000000-0000-4000-8000-000000000000",
    "int": "999999999",
    "path": "no-such-action",
    "": "x",
}
ALL = list(write_docs.addresses())


def of(*who: str) -> pytest.MarkDecorator:
    """The addresses that the table gives to these, as a test's parameter `path`."""
    paths = [_sample(path) for path, name in ALL if docs_addresses.ADDRESSES[name].who in who]
    return pytest.mark.parametrize("path", paths)


def _sample(path: str) -> str:
    return re.sub(r"<(?:(\w+):)?\w+>", lambda found: SAMPLES[found.group(1) or ""], path)


def answer(client: Client, path: str) -> Any:
    """The answer to a GET, or to a POST where only that is taken."""
    got = client.get(path)
    return client.post(path) if got.status_code == 405 else got


def sent_to_sign_in(response: Any) -> bool:
    """Whether the gate sent the caller to sign in first and then come back."""
    return response.status_code == 302 and "/accounts/login/?next=" in response["Location"]


def test_the_table_knows_each_address_and_no_other() -> None:
    assert {name for _path, name in ALL} == set(docs_addresses.ADDRESSES)


@of("anyone")
def test_what_is_open_asks_nobody_to_sign_in(path: str, reader: object, client: Client) -> None:
    response = answer(client, path)
    assert not sent_to_sign_in(response)
    assert response.status_code in {200, 302}


@of("signed_in", "reader", "administrator")
def test_a_stranger_is_sent_to_sign_in(path: str, reader: object, client: Client) -> None:
    assert sent_to_sign_in(answer(client, path))


@of("signed_in", "reader")
def test_a_reader_is_let_in(path: str, reader_client: Client) -> None:
    response = answer(reader_client, path)
    assert response.status_code != 403
    assert not sent_to_sign_in(response)


@of("administrator")
def test_a_reader_is_kept_from_what_only_administrators_may(
    path: str, reader_client: Client
) -> None:
    assert answer(reader_client, path).status_code == 403


@of("nobody")
def test_what_is_closed_is_closed_for_everybody(path: str, admin_client: Client) -> None:
    assert answer(admin_client, path).status_code == 404
    assert answer(Client(), path).status_code == 404


@of("program")
def test_what_programs_ask_takes_the_token(path: str, admin_client: Client, settings: Any) -> None:
    settings.METRICS_TOKEN = "for-prometheus"
    assert answer(admin_client, path).status_code == 401
    headers = {"Authorization": "Bearer for-prometheus"}
    assert Client(headers=headers).get(path).status_code == 200
