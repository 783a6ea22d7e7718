"""Every fault of reading Secure Score has its explanation."""

from __future__ import annotations

import re

import pytest
from django.utils import translation

from scoredesk.common.errors import all_codes
from scoredesk.graph import GraphError
from scoredesk.posture.errors import PostureError
from scoredesk.posture.faults import TEXTS, explain

CODES = sorted({**all_codes(GraphError), **all_codes(PostureError)})


def test_no_fault_is_without_a_text_and_no_text_without_a_fault() -> None:
    ours = {code for code in TEXTS if code.partition(".")[0] in {"graph", "posture"}}
    assert ours == set(CODES)


@pytest.mark.parametrize("code", CODES)
def test_an_explanation_says_what_why_and_what_to_do(code: str) -> None:
    explanation = explain(code)
    for sentence in (explanation.what, explanation.why, explanation.cure):
        assert re.search(r"\w{3}", sentence)
        assert sentence.rstrip().endswith(".")
        assert "%(" not in sentence
    assert explanation.code == code


def test_no_two_faults_share_their_sentence() -> None:
    sentences = [explain(code).what for code in CODES]
    assert len(sentences) == len(set(sentences))


def test_facts_stand_in_the_sentence() -> None:
    found = explain("posture.other_directory", {"known": "aaa", "given": "bbb"})
    assert "aaa" in found.why
    assert "bbb" in found.why


def test_a_secret_id_in_place_of_its_value_is_called_by_its_name() -> None:
    plain = explain("graph.wrong_secret").why
    found = explain("graph.wrong_secret", {"looks_like_id": "yes"}).why
    assert found != plain
    assert "secret's ID" in found


@pytest.mark.parametrize(
    ("code", "family"),
    [
        ("secrets.seal_broken", "secrets.error"),
        ("address.private", "address.error"),
        ("graph.brand_new", "graph.error"),
        ("nonsense", "posture.error"),
    ],
)
def test_a_code_without_a_text_falls_back_to_its_family(code: str, family: str) -> None:
    with translation.override("en"):
        assert explain(code).what == explain(family).what
