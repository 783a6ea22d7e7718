"""Texts for the guided changes of a connection."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from scoredesk.connections.faults.text import Text

CHANGE_TEXTS: dict[str, Text] = {
    "connection.change_refused": Text(
        _("The change was not carried out."),
        _("ServiceNow did not accept it."),
        _("Everything is as it was. Check what you typed, then try again."),
    ),
    "connection.new_secret_refused": Text(
        _("ServiceNow does not accept the new client secret. The old one is kept."),
        _(
            "The secret was tried at once and no token came back: it is mistyped, belongs to "
            "another OAuth application, or is not saved in ServiceNow yet."
        ),
        _(
            "In ServiceNow open System OAuth > Application Registry, open the application with the "
            "client ID %(client_id)s, unlock the field Client Secret, copy it, and type it here "
            "again. If the connection had stopped working before, its permission may have ended "
            "too: type the secret under “Change settings” and authorize again."
        ),
    ),
    "connection.address_taken": Text(
        _("This tenant was connected to %(address)s before."),
        _("That connection was removed, and its tickets wait for it to be set up again."),
        _(
            "If %(instance)s is to be left: remove this connection, then set up %(address)s again; "
            "its tickets are taken up, and those of this one stay as history."
        ),
    ),
    "connection.another_instance": Text(
        _("%(instance)s is not the instance that was %(before)s before."),
        _(
            "A renamed instance keeps its records and their sys_ids. Here the integration user "
            "%(declared)s has the sys_id %(user_id)s; it had %(known_id)s."
        ),
        _(
            "If the user was made anew or the instance was restored from a clone, say that it is "
            "the same. If it is another instance, keep the tickets of %(before)s as history. Both "
            "are offered under “Change the address”."
        ),
    ),
}
