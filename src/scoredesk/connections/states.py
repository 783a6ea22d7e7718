"""Names of the states: read from the instance, kept under the names that a person chose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from logging import getLogger

from django.db import transaction
from django.db.models import Q

from scoredesk.accounts import audit
from scoredesk.accounts.audit import Actor
from scoredesk.common.clock import now
from scoredesk.common.errors import ScoredeskError
from scoredesk.connections.languages import asked_languages
from scoredesk.connections.models import Connection, Phase, StateName, TicketTable
from scoredesk.connections.rows import locked
from scoredesk.connections.state_lists import (
    State,
    differences,
    listed_states,
    miss,
    shipped_states,
    take_in,
)
from scoredesk.connections.state_usage import follow_phases, needs_phase, tickets_by_state
from scoredesk.connections.tokens import client_for
from scoredesk.servicenow import Choice, ServiceNow
from scoredesk.servicenow.errors import Forbidden

log = getLogger(__name__)

ELEMENT = "state"
_COLUMNS = ("labels", "listed", "retired", "before", "phase", "position")


@dataclass(frozen=True)
class Wanted:
    """What a person wants of a state: names by the portal's languages, and the phase."""

    names: Mapping[str, str] = field(default_factory=dict)
    phase: str = Phase.UNKNOWN


def take_up(connection: Connection, *, actor: Actor, patient: bool = False) -> int:
    """Reads the states of both tables and stores them; returns how many changed.

    An instance that does not show its choices is no reason to fail: then the names as shipped are
    taken, unless there are names already. A job's reading is audited only if it brought something.
    Raises as `tokens.client_for`'s calls do.
    """
    with client_for(connection, patient=patient) as client:
        found = {
            table: listed_states(table, _choices(client, table, connection.language))
            for table in TicketTable
        }
    with transaction.atomic():
        locked(connection)
        changed = sum(_store(connection, table, states) for table, states in found.items())
        changed += _forget_gone(connection)
        follow_phases(connection)
        if changed or actor.person:
            audit.record(
                actor,
                "connection.states_read",
                tenant=connection.tenant,
                subject=connection.address,
                after={**{table.value: len(found[table]) for table in found}, "changed": changed},
            )
    return changed


def take_up_at_first(connection: Connection, *, actor: Actor) -> None:
    """The same for a connection that has just been authorized: a fault on the way must not undo
    that, so the names as shipped stand in until somebody reads them again."""
    try:
        take_up(connection, actor=actor)
    except ScoredeskError as fault:
        log.warning("State names of %s cannot be read yet: %s", connection.address, fault)
        with transaction.atomic():
            locked(connection)
            for table in TicketTable:
                _store(connection, table, [])


def rename(
    connection: Connection, wanted: Mapping[int, Wanted], *, actor: Actor
) -> list[StateName]:
    """Gives states the names and phases that a person chose, by row id; cards follow at once.

    An empty name, or the instance's own, means "as the instance calls it". Returns what changed.
    """
    with transaction.atomic():
        rows = connection.state_names.select_for_update().filter(pk__in=list(wanted))
        changed = [row for row in rows if _rename_one(row, wanted[row.pk], connection, actor)]
        if changed:
            follow_phases(connection)
    return changed


def acknowledge(connection: Connection, *, until: str, actor: Actor) -> int:
    """An administrator has seen what the instance changed; returns the number of states.

    `until`: the time of the newest difference that they saw: a later one stays to be told.
    """
    with transaction.atomic():
        rows = connection.state_names.select_for_update().exclude(before={})
        seen = [row for row in rows if row.before["at"] <= until]
        for row in seen:
            audit.record(
                actor,
                "connection.state_change_seen",
                tenant=connection.tenant,
                subject=f"{row.table} {row.value}",
                before={"name": next(iter(row.before.get("labels", {}).values()), None)},
                after={
                    "name": row.label,
                    "change": ", ".join(each.change for each in differences(row)),
                },
            )
            row.before = {}
            row.save(update_fields=["before"])
        _forget_gone(connection)
    return len(seen)


@dataclass(frozen=True)
class Waiting:
    """How many states wait for an administrator: those that need a phase, and those that the
    instance has changed."""

    phases: int
    changes: int


def waiting(connection: Connection) -> Waiting:
    """One query; a second one only where a state without a phase is no longer offered."""
    asked = Q(phase=Phase.UNKNOWN) | ~Q(before={})
    rows = list(connection.state_names.filter(asked))
    unknown = [row for row in rows if row.phase == Phase.UNKNOWN]
    retired = any(row.retired for row in unknown)
    used = tickets_by_state(connection, Phase.UNKNOWN) if retired else {}
    return Waiting(
        phases=sum(needs_phase(row, used.get((row.table, row.value), 0)) for row in unknown),
        changes=sum(bool(row.before) for row in rows),
    )


def _rename_one(row: StateName, wanted: Wanted, connection: Connection, actor: Actor) -> bool:
    names = {
        language: name.strip()
        for language, name in wanted.names.items()
        if name.strip() and name.strip() != row.labels.get(language)
    }
    if (row.names, row.phase) == (names, wanted.phase):
        return False
    before = {**row.names, "phase": row.phase}
    row.names, row.phase = names, wanted.phase
    row.save(update_fields=["names", "phase"])
    audit.record(
        actor,
        "connection.state_renamed",
        tenant=connection.tenant,
        subject=f"{row.table} {row.value}",
        before=before,
        after={**names, "phase": row.phase},
    )
    return True


def _choices(client: ServiceNow, table: str, language: str) -> list[Choice]:
    """The rows of all languages at once: whether the table has a set of its own, which replaces
    the one of task, must not be judged by one language alone (servicenow-api 8)."""
    try:
        rows = client.choice_rows([table], [ELEMENT], asked_languages(language))
    except Forbidden as refusal:
        log.warning("State names of %s may not be read: %s", table, refusal)
        return []
    own = [row for row in rows if row.table == table]
    return own or rows


def _store(connection: Connection, table: str, states: Sequence[State]) -> int:
    known = {row.value: row for row in connection.state_names.filter(table=table)}
    if not states:
        return 0 if known else _stand_in(connection, table)
    at = now().isoformat()
    read_before = any(row.listed for row in known.values())
    changed = 0
    for position, state in enumerate(states):
        row = known.pop(state.value, None) or StateName(
            connection=connection,
            table=table,
            value=state.value,
            before={"new": True, "at": at} if read_before else {},
        )
        was = _columns(row)
        take_in(row, state, position=position, at=at)
        changed += _save_if_changed(row, was)
    for row in known.values():
        was = _columns(row)
        miss(row, at=at)
        changed += _save_if_changed(row, was)
    return changed


def _columns(row: StateName) -> tuple[object, ...]:
    return tuple(getattr(row, name) for name in _COLUMNS)


def _save_if_changed(row: StateName, was: tuple[object, ...]) -> int:
    if row.pk is not None and was == _columns(row):
        return 0
    row.save()
    return 1


def _stand_in(connection: Connection, table: str) -> int:
    rows = [
        StateName(
            connection=connection,
            table=table,
            value=state.value,
            labels=state.labels,
            phase=state.phase,
            position=position,
        )
        for position, state in enumerate(shipped_states(table))
    ]
    return len(StateName.objects.bulk_create(rows))


def _forget_gone(connection: Connection) -> int:
    """Deletes states that the instance no longer has, once that was seen and no ticket is in
    them."""
    gone = connection.state_names.filter(listed=False, retired=True, before={})
    if not gone.exists():
        return 0
    used = tickets_by_state(connection)
    unused = [row.pk for row in gone if not used.get((row.table, row.value))]
    connection.state_names.filter(pk__in=unused).delete()
    return len(unused)
