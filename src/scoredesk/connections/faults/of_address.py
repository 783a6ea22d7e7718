"""Texts for what goes wrong before an instance is asked: addresses and secrets."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from scoredesk.connections.faults.text import Text

_TYPE_SUGGESTION = _("Type %(suggestion)s.")

ADDRESS_TEXTS: dict[str, Text] = {
    "address.error": Text(
        _("This address cannot be used."),
        _("It is not the address of a ServiceNow instance."),
        _("Type the instance's address, for example https://acme.service-now.com."),
    ),
    "address.empty": Text(
        _("The instance address is missing."),
        _("Without it the portal does not know which ServiceNow instance to use."),
        _("Type the instance's address, for example https://acme.service-now.com."),
    ),
    "address.malformed": Text(
        _("This is not an address."),
        _("It contains characters that an address cannot have, or its port is not a number."),
        _("Type the instance's address, for example https://acme.service-now.com."),
    ),
    "address.incomplete": Text(
        _("The address is only a name."),
        _("An instance is reached by its full address."),
        _TYPE_SUGGESTION,
    ),
    "address.not_https": Text(
        _("The address does not begin with https."),
        _("Client secret and tokens would travel unencrypted."),
        _TYPE_SUGGESTION,
    ),
    "address.has_user": Text(
        _("The address contains a user name or a password."),
        _("The portal signs in with OAuth and never keeps a password in an address."),
        _TYPE_SUGGESTION,
    ),
    "address.has_path": Text(
        _("The address contains more than the host."),
        _("It was probably copied from a page of the instance."),
        _TYPE_SUGGESTION,
    ),
    "address.has_query": Text(
        _("The address contains a query."),
        _("It was probably copied from a page of the instance."),
        _TYPE_SUGGESTION,
    ),
    "address.is_ip": Text(
        _("The address is an IP address."),
        _("Neither a certificate nor the list of allowed hosts can vouch for it."),
        _("Type the instance's name, for example https://acme.service-now.com."),
    ),
    "address.host_not_allowed": Text(
        _("The host %(host)s is not allowed."),
        _("This portal connects to these hosts only: %(allowed)s."),
        _(
            "Check the spelling. If your instance has an address of its own, ask the operator to "
            "add it to the setting SCOREDESK_INSTANCE_HOSTS."
        ),
    ),
    "address.port_not_allowed": Text(
        _("The port %(port)s is not allowed."),
        _("ServiceNow instances answer on the usual port for https."),
        _("Type the address without a port."),
    ),
    "address.private": Text(
        _("The host %(host)s leads to a machine that is not on the internet."),
        _(
            "Its name resolves to a private address. The portal never calls those, so that nobody "
            "can use it to reach your internal network."
        ),
        _(
            "Check the spelling, or ask your network administrator why the name resolves to a "
            "private address."
        ),
    ),
}

SECRET_TEXTS: dict[str, Text] = {
    "secrets.error": Text(
        _("A stored secret cannot be used."),
        _("The encryption of secrets is not in order."),
        _("Ask the operator to check the setting SCOREDESK_ENCRYPTION_KEYS."),
    ),
    "secrets.key_missing": Text(
        _("Secrets cannot be stored."),
        _("The portal has no encryption key."),
        _("Ask the operator to set SCOREDESK_ENCRYPTION_KEYS."),
    ),
    "secrets.key_malformed": Text(
        _("Secrets cannot be stored."),
        _("Encryption key number %(position)s is not a valid key."),
        _("Ask the operator to correct SCOREDESK_ENCRYPTION_KEYS."),
    ),
    "secrets.seal_broken": Text(
        _("The stored client secret or token cannot be opened."),
        _("The encryption key it was sealed with is no longer configured."),
        _(
            "Ask the operator to put the old key back into SCOREDESK_ENCRYPTION_KEYS, behind the "
            "new one. If it is lost: open “Change settings”, type the client secret again in the "
            "step “OAuth application”, save, and authorize again."
        ),
    ),
}
