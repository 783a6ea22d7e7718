"""Switches of signing in: OAuth, Basic, single sign-on (servicenow-api 1)."""

from scoredesk.sandbox.switches import Switch

OAUTH_SWITCHES = {
    "access_token_life": Switch(
        1800, "seconds that an access token lives; changed, it wins over the application's own"
    ),
    "refresh_token_life": Switch(
        8_640_000,
        "seconds that a refresh token lives; changed, it wins over the application's own",
    ),
    "oauth_redirects": Switch(
        [], "redirect URLs that are allowed besides the registered ones", inner=str
    ),
    "redirect_mismatch": Switch(
        "refuse",
        "a redirect URL that is not registered: refused, or the first registered one is taken",
        ("refuse", "first"),
    ),
    "oauth_state_required": Switch(
        False,
        "an authorization request without `state` is refused, as with the property "
        "glide.oauth.state.parameter.required",
    ),
    "public_client": Switch(False, "every client may use PKCE in the place of a secret"),
    "password_grant": Switch(True, "the password grant is allowed"),
    "web_service_password_grant": Switch(
        False, "users with web service access only may use the password grant"
    ),
    "client_credentials": Switch(
        False,
        "the client credentials grant is allowed without the property "
        "glide.oauth.inbound.client.credential.grant_type.enabled",
    ),
    "refresh_reply_has_refresh_token": Switch(
        True, "the reply to a refresh carries the refresh token too"
    ),
    "token_error_style": Switch(
        "server_error",
        "the token endpoint's refusals: all alike, or named as RFC 6749 does",
        ("server_error", "oauth"),
    ),
    "token_format": Switch(
        "opaque", "access tokens: opaque text, or JSON web tokens", ("opaque", "jwt")
    ),
}
SIGN_IN_SWITCHES = {
    **OAUTH_SWITCHES,
    "sso_host": Switch("", "sign-ins are sent to this host, as single sign-on does"),
    "basic_restriction": Switch(False, "Basic is refused for people's accounts"),
    "mfa": Switch(False, "Basic needs a second factor"),
    "mfa_code": Switch("", "the second factor that is right when it follows the password"),
    "lock_after": Switch(0, "wrong passwords after which an account is locked; 0: never"),
    "api_access_policy": Switch(False, "no API access policy is satisfied: every call is 401"),
    "api_acl": Switch(False, "the APIs' own ACLs are active: callers need the role rest_service"),
    "api_keys": Switch({}, 'keys for the header x-sn-apikey: `{"key": "user.name"}`', inner=str),
    "api_scopes": Switch(
        {},
        "auth scopes that APIs demand of tokens: "
        '`{"GET /api/now/table/incident": "incident_read"}`',
        inner=str,
    ),
    "scope_restriction": Switch(False, "OAuth clients reach scoped APIs only"),
    "token_in_query": Switch(True, "a token may stand in the query parameter `access_token`"),
}
