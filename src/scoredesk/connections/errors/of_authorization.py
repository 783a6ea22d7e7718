"""Faults of the way back from the Allow page."""

from __future__ import annotations

from scoredesk.connections.errors.base import ConnectionFault


class AuthorizationRefused(ConnectionFault):
    """The answer of the Allow page cannot be used."""

    code = "connection.authorization"
    summary = "The authorization cannot be used."


class StateMissing(AuthorizationRefused):
    """The callback was called without a `state`."""

    code = "connection.state_missing"
    summary = "The answer carries no state."


class StateUnknown(AuthorizationRefused):
    """No authorization of this tenant has this `state` (any more)."""

    code = "connection.state_unknown"
    summary = "The answer belongs to no authorization that was begun here."


class StateForeign(AuthorizationRefused):
    """Another person of the tenant began it."""

    code = "connection.state_foreign"
    summary = "Another person began this authorization."


class StateElsewhere(AuthorizationRefused):
    """The same person began it, in another browser or before signing in again."""

    code = "connection.state_elsewhere"
    summary = "The authorization was begun in another browser."


class StateReplayed(AuthorizationRefused):
    """It was used before."""

    code = "connection.state_replayed"
    summary = "The answer was used before."


class StateExpired(AuthorizationRefused):
    """It was begun too long ago."""

    code = "connection.state_expired"
    summary = "The authorization was begun too long ago."


class Denied(AuthorizationRefused):
    """Deny was pressed."""

    code = "connection.denied"
    summary = "Deny was pressed in ServiceNow."


class InstanceDeclined(AuthorizationRefused):
    """Another OAuth error came back; `detail` holds its words."""

    code = "connection.instance_declined"
    summary = "ServiceNow ended the authorization with an error."


class CodeMissing(AuthorizationRefused):
    """Neither a code nor an error came back."""

    code = "connection.code_missing"
    summary = "The answer carries neither a code nor an error."


class SetupChanged(AuthorizationRefused):
    """The connection was changed or removed while the person was at the instance."""

    code = "connection.setup_changed"
    summary = "The connection was changed or removed meanwhile."
