"""The instance's choices beside what the portal sends and keeps (servicenow-api 8, 12.4, 12.5).

All of this is a doubt, never a fault: a ticket is delivered and tracked by values, not by names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from scoredesk.connections.errors import (
    ChoicesDiffer,
    ChoicesUnreadable,
    LanguageMissing,
    OlderCloseCodes,
    PrioritiesGone,
    PrioritiesRenamed,
    StatesAdded,
    StatesGone,
    StatesRenamed,
    StatesWithoutPhase,
)
from scoredesk.connections.evidence.facts import ChoiceEvidence, Evidence, StateRow
from scoredesk.connections.findings import Check, Finding, Outcome
from scoredesk.connections.models import TicketTable
from scoredesk.connections.state_lists import LONGEST_LABEL
from scoredesk.servicenow import Choice
from scoredesk.servicenow.errors import Forbidden
from scoredesk.servicenow.records import own_choices

# Values that the portal sends: a change's priority as it is, an incident's through these two
# (servicenow-api 6.2, 7.4).
SENT: Final[dict[TicketTable, dict[str, tuple[str, ...]]]] = {
    TicketTable.CHANGE_REQUEST: {"priority": ("1", "2", "3", "4")},
    TicketTable.INCIDENT: {"impact": ("1", "2", "3"), "urgency": ("1", "2", "3")},
}
SHIPPED_PRIORITIES: Final = {
    "1": "1 - Critical",
    "2": "2 - High",
    "3": "3 - Moderate",
    "4": "4 - Low",
    "5": "5 - Planning",
}
OLDER_CODE: Final = "Solved "
_MOST_SHOWN = 8


def readable(evidence: Evidence) -> list[Finding] | None:
    """Whether the choices come at all: without them the names as shipped stand in."""
    if evidence.choices is None:
        return None
    rows = evidence.choices.rows
    if isinstance(rows.fault, Forbidden):
        return [_found(ChoicesUnreadable(rows.fault.detail), Outcome.UNSURE)]
    if rows.fault:
        return [Finding.of(Check.CHOICES, Outcome.FAILED, rows.fault)]
    if not any(row.element == "state" for row in rows.value or ()):
        return [_found(ChoicesUnreadable(), Outcome.UNSURE)]
    language = evidence.choices.language
    if not any(row.language == language for row in rows.value or ()):
        return [_found(LanguageMissing(facts={"language": language}))]
    return []


def states(evidence: Evidence) -> list[Finding] | None:
    """The instance's states beside those that the portal keeps."""
    if evidence.choices is None or not evidence.choices.rows.value:
        return None
    choices = evidence.choices
    return [_found(error) for table in TicketTable for error in _states_of(table, choices)]


def phases(evidence: Evidence) -> list[Finding] | None:
    """States of which nobody has said what they amount to: kept ones, and ones in use."""
    if evidence.choices is None:
        return None
    found = []
    for table in TicketTable:
        ours = {row.value: row for row in evidence.choices.ours.get(table, ())}
        seen = evidence.tables.get(table)
        used = set(seen.states.value or {}) - {""} if seen else set()
        asked = used | _open_values(evidence.choices, table)
        names = [row.label for row in ours.values() if not row.has_phase and row.value in asked]
        names += sorted(used - set(ours)) if ours else []
        if names:
            facts = {"table": table.value, "states": _listed(names)}
            found.append(_found(StatesWithoutPhase(facts=facts)))
    return found


def values(evidence: Evidence) -> list[Finding] | None:
    """Values that the portal sends and that the instance does not offer, or calls otherwise."""
    if evidence.choices is None or not evidence.choices.rows.value:
        return None
    found = []
    for table, sent in SENT.items():
        for field, wanted in sent.items():
            offered = _offered(evidence.choices, table, field)
            gone = [value for value in wanted if value not in offered]
            if offered and gone:
                facts = {"table": table.value, "field": field, "values": ", ".join(gone)}
                found.append(_found(PrioritiesGone(facts=facts)))
    return found + _renamed_priorities(evidence.choices)


def close_codes(evidence: Evidence) -> list[Finding] | None:
    """Whether an incident's resolution codes are those of older releases (servicenow-api 6.4)."""
    if evidence.choices is None or not evidence.choices.rows.value:
        return None
    offered = _offered(evidence.choices, TicketTable.INCIDENT, "close_code")
    if not any(code.startswith(OLDER_CODE) for code in offered):
        return []
    facts = {"codes": _listed(offered)}
    return [_found(OlderCloseCodes(facts=facts), Outcome.GOOD)]


def _open_values(choices: ChoiceEvidence, table: str) -> set[str]:
    """States that records may still get: retired ones matter only while records are in them."""
    return {row.value for row in _shown(choices, table, "state") if not row.inactive}


def _states_of(table: str, choices: ChoiceEvidence) -> list[ChoicesDiffer]:
    """What the instance lists now beside what was read of it before."""
    ours = {row.value: row for row in choices.ours.get(table, ())}
    rows = {row.value: row for row in _shown(choices, table, "state")}
    if not rows or not any(row.listed for row in ours.values()):
        return []
    gone = [row.label for row in ours.values() if _is_gone(row, rows.get(row.value))]
    added = [row.label for row in rows.values() if row.value not in ours and not row.inactive]
    told: tuple[tuple[type[ChoicesDiffer], list[str]], ...] = (
        (StatesGone, gone),
        (StatesAdded, added),
        (StatesRenamed, _renamed(table, ours, choices)),
    )
    return [kind(facts={"table": table, "states": _listed(names)}) for kind, names in told if names]


def _is_gone(ours: StateRow, row: Choice | None) -> bool:
    """Removed or retired since it was read."""
    return ours.listed and not ours.retired and (row is None or row.inactive)


def _renamed(table: str, ours: Mapping[str, StateRow], choices: ChoiceEvidence) -> list[str]:
    found = []
    for language in dict.fromkeys(row.language for row in choices.rows.value or ()):
        for row in own_choices(choices.rows.value or (), table, "state", language):
            before = ours[row.value].labels.get(language) if row.value in ours else None
            label = row.label[:LONGEST_LABEL]
            if before and label and before != label and ours[row.value].listed:
                found.append(f"{before} → {label}")
    return found


def _renamed_priorities(choices: ChoiceEvidence) -> list[Finding]:
    found = []
    for table in TicketTable:
        rows = own_choices(choices.rows.value or (), table, "priority", "en")
        other = [row.label for row in rows if _is_other(row) and not row.inactive]
        if other:
            facts = {"table": table.value, "values": _listed(other)}
            found.append(_found(PrioritiesRenamed(facts=facts), Outcome.GOOD))
    return found


def _is_other(row: Choice) -> bool:
    return bool(row.label) and row.label != SHIPPED_PRIORITIES.get(row.value)


def _shown(choices: ChoiceEvidence, table: str, element: str) -> list[Choice]:
    """In the connection's language, else in English, as the portal shows them."""
    rows = choices.rows.value or ()
    return own_choices(rows, table, element, choices.language) or own_choices(
        rows, table, element, "en"
    )


def _offered(choices: ChoiceEvidence, table: str, element: str) -> list[str]:
    rows = own_choices(choices.rows.value or (), table, element, "en")
    rows = rows or _shown(choices, table, element)
    return [row.value for row in rows if not row.inactive]


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_MOST_SHOWN])
    return f"{shown}, …" if len(names) > _MOST_SHOWN else shown


def _found(error: ChoicesUnreadable | ChoicesDiffer, outcome: Outcome = Outcome.WARNING) -> Finding:
    return Finding.of(Check.CHOICES, outcome, error)
