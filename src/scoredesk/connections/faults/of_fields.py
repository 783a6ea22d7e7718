"""Texts for mapped fields and trial records."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from scoredesk.connections.faults.text import Text

FIELD_TEXTS: dict[str, Text] = {
    "connection.field": Text(
        _("A field cannot be sent as it is mapped."),
        _("The instance, or the mapping, has changed."),
        _("Open Fields on the connection's page, and map the field anew."),
    ),
    "connection.placeholder_unknown": Text(
        _("%(placeholder)s is not a value of a ticket."),
        _("Words in braces are replaced by the ticket's values when it is sent."),
        _("Use one of these: %(placeholders)s. For a brace itself, write it twice."),
    ),
    "connection.field_not_mappable": Text(
        _("The field %(field)s cannot be mapped."),
        _("Scoredesk or ServiceNow itself fills it, and tickets are found and followed by it."),
        _("Choose another field."),
    ),
    "connection.reference_not_found": Text(
        _("The record that the field points to is not in %(table)s: %(sys_id)s."),
        _("It was deleted, or the integration user %(declared)s may not see it."),
        _("Open Fields on the connection's page, and choose another one by name."),
    ),
    "connection.trial_uncertain": Text(
        _("Whether the trial record was created is not known."),
        _("The answer of ServiceNow was lost, and no record is found by %(correlation_id)s."),
        _(
            "Press “Look again” in a minute. If a record appears in ServiceNow later, cancel it "
            "there: its name begins with “Scoredesk trial”."
        ),
    ),
    "connection.trial_invisible": Text(
        _("The trial record %(number)s was created, but %(declared)s cannot read it."),
        _(
            "Domain separation or a before-query business rule hides from the integration user "
            "what it has created itself."
        ),
        _(
            "Ask your ServiceNow administrator to give %(declared)s the domain in which it "
            "creates records, or to exempt it from the rule. Cancel %(number)s in ServiceNow."
        ),
    ),
    "connection.trial_not_cancelled": Text(
        _("The trial record %(number)s was created, but could not be cancelled."),
        _("The instance does not let %(declared)s cancel its own records."),
        _(
            "Open %(link)s and cancel it by hand. Tickets are not concerned: Scoredesk never "
            "cancels them."
        ),
    ),
}
