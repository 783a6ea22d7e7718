"""The portal's languages and ServiceNow's codes for them; which one a reader gets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.conf import settings
from django.utils.translation import get_language

# ServiceNow's codes of the language plugins (servicenow-api 8); the keys are the portal's.
INSTANCE_CODES: Final = {"en": "en", "zh-hans": "zh"}
# Words of which nobody knows the language: what a record showed to the integration user.
UNTOLD: Final = "und"


def instance_code(language: str) -> str:
    """ServiceNow's code of one of the portal's languages."""
    return INSTANCE_CODES.get(language, language)


def portal_code(code: str) -> str:
    """The portal's language for a code of ServiceNow; the code itself for any other language."""
    for language, known in INSTANCE_CODES.items():
        if known == code:
            return language
    return code


def asked_languages(own: str) -> tuple[str, ...]:
    """In which languages (ServiceNow's codes) an instance is read: those of the portal, and the
    connection's `own`."""
    return tuple(dict.fromkeys((*INSTANCE_CODES.values(), own)))


def reading_order(language: str | None = None) -> tuple[str, ...]:
    """Languages in which words are looked for, the reader's (else the active one) first."""
    reader = language or get_language() or settings.LANGUAGE_CODE
    portal = (code for code, _name in settings.LANGUAGES)
    return tuple(dict.fromkeys((reader, *portal, UNTOLD)))


def in_words(words: Mapping[str, str], language: str | None = None) -> str:
    """What a reader gets of words by the portal's languages; "" if there are none."""
    order = (*reading_order(language), *words)
    return next((words[each] for each in order if words.get(each)), "")
