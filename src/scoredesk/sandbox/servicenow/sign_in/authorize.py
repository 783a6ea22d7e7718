"""The authorization request: sign in, then Allow or Deny (servicenow-api 1.7)."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from scoredesk.sandbox.servicenow.instance import Instance
from scoredesk.sandbox.servicenow.sign_in import clients, properties, single_sign_on
from scoredesk.sandbox.servicenow.sign_in.credentials import CODE, CODE_SECONDS, Credentials
from scoredesk.sandbox.servicenow.sign_in.sessions import Sessions
from scoredesk.sandbox.servicenow.state import Record
from scoredesk.sandbox.servicenow.templates import page

ASKED = (
    "response_type",
    "client_id",
    "redirect_uri",
    "state",
    "scope",
    "code_challenge",
    "code_challenge_method",
)


class Authorize:
    """`/oauth_auth.do`."""

    def __init__(self, instance: Instance, credentials: Credentials, sessions: Sessions) -> None:
        self._instance = instance
        self._credentials = credentials
        self._sessions = sessions

    async def answer(self, request: Request) -> Response:
        """The Allow/Deny page, and what its buttons do."""
        form = await request.form() if request.method == "POST" else FormData()
        given = form if request.method == "POST" else request.query_params
        asked = {name: str(given.get(name, "")) for name in ASKED}
        client = clients.find(self._instance, asked["client_id"])
        trouble = self._trouble(client, asked)
        signed_in = self._sessions.of(request)
        language = signed_in.get("preferred_language", "") if signed_in else ""
        if trouble or client is None:
            title = "OAuth request refused"
            return page("problem.html", status=400, language=language, title=title, text=trouble)
        if signed_in is None:
            here = f"{request.url.path}?{request.url.query}"
            return single_sign_on.to_login(self._instance, here)
        if request.method == "POST" and self._sessions.genuine(request, form):
            return self._decided(asked, form, user_id=str(signed_in["sys_id"]))
        here = f"/oauth_auth.do?{urlencode(asked)}"
        return page(
            "allow.html",
            language=language,
            asked=asked,
            client=client,
            person=signed_in,
            token=self._sessions.form_token(request),
            not_you=f"/logout.do?{urlencode({'goto': here})}",
        )

    def _trouble(self, client: Record | None, asked: dict[str, str]) -> str:
        """What is wrong with an authorization request, for a person; empty if nothing is."""
        if client is None:
            return "Invalid client_id: no active OAuth application is registered under it."
        checks = (
            (
                properties.is_true(self._instance, properties.OAUTH_ACTIVE),
                "OAuth is not active on this instance.",
            ),
            (
                asked["response_type"] == "code",
                "Invalid response_type: only code is supported.",
            ),
            (
                asked["code_challenge_method"] in {"", "plain", "S256"},
                "Invalid code_challenge_method: S256 and plain are supported.",
            ),
            (
                self._redirect_fits(client, asked),
                "Invalid redirect_uri: it is not among the redirect URLs of this application.",
            ),
            (
                bool(asked["state"].strip()) or not self._state_required(),
                "Missing State parameter in request.",
            ),
        )
        return next((trouble for fits, trouble in checks if not fits), "")

    def _redirect_fits(self, client: Record, asked: dict[str, str]) -> bool:
        """Puts the first registered URL where none was named, or where the switch says so."""
        allowed = clients.redirects(self._instance, client)
        if asked["redirect_uri"] in allowed:
            return True
        first = self._instance.switch("redirect_mismatch") == "first" or not asked["redirect_uri"]
        if not first or not allowed:
            return False
        asked["redirect_uri"] = allowed[0]
        return True

    def _state_required(self) -> bool:
        return self._instance.on("oauth_state_required") or properties.is_true(
            self._instance, properties.STATE_REQUIRED
        )

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
