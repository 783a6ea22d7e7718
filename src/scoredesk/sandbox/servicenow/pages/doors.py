"""Signing in and out, and the addresses that only lead on."""

from __future__ import annotations

from urllib.parse import unquote, urlencode

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from scoredesk.sandbox.addresses import Address
from scoredesk.sandbox.servicenow.instance import Instance
from scoredesk.sandbox.servicenow.sign_in import passwords, single_sign_on
from scoredesk.sandbox.servicenow.sign_in.credentials import Credentials
from scoredesk.sandbox.servicenow.sign_in.sessions import Sessions
from scoredesk.sandbox.servicenow.state import Record
from scoredesk.sandbox.servicenow.templates import page

HOME = "/incident_list.do"
# Proof of the password, while the second factor or a new password is asked for.
RESET, FACTOR, PROOF_SECONDS = "reset", "factor", 600
LEAST = 8


class Doors:
    """Login page, side door, single sign-on, log out, deep links."""

    def __init__(self, instance: Instance, sessions: Sessions, credentials: Credentials) -> None:
        self._instance = instance
        self._sessions = sessions
        self._credentials = credentials

    def addresses(self) -> list[Address]:
        """The addresses of the doors."""
        both = ("GET", "POST")
        return [
            Address("/", self._home, "leads to the list of incidents"),
            Address("/login.do", self._login, "the log-in page", both),
            Address("/side_door.do", self._login, "signs in past single sign-on", both),
            Address("/login_with_sso.do", self._sso, "leads to single sign-on, or to the login"),
            Address("/change_password.do", self._new_password, "chooses a new password", ("POST",)),
            Address(
                "/validate_multifactor_auth_code.do",
                self._second_factor,
                "takes the second factor of a log-in",
                ("POST",),
            ),
            Address("/logout.do", self._logout, "ends the browser's session"),
            Address("/nav_to.do", self._nav_to, "leads to the page named in `uri`"),
            Address("/navpage.do", self._home, "leads to the list of incidents"),
            Address("/now/nav/ui/home", self._home, "leads to the list of incidents"),
            Address(
                "/now/nav/ui/classic/params/target/{target:path}",
                self._classic,
                "leads to the page named at its end",
            ),
        ]

    async def _home(self, request: Request) -> Response:  # noqa: ARG002 # the shape of an endpoint
        return RedirectResponse(HOME, status_code=302)

    async def _nav_to(self, request: Request) -> Response:
        # The address of the record stands unescaped in `uri`, so its own query belongs to it.
        _, _, target = request.url.query.partition("uri=")
        wanted = request.query_params.get("uri", "") if "%3F" in target.upper() else target
        return RedirectResponse(local_path(f"/{wanted.lstrip('/')}"), status_code=302)

    async def _classic(self, request: Request) -> Response:
        target = unquote(request.path_params["target"])
        query = f"?{request.url.query}" if request.url.query and "?" not in target else ""
        return RedirectResponse(local_path(f"/{target.lstrip('/')}{query}"), status_code=302)

    async def _sso(self, request: Request) -> Response:
        goto = local_path(request.query_params.get("goto", ""))
        return single_sign_on.to_login(self._instance, goto)

    async def _login(self, request: Request) -> Response:
        form = await request.form() if request.method == "POST" else FormData()
        goto = local_path(str(form.get("goto") or request.query_params.get("goto", "")))
        if request.method == "GET":
            return self._login_page(request, goto)
        user_name = str(form.get("user_name", ""))
        try:
            user = passwords.check(self._instance, user_name, str(form.get("user_password", "")))
        except passwords.PasswordRefused:
            return self._login_page(request, goto, user_name=user_name, refused=True)
        if user.get("web_service_access_only") == "true":
            return self._login_page(request, goto, user_name=user_name, refused=True)
        # The switch names no code: then nobody could ever enter, so nobody is asked.
        if self._instance.on("mfa") and self._instance.switch("mfa_code"):
            return self._factor_page(user, goto)
        return self._passed(user, goto)

    def _passed(self, user: Record, goto: str) -> Response:
        if passwords.must_change(user):
            return self._password_page(user, goto)
        return self._entered(user, goto)

    def _factor_page(self, user: Record, goto: str, *, refused: bool = False) -> Response:
        proof = self._credentials.issue(
            FACTOR, client_id="", user_id=user["sys_id"], life=PROOF_SECONDS
        )
        return page(
            "second_factor.html",
            status=401 if refused else 200,
            language=user.get("preferred_language", ""),
            goto=goto,
            proof=proof.secret,
            trouble="The code is not right." if refused else "",
        )

    async def _second_factor(self, request: Request) -> Response:
        form = await request.form()
        goto = local_path(str(form.get("goto", "")))
        user = self._proven(FACTOR, form)
        if user is None:
            return RedirectResponse(f"/login.do?{urlencode({'goto': goto})}", status_code=303)
        if str(form.get("code", "")) != str(self._instance.switch("mfa_code")):
            return self._factor_page(user, goto, refused=True)
        return self._passed(user, goto)

    def _proven(self, kind: str, form: FormData) -> Record | None:
        """Whose proof a form brings; each serves once."""
        proof = self._credentials.find(kind, str(form.get("proof", "")))
        if proof is None:
            return None
        self._credentials.remove(proof.secret)
        return self._credentials.user(proof)

    def _login_page(
        self, request: Request, goto: str, *, user_name: str = "", refused: bool = False
    ) -> Response:
        trouble = "User name or password invalid, or the account is locked." if refused else ""
        chinese = request.headers.get("accept-language", "").lower().startswith("zh")
        return page(
            "login.html",
            status=401 if refused else 200,
            language="zh" if chinese else "en",
            goto=goto,
            trouble=trouble,
            user_name=user_name,
            action=request.url.path,
        )

    def _password_page(self, user: Record, goto: str, *, trouble: str = "") -> Response:
        proof = self._credentials.issue(
            RESET, client_id="", user_id=user["sys_id"], life=PROOF_SECONDS
        )
        return page(
            "new_password.html",
            language=user.get("preferred_language", ""),
            goto=goto,
            proof=proof.secret,
            trouble=trouble,
            status=400 if trouble else 200,
        )

    async def _new_password(self, request: Request) -> Response:
        form = await request.form()
        goto = local_path(str(form.get("goto", "")))
        user = self._proven(RESET, form)
        if user is None:
            return RedirectResponse(f"/login.do?{urlencode({'goto': goto})}", status_code=303)
        chosen, again = str(form.get("new_password", "")), str(form.get("again", ""))
        if len(chosen) < LEAST or chosen != again:
            trouble = "The new password needs eight characters, typed twice alike."
            return self._password_page(user, goto, trouble=trouble)
        passwords.change(self._instance, user, chosen)
        return self._entered(user, goto)

    def _entered(self, user: Record, goto: str) -> Response:
        stored = self._instance.store.get("sys_user", user["sys_id"])
        if stored:
            now = {**stored[1], "last_login_time": self._instance.stamp()}
            self._instance.store.replace("sys_user", now)
        reply = RedirectResponse(goto, status_code=303)
        self._sessions.start(reply, user)
        return reply

    async def _logout(self, request: Request) -> Response:
        goto = request.query_params.get("goto", "")
        reply = RedirectResponse(local_path(goto) if goto else "/login.do", status_code=303)
        self._sessions.end(request, reply)
        return reply


def local_path(text: str) -> str:
    """A path of this instance; anything that leads elsewhere becomes the start page."""
    safe = text.startswith("/") and not text.startswith(("//", "/\\"))
    return text if safe and text.isprintable() else HOME
