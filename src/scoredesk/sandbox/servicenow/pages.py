"""The instance's own pages: sign in, sign out, navigation."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from scoredesk.sandbox.servicenow.instance import Instance
from scoredesk.sandbox.servicenow.sessions import Sessions
from scoredesk.sandbox.servicenow.templates import page

HOME = "/incident_list.do"


class Pages:
    """What a person sees in a browser."""

    def __init__(self, instance: Instance, sessions: Sessions) -> None:
        self._instance = instance
        self._sessions = sessions

    def routes(self) -> list[Route]:
        """The addresses of the pages."""
        return [
            Route("/", self._home),
            Route("/login.do", self._login, methods=["GET", "POST"]),
            Route("/logout.do", self._logout),
        ]

    async def _home(self, request: Request) -> Response:  # noqa: ARG002 # the shape of an endpoint
        return RedirectResponse(HOME, status_code=302)

    async def _login(self, request: Request) -> Response:
        form = await request.form() if request.method == "POST" else {}
        goto = local_path(str(form.get("goto") or request.query_params.get("goto", "")))
        if request.method == "GET":
            return page("login.html", goto=goto, trouble="", user_name="")
        user_name = str(form.get("user_name", ""))
        user = self._instance.sign_in(user_name, str(form.get("user_password", "")))
        if user is None or user.get("web_service_access_only") == "true":
            trouble = "User name or password invalid, or the account is locked."
            return page("login.html", status=401, goto=goto, trouble=trouble, user_name=user_name)
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
    return text if text.startswith("/") and not text.startswith(("//", "/\\")) else HOME
