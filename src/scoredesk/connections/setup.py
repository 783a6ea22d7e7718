"""Saving what an administrator filled in, step by step: instance, connector app, OAuth
application, integration user.

Another client, way of signing in or integration user ends the old authorization: its tokens are
revoked after the change is stored. A new secret or language does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from scoredesk.accounts.audit import Actor, Value
from scoredesk.accounts.models import Tenant
from scoredesk.accounts.sealed import seal
from scoredesk.connections.errors import OtherInstance, SecretNeeded, SetupChanged
from scoredesk.connections.instance import redirect_uri, wire
from scoredesk.connections.lifecycle import Event
from scoredesk.connections.models import Connection, ConnectorApp, SignIn, Status
from scoredesk.connections.removal import retire
from scoredesk.connections.rows import live_connection, locked, move, set_reason
from scoredesk.connections.tokens import revoke, take_out
from scoredesk.servicenow import ServiceNowError, probe
from scoredesk.servicenow.probe import look_at_allow_page

SAVED = "connection.saved"


@dataclass(frozen=True)
class Application:
    """The OAuth application as filled in. `client_secret`: "" keeps the saved one."""

    sign_in: SignIn
    client_id: str
    client_secret: str = field(default="", repr=False)


def fault_at(address: str, client_id: str) -> ServiceNowError | None:
    """What is in the way to an instance and its Allow page, looked at as nobody, with a short
    time-out; None: nothing.

    Raises AddressError if the name resolves to an address that may not be called. Whatever else is
    in the way is told, not raised: what was typed can be saved all the same.
    """
    try:
        probe(address, wire())
        look_at_allow_page(address, wire(), client_id, redirect_uri())
    except ServiceNowError as fault:
        return fault
    return None


def save_instance(
    address: str, language: str, *, tenant: Tenant, actor: Actor, now: datetime
) -> Connection:
    """Saves the instance; the same one as before wakes its row up, with its tickets.

    `address`: checked (forms, `instance.parsed_address`). Another one takes the place of a
    connection that was never authorized. Raises OtherInstance if the tenant is connected to
    another instance, and then nothing is changed.
    """
    with transaction.atomic():
        row = _row_at(address, tenant, actor=actor, now=now)
        row.language = language
        after: dict[str, Value] = {"address": address, "language": language}
        _store(row, after, ends=False, actor=actor)
    return row


def save_app_choice(connection: Connection, choice: ConnectorApp, *, actor: Actor) -> Connection:
    """Saves whether the connector app is to be used."""
    with transaction.atomic():
        row = _live(connection)
        row.connector_app = choice
        move(row, Event.SAVED, actor=actor, action=SAVED, after={"connector_app": str(choice)})
    return row


def save_application(
    connection: Connection,
    application: Application,
    *,
    actor: Actor,
    now: datetime,  # noqa: ARG001  # all steps are saved by the same call
) -> Connection:
    """Saves the OAuth application. Raises SecretNeeded if there is no secret yet, or if another
    client ID came without its own; then nothing is changed."""
    with transaction.atomic():
        row = _live(connection)
        ends = _fill_application(row, application)
        dropped = _store(row, _told(application), ends=ends, actor=actor)
    revoke(row, dropped)
    return row


def save_user(
    connection: Connection,
    user_name: str,
    *,
    actor: Actor,
    now: datetime,  # noqa: ARG001  # all steps are saved by the same call
) -> Connection:
    """Saves which user the connection is to act as."""
    with transaction.atomic():
        row = _live(connection)
        ends = _fill_user(row, user_name)
        dropped = _store(row, {"integration_user": user_name}, ends=ends, actor=actor)
    revoke(row, dropped)
    return row


def _live(connection: Connection) -> Connection:
    """The row, locked. Raises SetupChanged if it was removed meanwhile: no step wakes it up."""
    row = locked(connection)
    if row.status == Status.REMOVED:
        raise SetupChanged
    return row


def _row_at(address: str, tenant: Tenant, *, actor: Actor, now: datetime) -> Connection:
    """The tenant's row for this address, locked, or a new one; no other row is live then."""
    Tenant.objects.select_for_update().get(pk=tenant.pk)  # two saves at once: one after the other
    _leave_other_instance(address, tenant, actor=actor, now=now)
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


def _fill_application(row: Connection, application: Application) -> bool:
    """Returns whether the old authorization ends with it."""
    first = not row.client_id
    other_client = row.client_id != application.client_id
    other_way = row.sign_in != application.sign_in
    if application.client_secret:
        row.sealed_client_secret = seal(application.client_secret)
    elif not row.sealed_client_secret or other_client:
        raise SecretNeeded
    row.client_id = application.client_id
    row.sign_in = application.sign_in
    return not first and (other_client or other_way)


def _fill_user(row: Connection, user_name: str) -> bool:
    """Returns whether the old authorization ends with it."""
    declared = row.integration_user
    row.integration_user = user_name
    return bool(declared) and declared.casefold() != user_name.casefold()


def _store(row: Connection, after: Mapping[str, Value], *, ends: bool, actor: Actor) -> list[str]:
    """Saves a locked row; returns the tokens to revoke once that is committed."""
    if ends or not row.usable:
        set_reason(row, None)
    if not ends:
        action = "connection.set_up_again" if row.status == Status.REMOVED else SAVED
        move(row, Event.SAVED, actor=actor, action=action, after=after)
        return []
    dropped = take_out(row)
    row.integration_user_id = ""
    row.authorizations.filter(used_at=None).delete()
    action = "connection.credentials_changed"
    move(row, Event.CREDENTIALS_CHANGED, actor=actor, action=action, after=after)
    return dropped


def _told(application: Application) -> dict[str, Value]:
    return {
        "sign_in": str(application.sign_in),
        "client_id": application.client_id,
        "client_secret_changed": bool(application.client_secret),
    }
