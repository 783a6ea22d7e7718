"""Switches of signing in: OAuth, Basic, single sign-on (servicenow-api 1)."""

from scoredesk.sandbox.switches import Switch

SIGN_IN_SWITCHES = {
    "access_token_life": Switch(1800, "seconds that an access token lives"),
    "refresh_token_life": Switch(8_640_000, "seconds that a refresh token lives (100 days)"),
    "oauth_redirects": Switch([], "redirect URLs that are allowed besides the registered ones"),
    "redirect_mismatch": Switch(
        "refuse",
        "a redirect URL that is not registered: refused, or the first registered one is taken",
        ("refuse", "first"),
    ),
    "oauth_state_required": Switch(False, "an authorization request without `state` is refused"),
    "public_client": Switch(False, "every client may use PKCE in the place of a secret"),
    "password_grant": Switch(True, "the password grant is allowed"),
    "web_service_password_grant": Switch(
        False, "users with web service access only may use the password grant"
    ),
    "client_credentials": Switch(False, "the client credentials grant is allowed"),
    "sso_host": Switch("", "sign-ins are sent to this host, as single sign-on does"),
    "basic_restriction": Switch(False, "Basic is refused for people's accounts"),
    "mfa": Switch(False, "Basic needs a second factor"),
    "scope_restriction": Switch(False, "OAuth clients reach scoped APIs only"),
    "token_in_query": Switch(True, "a token may stand in the query parameter `access_token`"),
}
