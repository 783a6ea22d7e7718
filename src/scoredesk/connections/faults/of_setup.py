"""Texts for the set-up, the check and the authorization of a connection."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from scoredesk.connections.faults.text import Text

CONNECTION_TEXTS: dict[str, Text] = {
    "connection.error": Text(
        _("The connection has a fault."),
        _("It has no name here: %(code)s."),
        _("Press “Check now”. If it stays, authorize again."),
    ),
    "connection.setup_incomplete": Text(
        _("The set-up is not complete."),
        _("Client ID, client secret or integration user is missing."),
        _("Fill in the missing fields and save them, then authorize."),
    ),
    "connection.other_instance": Text(
        _("This tenant is connected to %(address)s."),
        _(
            "A tenant has one ServiceNow instance at a time, because tickets belong to the "
            "instance they were shared to."
        ),
        _(
            "Remove that connection first, then connect the other instance. If the instance was "
            "only renamed, use “Change the address” on the connection's page instead."
        ),
    ),
    "connection.secret_needed": Text(
        _("The client secret is missing."),
        _(
            "A saved secret belongs to one OAuth application of one instance and is never sent to "
            "another."
        ),
        _("Copy the client secret from the OAuth application in this instance and type it."),
    ),
    "connection.not_authorized": Text(
        _("The connection is not authorized."),
        _("Nobody has allowed it in ServiceNow yet, or the permission was withdrawn."),
        _("Press “Authorize” and allow the access as the integration user %(declared)s."),
    ),
    "connection.wrong_user": Text(
        _("ServiceNow answered as %(answered)s, not as %(declared)s."),
        _(
            "Whoever is signed in to ServiceNow in this browser owns the access. Tickets would "
            "carry the name of %(answered_name)s, and the connection would end with that account."
        ),
        _(
            "Authorize again as %(declared)s: on ServiceNow's page choose “Not you?” and sign in "
            "as %(declared)s, or use a private window. If single sign-on signs you in by itself, "
            "open %(instance)s/side_door.do first and sign in there. With client credentials, "
            "choose %(declared)s as OAuth Application User of the OAuth application instead."
        ),
    ),
    "connection.personal_credentials": Text(
        _("%(answered)s is a person's own account."),
        _(
            "Its e-mail address %(email)s belongs to somebody who uses this portal. Tickets would "
            "carry the name of %(answered_name)s, and the connection would end with that account."
        ),
        _(
            "Create a user of its own for the connection in ServiceNow under User Administration > "
            "Users, and authorize as that user. If %(answered)s is no person's account, give it "
            "an e-mail address of its own there, then authorize again."
        ),
    ),
    "connection.user_unusable": Text(
        _("The integration user %(answered)s is inactive or locked out."),
        _("ServiceNow would refuse its requests at any moment."),
        _(
            "Ask your ServiceNow administrator to activate and unlock the user, then authorize "
            "again."
        ),
    ),
    "connection.table_unreadable": Text(
        _("ServiceNow shows no record of the table %(table)s."),
        _(
            "Either there is none yet, or %(declared)s may not read them: ServiceNow gives the "
            "same answer in both cases."
        ),
        _(
            "If there are records, give %(declared)s the role itil, or sn_incident_write and "
            "sn_change_write. If there are none, “Dry run and trial record” proves it: it creates "
            "a record, reads it back and cancels it. Then check again."
        ),
    ),
    "connection.choices_unreadable": Text(
        _("The names of the states cannot be read."),
        _(
            "%(declared)s may not read the table sys_choice. The names as ServiceNow ships them "
            "are used instead."
        ),
        _("Give %(declared)s the right to read sys_choice, or rename the states here."),
    ),
}

AUTHORIZATION_TEXTS: dict[str, Text] = {
    "connection.authorization": Text(
        _("The authorization cannot be used."),
        _("The answer of ServiceNow does not fit what was asked."),
        _("Begin again with “Authorize”."),
    ),
    "connection.state_missing": Text(
        _("The answer of ServiceNow carries no proof that it belongs to you."),
        _("This page was opened by hand, or something on the way removed a part of the address."),
        _("Begin again with “Authorize”."),
    ),
    "connection.state_unknown": Text(
        _("This answer does not belong to an authorization of this tenant."),
        _(
            "The set-up was changed after you began, you have changed to another tenant meanwhile, "
            "or somebody gave you a link that is not yours."
        ),
        _(
            "Begin again with “Authorize”. If you followed a link that somebody sent you, tell "
            "your security team."
        ),
    ),
    "connection.state_foreign": Text(
        _("Another person began this authorization."),
        _("Only the person who pressed “Authorize” can finish it."),
        _(
            "Press “Authorize” yourself. If you followed a link that somebody sent you, tell your "
            "security team."
        ),
    ),
    "connection.state_elsewhere": Text(
        _("This authorization was begun in another browser, or before you signed in again."),
        _("Only the browser in which “Authorize” was pressed can finish it."),
        _(
            "Press “Authorize” in this browser, and come back in the same one. If you followed a "
            "link that somebody sent you, tell your security team."
        ),
    ),
    "connection.state_replayed": Text(
        _("This authorization was used before."),
        _("Each one works once. The page was probably loaded a second time."),
        _("Look at the connection's status. If it is not connected, press “Authorize” again."),
    ),
    "connection.state_expired": Text(
        _("This authorization has expired."),
        _("It was begun more than 15 minutes ago."),
        _("Press “Authorize” again and allow the access within 15 minutes."),
    ),
    "connection.denied": Text(
        _("The access was denied."),
        _("“Deny” was pressed in ServiceNow. Nothing was stored."),
        _("If that was a mistake, press “Authorize” again and choose “Allow” as %(declared)s."),
    ),
    "connection.instance_declined": Text(
        _("ServiceNow ended the authorization with an error."),
        _("Mostly the OAuth application does not fit: the client ID, or the redirect URL."),
        _(
            "In ServiceNow, open the OAuth application with the client ID %(client_id)s and check "
            "that it is active and that its redirect URL is exactly %(redirect_uri)s."
        ),
    ),
    "connection.code_missing": Text(
        _("ServiceNow sent neither a permission nor an error."),
        _("Something on the way removed a part of the address."),
        _("Begin again with “Authorize”."),
    ),
    "connection.setup_changed": Text(
        _("The connection was changed while you were in ServiceNow."),
        _(
            "Somebody saved other settings or removed it. The tokens that ServiceNow gave were not "
            "stored."
        ),
        _("Look at the settings, then press “Authorize” again."),
    ),
}

SETUP_TEXTS: dict[str, Text] = {**CONNECTION_TEXTS, **AUTHORIZATION_TEXTS}
