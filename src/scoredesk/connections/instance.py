"""How this room reaches an instance: whom it may call, how long it waits, who it says it is."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.urls import reverse

from scoredesk.accounts.sealed import unseal
from scoredesk.common.addresses import AddressPolicy, InstanceAddress, parse_instance_address
from scoredesk.common.http import Attempt, Timeouts, Wire
from scoredesk.common.retrying import ONCE, Pauses
from scoredesk.connections.models import Connection
from scoredesk.servicenow import OAuthApplication

OnAttempt = Callable[[Attempt], None]


def policy() -> AddressPolicy:
    """The hosts that the operator's settings allow."""
    return AddressPolicy(
        allowed_hosts=tuple(settings.INSTANCE_HOSTS),
        private_hosts=tuple(settings.PRIVATE_INSTANCE_HOSTS),
    )


def parsed_address(text: str) -> InstanceAddress:
    """The address that a person typed, checked against the settings. Raises AddressError."""
    return parse_instance_address(text, policy())


def wire(*, patient: bool = False, on_attempt: OnAttempt | None = None) -> Wire:
    """How to talk to an instance: `patient` for jobs; otherwise a person waits for the page."""
    if patient:
        timeouts = Timeouts(read=settings.HTTP_TIMEOUT_SECONDS)
        return Wire(policy(), timeouts, Pauses(), on_attempt=on_attempt)
    return Wire(policy(), Timeouts.page(settings.PAGE_TIMEOUT_SECONDS), ONCE, on_attempt=on_attempt)


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
        wire=wire(),
    )


def application(connection: Connection, *, patient: bool = False) -> OAuthApplication:
    """The OAuth application of this connection. Raises SecretError if the seal is broken."""
    return OAuthApplication(
        base_url=connection.address,
        client_id=connection.client_id,
        client_secret=unseal(connection.sealed_client_secret),
        redirect_uri=redirect_uri(),
        wire=wire(patient=patient),
    )
