"""The audit log's actions in words. A test holds that none is missing."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDS: dict[str, str | Promise] = {
    "connection.address_changed": _("Instance address changed"),
    "connection.attention": _("Connection needs attention"),
    "connection.authorization_begun": _("Authorization begun"),
    "connection.authorization_refused": _("Authorization refused"),
    "connection.authorized": _("Connection authorized"),
    "connection.checked": _("Connection checked"),
    "connection.credentials_changed": _("OAuth client or integration user changed"),
    "connection.field_mapped": _("Field mapped"),
    "connection.field_named": _("Field of a refusal named"),
    "connection.fields_acknowledged": _("Changed fields acknowledged"),
    "connection.fields_demanded": _("Field demanded by the instance"),
    "connection.fields_read": _("Fields and choices read"),
    "connection.people_told": _("People told by e-mail"),
    "connection.recovered": _("Connection works again"),
    "connection.removed": _("Connection removed"),
    "connection.same_instance": _("Instance confirmed as the same"),
    "connection.saved": _("Connection set up"),
    "connection.secret_changed": _("Client secret changed"),
    "connection.set_up_again": _("Connection set up again"),
    "connection.state_change_seen": _("Change of a ticket state acknowledged"),
    "connection.state_renamed": _("Ticket state renamed"),
    "connection.states_read": _("Ticket states read"),
    "connection.trial_record": _("Trial record created"),
    "connection.validated": _("Integration user checked with its password"),
    "demo.filled": _("Demo filled"),
    "person.added": _("Person added"),
    "person.changed": _("Profile changed"),
    "person.password_changed": _("Password changed"),
    "person.removed": _("Person removed"),
    "person.role_changed": _("Role changed"),
    "person.sign_in_failed": _("Sign-in failed"),
    "person.signed_in": _("Signed in"),
    "person.signed_out": _("Signed out"),
    "secrets.rotated": _("Secrets sealed with the new key"),
    "secure_score.refresh_asked": _("Refresh of Secure Score asked for"),
    "secure_score.refresh_failed": _("Refresh of Secure Score failed"),
    "secure_score.refreshed": _("Secure Score refreshed"),
    "secure_score.source_changed": _("Secure Score source changed"),
    "secure_score.source_connected": _("Secure Score source connected"),
    "secure_score.source_removed": _("Secure Score source removed"),
    "tenant.changed": _("Tenant settings changed"),
    "ticket.changed": _("Ticket changed in ServiceNow"),
    "ticket.delivered": _("Ticket delivered"),
    "ticket.found": _("Ticket visible again"),
    "ticket.mended": _("Ticket mended"),
    "ticket.missing": _("Ticket deleted or no longer visible"),
    "ticket.refused": _("Ticket refused"),
    "ticket.shared": _("Ticket shared"),
    "ticket.tracked": _("Ticket tracked again"),
    "ticket.untracked": _("Ticket no longer tracked"),
}


def in_words(action: str) -> str:
    """The action for a person; one of a later version shows as its code."""
    return str(WORDS.get(action, action))
