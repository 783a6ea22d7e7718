"""Templates: a text with the ticket's values in braces, such as "Security: {name}". Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from scoredesk.connections.errors import PlaceholderUnknown

# What may stand in braces, with what it becomes.
PLACEHOLDERS: Final[dict[str, str | Promise]] = {
    "name": _("the name of the ticket"),
    "priority": _("its priority, for example 2 - High"),
    "due_date": _("its due date, as 2027-01-31"),
    "category": _("the recommendation category"),
    "source": _("the recommendation source"),
    "action": _("the title of the improvement action"),
    "shared_by": _("the sign-in name of the person who shares it"),
    "link": _("the address of the ticket in the portal"),
}
SAMPLE: Final[dict[str, str | Promise]] = {
    "name": _("Require multifactor authentication for administrative roles"),
    "priority": _("2 - High"),
    "due_date": "2027-01-31",
    "category": _("Identity"),
    "source": "Microsoft",
    "action": _("Require multifactor authentication for administrative roles"),
    "shared_by": "ada@example.com",
    "link": "https://scoredesk.example/tickets/…/",
}
_BRACES: Final = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


def is_template(text: str) -> bool:
    """Whether anything would be filled in, or tries to be."""
    return any(match.group(0) not in {"{{", "}}"} for match in _BRACES.finditer(text))


def check(text: str) -> None:
    """Raises PlaceholderUnknown for braces that hold no name of `PLACEHOLDERS`, or stand alone."""
    for match in _BRACES.finditer(text):
        if match.group(0) in {"{{", "}}"}:
            continue
        if match.group(1) not in PLACEHOLDERS:
            known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
            raise PlaceholderUnknown(facts={"placeholder": match.group(0), "placeholders": known})


def fill(text: str, values: Mapping[str, str]) -> str:
    """The template with the values; doubled braces stand for one. What is unknown is left as it
    stands: it was checked when it was saved."""

    def one(match: re.Match[str]) -> str:
        whole = match.group(0)
        if whole in {"{{", "}}"}:
            return whole[0]
        return values.get(match.group(1) or "", whole)

    return _BRACES.sub(one, text)
