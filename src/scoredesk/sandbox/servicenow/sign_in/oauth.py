"""OAuth 2.0 of the instance: authorize, token, revoke (servicenow-api 1.2 to 1.7)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from urllib.parse import urlencode

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from scoredesk.sandbox.addresses import Address
from scoredesk.sandbox.servicenow.errors import TokenRefused
from scoredesk.sandbox.servicenow.instance import Instance, usable
from scoredesk.sandbox.servicenow.replies import json_reply
from scoredesk.sandbox.servicenow.sign_in.authentication import by_basic
from scoredesk.sandbox.servicenow.sign_in.credentials import (
    ACCESS,
    CODE,
    CODE_SECONDS,
    REFRESH,
    Credential,
    Credentials,
)
from scoredesk.sandbox.servicenow.sign_in.sessions import Sessions
from scoredesk.sandbox.servicenow.state import Record
from scoredesk.sandbox.servicenow.templates import page
from scoredesk.sandbox.wire import note_user

ASKED = (
    "response_type",
    "client_id",
    "redirect_uri",
    "state",
    "code_challenge",
    "code_challenge_method",
)


class OAuth:
    """The three OAuth addresses."""

    def __init__(self, instance: Instance, credentials: Credentials, sessions: Sessions) -> None:
        self._instance = instance
        self._credentials = credentials
        self._sessions = sessions

    def addresses(self) -> list[Address]:
        """The addresses of OAuth."""
        return [
            Address("/oauth_auth.do", self.authorize, "the Allow/Deny page", ("GET", "POST")),
            Address("/oauth_token.do", self.token, "tokens for a grant", ("POST",)),
            Address("/oauth_revoke_token.do", self.revoke, "ends a token", ("GET", "POST")),
        ]

    async def authorize(self, request: Request) -> Response:
        """The Allow/Deny page, and what its buttons do."""
        form = await request.form() if request.method == "POST" else FormData()
        given = form if request.method == "POST" else request.query_params
        asked = {name: str(given.get(name, "")) for name in ASKED}
        client = self._instance.store.find("oauth_entity", client_id=asked["client_id"])
        trouble = self._trouble(client, asked)
        if trouble or client is None:
            return page("problem.html", status=400, title="OAuth request refused", text=trouble)
        signed_in = self._sessions.of(request)
        if signed_in is None:
            return self._to_login(request)
        if request.method == "POST" and self._sessions.genuine(request, form):
            return self._decided(asked, form, user_id=str(signed_in["sys_id"]))
        here = f"/oauth_auth.do?{urlencode(asked)}"
        return page(
            "allow.html",
            asked=asked,
            client=client,
            user=signed_in,
            token=self._sessions.form_token(request),
            not_you=f"/logout.do?{urlencode({'goto': here})}",
        )

    async def token(self, request: Request) -> Response:
        """Every failure is the same 401; the real reason stays in the instance's log (1.6)."""
        form = await request.form()
        given = {name: str(value) for name, value in form.items()}
        try:
            reply = self._granted(request, {**_client_by_basic(request), **given})
        except TokenRefused as refused:
            return json_reply(self._instance, refused.body, status=401, logged_in=False)
        return json_reply(self._instance, reply, logged_in=False)

    async def revoke(self, request: Request) -> Response:
        """Needs no authentication; an unknown token is no error."""
        secret = request.query_params.get("token", "")
        if not secret and request.method == "POST":
            secret = str((await request.form()).get("token", ""))
        self._credentials.remove(secret)
        return json_reply(self._instance, {}, logged_in=False)

    def _trouble(self, client: Record | None, asked: dict[str, str]) -> str:
        """What is wrong with an authorization request, for a person; empty if nothing is."""
        if client is None or client.get("active") != "true":
            return "Invalid client_id: no active OAuth application is registered under it."
        if asked["response_type"] != "code":
            return "Invalid response_type: only code is supported."
        allowed = self._redirects(client)
        if asked["redirect_uri"] not in allowed:
            if self._instance.switch("redirect_mismatch") != "first":
                return (
                    "Invalid redirect_uri: it is not among the redirect URLs of this application."
                )
            asked["redirect_uri"] = allowed[0]
        if not asked["state"] and self._instance.on("oauth_state_required"):
            return "Missing State parameter in request."
        return ""

    def _redirects(self, client: Record) -> list[str]:
        registered = client.get("redirect_url", "").split(",")
        added: list[str] = self._instance.shared.switches.get("oauth_redirects")
        return [url.strip() for url in [*registered, *added] if url.strip()]

    def _to_login(self, request: Request) -> Response:
        host = self._instance.switch("sso_host")
        here = f"{request.url.path}?{request.url.query}"
        if host:
            return RedirectResponse(
                f"https://{host}/saml2?{urlencode({'RelayState': here})}", status_code=302
            )
        return RedirectResponse(f"/login.do?{urlencode({'goto': here})}", status_code=302)

    def _decided(self, asked: dict[str, str], form: FormData, *, user_id: str) -> Response:
        answer = {"state": asked["state"]} if asked["state"] else {}
        if form.get("decision") == "allow":
            code = self._credentials.issue(
                CODE,
                client_id=asked["client_id"],
                user_id=user_id,
                life=CODE_SECONDS,
                details=asked,
            )
            answer = {"code": code.secret, **answer}
        else:
            answer = {"error": "access_denied", **answer}
        joint = "&" if "?" in asked["redirect_uri"] else "?"
        return RedirectResponse(
            f"{asked['redirect_uri']}{joint}{urlencode(answer)}", status_code=302
        )

    def _granted(self, request: Request, form: dict[str, str]) -> dict[str, object]:
        client = self._client(form)
        grants = {
            "authorization_code": self._by_code,
            "refresh_token": self._by_refresh,
            "password": self._by_password,
            "client_credentials": self._by_client,
        }
        grant = grants.get(form.get("grant_type", ""))
        if grant is None:
            raise TokenRefused
        access, refresh = grant(client, form)
        user = self._credentials.user(access)
        if user is None or not usable(user):
            raise TokenRefused
        note_user(request.scope, user["user_name"])
        reply: dict[str, object] = {"access_token": access.secret}
        if refresh:
            reply["refresh_token"] = refresh.secret
        remaining = self._credentials.remaining(access)
        return {**reply, "scope": "useraccount", "token_type": "Bearer", "expires_in": remaining}

    def _client(self, form: dict[str, str]) -> Record:
        client = self._instance.store.find("oauth_entity", client_id=form.get("client_id", ""))
        if client is None or client.get("active") != "true":
            raise TokenRefused
        public = client.get("public_client") == "true" or self._instance.on("public_client")
        right = hmac.compare_digest(client.get("client_secret", ""), form.get("client_secret", ""))
        if not right and not (public and form.get("code_verifier")):
            raise TokenRefused
        return client

    def _by_code(self, client: Record, form: dict[str, str]) -> tuple[Credential, Credential]:
        code = self._credentials.find(CODE, form.get("code", ""))
        if code is None:
            raise TokenRefused
        # Single use: also a failed exchange spends it.
        self._credentials.remove(code.secret)
        challenge = code.details["code_challenge"]
        if (
            code.client_id != client["client_id"]
            or code.details["redirect_uri"] != form.get("redirect_uri")
            or (challenge and not _verifies(code.details, form.get("code_verifier", "")))
        ):
            raise TokenRefused
        return self._tokens(client["client_id"], code.user_id)

    def _by_refresh(self, client: Record, form: dict[str, str]) -> tuple[Credential, Credential]:
        refresh = self._credentials.find(REFRESH, form.get("refresh_token", ""))
        if refresh is None or refresh.client_id != client["client_id"]:
            raise TokenRefused
        access = self._new(ACCESS, refresh.client_id, user_id=refresh.user_id)
        return access, refresh

    def _by_password(self, client: Record, form: dict[str, str]) -> tuple[Credential, Credential]:
        user = self._instance.sign_in(form.get("username", ""), form.get("password", ""))
        if user is None or not self._instance.on("password_grant"):
            raise TokenRefused
        service_only = user.get("web_service_access_only") == "true"
        if service_only and not self._instance.on("web_service_password_grant"):
            raise TokenRefused
        return self._tokens(client["client_id"], user["sys_id"])

    def _by_client(self, client: Record, form: dict[str, str]) -> tuple[Credential, None]:  # noqa: ARG002 # the shape of a grant
        user_id = client.get("user", "")
        if not self._instance.on("client_credentials") or not user_id:
            raise TokenRefused
        return self._access(client["client_id"], user_id), None

    def _tokens(self, client_id: str, user_id: str) -> tuple[Credential, Credential]:
        refresh = self._credentials.find_for(REFRESH, client_id=client_id, user_id=user_id)
        return self._access(client_id, user_id), refresh or self._new(
            REFRESH, client_id, user_id=user_id
        )

    def _access(self, client_id: str, user_id: str) -> Credential:
        """Inside its life the same access token is given again (servicenow-api 1.4)."""
        held = self._credentials.find_for(ACCESS, client_id=client_id, user_id=user_id)
        return held or self._new(ACCESS, client_id, user_id=user_id)

    def _new(self, kind: str, client_id: str, *, user_id: str) -> Credential:
        life = float(self._instance.shared.switches.get(f"{kind}_token_life"))
        return self._credentials.issue(kind, client_id=client_id, user_id=user_id, life=life)


def _client_by_basic(request: Request) -> dict[str, str]:
    """The client's id and secret in the header, as requests-oauthlib sends them by default."""
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return {}
    pair = by_basic(encoded.strip())
    return {"client_id": pair[0], "client_secret": pair[1]} if pair else {}


def _verifies(details: dict[str, str], verifier: str) -> bool:
    if details["code_challenge_method"] != "S256":
        return hmac.compare_digest(details["code_challenge"], verifier)
    digest = hashlib.sha256(verifier.encode()).digest()
    made = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return hmac.compare_digest(details["code_challenge"], made)
