"""OAuth 2.0 with an instance, on Authlib, through our own HTTP client (servicenow-api 1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import httpx
from authlib.common.security import generate_token
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7009 import prepare_revoke_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from scoredesk.common.clock import now
from scoredesk.common.http import Wire, build_client, network_trouble
from scoredesk.servicenow import errors as e
from scoredesk.servicenow.classify import (
    classify,
    from_network,
    is_envelope,
    is_html,
    payload,
    words,
)

AUTHORIZE_PATH = "/oauth_auth.do"
TOKEN_PATH = "/oauth_token.do"  # noqa: S105 - an address, no secret
REVOKE_PATH = "/oauth_revoke_token.do"
# A token is renewed this long before it lapses, as both of the vendor's clients do (1.5).
RENEW_MARGIN = timedelta(seconds=60)
# Life of a token whose answer does not say (PySNC's fall-back, 1.5).
_UNSAID_LIFE = timedelta(seconds=3600)
_LONGEST_LIFE = timedelta(days=3650)  # more would leave the calendar
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_BY_GRANT: dict[str, type[e.TokenRefused]] = {
    "authorization_code": e.CodeRefused,
    "refresh_token": e.RefreshRefused,
    "client_credentials": e.ClientCredentialsRefused,
    "password": e.TokenRefused,
}
_CLIENT_ERRORS = frozenset({"invalid_client", "unauthorized_client"})


@dataclass(frozen=True, slots=True)
class Tokens:
    """What the instance gave. `expires_at`: end of the access token, aware UTC."""

    access_token: str = field(repr=False)
    refresh_token: str | None = field(repr=False)
    expires_at: datetime
    scope: str = ""
    token_type: str = "Bearer"  # noqa: S105 - a kind of token, no secret


@dataclass(frozen=True, slots=True)
class OAuthApplication:
    """The OAuth application that an instance has registered for us.

    `base_url`: the instance, without a path. `client_secret`: "" for a public client (PKCE only).
    All calls raise ServiceNowError: TokenRefused and its kinds when the instance gives no token.
    """

    base_url: str
    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str
    wire: Wire = field(default_factory=Wire, repr=False)
    clock: Callable[[], datetime] = field(default=now, repr=False)

    def authorization_url(self, state: str, code_verifier: str) -> str:
        """Where to send the browser. The token will belong to whoever is signed in there (1.7)."""
        return str(
            prepare_grant_uri(
                self.base_url + AUTHORIZE_PATH,
                self.client_id,
                "code",
                redirect_uri=self.redirect_uri,
                state=state,
                code_challenge=create_s256_code_challenge(code_verifier),
                code_challenge_method="S256",
            )
        )

    def exchange(self, code: str, code_verifier: str) -> Tokens:
        """Tokens for the code of the callback. A code works once."""
        return self._token(
            "authorization_code",
            redirect_uri=self.redirect_uri,
            code=code,
            code_verifier=code_verifier,
        )

    def refresh(self, refresh_token: str) -> Tokens:
        """New tokens. The refresh token stays the same where none comes back (1.4)."""
        tokens = self._token("refresh_token", refresh_token=refresh_token)
        return tokens if tokens.refresh_token else replace(tokens, refresh_token=refresh_token)

    def client_credentials(self) -> Tokens:
        """Tokens for the application's own user; needs a property in the instance (1.4)."""
        return self._token("client_credentials")

    def password(self, user: str, password: str) -> Tokens:
        """Tokens for a user's name and password, to validate them; see 1.4 for whom it refuses."""
        return self._token("password", username=user, password=password)

    def revoke(self, token: str) -> None:
        """Make an access or refresh token useless. Needs no authentication (1.2)."""
        body, headers = prepare_revoke_token_request(token, headers=dict(_FORM))
        with self.wire.telling():
            response = self._post(REVOKE_PATH, body, headers)
            if not response.is_success:
                raise _no_token(response)

    def _token(self, grant: str, **fields: str) -> Tokens:
        secret = {"client_secret": self.client_secret} if self.client_secret else {}
        body = prepare_token_request(grant, client_id=self.client_id, **secret, **fields)
        with self.wire.telling():
            response = self._post(TOKEN_PATH, body, dict(_FORM))
            given = payload(response) or {}
            if not response.is_success or not given.get("access_token"):
                raise _no_token(response, _BY_GRANT[grant])
        return read_tokens(given, self.clock())

    def _post(self, path: str, body: str, headers: dict[str, str]) -> httpx.Response:
        with build_client(self.base_url, self.wire) as client:
            try:
                return client.post(path, content=body, headers=headers)
            except httpx.TransportError as fault:
                raise from_network(network_trouble(fault), method="POST") from fault


def new_verifier() -> str:
    """A fresh secret for PKCE: 64 letters and digits."""
    return str(generate_token(64))


def read_tokens(given: Mapping[str, Any], moment: datetime) -> Tokens:
    """Tokens from the token endpoint's JSON; `expires_in` may be a number, a text, or missing."""
    return Tokens(
        access_token=str(given["access_token"]),
        refresh_token=str(given["refresh_token"]) if given.get("refresh_token") else None,
        expires_at=moment + _life(given.get("expires_in")),
        scope=str(given.get("scope") or ""),
        token_type=str(given.get("token_type") or "Bearer"),
    )


def _life(seconds: Any) -> timedelta:
    try:
        return min(timedelta(seconds=float(seconds)), _LONGEST_LIFE)
    except (TypeError, ValueError, OverflowError):
        return _UNSAID_LIFE


def _no_token(
    response: httpx.Response, refused: type[e.TokenRefused] = e.TokenRefused
) -> e.ServiceNowError:
    """The error for an answer without a token. A 401 hides its reason in the instance's log, so
    only what was asked tells the likely causes (`refused`)."""
    not_oauth = is_html(response) or response.has_redirect_location or response.status_code >= 429
    general = classify(response, method="POST") if not_oauth else None
    fault = general or _refusal(response, refused)
    fault.status = response.status_code
    return fault


def _refusal(response: httpx.Response, refused: type[e.TokenRefused]) -> e.ServiceNowError:
    if response.status_code == 401 and is_envelope(response):
        return e.AddressRefused(words(response))  # the REST interface's words, not OAuth's
    if response.status_code == 404 or "does not represent any resource" in words(response):
        return e.OAuthInactive(words(response))
    error = str((payload(response) or {}).get("error") or "")
    if error in _CLIENT_ERRORS and refused is not e.ClientCredentialsRefused:
        return e.ClientRefused(words(response))
    if error == "invalid_grant":
        return e.GrantRefused(words(response))
    return refused(words(response))
