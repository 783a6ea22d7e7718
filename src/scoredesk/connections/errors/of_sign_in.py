"""Faults of the way to the instance and of signing in, as the check finds them."""

from __future__ import annotations

from scoredesk.connections.errors.base import ConnectionFault
from scoredesk.servicenow.errors import TokenRefused


class ReleaseTooOld(ConnectionFault):
    """`facts`: release."""

    code = "connection.release_too_old"
    summary = "The instance's release is older than Kingston."


class ReleaseUnknown(ConnectionFault):
    """The integration user may not read it, and no later interface answers."""

    code = "connection.release_unknown"
    summary = "The check cannot tell which release the instance has."


class ClockOff(ConnectionFault):
    """`facts`: seconds, instance_time, portal_time."""

    code = "connection.clock_off"
    summary = "The instance's clock and the portal's differ."


class AppMissing(ConnectionFault):
    """The connector app is to be used, and its interface is not there."""

    code = "connection.app_missing"
    summary = "The connector app is not installed in the instance."


class AppRefused(ConnectionFault):
    """The connector app is there and does not let the integration user in."""

    code = "connection.app_refused"
    summary = "The connector app refuses the integration user."


class NoCallback(ConnectionFault):
    """Somebody went to the Allow page and has not come back."""

    code = "connection.no_callback"
    summary = "No answer has come back from the Allow page."


class NoCallbackSso(ConnectionFault):
    """The same, and the instance sends sign-ins to an identity provider; `facts`: host."""

    code = "connection.no_callback_sso"
    summary = "No answer has come back from the Allow page: single sign-on holds people up."


class SsoAhead(ConnectionFault):
    """Nobody has tried yet, and single sign-on will be in the way; `facts`: host."""

    code = "connection.sso_ahead"
    summary = "The instance sends sign-ins to an identity provider."


class PermissionLapsing(ConnectionFault):
    """The refresh token ends soon; `facts`: ends, days."""

    code = "connection.permission_lapsing"
    summary = "The permission lapses soon."


class PermissionLapsed(ConnectionFault, TokenRefused):
    """The refresh token has reached its age; `facts`: ends."""

    code = "connection.permission_lapsed"
    summary = "The permission has lapsed."
