"""How this room reaches an instance: whom it may call, how long it waits, who it says it is."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from scoredesk.accounts.sealed import unseal
from scoredesk.common.addresses import AddressPolicy, InstanceAddress, parse_instance_address
from scoredesk.common.clock import now
from scoredesk.common.http import Timeouts, Wire
from scoredesk.common.retrying import ONCE, Pauses
from scoredesk.common.transports import NameNotResolved, resolve
from scoredesk.connections.attempts import AttemptBook
from scoredesk.connections.models import Connection
from scoredesk.servicenow import OAuthApplication

_PORTS = {"https": 443, "http": 80}


def policy() -> AddressPolicy:
    """The hosts that the operator's settings allow."""
    return AddressPolicy(
        allowed_hosts=tuple(settings.INSTANCE_HOSTS),
        private_hosts=tuple(settings.PRIVATE_INSTANCE_HOSTS),
    )


def parsed_address(text: str) -> InstanceAddress:
    """The address that a person typed, checked against the settings. Raises AddressError."""
    return parse_instance_address(text, policy())


def check_resolved(address: InstanceAddress) -> None:
    """Raises PrivateAddress if the name leads into a private network. A name that does not resolve
    passes: that is for the check to tell, which a person can repeat."""
    port = address.port or _PORTS[address.scheme]
    try:
        found = resolve(address.host, port)
    except NameNotResolved:
        return
    policy().check_resolved(address.host, port, found)


def wire(*, patient: bool = False, book: AttemptBook | None = None) -> Wire:
    """How to talk to an instance: `patient` for jobs; otherwise a person waits for the page.

    `book`: where each request is written down; see `recorded_wire`.
    """
    timeouts = Timeouts.page(settings.PAGE_TIMEOUT_SECONDS)
    if patient:
        timeouts = Timeouts(read=settings.HTTP_TIMEOUT_SECONDS)
    return Wire(
        policy(),
        timeouts,
        Pauses() if patient else ONCE,
        on_attempt=book,
        on_fault=book.fault if book else None,
    )


def recorded_wire(connection: Connection, *, patient: bool = False) -> Wire:
    """The wire for a saved connection: every request becomes a row of `Attempt`."""
    return wire(patient=patient, book=AttemptBook(connection, now))


def redirect_uri() -> str:
    """The portal's callback, as it must stand in the instance's OAuth application."""
    return f"{settings.PUBLIC_URL}{reverse('connections:callback')}"


def revoker(connection: Connection) -> OAuthApplication:
    """Good for revoking only, which takes no secret: works also when the seal is broken."""
    return OAuthApplication(
        base_url=connection.address,
        client_id=connection.client_id,
        client_secret="",
        redirect_uri=redirect_uri(),
        wire=recorded_wire(connection),
    )


def application(connection: Connection, *, patient: bool = False) -> OAuthApplication:
    """The OAuth application of this connection. Raises SecretError if the seal is broken."""
    return OAuthApplication(
        base_url=connection.address,
        client_id=connection.client_id,
        client_secret=unseal(connection.sealed_client_secret),
        redirect_uri=redirect_uri(),
        wire=recorded_wire(connection, patient=patient),
    )
