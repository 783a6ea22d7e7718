"""Every text that a person reads is translated, with the same placeholders on both sides."""

from __future__ import annotations

import pytest
from scripts import check_translations


@pytest.mark.parametrize("language", check_translations.LANGUAGES)
def test_every_text_is_translated(language: str) -> None:
    assert check_translations.faults_of(language) == []
