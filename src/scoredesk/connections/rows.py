"""Finding a tenant's connection, and changing its row under a lock with its audit entry."""

from __future__ import annotations

from collections.abc import Mapping

from scoredesk.accounts import audit
from scoredesk.accounts.audit import Actor, Value
from scoredesk.accounts.models import Tenant
from scoredesk.common.clock import now
from scoredesk.common.errors import ScoredeskError
from scoredesk.connections import notices
from scoredesk.connections.lifecycle import Event, next_status, starts_anew
from scoredesk.connections.models import Connection, Status
from scoredesk.connections.signals import free_to_work


def live_connection(tenant: Tenant) -> Connection | None:
    """The tenant's connection that is not removed; there is at most one."""
    found: Connection | None = Connection.objects.of(tenant).exclude(status=Status.REMOVED).first()
    return found


def usable_connection(tenant: Tenant) -> Connection | None:
    """The tenant's connection if it was authorized: tickets can be queued for it, although it may
    need attention now."""
    found = live_connection(tenant)
    return found if found and found.usable else None


def locked(connection: Connection) -> Connection:
    """The row as it is now, locked until the transaction ends."""
    row: Connection = Connection.objects.select_for_update().get(pk=connection.pk)
    return row


def move(
    row: Connection,
    event: Event,
    *,
    actor: Actor,
    action: str,
    after: Mapping[str, Value] | None = None,
) -> None:
    """Saves a locked row in the status that follows, with one audit entry.

    What starts anew ends the pauses, and tells the rooms above that work may go on; people are
    told by e-mail a while later; all of it in the same transaction. Raises lifecycle.IllegalMove
    when the event cannot happen to it.
    """
    before = row.status
    row.status = next_status(row.status, event)
    if starts_anew(event):
        row.failures, row.next_try_at = 0, None
    if event == Event.REMOVED:
        row.told_reason = ""  # nobody waits for it to work again
    row.save()
    audit.record(
        actor,
        action,
        tenant=row.tenant,
        subject=row.address,
        before={"status": str(before)},
        after={"status": str(row.status), **(after or {})},
    )
    if starts_anew(event) and row.usable:
        free_to_work.send(Connection, connection=row, cured=True)
    notices.plan(row, now())


def set_reason(row: Connection, error: ScoredeskError | None, *, met_by: str = "") -> None:
    """Why the connection needs attention; None: it does not. `met_by`: the job that met it."""
    row.reason = error.code if error else ""
    row.reason_detail = error.detail if error else ""
    row.reason_facts = dict(error.facts) if error else {}
    if error and met_by:
        row.reason_facts["met_by"] = met_by
