"""Secrets at rest: sealed, opened, rotated, and refused with a clear word."""

from __future__ import annotations

import pytest
from cryptography.fernet import Fernet

from scoredesk.common.secrets import KeyMalformed, KeyMissing, SealBroken, SecretBox

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


def test_a_secret_comes_back_and_is_not_readable_meanwhile() -> None:
    box = SecretBox([NEW])
    sealed = box.seal("schlüssel 密钥")
    assert "schl" not in sealed
    assert box.open(sealed) == "schlüssel 密钥"


def test_keys_can_be_rotated() -> None:
    sealed = SecretBox([OLD]).seal("x")
    both = SecretBox([NEW, OLD])
    assert both.open(sealed) == "x"
    assert SecretBox([NEW]).open(both.rotate(sealed)) == "x"


def test_a_foreign_key_opens_nothing() -> None:
    sealed = SecretBox([OLD]).seal("x")
    with pytest.raises(SealBroken):
        SecretBox([NEW]).open(sealed)
    with pytest.raises(SealBroken):
        SecretBox([NEW]).rotate("damaged")
    with pytest.raises(SealBroken):
        SecretBox([NEW]).open("ünlesbar")


@pytest.mark.parametrize("keys", [[], ["", "  "]])
def test_a_missing_key_is_said(keys: list[str]) -> None:
    with pytest.raises(KeyMissing):
        SecretBox(keys)


def test_a_malformed_key_is_named_by_its_place_and_not_shown() -> None:
    with pytest.raises(KeyMalformed) as raised:
        SecretBox([NEW, "short"])
    assert raised.value.facts == {"position": "2"}
    assert "short" not in str(raised.value)


def test_a_box_shows_no_key() -> None:
    assert repr(SecretBox([NEW])) == "<SecretBox>"
