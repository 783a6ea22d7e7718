"""Texts for the check with the integration user's password."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from scoredesk.connections.faults.text import Text

VALIDATION_TEXTS: dict[str, Text] = {
    "connection.validation": Text(
        _("The check with the password found a fault."),
        _("It has no name here: %(code)s."),
        _("Look into the instance's system log (System Logs > All) at this minute."),
    ),
    "connection.validation_refused": Text(
        _("ServiceNow refuses %(declared)s with this password, with OAuth and with Basic."),
        _(
            "ServiceNow answers alike to each of these causes, the likeliest first: the password "
            "is wrong; the user is locked out, inactive, or must choose a new password; client ID "
            "or client secret is wrong while Basic is restricted."
        ),
        _(
            "Open %(instance)s/login.do in a private window and sign in as %(declared)s. If that "
            "fails, open the user under User Administration > Users, look at Active, Locked out "
            "and Password needs reset, and set a password. If it works, compare client ID and "
            "client secret with System OAuth > Application Registry."
        ),
    ),
    "connection.validation_grant_refused": Text(
        _(
            "User name and password of %(declared)s are right, but the OAuth application gives no "
            "token for them."
        ),
        _(
            "The likeliest causes in this order: client ID or client secret is wrong; the "
            "application is not active; the password grant is switched off in this instance, "
            "which does no harm, because the connection does not use it."
        ),
        _(
            "Compare client ID and client secret with System OAuth > Application Registry, and "
            "look into System Logs > All at this minute: it names the reason. If it says that the "
            "password grant is disabled, go on to “Authorize”."
        ),
    ),
    "connection.validation_web_service_only": Text(
        _("User name and password of %(declared)s are right, but this user cannot press Allow."),
        _(
            "The user has “Web service access only” ticked: such users cannot sign in on "
            "ServiceNow's pages, and get no token for their password."
        ),
        _(
            "Choose client credentials as the way of signing in, with %(declared)s as OAuth "
            "Application User; or clear “Web service access only” under User Administration > "
            "Users."
        ),
    ),
    "connection.validation_mfa": Text(
        _("The password is right. ServiceNow also asks %(declared)s for a second factor."),
        _("Multi-factor authentication is on for this user or its roles."),
        _(
            "The connection itself does not need it. Whoever presses Allow needs the second "
            "factor once; without it use client credentials, or exempt %(declared)s under "
            "Multi-factor Authentication > Properties."
        ),
    ),
    "connection.validation_basic_restricted": Text(
        _("OAuth accepts %(declared)s. Basic authentication is refused for this user."),
        _("This instance restricts Basic authentication of users who can sign in on its pages."),
        _("Nothing has to be done: the connection uses OAuth only."),
    ),
}
