"""Changes of a connection that works: a new client secret, a new address. None loses a ticket.

Another integration user or OAuth application is a step of the set-up (`setup.save_user`,
`setup.save_application`): the authorization ends, the tickets stay.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from scoredesk.accounts.audit import Actor
from scoredesk.accounts.sealed import seal
from scoredesk.connections import pauses
from scoredesk.connections.errors import (
    AddressTaken,
    NewSecretRefused,
    NotAuthorized,
    SetupChanged,
)
from scoredesk.connections.lifecycle import Event, disproved
from scoredesk.connections.models import Connection, SignIn, Status
from scoredesk.connections.removal import retire
from scoredesk.connections.rows import locked, move, set_reason
from scoredesk.connections.tokens import fetch, revoke, revoke_unkept, store, take_out
from scoredesk.servicenow.errors import TokenRefused


@dataclass(frozen=True)
class Move:
    """Where an instance is now, checked, and the secret of its OAuth application there: a saved
    secret is never sent to another host."""

    address: str
    client_secret: str = field(repr=False)


def change_secret(
    connection: Connection, secret: str, *, actor: Actor, now: datetime
) -> Connection:
    """Gets a token with the new secret, and only then keeps it.

    Raises NewSecretRefused (what worked is kept), NotAuthorized if there is no permission to prove
    it with, SetupChanged, WrongUser, UserUnusable, SecretError or ServiceNowError.
    """
    if connection.sign_in == SignIn.AUTHORIZATION_CODE and not connection.has_tokens:
        raise NotAuthorized
    trial = copy.copy(connection)
    trial.sealed_client_secret = seal(secret)
    try:
        tokens = fetch(trial)
    except TokenRefused as refusal:
        raise NewSecretRefused(refusal.detail) from refusal
    with transaction.atomic():
        row = locked(connection)
        changed = _of_tokens(row) != _of_tokens(connection)
        if not changed:
            store(row, tokens, now)
            row.sealed_client_secret = trial.sealed_client_secret
            _note_that_it_works(row, actor)
    if changed:
        revoke_unkept(connection, tokens)
        raise SetupChanged
    return row


def change_address(connection: Connection, to: Move, *, actor: Actor) -> tuple[Connection, bool]:
    """The instance was renamed: its row goes on under the new address, once that is authorized and
    has proved to be the same instance (`authorization.accept`).

    Returns the row, and whether the old address confirmed that the old tokens are useless; it may
    be gone already. Raises AddressTaken, or SetupChanged if the connection was removed meanwhile.
    """
    before = copy.copy(connection)
    with transaction.atomic():
        row = locked(connection)
        if row.status == Status.REMOVED or row.address != before.address:
            raise SetupChanged
        others = Connection.objects.of(row.tenant).filter(address=to.address).exclude(pk=row.pk)
        if others.exists():
            raise AddressTaken(facts={"address": to.address})
        dropped = take_out(row)
        origin = row.moved_from or row.address
        known = bool(row.integration_user_id) and origin != to.address
        row.moved_from = origin if known else ""
        row.address = to.address
        row.sealed_client_secret = seal(to.client_secret)
        row.authorizations.filter(used_at=None).delete()
        row.check_results, row.checked_at = [], None
        set_reason(row, None)
        after = {"address": to.address, "address_before": before.address}
        action = "connection.address_changed"
        move(row, Event.CREDENTIALS_CHANGED, actor=actor, action=action, after=after)
    return row, revoke(before, dropped)


def same_after_all(connection: Connection, *, actor: Actor) -> Connection:
    """The person says that it is the same instance although the integration user has another
    sys_id: the user was made anew, or the instance was restored from a clone."""
    with transaction.atomic():
        row = _moved(connection)
        row.integration_user_id = ""
        set_reason(row, None)
        action = "connection.same_instance"
        move(row, Event.SAVED, actor=actor, action=action, after={"before": row.moved_from})
    return row


def keep_as_history(connection: Connection, *, actor: Actor, now: datetime) -> Connection:
    """The person says that it is another instance: the tickets stay with the old address, which is
    removed; a new connection begins at the new address with what was filled in."""
    with transaction.atomic():
        row = _moved(connection)
        fresh = Connection(
            tenant=row.tenant,
            address=row.address,
            created_by=actor.person,
            sign_in=row.sign_in,
            connector_app=row.connector_app,
            client_id=row.client_id,
            sealed_client_secret=row.sealed_client_secret,
            integration_user=row.integration_user,
            language=row.language,
        )
        retire(row, actor=actor, now=now)
        move(fresh, Event.SAVED, actor=actor, action="connection.saved")
    return fresh


def _moved(connection: Connection) -> Connection:
    row = locked(connection)
    if row.status == Status.REMOVED or not row.moved_from:
        raise SetupChanged
    return row


def _note_that_it_works(row: Connection, actor: Actor) -> None:
    event = Event.SAVED
    if row.status == Status.ATTENTION and disproved(row.reason, pauses.met_by(row), actor.label):
        set_reason(row, None)
        event = Event.WORKED
    move(row, event, actor=actor, action="connection.secret_changed")


def _of_tokens(row: Connection) -> tuple[str, ...]:
    return (row.address, row.sign_in, row.client_id, row.integration_user, row.sealed_access_token)
