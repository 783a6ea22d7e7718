"""Saving what an administrator filled in: address, OAuth client, integration user, language."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from scoredesk.accounts.audit import Actor, Value
from scoredesk.accounts.models import Tenant
from scoredesk.accounts.sealed import seal
from scoredesk.common.addresses import AddressError
from scoredesk.common.errors import ScoredeskError
from scoredesk.connections.errors import OtherInstance, SecretNeeded
from scoredesk.connections.instance import redirect_uri, wire
from scoredesk.connections.lifecycle import Event
from scoredesk.connections.models import Connection, Status
from scoredesk.connections.removal import retire
from scoredesk.connections.rows import live_connection, locked, move, set_reason
from scoredesk.connections.tokens import revoke, take_out
from scoredesk.servicenow import ServiceNowError, probe


@dataclass(frozen=True)
class Setup:
    """The set-up as filled in. `address`: checked; `client_secret`: "" keeps the saved one."""

    address: str
    client_id: str
    integration_user: str
    client_secret: str = field(default="", repr=False)
    language: str = "en"


@dataclass(frozen=True)
class Look:
    """What a first look at an address found: what is in the way, and where sign-ins are sent."""

    fault: ScoredeskError | None = None
    sso_host: str = ""


def look_at(address: str, client_id: str) -> Look:
    """Looks at an instance as nobody, with a short time-out.

    Raises AddressError if the name resolves to an address that may not be called. Whatever else is
    in the way is told, not raised: what was typed can be saved all the same.
    """
    try:
        sighting = probe(address, wire(), client_id=client_id, redirect_uri=redirect_uri())
    except AddressError:
        raise
    except ServiceNowError as fault:
        return Look(fault)
    return Look(sso_host=sighting.sso_host)


def save(setup: Setup, look: Look, *, tenant: Tenant, actor: Actor, now: datetime) -> Connection:
    """Saves the set-up; the same instance as before wakes its row up, with its tickets.

    Another client or integration user ends the old authorization: its tokens are revoked after
    the change is stored. Raises OtherInstance or SecretNeeded, and then nothing is changed.
    """
    with transaction.atomic():
        Tenant.objects.select_for_update().get(
            pk=tenant.pk
        )  # two saves at once: one after the other
        _leave_other_instance(setup.address, tenant, actor=actor, now=now)
        row = _row_for(setup.address, tenant, actor)
        event, action = _event(row, setup)
        dropped = take_out(row) if event == Event.CREDENTIALS_CHANGED else []
        _fill(row, setup)
        if event == Event.CREDENTIALS_CHANGED:
            row.authorizations.filter(used_at=None).delete()
        if event == Event.CREDENTIALS_CHANGED or not row.usable:
            set_reason(row, look.fault)
        secret_changed = bool(setup.client_secret)
        after: dict[str, Value] = {**_told(setup), "client_secret_changed": secret_changed}
        move(row, event, actor=actor, action=action, after=after)
    revoke(row, dropped)
    return row


def _row_for(address: str, tenant: Tenant, actor: Actor) -> Connection:
    found: Connection | None = Connection.objects.of(tenant).filter(address=address).first()
    if found:
        return locked(found)
    return Connection(tenant=tenant, address=address, created_by=actor.person)


def _leave_other_instance(address: str, tenant: Tenant, *, actor: Actor, now: datetime) -> None:
    """A row that was never authorized gives way; a working connection must be removed by hand."""
    live = live_connection(tenant)
    if live is None or live.address == address:
        return
    if live.usable:
        raise OtherInstance(facts={"address": live.address})
    retire(locked(live), actor=actor, now=now)


def _event(row: Connection, setup: Setup) -> tuple[Event, str]:
    if row.status == Status.REMOVED:
        return Event.SAVED, "connection.set_up_again"
    same_user = row.integration_user.casefold() == setup.integration_user.casefold()
    if row.pk is None or (row.client_id == setup.client_id and same_user):
        return Event.SAVED, "connection.saved"
    return Event.CREDENTIALS_CHANGED, "connection.credentials_changed"


def _fill(row: Connection, setup: Setup) -> None:
    if setup.client_secret:
        row.sealed_client_secret = seal(setup.client_secret)
    elif not row.sealed_client_secret:
        raise SecretNeeded
    row.client_id = setup.client_id
    row.integration_user = setup.integration_user
    row.language = setup.language


def _told(setup: Setup) -> dict[str, str]:
    return {
        "address": setup.address,
        "client_id": setup.client_id,
        "integration_user": setup.integration_user,
        "language": setup.language,
    }
