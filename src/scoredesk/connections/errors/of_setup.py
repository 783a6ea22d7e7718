"""Faults of the set-up and of the check of a connection."""

from __future__ import annotations

from scoredesk.connections.errors.base import ConnectionFault


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


class PersonalCredentials(ConnectionFault):
    """`facts`: answered, answered_name, email."""

    code = "connection.personal_credentials"
    summary = "The account that answered is a person's own."


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
