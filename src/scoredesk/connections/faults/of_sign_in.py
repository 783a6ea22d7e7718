"""Texts for the OAuth application, tokens, and the way back from the Allow page
(servicenow-api 1.3 to 1.10)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from scoredesk.connections.faults.text import Text

_WITHOUT_BROWSER = _(
    "Three ways lead on: (1) On ServiceNow's page choose “Not you?” and sign in as %(declared)s, "
    "best in a private window. (2) Let %(declared)s sign in at the instance itself: open "
    "%(instance)s/login.do (or /side_door.do) in a private window, sign in there, then press "
    "“Authorize” in the same window; your ServiceNow administrator clears the single sign-on "
    "source of the user and gives it a password. (3) Choose “Without a browser (client "
    "credentials)” in the set-up, which needs no sign-in page at all."
)

APPLICATION_TEXTS: dict[str, Text] = {
    "servicenow.application_refused": Text(
        _("ServiceNow does not let the OAuth application in."),
        _(
            "The page on which the access is allowed shows an error before anybody signs in. Its "
            "words stand below."
        ),
        _(
            "In ServiceNow, open System OAuth > Application Registry and check the application "
            "with the client ID %(client_id)s: it must be active, with the redirect URL "
            "%(redirect_uri)s. Then check again."
        ),
    ),
    "servicenow.client_unknown": Text(
        _("ServiceNow knows no OAuth application with this client ID."),
        _(
            "%(client_id)s is not the client ID of an active application in %(instance)s: it is "
            "misspelt, belongs to another instance, or the application was deactivated or deleted, "
            "for example by a clone."
        ),
        _(
            "In ServiceNow, open System OAuth > Application Registry, open the application (or "
            "create it: New > Create an OAuth API endpoint for external clients), tick Active, and "
            "copy the client ID here. Then check again."
        ),
    ),
    "servicenow.redirect_refused": Text(
        _("The redirect URL is not registered in ServiceNow."),
        _(
            "ServiceNow leads back only to the addresses that stand in the OAuth application, "
            "letter by letter. The portal's is %(redirect_uri)s."
        ),
        _(
            "In ServiceNow, open System OAuth > Application Registry, open the application with "
            "the client ID %(client_id)s and set Redirect URL to exactly %(redirect_uri)s. Then "
            "check again."
        ),
    ),
    "servicenow.oauth_inactive": Text(
        _("OAuth is switched off in this instance."),
        _(
            "The plugin OAuth 2.0 (com.snc.platform.security.oauth) is not active, or the system "
            "property com.snc.platform.security.oauth.is.active is not true."
        ),
        _(
            "In ServiceNow, open sys_properties.list and set "
            "com.snc.platform.security.oauth.is.active to true; if it is not there, activate the "
            "plugin OAuth 2.0 under System Definition > Plugins. Then check again."
        ),
    ),
}

TOKEN_TEXTS: dict[str, Text] = {
    "servicenow.unauthorized": Text(
        _("ServiceNow does not accept the access."),
        _("The token is no longer valid, or a policy of the instance refuses %(declared)s."),
        _(
            "Press “Check now”: it finds out which of the two. If the token is at fault, press "
            "“Authorize again” and allow the access as %(declared)s."
        ),
    ),
    "servicenow.fresh_token_refused": Text(
        _("ServiceNow gives a token and then refuses every call with it."),
        _(
            "Client ID, client secret and user are right, or there would be no token. So a policy "
            "is in the way: mostly a REST API access policy that nothing fulfils, or an "
            "authentication policy for the user. A restriction of Basic authentication is not the "
            "cause, because the portal never sends a password."
        ),
        _(
            "In ServiceNow, open System Web Services > API Access Policies > REST API Access "
            "Policies and let the authentication profile OAuth of %(declared)s pass (look at "
            "policies for the Table API and for all APIs), then at Adaptive Authentication > "
            "Authentication Policies. The system log (System Logs > System Log > All) names the "
            "policy. Then check again."
        ),
    ),
    "servicenow.mfa_required": Text(
        _("ServiceNow asks for a second factor."),
        _(
            "Multi-factor authentication is demanded of %(declared)s also for programs, which have "
            "no second factor."
        ),
        _(
            "In ServiceNow, open Multi-factor Authentication > Properties and its criteria, and "
            "exempt %(declared)s, or make it a user with web service access only and choose "
            "“Without a browser (client credentials)”. Then check again."
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
    "servicenow.code_refused": Text(
        _("The access was allowed, but ServiceNow gave no token for it. Check the client secret."),
        _(
            "ServiceNow does not say why, but everything before the token was right: client ID, "
            "redirect URL, sign-in and Allow. So most likely, in this order: (1) the client secret "
            "here is not that of the OAuth application; (2) %(declared)s is inactive, locked out, "
            "or must change its password; (3) the application was deactivated meanwhile."
        ),
        _(
            "In ServiceNow, open System OAuth > Application Registry, open the application with "
            "the client ID %(client_id)s, show the client secret with the lock and copy it here. "
            "Then press “Authorize” again. If it stays, System Logs > System Log > All names the "
            "reason at the time of the try."
        ),
    ),
    "servicenow.refresh_refused": Text(
        _("ServiceNow does not renew the access."),
        _(
            "It gives the same answer for every cause. Most likely, in this order: (1) the token "
            "was revoked in ServiceNow, or has lapsed; (2) the client secret was renewed there; "
            "(3) %(declared)s is inactive, locked out, or must change its password; (4) the OAuth "
            "application was deactivated; (5) the instance was replaced by a clone."
        ),
        _(
            "Open System Logs > System Log > All in ServiceNow: it names the reason at the time of "
            "the check. For (1) press “Authorize again” and allow the access as %(declared)s; for "
            "(2) copy the client secret from System OAuth > Application Registry first; for (3) "
            "and (4) activate the user or the application, then authorize again."
        ),
    ),
    "servicenow.client_credentials_refused": Text(
        _("ServiceNow gives no token without a browser."),
        _(
            "It gives the same answer for every cause. Most likely, in this order: (1) the system "
            "property glide.oauth.inbound.client.credential.grant_type.enabled does not exist or "
            "is not true; (2) the field OAuth Application User of the OAuth application is empty; "
            "(3) the client secret is wrong or was renewed; (4) %(declared)s is inactive, locked "
            "out, or must change its password; (5) the OAuth application is not active."
        ),
        _(
            "In ServiceNow, (1) open sys_properties.list and create the property "
            "glide.oauth.inbound.client.credential.grant_type.enabled with the type "
            "true | false and the value true; (2) open System OAuth > Application Registry, open "
            "the application with the client ID %(client_id)s and enter %(declared)s as OAuth "
            "Application User (add the field to the form if it is not there); (3) copy its client "
            "secret here. Then check again; System Logs > System Log > All names the reason."
        ),
    ),
    "servicenow.client_refused": Text(
        _("ServiceNow does not accept the client ID or the client secret."),
        _("They are not those of an active OAuth application in %(instance)s."),
        _(
            "Copy both again from System OAuth > Application Registry, save them, and authorize "
            "again."
        ),
    ),
    "servicenow.grant_refused": Text(
        _("ServiceNow does not accept the permission any more."),
        _("It has run out, was revoked in ServiceNow, or was used before."),
        _("Press “Authorize again” and allow the access as %(declared)s."),
    ),
    "servicenow.unscoped_api": Text(
        _("The OAuth application may not use the Table API."),
        _(
            "It is securely scoped, and this interface has no scope. Roles of %(declared)s do not "
            "matter here."
        ),
        _(
            "In ServiceNow, open System OAuth > Application Registry, open the application with "
            "the client ID %(client_id)s and set Scope Restriction to Broadly scoped, or add the "
            "authentication scope useraccount. Then press “Authorize again”."
        ),
    ),
    "servicenow.scope_missing": Text(
        _("The permission lacks an authentication scope."),
        _(
            "The OAuth application gives access to some interfaces only. Roles of %(declared)s do "
            "not matter here."
        ),
        _(
            "In ServiceNow, open System OAuth > Application Registry, open the application with "
            "the client ID %(client_id)s and add the authentication scope useraccount. Then press "
            "“Authorize again”."
        ),
    ),
    "servicenow.api_acl": Text(
        _("%(declared)s may not use the REST interface."),
        _(
            "The access control of the interface itself (type REST_Endpoint, for example Table "
            "API) is active in this instance and demands a role."
        ),
        _(
            "In ServiceNow, open System Security > Access Control (ACL), filter by Type "
            "REST_Endpoint, and give %(declared)s the role that the active rule names, mostly "
            "rest_service. Then check again."
        ),
    ),
    "connection.permission_lapsing": Text(
        _("The permission lapses in about %(days)s days, on %(ends)s."),
        _(
            "ServiceNow's refresh tokens have an end, as shipped after 100 days. It does not tell "
            "the exact time."
        ),
        _(
            "Press “Authorize again” before and allow the access as %(declared)s. To be left in "
            "peace longer, set a larger Refresh Token Lifespan in the OAuth application first."
        ),
    ),
    "connection.permission_lapsed": Text(
        _("The permission has lapsed."),
        _("ServiceNow's refresh token reached its age about %(ends)s, and is not renewed."),
        _(
            "Press “Authorize again” and allow the access as %(declared)s. To be left in peace "
            "longer, set a larger Refresh Token Lifespan in the OAuth application first."
        ),
    ),
}

CALLBACK_TEXTS: dict[str, Text] = {
    "connection.sso_ahead": Text(
        _("Single sign-on will answer when you authorize."),
        _(
            "The instance sends everybody who signs in to %(host)s. Who is signed in there comes "
            "back as their own person, and an integration user that it does not know gets no "
            "further."
        ),
        _WITHOUT_BROWSER,
    ),
    "connection.no_callback_sso": Text(
        _("Nobody has come back from ServiceNow: single sign-on holds them up."),
        _(
            "“Authorize” was pressed, but no answer came. The instance sends everybody who signs "
            "in to %(host)s, which does not know %(declared)s or signs somebody else in."
        ),
        _WITHOUT_BROWSER,
    ),
    "connection.no_callback": Text(
        _("Nobody has come back from ServiceNow yet."),
        _(
            "“Authorize” was pressed, but no answer came. Most likely, in this order: (1) the page "
            "was closed, or the password of %(declared)s is not known; (2) multi-factor "
            "authentication asks for a device that nobody has enrolled for %(declared)s; (3) "
            "%(declared)s has web service access only, and cannot sign in to a page; (4) the "
            "redirect URL is not registered, and ServiceNow led to the first registered one."
        ),
        _(
            "For (1) press “Authorize” again in a private window, sign in as %(declared)s and "
            "choose “Allow”; for (2) exempt %(declared)s from multi-factor authentication; for (3) "
            "untick Web service access only, or choose “Without a browser (client credentials)” in "
            "the set-up; for (4) compare the Redirect URL in System OAuth > Application Registry "
            "with %(redirect_uri)s."
        ),
    ),
}

APP_TEXTS: dict[str, Text] = {
    "connection.app_missing": Text(
        _("The connector app is not installed in the instance."),
        _("The set-up says that it is to be used, but its interface (x_scoredesk) is not there."),
        _(
            "Ask your ServiceNow administrator to install the connector app, or choose “Without "
            "the app” in the set-up. Then check again."
        ),
    ),
    "connection.app_refused": Text(
        _("The connector app refuses %(declared)s."),
        _("The app is installed, but the user lacks the right to use its interface."),
        _(
            "In ServiceNow, open the user %(declared)s and give it the role of the connector app, "
            "or what the access control of the app's REST endpoint demands. Then check again."
        ),
    ),
}

_BY_HAND = _(
    "What always helps and needs no change of the table: choose Global in the application picker, "
    "create the OAuth application by hand under System OAuth > Application Registry, and copy its "
    "client ID and client secret into the set-up here. This portal never needs to read "
    "oauth_entity."
)

CROSS_SCOPE_TEXTS: dict[str, Text] = {
    "servicenow.cross_scope": Text(
        _("An application in ServiceNow may not reach a table of another one."),
        _("The platform keeps scopes apart. Roles do not matter here: admin is refused too."),
        _BY_HAND,
    ),
    "servicenow.cross_scope_policy": Text(
        _("The application %(scope)s may not reach the table %(table)s."),
        _(
            "The table's cross-scope access policy (its Application Access) refuses it. Roles do "
            "not matter here: admin is refused too."
        ),
        _(
            "Ask your ServiceNow administrator to choose Global in the application picker, open "
            "System Definition > Tables > %(table)s, and under Application Access set Accessible "
            "from to All application scopes and tick Can read. Or change nothing there: create the "
            "OAuth application by hand (System OAuth > Application Registry) and copy client ID "
            "and client secret into the set-up here."
        ),
    ),
    "servicenow.cross_scope_privilege": Text(
        _("The application %(scope)s has declared no privilege for the table %(table)s."),
        _(
            "An application needs a record for each table of another scope that it reads. Roles do "
            "not matter here: admin is refused too."
        ),
        _(
            "Ask your ServiceNow administrator to open System Applications > Application "
            "Cross-Scope Access and add a record (sys_scope_privilege): Source Scope %(scope)s, "
            "Target Name %(table)s, Target Type Table, Operation Read, Status Allowed. Or create "
            "the OAuth application by hand (System OAuth > Application Registry) and copy client "
            "ID and client secret into the set-up here."
        ),
    ),
    "servicenow.cross_scope_caller": Text(
        _("A restricted caller access record refuses %(scope)s the table %(table)s."),
        _(
            "The table tracks or restricts its callers, and this one is not allowed. Roles do not "
            "matter here: admin is refused too."
        ),
        _(
            "Ask your ServiceNow administrator to open System Applications > Application "
            "Restricted Caller Access, find the record with Source %(scope)s and Target %(table)s, "
            "and set its Status to Allowed. Or create the OAuth application by hand (System OAuth "
            "> Application Registry) and copy client ID and client secret into the set-up here."
        ),
    ),
    "servicenow.cross_scope_not_granted": Text(
        _("An application in ServiceNow was not granted access to the table %(table)s."),
        _(
            "It has asked for it, but the record of its cross-scope access is not set to Allowed. "
            "Roles do not matter here: admin is refused too."
        ),
        _(
            "Ask your ServiceNow administrator to open System Applications > Application "
            "Cross-Scope Access, find the record with Target Name %(table)s and set its Status to "
            "Allowed; if the table itself refuses it, tick Can read under its Application Access. "
            "Or create the OAuth application by hand (System OAuth > Application Registry) and "
            "copy client ID and client secret into the set-up here."
        ),
    ),
    "servicenow.cross_scope_decryption": Text(
        _("The application %(scope)s may not decrypt a client secret."),
        _("An encrypted field of the Global scope is never opened for another application."),
        _(
            "No setting allows this. Choose Global in the application picker, create the OAuth "
            "application by hand (System OAuth > Application Registry), and copy its client ID and "
            "client secret into the set-up here."
        ),
    ),
}

SIGN_IN_TEXTS: dict[str, Text] = {
    **APPLICATION_TEXTS,
    **TOKEN_TEXTS,
    **CALLBACK_TEXTS,
    **APP_TEXTS,
    **CROSS_SCOPE_TEXTS,
}
