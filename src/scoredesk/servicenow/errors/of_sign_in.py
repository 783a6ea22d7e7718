"""What stands between us and a token that works (servicenow-api 1.3 to 1.9)."""

from __future__ import annotations

from scoredesk.servicenow.errors.base import ServiceNowError


class Unauthorized(ServiceNowError):
    """401: the token is not valid, or a policy refuses the account. Never loop: it locks out."""

    code = "servicenow.unauthorized"
    summary = "ServiceNow does not accept the token."


class FreshTokenRefused(Unauthorized):
    """A token that was given seconds ago is refused too: not the token is at fault but a policy
    (servicenow-api 1.9, 1.12 D)."""

    code = "servicenow.fresh_token_refused"
    summary = "ServiceNow gives a token and then refuses every call with it."


class MfaRequired(Unauthorized):
    """The account needs a second factor, which a program has not."""

    code = "servicenow.mfa_required"
    summary = "ServiceNow asks for a second factor."


class TokenRefused(Unauthorized):
    """The token endpoint gave no token. ServiceNow hides the reason in its own system log."""

    code = "servicenow.token_refused"
    summary = "ServiceNow did not give a token."


class ClientRefused(TokenRefused):
    """`invalid_client`, `unauthorized_client`: client ID or secret is not the instance's."""

    code = "servicenow.client_refused"
    summary = "ServiceNow does not accept the client ID or the client secret."


class GrantRefused(TokenRefused):
    """`invalid_grant`: the authorization code or refresh token is used, expired or revoked."""

    code = "servicenow.grant_refused"
    summary = "ServiceNow does not accept the authorization any more."


class CodeRefused(TokenRefused):
    """No token for the code that the instance had just given: the secret is suspected first."""

    code = "servicenow.code_refused"
    summary = "ServiceNow gave an authorization code and then no token for it."


class RefreshRefused(TokenRefused):
    """No new token for the refresh token that is kept."""

    code = "servicenow.refresh_refused"
    summary = "ServiceNow does not renew the token."


class ClientCredentialsRefused(TokenRefused):
    """No token for the application's own user."""

    code = "servicenow.client_credentials_refused"
    summary = "ServiceNow gives no token without a browser."


class ApplicationRefused(ServiceNowError):
    """The Allow page shows an error before anybody signs in; `detail`: its words."""

    code = "servicenow.application_refused"
    summary = "The instance refuses the OAuth application."


class ClientUnknown(ApplicationRefused):
    """No active OAuth application has this client ID."""

    code = "servicenow.client_unknown"
    summary = "The instance knows no active OAuth application with this client ID."


class RedirectRefused(ApplicationRefused):
    """Our redirect address is not registered."""

    code = "servicenow.redirect_refused"
    summary = "The redirect address is not registered in the OAuth application."


class OAuthInactive(ApplicationRefused):
    """The plugin or its property is off."""

    code = "servicenow.oauth_inactive"
    summary = "OAuth is not active on the instance."
