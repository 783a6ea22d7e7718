"""What the instance changed, in a sentence each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from scoredesk.connections.fields.catalogue import Book

SENTENCES: Final[dict[str, str | Promise]] = {
    "choice_gone": _("%(field)s: “%(before)s” is no longer offered."),
    "choice_renamed": _("%(field)s: “%(before)s” is now called “%(after)s”."),
    "choice_new": _("%(field)s: “%(after)s” is new."),
    "field_gone": _("The field %(field)s is gone, or no longer visible."),
    "field_mandatory": _("The field %(field)s is mandatory now."),
}


def sentences(book: Book, differences: Sequence[Mapping[str, str]]) -> list[str]:
    """The stored differences of a catalogue for a page; kinds of a later version are left out."""
    return [
        str(SENTENCES[each["kind"]]) % {**each, "field": book.info(each["field"]).label}
        for each in differences
        if each["kind"] in SENTENCES
    ]
