"""Whoever controls an instance must not be able to stop the portal with an answer."""

from __future__ import annotations

import time

import httpx

from scoredesk.common.clock import now
from scoredesk.servicenow import Record, errors
from scoredesk.servicenow.classify import classify, retry_after, title, words
from scoredesk.servicenow.oauth import read_tokens

QUICK = 1.0  # seconds; the patterns of before took minutes for these texts


def test_a_page_of_blanks_does_not_keep_the_portal_busy() -> None:
    started = time.monotonic()
    title(httpx.Response(503, html="<title>" + " " * 3000))
    title(httpx.Response(503, html="<title" * 3000))
    assert time.monotonic() - started < QUICK


def test_a_very_long_refusal_does_not_keep_the_portal_busy() -> None:
    message = "Data Policy Exception: " + " a" * 100_000 + "a.a." * 20_000
    started = time.monotonic()
    fault = classify(httpx.Response(403, json={"error": {"message": message}}), method="POST")
    assert time.monotonic() - started < QUICK
    assert isinstance(fault, errors.DataPolicyRefused)


def test_the_words_of_an_instance_are_cut() -> None:
    answer = httpx.Response(400, json={"error": {"message": "x" * 1_000_000}})
    assert len(words(answer)) < 10_000


def test_nobody_is_asked_to_wait_for_ever() -> None:
    answer = httpx.Response(429, headers={"Retry-After": "9" * 400})
    assert retry_after(answer) == 24 * 3600


def test_a_token_that_outlives_the_calendar_is_taken_all_the_same() -> None:
    given = {"access_token": "token", "expires_in": 8e13}
    assert read_tokens(given, now()).expires_at > now()


def test_a_value_with_a_nul_can_be_stored() -> None:
    assert Record({"number": "INC\x000001"}).value("number") == "INC0001"
