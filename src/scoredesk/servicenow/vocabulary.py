"""What ServiceNow's own words mean: tables, fields, lengths, states, priorities, as shipped.

An administrator can change states and choices; these are the defaults that setting up a
connection starts from.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import Final


class Table(StrEnum):
    """The tables that we read or write."""

    INCIDENT = "incident"
    CHANGE_REQUEST = "change_request"
    USER = "sys_user"
    CHOICE = "sys_choice"
    DICTIONARY = "sys_dictionary"
    JOURNAL = "sys_journal_field"
    PROPERTIES = "sys_properties"
    USER_ROLE = "sys_user_has_role"
    APPLICATION = "oauth_entity"
    POLICY_RULE = "sys_data_policy_rule"


class Phase(StrEnum):
    """What a state amounts to; cards count by phase."""

    TO_DO = "to_do"
    IN_PROGRESS = "in_progress"
    ON_HOLD = "on_hold"
    DONE = "done"
    CANCELLED = "cancelled"


class Priority(IntEnum):
    """servicenow-api 6.2 and 7.4. A change request has no Planning."""

    CRITICAL = 1
    HIGH = 2
    MODERATE = 3
    LOW = 4
    PLANNING = 5


# servicenow-api 6.1; label of the instance as shipped, in English.
INCIDENT_STATES: Final[dict[str, tuple[str, Phase]]] = {
    "1": ("New", Phase.TO_DO),
    "2": ("In Progress", Phase.IN_PROGRESS),
    "3": ("On Hold", Phase.ON_HOLD),
    "6": ("Resolved", Phase.DONE),
    "7": ("Closed", Phase.DONE),
    "8": ("Canceled", Phase.CANCELLED),
}

# servicenow-api 7.1.
CHANGE_STATES: Final[dict[str, tuple[str, Phase]]] = {
    "-5": ("New", Phase.TO_DO),
    "-4": ("Assess", Phase.IN_PROGRESS),
    "-3": ("Authorize", Phase.IN_PROGRESS),
    "-2": ("Scheduled", Phase.IN_PROGRESS),
    "-1": ("Implement", Phase.IN_PROGRESS),
    "0": ("Review", Phase.IN_PROGRESS),
    "3": ("Closed", Phase.DONE),
    "4": ("Canceled", Phase.CANCELLED),
}

STATES: Final[dict[Table, dict[str, tuple[str, Phase]]]] = {
    Table.INCIDENT: INCIDENT_STATES,
    Table.CHANGE_REQUEST: CHANGE_STATES,
}

# Data lookup of an incident's priority from (impact, urgency), servicenow-api 6.2.
PRIORITY_OF: Final[dict[tuple[int, int], Priority]] = {
    (1, 1): Priority.CRITICAL,
    (1, 2): Priority.HIGH,
    (2, 1): Priority.HIGH,
    (1, 3): Priority.MODERATE,
    (2, 2): Priority.MODERATE,
    (3, 1): Priority.MODERATE,
    (2, 3): Priority.LOW,
    (3, 2): Priority.LOW,
    (3, 3): Priority.PLANNING,
}

# The (impact, urgency) to send so that a priority results; of several the even one, then the one
# with the higher urgency, because a security fix is small in reach but pressing.
_WAY_TO: Final[dict[Priority, tuple[int, int]]] = {
    Priority.CRITICAL: (1, 1),
    Priority.HIGH: (2, 1),
    Priority.MODERATE: (2, 2),
    Priority.LOW: (3, 2),
    Priority.PLANNING: (3, 3),
}

# Longest text per field; longer ones are cut without a word (servicenow-api 2.5, 6.5; the
# description's 4000 is the column as shipped).
LENGTHS: Final[dict[str, int]] = {
    "short_description": 160,
    "description": 4000,
    "correlation_id": 100,
    "correlation_display": 100,
    "work_notes": 4000,
}

# Field that carries the wanted end, per table; a date and time in UTC (servicenow-api 6.3, 7.4).
DUE_FIELD: Final = "due_date"

# Fields that tracking reads back from a ticket's record.
TRACKED_FIELDS: Final[tuple[str, ...]] = (
    "sys_id",
    "number",
    "state",
    "active",
    "priority",
    "impact",
    "urgency",
    "assigned_to",
    "assignment_group",
    "short_description",
    "due_date",
    "close_code",
    "close_notes",
    "on_hold",
    "closed_at",
    "correlation_id",
    "sys_created_by",
    "sys_updated_by",
    "sys_updated_on",
    "sys_mod_count",
)

# What the instance is asked about its user after sign-in (servicenow-api 1.12 B).
USER_FIELDS: Final[tuple[str, ...]] = (
    "sys_id",
    "user_name",
    "name",
    "email",
    "active",
    "locked_out",
    "web_service_access_only",
    "internal_integration_user",
    "identity_type",
    "time_zone",
    "sys_domain",
)


def phase_of(table: str, state: str) -> Phase | None:
    """The phase of a state as shipped; None for a state that the instance has added."""
    states = STATES.get(Table(table)) if table in set(Table) else None
    found = (states or {}).get(state)
    return found[1] if found else None


def impact_and_urgency(priority: int) -> tuple[int, int]:
    """Impact and urgency that make an incident's priority. Raises ValueError unless 1 to 5."""
    return _WAY_TO[Priority(priority)]


def priority_from(impact: int, urgency: int) -> Priority | None:
    """The priority that an instance as shipped computes; None for values it does not know."""
    return PRIORITY_OF.get((impact, urgency))
