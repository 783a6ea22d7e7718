"""OAuth 2.0 of the instance: authorize, token, revoke, keys (servicenow-api 1.2 to 1.7)."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from scoredesk.sandbox.addresses import Address
from scoredesk.sandbox.servicenow.errors import TokenRefused
from scoredesk.sandbox.servicenow.instance import Instance
from scoredesk.sandbox.servicenow.replies import json_reply
from scoredesk.sandbox.servicenow.sign_in import clients, system_log, web_tokens
from scoredesk.sandbox.servicenow.sign_in.authorize import Authorize
from scoredesk.sandbox.servicenow.sign_in.credentials import Credentials
from scoredesk.sandbox.servicenow.sign_in.grants import JWT_BEARER, Grants
from scoredesk.sandbox.servicenow.sign_in.sessions import Sessions
from scoredesk.sandbox.wire import note_user


class OAuth:
    """The OAuth addresses."""

    def __init__(self, instance: Instance, credentials: Credentials, sessions: Sessions) -> None:
        self._instance = instance
        self._credentials = credentials
        self._authorize = Authorize(instance, credentials, sessions)
        self._grants = Grants(instance, credentials)

    def addresses(self) -> list[Address]:
        """The addresses of OAuth."""
        asked = ("GET", "POST")
        return [
            Address("/oauth_auth.do", self._authorize.answer, "the Allow/Deny page", asked),
            Address("/oauth_token.do", self.token, "tokens for a grant", ("POST",)),
            Address("/oauth_revoke_token.do", self.revoke, "ends a token", asked),
            Address("/api/now/oauth/jwks", self.keys, "keys of tokens in JWT format"),
        ]

    async def token(self, request: Request) -> Response:
        """Every failure is the same 401; the real reason stays in the system log (1.6)."""
        form = {name: str(value) for name, value in (await request.form()).items()}
        if form.get("grant_type") == JWT_BEARER and not form.get("assertion"):
            # Some clients carry it in a header of this name (servicenow-api 1.4).
            form["assertion"] = request.headers.get("authentication", "").removeprefix("Bearer ")
        try:
            reply = self._granted(request, form)
        except TokenRefused as refused:
            return self._refused(refused)
        return json_reply(self._instance, reply, logged_in=False)

    async def revoke(self, request: Request) -> Response:
        """Needs no authentication; an unknown token is no error."""
        secret = request.query_params.get("token", "")
        if not secret and request.method == "POST":
            secret = str((await request.form()).get("token", ""))
        self._credentials.remove(secret)
        return json_reply(self._instance, {}, logged_in=False)

    async def keys(self, request: Request) -> Response:  # noqa: ARG002 # the shape of an endpoint
        """The public key of tokens in JWT format."""
        return json_reply(self._instance, web_tokens.key_set(), logged_in=False)

    def _granted(self, request: Request, form: dict[str, str]) -> dict[str, object]:
        client = clients.identify(
            self._instance, form, authorization=request.headers.get("authorization", "")
        )
        tokens = self._grants.grant(client, form)
        note_user(request.scope, tokens.user["user_name"])
        reply: dict[str, object] = {"access_token": tokens.access.secret}
        if tokens.refresh:
            reply["refresh_token"] = tokens.refresh.secret
        return {
            **reply,
            "scope": tokens.access.details["scope"],
            "token_type": "Bearer",
            "expires_in": self._credentials.remaining(tokens.access),
        }

    def _refused(self, refused: TokenRefused) -> Response:
        system_log.note(self._instance, refused.reason, source="OAuth", level=system_log.ERROR)
        if self._instance.switch("token_error_style") == "oauth":
            status = 401 if refused.error == "invalid_client" else 400
            body = {"error_description": refused.reason, "error": refused.error}
            return json_reply(self._instance, body, status=status, logged_in=False)
        return json_reply(self._instance, refused.body, status=401, logged_in=False)
