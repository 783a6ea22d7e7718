"""Texts and names that an attacker chose."""

from __future__ import annotations

import time

import pytest

from scoredesk.common.addresses import is_public
from scoredesk.common.errors import ScoredeskError


@pytest.mark.parametrize(
    "address",
    ["::127.0.0.1", "::ffff:0:127.0.0.1", "fec0::1", "64:ff9b:1::7f00:1", "5f00::1"],
)
def test_old_and_local_forms_of_ipv6_are_not_public(address: str) -> None:
    assert not is_public(address)


def test_an_ordinary_ipv6_address_is_public() -> None:
    assert is_public("2606:4700::1111")


def test_taking_secrets_out_of_a_huge_text_is_quick() -> None:
    started = time.monotonic()
    ScoredeskError("a." * 200_000, facts={"words": "eyJaaaaaaaa-" * 50_000})
    assert time.monotonic() - started < 1.0


def test_a_secret_after_many_words_is_still_masked() -> None:
    fault = ScoredeskError("x " * 300 + "access_token=abcdef123456")
    assert "abcdef123456" not in fault.detail


def test_a_fault_with_a_nul_can_be_stored() -> None:
    fault = ScoredeskError("one\x00two", facts={"host": "a\x00b"})
    assert (fault.detail, fault.facts["host"]) == ("onetwo", "ab")
