"""What may go wrong with a connection, apart from what ServiceNow itself says.

ConnectionFault
├── SetupIncomplete            authorize was pressed before everything was filled in
├── OtherInstance              the tenant is connected to another instance
├── SecretNeeded               the address is new: the saved secret belongs to the old one
├── NotAuthorized              no tokens are kept: nobody has pressed Allow yet
├── WrongUser                  the tokens belong to somebody else than was declared
├── UserUnusable               the integration user is inactive or locked out
├── TableUnreadable            the check saw no record of a table
├── ChoicesUnreadable          the check saw no choices
└── AuthorizationRefused       the way back from the Allow page
    ├── StateMissing  StateUnknown  StateForeign  StateReplayed  StateExpired
    ├── Denied  InstanceDeclined  CodeMissing
    └── SetupChanged
"""

from __future__ import annotations

from typing import ClassVar

from scoredesk.common.errors import ScoredeskError


class ConnectionFault(ScoredeskError):
    """Any of these. `family`: how all their codes begin."""

    family: ClassVar[str] = "connection."
    code: ClassVar[str] = "connection.error"
    summary: ClassVar[str] = "The connection has a fault."


class SetupIncomplete(ConnectionFault):
    """Address, client ID, client secret or integration user is missing."""

    code = "connection.setup_incomplete"
    summary = "The connection is not set up completely."


class OtherInstance(ConnectionFault):
    """`facts`: address, of the instance that the tenant is connected to."""

    code = "connection.other_instance"
    summary = "The tenant is connected to another instance."


class SecretNeeded(ConnectionFault):
    """A secret is never carried over to another address: it would be told to that host."""

    code = "connection.secret_needed"
    summary = "The client secret must be typed for this address."


class NotAuthorized(ConnectionFault):
    """No tokens are kept."""

    code = "connection.not_authorized"
    summary = "The connection is not authorized."


class WrongUser(ConnectionFault):
    """`facts`: answered, answered_name, declared."""

    code = "connection.wrong_user"
    summary = "The tokens belong to another user than the integration user."


class UserUnusable(ConnectionFault):
    """`facts`: answered."""

    code = "connection.user_unusable"
    summary = "The integration user is inactive or locked out."


class TableUnreadable(ConnectionFault):
    """`facts`: table."""

    code = "connection.table_unreadable"
    summary = "The check cannot tell whether the table may be read."


class ChoicesUnreadable(ConnectionFault):
    """The instance shows no choices: the names as shipped are used."""

    code = "connection.choices_unreadable"
    summary = "The choices of the field State cannot be read."


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
