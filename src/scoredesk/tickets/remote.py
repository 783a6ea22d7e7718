"""From a record of ServiceNow to what a ticket's row keeps of it, and back."""

from __future__ import annotations

from scoredesk.connections.languages import UNTOLD
from scoredesk.connections.models import Connection, Phase, StateName
from scoredesk.servicenow import Record
from scoredesk.servicenow.vocabulary import STATES, TRACKED_FIELDS, Table
from scoredesk.tickets.models import Ticket
from scoredesk.tickets.plan import RemoteFacts, phase_of

# What is read back of a record; `correlation_id` among them shows whether it is ours.
FIELDS: tuple[str, ...] = TRACKED_FIELDS


class StateBook:
    """The phases of one table's states. A state that nobody has named yet is added as a row, so
    that an administrator sees it and can say what it amounts to."""

    def __init__(self, connection: Connection, table: str) -> None:
        self._connection = connection
        self._table = table
        rows = StateName.objects.filter(connection=connection, table=table)
        self._names = {row.value: row.phase for row in rows}
        self._shipped = {value: phase.value for value, (_, phase) in STATES[Table(table)].items()}

    def phase(self, state: str, label: str) -> Phase:
        """What `state` amounts to; `label` is the instance's own name for it."""
        phase = phase_of(state, self._names, self._shipped)
        if state and state not in self._names:
            StateName.objects.get_or_create(
                connection=self._connection,
                table=self._table,
                value=state,
                defaults={
                    "labels": {UNTOLD: label or state},
                    "phase": phase,
                    "position": len(self._names),
                },
            )
            self._names[state] = phase
        return phase


def facts_of(record: Record, states: StateBook) -> RemoteFacts:
    """What a record says, cut to what our columns hold. Reads display values and raw ones."""
    state, label = record.value("state")[:40], record.display("state")[:120]
    return RemoteFacts(
        sys_id=record.sys_id,
        mod_count=record.mod_count,
        updated_at=record.updated_on,
        number=record.value("number")[:40],
        state=state,
        state_label=label,
        phase=states.phase(state, label),
        priority=record.value("priority")[:40],
        priority_label=record.display("priority")[:120],
        name=record.value("short_description"),
        due_at=record.time("due_date"),
        assigned_to=record.display("assigned_to")[:200],
        assignment_group=record.display("assignment_group")[:200],
        resolution_code=record.display("close_code")[:200],
        resolution_notes=record.value("close_notes"),
    )


def known_facts(ticket: Ticket) -> RemoteFacts | None:
    """What the ticket's row says of its record; None if it has not been seen yet."""
    if ticket.mod_count is None:
        return None
    return RemoteFacts(
        sys_id=ticket.sys_id,
        mod_count=ticket.mod_count,
        updated_at=ticket.remote_updated_at,
        number=ticket.number,
        state=ticket.state,
        state_label=ticket.state_label,
        phase=Phase(ticket.phase),
        priority=ticket.remote_priority,
        priority_label=ticket.remote_priority_label,
        name=ticket.remote_name,
        due_at=ticket.remote_due_at,
        assigned_to=ticket.assigned_to,
        assignment_group=ticket.assignment_group,
        resolution_code=ticket.resolution_code,
        resolution_notes=ticket.resolution_notes,
    )


def write(ticket: Ticket, facts: RemoteFacts) -> None:
    """Puts what ServiceNow says into the ticket's row; the caller saves it."""
    ticket.sys_id = facts.sys_id
    ticket.mod_count = facts.mod_count
    ticket.remote_updated_at = facts.updated_at
    ticket.number = facts.number
    ticket.state = facts.state
    ticket.state_label = facts.state_label
    ticket.phase = facts.phase
    ticket.remote_priority = facts.priority
    ticket.remote_priority_label = facts.priority_label
    ticket.remote_name = facts.name
    ticket.remote_due_at = facts.due_at
    ticket.assigned_to = facts.assigned_to
    ticket.assignment_group = facts.assignment_group
    ticket.resolution_code = facts.resolution_code
    ticket.resolution_notes = facts.resolution_notes
