"""Texts for what a ServiceNow instance may answer (servicenow-api 1.6, 1.12, 4, 10, 12)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from scoredesk.connections.faults.text import Text

_TRIES_AGAIN = _("Nothing needs to be done: the portal tries again by itself.")
_ROLES = _(
    "Give %(declared)s the role itil, or sn_incident_write and sn_change_write, then press "
    "“Check now”."
)

NETWORK_TEXTS: dict[str, Text] = {
    "servicenow.unreachable": Text(
        _("The instance cannot be reached."),
        _("No connection to %(instance)s came about."),
        _TRIES_AGAIN,
    ),
    "servicenow.lost_answer": Text(
        _("The answer of ServiceNow was lost."),
        _("The request was sent, but no readable answer came back in time."),
        _("The portal looks whether ServiceNow has carried it out, and then tries again."),
    ),
}

ANSWER_TEXTS: dict[str, Text] = {
    "servicenow.error": Text(
        _("ServiceNow gave an unexpected answer."),
        _("It has no name here: %(code)s."),
        _("Press “Check now”. If it stays, give this code to the operator: %(code)s."),
    ),
    "servicenow.server_fault": Text(
        _("The instance failed while it worked on the request."),
        _("A script or the platform itself ended with an error."),
        _(
            "The portal tries again by itself. If it lasts, your ServiceNow administrator finds "
            "the cause in System Logs > Errors."
        ),
    ),
    "servicenow.partial_result": Text(
        _("ServiceNow cancelled the request because it took too long."),
        _("A quota rule of the instance limits how long a request may run."),
        _(
            "The portal tries again by itself. If it lasts, ask your ServiceNow administrator for "
            "a longer quota for %(declared)s."
        ),
    ),
    "servicenow.rate_limited": Text(
        _("The instance's limit for requests is reached."),
        _("A rate limit rule allows a number of requests per hour."),
        _(
            "The portal goes on in %(seconds)s seconds. If it happens often, ask your ServiceNow "
            "administrator for a rule of its own for %(declared)s."
        ),
    ),
    "servicenow.bad_request": Text(
        _("ServiceNow does not understand the request."),
        _("The instance differs from what the portal knows."),
        _("Give this code and the instance's release to the operator: %(code)s."),
    ),
    "servicenow.invalid_table": Text(
        _("The instance lacks a table."),
        _("The plugin for incidents or change requests is not active."),
        _("Ask your ServiceNow administrator to activate it."),
    ),
    "servicenow.no_such_resource": Text(
        _("The instance lacks an interface."),
        _("A plugin is not active, or its release is too old."),
        _("Ask your ServiceNow administrator which release and plugins the instance has."),
    ),
    "servicenow.payload_too_large": Text(
        _("The request is larger than the instance accepts."),
        _("Descriptions are too long to be sent together."),
        _("Shorten the description and send it again."),
    ),
    "servicenow.not_found": Text(
        _("The record is deleted or not visible."),
        _(
            "ServiceNow gives the same answer for a deleted record and for one that %(declared)s "
            "may not see."
        ),
        _("Look for the record in ServiceNow. If it is there, check the roles of %(declared)s."),
    ),
}

REFUSAL_TEXTS: dict[str, Text] = {
    "servicenow.forbidden": Text(
        _("ServiceNow does not allow the request."),
        _("%(declared)s lacks a right."),
        _ROLES,
    ),
    "servicenow.insert_refused": Text(
        _("%(declared)s may not create this record."),
        _("The user lacks a role."),
        _ROLES,
    ),
    "servicenow.update_refused": Text(
        _("%(declared)s may not change this record."),
        _("The user lacks a role, or the record is closed."),
        _ROLES,
    ),
    "servicenow.delete_refused": Text(
        _("%(declared)s may not delete this record."),
        _("The user lacks a role."),
        _("Delete the record in ServiceNow itself."),
    ),
    "servicenow.query_refused": Text(
        _("%(declared)s may not search by the fields that tracking needs."),
        _("A query access rule of the instance protects sys_updated_on or correlation_id."),
        _(
            "Ask your ServiceNow administrator to allow %(declared)s to query both fields of "
            "incident and change_request."
        ),
    ),
    "servicenow.data_policy": Text(
        _("More fields are mandatory in this instance: %(fields)s."),
        _("A data policy demands them."),
        _(
            "On the connection's page open Fields, and map each of them, or have them asked when "
            "somebody shares. Or ask your ServiceNow administrator to exempt the integration user "
            "%(declared)s from the policy."
        ),
    ),
    "servicenow.business_rule": Text(
        _("A business rule of the instance refused the record: %(rule)s."),
        _("Its own message is never sent to programs."),
        _("Ask your ServiceNow administrator to open the rule and to exempt the integration user."),
    ),
}

INSTANCE_TEXTS: dict[str, Text] = {
    **NETWORK_TEXTS,
    **ANSWER_TEXTS,
    **REFUSAL_TEXTS,
}
