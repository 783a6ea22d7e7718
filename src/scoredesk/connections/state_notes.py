"""What an administrator is told about the states: changes by the instance, names that clash."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import get_language_info, get_supported_language_variant
from django.utils.translation import gettext as _

from scoredesk.connections.models import Phase, StateName
from scoredesk.connections.state_lists import Change, Difference, Duplicate, differences


@dataclass(frozen=True)
class Note:
    """A state with a sentence for each thing that the instance has changed of it."""

    table: str
    value: str
    sentences: list[str]


def notes(rows: Iterable[StateName]) -> list[Note]:
    """What the instance has changed and nobody has acknowledged, in the active language."""
    return [
        Note(row.get_table_display(), row.value, [sentence(row, each) for each in differences(row)])
        for row in rows
        if row.before
    ]


def newest(rows: Sequence[StateName]) -> str:
    """The time of the newest difference, for `states.acknowledge`; "" if there is none."""
    return max((row.before["at"] for row in rows if row.before), default="")


def sentence(row: StateName, difference: Difference) -> str:
    """One difference in words."""
    facts = {"name": row.label, "was": difference.was, "now": difference.now}
    if difference.change == Change.RENAMED:
        language = language_name(difference.language)
        return _("“%(was)s” is now called “%(now)s” (%(language)s).") % {
            **facts,
            "language": language,
        }
    if difference.change == Change.NEW and row.phase == Phase.UNKNOWN:
        return _("“%(name)s” is new. Choose its phase.") % facts
    return {
        Change.NEW: _("“%(name)s” is new."),
        Change.RETIRED: _("“%(name)s” is inactive: no ticket can be moved to it any more."),
        Change.GONE: _("“%(name)s” was removed. It stays here while tickets are in it."),
        Change.RETURNED: _("“%(name)s” is offered again."),
    }[difference.change] % facts


def clashes(found: Iterable[Duplicate], tables: dict[str, str]) -> list[str]:
    """A sentence for each name that several states share; `tables`: their names for people."""
    return [
        _("%(table)s: the states %(values)s are all called “%(name)s” in %(language)s.")
        % {
            "table": tables[each.table],
            "values": ", ".join(each.values),
            "name": each.name,
            "language": language_name(each.language),
        }
        for each in found
    ]


def language_name(code: str) -> str:
    """A language by its own name; the code for one that the portal does not know."""
    try:
        known = get_supported_language_variant(code)
    except LookupError:
        return code
    return str(get_language_info(known)["name_local"])
