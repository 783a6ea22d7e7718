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
    "servicenow.name_unknown": Text(
        _("There is no instance at this address."),
        _(
            "The name of %(instance)s is not known on the internet: it is misspelt, or a developer "
            "instance was taken back."
        ),
        _("Open the address in a browser. Correct it in the settings if it is wrong."),
    ),
    "servicenow.connection_refused": Text(
        _("The instance refuses the connection."),
        _("%(instance)s is being restarted, or a firewall is in the way."),
        _(
            "The portal tries again by itself. If it lasts, ask your network administrator whether "
            "the portal may reach %(instance)s."
        ),
    ),
    "servicenow.tls": Text(
        _("No trusted connection to the instance can be made."),
        _(
            "The certificate of %(instance)s is not trusted. Often a proxy that inspects traffic "
            "stands in between."
        ),
        _(
            "Ask the operator to add the proxy's certificate to the machine, or to exempt the "
            "instance from inspection."
        ),
    ),
    "servicenow.connect_timeout": Text(
        _("The instance does not answer."),
        _(
            "%(instance)s did not accept a connection in time. Mostly an IP filter of the instance "
            "drops the portal's requests."
        ),
        _(
            "In ServiceNow, open System Security > IP Address Access Control and allow the "
            "portal's address as Inbound."
        ),
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
    "servicenow.not_servicenow": Text(
        _("This is not ServiceNow's interface for programs."),
        _("Another web server answered at %(instance)s, or a page stands in front of it."),
        _("Open the address in a browser and check that it shows your ServiceNow instance."),
    ),
    "servicenow.sso_redirect": Text(
        _("Single sign-on stands in front of the instance."),
        _("Requests are sent on to %(host)s."),
        _(
            "Ask your ServiceNow administrator to exempt the interface for programs (/api and "
            "/oauth_token.do) from the redirection."
        ),
    ),
    "servicenow.hibernating": Text(
        _("The instance is hibernating."),
        _("Developer instances fall asleep when nobody uses them."),
        _(
            "Sign in at developer.servicenow.com and wake the instance, wait some minutes, then "
            "press “Check now”."
        ),
    ),
    "servicenow.maintenance": Text(
        _("The instance is not available at the moment."),
        _("It is being upgraded or restarted, or it is overloaded."),
        _TRIES_AGAIN,
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

TOKEN_TEXTS: dict[str, Text] = {
    "servicenow.unauthorized": Text(
        _("ServiceNow does not accept the access."),
        _("The token is no longer valid, or a policy of the instance refuses %(declared)s."),
        _(
            "Press “Authorize again”. If it happens again, ask your ServiceNow administrator "
            "whether the user is active and whether an access policy for the REST API applies to "
            "it."
        ),
    ),
    "servicenow.mfa_required": Text(
        _("ServiceNow asks for a second factor."),
        _("Multi-factor authentication is demanded of %(declared)s also for programs."),
        _(
            "Ask your ServiceNow administrator to exempt the integration user from it for the REST "
            "API."
        ),
    ),
    "servicenow.token_refused": Text(
        _("ServiceNow did not give a token."),
        _(
            "It does not say why. Mostly the client secret is wrong or was renewed, the OAuth "
            "application is inactive, %(declared)s is inactive or locked out, or the permission "
            "has run out."
        ),
        _(
            "Compare client ID and client secret with the OAuth application (System OAuth > "
            "Application Registry), save them, and authorize again. The instance's system log "
            "names the reason."
        ),
    ),
    "servicenow.client_refused": Text(
        _("ServiceNow does not accept the client ID or the client secret."),
        _("They are not those of an OAuth application in %(instance)s."),
        _(
            "Copy both again from System OAuth > Application Registry, save them, and authorize "
            "again."
        ),
    ),
    "servicenow.grant_refused": Text(
        _("ServiceNow does not accept the permission any more."),
        _("It has run out, was withdrawn, or was used before."),
        _("Press “Authorize again” and allow the access as %(declared)s."),
    ),
}

REFUSAL_TEXTS: dict[str, Text] = {
    "servicenow.forbidden": Text(
        _("ServiceNow does not allow the request."),
        _("%(declared)s lacks a right."),
        _ROLES,
    ),
    "servicenow.unscoped_api": Text(
        _("The OAuth application may not use the Table API."),
        _("It is securely scoped, and this interface has no scope."),
        _(
            "In the OAuth application set Scope Restriction to Broadly scoped, or add the "
            "authentication scope useraccount. Then authorize again."
        ),
    ),
    "servicenow.scope_missing": Text(
        _("The permission lacks an authentication scope."),
        _("The OAuth application gives access to some interfaces only."),
        _(
            "Add the authentication scope useraccount to the OAuth application, then authorize "
            "again."
        ),
    ),
    "servicenow.api_acl": Text(
        _("%(declared)s may not use the REST interface."),
        _("The instance has an access control rule for it."),
        _("Give %(declared)s the role that the rule names, mostly rest_service."),
    ),
    "servicenow.cross_scope": Text(
        _("An application in ServiceNow may not reach a table of another one."),
        _("The table's cross-scope access policy refuses it. Roles do not matter here."),
        _(
            "Ask your ServiceNow administrator to open the table's record in the Global scope and "
            "tick Can read under Application Access."
        ),
    ),
    "servicenow.gateway_refused": Text(
        _("A filter in front of ServiceNow refuses the request."),
        _("IP Address Access Control or a gateway does not know the portal's address."),
        _(
            "In ServiceNow, open System Security > IP Address Access Control and allow the "
            "portal's address as Inbound."
        ),
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
    **TOKEN_TEXTS,
    **REFUSAL_TEXTS,
}
