"""Faults of the guided changes, and of the check with the integration user's password."""

from __future__ import annotations

from scoredesk.connections.errors.base import ConnectionFault


class ChangeRefused(ConnectionFault):
    """A change of a connection that was not carried out."""

    code = "connection.change_refused"
    summary = "The change was not carried out."


class NewSecretRefused(ChangeRefused):
    """ServiceNow gave no token for the new secret; the old one is kept."""

    code = "connection.new_secret_refused"
    summary = "ServiceNow does not accept the new client secret."


class AddressTaken(ChangeRefused):
    """`facts`: address, of a removed connection of the same tenant."""

    code = "connection.address_taken"
    summary = "A removed connection has this address."


class AnotherInstance(ChangeRefused):
    """`facts`: before, user_id, known_id."""

    code = "connection.another_instance"
    summary = "The new address leads to another instance."


class Validation(ConnectionFault):
    """What the check with the integration user's password found."""

    code = "connection.validation"
    summary = "The check with the password found a fault."


class ValidationRefused(Validation):
    """Both ways refuse: one cannot tell whether the password, the user or the client is wrong."""

    code = "connection.validation_refused"
    summary = "ServiceNow refuses user name and password."


class ValidationGrantRefused(Validation):
    """User and password are right; the OAuth application gives no token for them."""

    code = "connection.validation_grant_refused"
    summary = "User name and password are right, but the OAuth application gives no token."


class ValidationWebServiceOnly(Validation):
    """User and password are right; the user may not sign in on pages."""

    code = "connection.validation_web_service_only"
    summary = "The integration user may not sign in on pages."


class ValidationMfa(Validation):
    """User and password are right; a second factor is asked for."""

    code = "connection.validation_mfa"
    summary = "ServiceNow asks the integration user for a second factor."


class ValidationBasicRestricted(Validation):
    """OAuth takes user and password, Basic does not."""

    code = "connection.validation_basic_restricted"
    summary = "ServiceNow refuses Basic authentication for the integration user."
