"""Every error has a code of its own, and says nothing that is secret."""

from __future__ import annotations

import re
from collections import Counter

import pytest

import scoredesk.common.addresses
import scoredesk.common.secrets
import scoredesk.graph.errors
import scoredesk.servicenow.errors
from scoredesk.common.errors import Explanation, ScoredeskError, all_codes, error_classes

# Errors of the libraries on floors 0 and 1; the apps above bring their own and test them there.
OURS = [
    cls
    for cls in error_classes()
    if cls.__module__.startswith(("scoredesk.common", "scoredesk.servicenow", "scoredesk.graph"))
]


@pytest.mark.parametrize("cls", OURS, ids=lambda cls: cls.__qualname__)
def test_every_error_names_itself(cls: type[ScoredeskError]) -> None:
    assert "code" in vars(cls), "an inherited code would explain another fault"
    assert re.fullmatch(r"[a-z]+(\.[a-z_]+)+", cls.code)
    assert cls.summary.endswith(".")
    assert cls.__doc__


def test_codes_are_unique_and_listed() -> None:
    counted = Counter(cls.code for cls in OURS)
    assert [code for code, times in counted.items() if times > 1] == []
    listed = all_codes()
    assert {code: listed[code] for code in counted} == {cls.code: cls for cls in OURS}
    assert listed["servicenow.unauthorized"] is scoredesk.servicenow.errors.Unauthorized


def test_the_drawings_name_every_class() -> None:
    for module in (
        scoredesk.common.addresses,
        scoredesk.servicenow.errors,
        scoredesk.graph.errors,
    ):
        drawn = set(re.findall(r"[A-Z][A-Za-z]+", module.__doc__ or ""))
        defined = {cls.__name__ for cls in OURS if cls.__module__ == module.__name__}
        assert defined <= drawn, f"{module.__name__}: {defined - drawn}"


def test_an_error_carries_redacted_words_and_facts() -> None:
    fault = ScoredeskError(" Bearer abcdef123456 refused ", facts={"url": "https://u:p@h", "n": 3})
    assert fault.detail == "Bearer *** refused"
    assert fault.facts == {"url": "https://***@h", "n": "3"}
    assert str(fault) == "Something failed. [scoredesk.error] It said: Bearer *** refused"
    assert "abcdef" not in repr(fault)
    assert fault.maybe_done is False


def test_long_words_are_cut() -> None:
    assert len(ScoredeskError("x" * 5000).detail) == 1000


def test_an_explanation_says_what_why_and_cure() -> None:
    told = Explanation("servicenow.tls", "what", "why", "cure")
    assert (told.what, told.why, told.cure) == ("what", "why", "cure")
