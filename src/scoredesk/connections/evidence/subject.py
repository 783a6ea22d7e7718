"""The connection as it is set up, read from its row."""

from __future__ import annotations

from scoredesk.common.errors import ScoredeskError, all_codes
from scoredesk.connections.authorization import is_complete
from scoredesk.connections.errors import ConnectionFault
from scoredesk.connections.evidence.facts import Subject, Trip
from scoredesk.connections.models import Connection, ConnectorApp, SignIn, Status
from scoredesk.servicenow.errors import ApiAclRefused, ScopeMissing, Unauthorized, UnscopedApi

# What a trip to the Allow page may end with.
_REFUSALS: tuple[type[ScoredeskError], ...] = (
    ConnectionFault,
    Unauthorized,
    UnscopedApi,
    ScopeMissing,
    ApiAclRefused,
)
_WAITING = frozenset({Status.NOT_CONNECTED, Status.AUTHORIZING})


def subject_of(connection: Connection) -> Subject:
    """What the rules need to know of the row; asks the database, never the instance."""
    return Subject(
        address=connection.address,
        declared=connection.integration_user,
        sign_in=SignIn(connection.sign_in),
        status=Status(connection.status),
        has_tokens=connection.has_tokens,
        connector_app=ConnectorApp(connection.connector_app),
        client_id=connection.client_id,
        complete=is_complete(connection),
        permission_ends=connection.refresh_expires_at,
        trip=_trip(connection),
        refused=_refused(connection),
        user_id=connection.integration_user_id,
    )


def _trip(connection: Connection) -> Trip | None:
    newest = connection.authorizations.order_by("begun_at").last()
    return Trip(newest.begun_at, newest.used_at is not None) if newest else None


def _refused(connection: Connection) -> ScoredeskError | None:
    """The kept reason of a row that waits to be connected, as the error that it was."""
    if connection.status not in _WAITING:
        return None
    kind = _kinds().get(connection.reason)
    return kind(connection.reason_detail, facts=connection.reason_facts) if kind else None


def _kinds() -> dict[str, type[ScoredeskError]]:
    return {code: kind for root in _REFUSALS for code, kind in all_codes(root).items()}
