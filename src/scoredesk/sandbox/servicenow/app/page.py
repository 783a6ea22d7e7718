"""The app's own page in the instance: install it, tell it the product's hook, see its status."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from scoredesk.sandbox.addresses import Address
from scoredesk.sandbox.servicenow.app.connector import VERSION, Connector
from scoredesk.sandbox.servicenow.instance import Caller, Instance
from scoredesk.sandbox.servicenow.pages import navigator
from scoredesk.sandbox.servicenow.sign_in import single_sign_on
from scoredesk.sandbox.servicenow.sign_in.sessions import Sessions
from scoredesk.sandbox.servicenow.templates import page

PATH = "/x_scoredesk_connector.do"
SHOWN = 10


class ConnectorPage:
    """What an administrator sees under "Scoredesk connector" in the navigator."""

    def __init__(self, instance: Instance, sessions: Sessions, connector: Connector) -> None:
        self._instance = instance
        self._sessions = sessions
        self._connector = connector

    def addresses(self) -> list[Address]:
        """The page's one address."""
        return [Address(PATH, self.answer, "Scoredesk connector", ("GET", "POST"))]

    async def answer(self, request: Request) -> Response:
        """The page, and what its buttons do; for administrators."""
        user = self._sessions.of(request)
        if user is None:
            return single_sign_on.to_login(self._instance, PATH)
        caller = self._instance.caller(user)
        if not caller.has("admin"):
            text = "Only an administrator may install the connector app."
            return self._page(
                request, caller, "problem.html", status=403, title="Not allowed", text=text
            )
        if request.method == "POST":
            return await self._pressed(request, caller)
        return self._shown(request, caller)

    async def _pressed(self, request: Request, caller: Caller) -> Response:
        form = await request.form()
        if not self._sessions.genuine(request, form):
            trouble = "This page was opened in another session. Check the values and save again."
            return self._shown(request, caller, trouble=trouble)
        given: dict[str, object] = {}
        if form.get("decision") in {"install", "save"}:
            given = {"installed": True, "hook_url": str(form.get("hook_url", "")).strip()}
            # An empty field keeps the secret: it is never shown again.
            if form.get("hook_secret"):
                given["hook_secret"] = str(form["hook_secret"])
        elif form.get("decision") == "remove":
            given = {"installed": False, "hook_url": "", "hook_secret": ""}
        try:
            self._connector.set_up(given)
        except ValueError as error:
            return self._shown(request, caller, trouble=str(error))
        return RedirectResponse(PATH, status_code=303)

    def _shown(self, request: Request, caller: Caller, *, trouble: str = "") -> Response:
        status = self._connector.as_json()
        return self._page(
            request,
            caller,
            "connector.html",
            status=400 if trouble else 200,
            app=status,
            version=VERSION,
            notices=list(reversed(status["notifications"][-SHOWN:])),
            trouble=trouble,
        )

    def _page(
        self, request: Request, caller: Caller, name: str, *, status: int, **values: object
    ) -> Response:
        """A page in the instance's frame."""
        return page(
            name,
            status=status,
            language=caller.language,
            user=caller,
            applications=navigator.applications(caller, PATH, added=self.addresses()),
            token=self._sessions.form_token(request),
            **values,
        )
