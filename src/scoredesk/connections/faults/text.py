"""The shape of an explained fault."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.functional import Promise


class Text(NamedTuple):
    """What happened, why, and what to do next; translated when it is shown. Placeholders are the
    facts of the error and of `faults.facts_of`."""

    what: str | Promise
    why: str | Promise
    cure: str | Promise
