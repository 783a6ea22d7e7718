"""What each OAuth grant demands, and the tokens it gives (servicenow-api 1.4 to 1.6)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass

from scoredesk.sandbox.servicenow.errors import TokenRefused
from scoredesk.sandbox.servicenow.instance import Instance, usable
from scoredesk.sandbox.servicenow.sign_in import clients, passwords, properties, web_tokens
from scoredesk.sandbox.servicenow.sign_in.clients import Client
from scoredesk.sandbox.servicenow.sign_in.credentials import (
    ACCESS,
    CODE,
    REFRESH,
    Credential,
    Credentials,
)
from scoredesk.sandbox.servicenow.state import Record

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"


@dataclass(frozen=True)
class Tokens:
    """What a grant gives; some give no refresh token, or do not show it."""

    access: Credential
    refresh: Credential | None
    user: Record


class Grants:
    """The grants of the token endpoint."""

    def __init__(self, instance: Instance, credentials: Credentials) -> None:
        self._instance = instance
        self._credentials = credentials

    def grant(self, client: Client, form: dict[str, str]) -> Tokens:
        """Carry out the grant that a token request names; raises TokenRefused."""
        grants = {
            "authorization_code": self._by_code,
            "refresh_token": self._by_refresh,
            "password": self._by_password,
            "client_credentials": self._by_client,
            JWT_BEARER: self._by_assertion,
        }
        kind = form.get("grant_type", "")
        if kind not in grants:
            raise TokenRefused(f"Unknown grant type {kind}", "unsupported_grant_type")
        if not properties.is_true(self._instance, properties.OAUTH_ACTIVE):
            raise TokenRefused("OAuth is not active on this instance", "unauthorized_client")
        access, refresh = grants[kind](client, form)
        user = self._credentials.user(access)
        if user is None or not usable(user):
            raise TokenRefused("The token's user is inactive, locked out or gone")
        return Tokens(access, refresh, user)

    def _by_code(self, client: Client, form: dict[str, str]) -> tuple[Credential, Credential]:
        code = self._credentials.find(CODE, form.get("code", ""))
        if code is None:
            raise TokenRefused("Unknown, used or lapsed authorization code")
        # Single use: also a failed exchange spends it.
        self._credentials.remove(code.secret)
        if code.client_id != client.id:
            raise TokenRefused("The authorization code belongs to another client")
        if code.details["redirect_uri"] != form.get("redirect_uri"):
            raise TokenRefused("redirect_uri differs from that of the authorization request")
        challenge = code.details["code_challenge"]
        if challenge and not _verifies(code.details, form.get("code_verifier", "")):
            raise TokenRefused("code_verifier does not fit the code_challenge")
        if not client.proven and not challenge:
            raise TokenRefused("A public client must use PKCE", "invalid_client")
        scope = str(code.details.get("scope", ""))
        return self._both(client, code.user_id, scope=clients.granted_scope(client.record, scope))

    def _by_refresh(
        self, client: Client, form: dict[str, str]
    ) -> tuple[Credential, Credential | None]:
        refresh = self._credentials.find(REFRESH, form.get("refresh_token", ""))
        if refresh is None or refresh.client_id != client.id:
            raise TokenRefused("Unknown, revoked or lapsed refresh token")
        scope = str(refresh.details.get("scope", clients.ANY_API))
        access = self._new(ACCESS, client, user_id=refresh.user_id, scope=scope)
        shown = self._instance.on("refresh_reply_has_refresh_token")
        return access, refresh if shown else None

    def _by_password(self, client: Client, form: dict[str, str]) -> tuple[Credential, Credential]:
        self._prove(client)
        if not self._instance.on("password_grant"):
            raise TokenRefused("The password grant is disabled", "unauthorized_client")
        try:
            user = passwords.check_for_program(
                self._instance, form.get("username", ""), form.get("password", "")
            )
        except passwords.PasswordRefused as refused:
            raise TokenRefused(str(refused)) from refused
        service_only = user.get("web_service_access_only") == "true"
        if service_only and not self._instance.on("web_service_password_grant"):
            raise TokenRefused(f"User {user['user_name']} cannot have an interactive session")
        scope = clients.granted_scope(client.record, form.get("scope", ""))
        return self._both(client, user["sys_id"], scope=scope)

    def _by_client(self, client: Client, form: dict[str, str]) -> tuple[Credential, None]:
        self._prove(client)
        enabled = properties.is_true(self._instance, properties.CLIENT_CREDENTIALS)
        if not enabled and not self._instance.on("client_credentials"):
            raise TokenRefused(
                f"Property {properties.CLIENT_CREDENTIALS} is not true", "unauthorized_client"
            )
        if not client.record.get("user"):
            raise TokenRefused("OAuth Application User is empty", "unauthorized_client")
        scope = clients.granted_scope(client.record, form.get("scope", ""))
        return self._access(client, client.record["user"], scope=scope), None

    def _by_assertion(self, client: Client, form: dict[str, str]) -> tuple[Credential, Credential]:
        self._prove(client)
        user = web_tokens.subject(
            self._instance, client.record, assertion=form.get("assertion", "")
        )
        scope = clients.granted_scope(client.record, form.get("scope", ""))
        return self._both(client, user["sys_id"], scope=scope)

    def _prove(self, client: Client) -> None:
        """PKCE replaces the secret in the code grant only."""
        if not client.proven:
            raise TokenRefused(f"Wrong secret of OAuth client {client.id}", "invalid_client")

    def _both(self, client: Client, user_id: str, *, scope: str) -> tuple[Credential, Credential]:
        refresh = self._credentials.find_for(REFRESH, client_id=client.id, user_id=user_id)
        if refresh is None or refresh.details.get("scope") != scope:
            refresh = self._new(REFRESH, client, user_id=user_id, scope=scope)
        return self._access(client, user_id, scope=scope), refresh

    def _access(self, client: Client, user_id: str, *, scope: str) -> Credential:
        """Inside its life the same access token is given again (servicenow-api 1.4)."""
        held = self._credentials.find_for(ACCESS, client_id=client.id, user_id=user_id)
        if held and held.details.get("scope") == scope:
            return held
        return self._new(ACCESS, client, user_id=user_id, scope=scope)

    def _new(self, kind: str, client: Client, *, user_id: str, scope: str) -> Credential:
        life = clients.life(self._instance, client.record, kind)
        secret = ""
        chosen = {str(self._instance.switch("token_format")), client.record.get("token_format")}
        if kind == ACCESS and "jwt" in chosen:
            now = int(self._instance.now().timestamp())
            secret = web_tokens.signed(
                {
                    "iss": client.id,
                    "aud": client.id,
                    "sub": user_id,
                    "scope": scope,
                    "iat": now,
                    "exp": now + int(life),
                    "jti": secrets.token_hex(16),
                }
            )
        return self._credentials.issue(
            kind,
            client_id=client.id,
            user_id=user_id,
            life=life,
            details={"scope": scope},
            secret=secret,
        )


def _verifies(details: dict[str, str], verifier: str) -> bool:
    if details["code_challenge_method"] != "S256":
        return hmac.compare_digest(details["code_challenge"].encode(), verifier.encode())
    digest = hashlib.sha256(verifier.encode()).digest()
    made = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return hmac.compare_digest(details["code_challenge"].encode(), made.encode())
