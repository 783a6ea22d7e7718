"""Who fresh tokens belong to: asked before they are kept."""

from __future__ import annotations

from scoredesk.accounts.models import Person, Tenant
from scoredesk.connections.instance import recorded_wire
from scoredesk.connections.models import Connection
from scoredesk.servicenow import InstanceUser, ServiceNow, Tokens


def owner_of(connection: Connection, tokens: Tokens, *, patient: bool = False) -> InstanceUser:
    """Asks the instance who acts with these tokens. Raises ServiceNowError.

    Asks once more after a 401: they do happen to good tokens (servicenow-api 4).
    """
    with ServiceNow(
        connection.address,
        lambda: tokens.access_token,
        wire=recorded_wire(connection, patient=patient),
        on_unauthorized=lambda: tokens.access_token,
    ) as client:
        return client.whoami()


def emails_of_people(tenant: Tenant) -> frozenset[str]:
    """The addresses of everybody who uses the portal for this tenant, in small letters."""
    found = Person.objects.filter(memberships__tenant=tenant).values_list("email", flat=True)
    return frozenset(email.casefold() for email in found)
