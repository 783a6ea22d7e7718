"""Removing a connection: tokens revoked, secrets deleted, the row and its tickets kept."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from scoredesk.accounts.audit import Actor
from scoredesk.connections.lifecycle import Event
from scoredesk.connections.models import Connection
from scoredesk.connections.rows import locked, move, set_reason
from scoredesk.connections.tokens import revoke, take_out


def remove(connection: Connection, *, actor: Actor, now: datetime) -> bool:
    """Removes the connection. Returns whether the instance confirmed that the tokens are useless;
    an instance that does not answer does not stop the removal.
    """
    with transaction.atomic():
        row = locked(connection)
        tokens = retire(row, actor=actor, now=now)
    confirmed = revoke(connection, tokens)
    connection.refresh_from_db()
    return confirmed


def retire(row: Connection, *, actor: Actor, now: datetime) -> list[str]:
    """Empties a locked row of its secrets and marks it as removed; returns the tokens it held.

    Secrets go first, in one transaction with the status: a crash after it leaves tokens that
    lapse by themselves, never a removed connection that could still act.
    """
    tokens = take_out(row)
    if row.moved_from:  # nothing has proved that its tickets are at the new address
        row.address, row.moved_from = row.moved_from, ""
    row.sealed_client_secret = ""
    row.removed_at = now
    row.check_results = []
    row.checked_at = None
    row.authorizations.filter(used_at=None).delete()
    set_reason(row, None)
    move(row, Event.REMOVED, actor=actor, action="connection.removed")
    return tokens
