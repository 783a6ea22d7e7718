"""Names of the states: read from the instance, kept under the names that a person chose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from logging import getLogger

from django.db import transaction

from scoredesk.accounts import audit
from scoredesk.accounts.audit import Actor
from scoredesk.common.errors import ScoredeskError
from scoredesk.connections.models import Connection, Phase, StateName, TicketTable
from scoredesk.connections.tokens import client_for
from scoredesk.servicenow import Choice, ServiceNow
from scoredesk.servicenow.errors import Forbidden
from scoredesk.servicenow.vocabulary import STATES, Table, phase_of

log = getLogger(__name__)

LONGEST_LABEL = 120  # as wide as the column; ServiceNow itself allows more
FALLBACK_LANGUAGE = "en"  # every instance has it; other languages are plugins


@dataclass(frozen=True)
class State:
    """A state as the instance names it, with the phase proposed for it."""

    value: str
    label: str
    phase: Phase


def proposed_states(table: str, choices: Sequence[Choice]) -> list[State]:
    """The states of a table in the instance's order; as shipped where it shows us no choices.

    A value that instances as shipped do not have gets Phase.UNKNOWN: a person must say what it
    amounts to. Inactive choices are kept, since old records may still hold them.
    """
    found = {choice.value: choice.label for choice in choices if choice.value}
    if not found:
        found = {value: label for value, (label, _phase) in STATES[Table(table)].items()}
    return [State(value, label, _phase_for(table, value)) for value, label in found.items()]


def take_up(connection: Connection, *, actor: Actor) -> None:
    """Reads the state names of both tables and stores them.

    An instance that does not show its choices is no reason to fail: then the names as shipped are
    taken, unless there are names already. Raises as `tokens.client_for`'s calls do.
    """
    with client_for(connection) as client:
        found = {table: _choices(client, table, connection.language) for table in TicketTable}
    with transaction.atomic():
        for table, choices in found.items():
            _store(connection, table, choices)
        audit.record(
            actor,
            "connection.states_read",
            tenant=connection.tenant,
            subject=connection.address,
            after={table.value: len(choices) for table, choices in found.items()},
        )


def take_up_at_first(connection: Connection, *, actor: Actor) -> None:
    """The same for a connection that has just been authorized: a fault on the way must not undo
    that, so the names as shipped stand in until somebody reads them again."""
    try:
        take_up(connection, actor=actor)
    except ScoredeskError as fault:
        log.warning("State names of %s cannot be read yet: %s", connection.address, fault)
        with transaction.atomic():
            for table in TicketTable:
                _store(connection, table, [])


def rename(
    connection: Connection, wanted: Mapping[int, tuple[str, str]], *, actor: Actor
) -> list[StateName]:
    """Gives states the names and phases that a person chose: {row id: (name, phase)}.

    An empty name, or the instance's own, means "as the instance calls it". Returns what changed.
    """
    changed = []
    with transaction.atomic():
        for row in connection.state_names.select_for_update().filter(pk__in=list(wanted)):
            name, phase = wanted[row.pk]
            name = "" if name.strip() == row.label else name.strip()
            if (row.name, row.phase) == (name, phase):
                continue
            before = {"name": row.shown, "phase": row.phase}
            row.name, row.phase = name, phase
            row.save(update_fields=["name", "phase"])
            audit.record(
                actor,
                "connection.state_renamed",
                tenant=connection.tenant,
                subject=f"{row.table} {row.value}",
                before=before,
                after={"name": row.shown, "phase": row.phase},
            )
            changed.append(row)
    return changed


def _choices(client: ServiceNow, table: str, language: str) -> list[Choice]:
    for wanted in dict.fromkeys((language, FALLBACK_LANGUAGE)):
        try:
            found = client.choices(table, "state", wanted)
        except Forbidden as refusal:
            log.warning("State names of %s may not be read: %s", table, refusal)
            return []
        if found:
            return found
    return []


def _store(connection: Connection, table: str, choices: Sequence[Choice]) -> None:
    known = {row.value: row for row in connection.state_names.filter(table=table)}
    if known and not choices:
        return
    for position, state in enumerate(proposed_states(table, choices)):
        row = known.get(state.value) or StateName(
            connection=connection, table=table, value=state.value
        )
        row.label, row.position = state.label[:LONGEST_LABEL], position
        if row.phase == Phase.UNKNOWN:
            row.phase = state.phase
        row.save()


def _phase_for(table: str, value: str) -> Phase:
    phase = phase_of(table, value)
    return Phase(phase.value) if phase else Phase.UNKNOWN
