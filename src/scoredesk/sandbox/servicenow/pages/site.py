"""The instance's own pages: sign in and out, lists, records."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from scoredesk.sandbox.addresses import Address
from scoredesk.sandbox.servicenow import errors
from scoredesk.sandbox.servicenow.database.schema import TABLES
from scoredesk.sandbox.servicenow.instance import Caller, Instance
from scoredesk.sandbox.servicenow.pages import forms, lists
from scoredesk.sandbox.servicenow.sign_in import passwords, single_sign_on
from scoredesk.sandbox.servicenow.sign_in.sessions import Sessions
from scoredesk.sandbox.servicenow.state import Record
from scoredesk.sandbox.servicenow.tables import access, records
from scoredesk.sandbox.servicenow.templates import page

HOME = "/incident_list.do"
SHOWN = tuple(lists.COLUMNS)
PersonHandler = Callable[[Request, Caller], Awaitable[Response]]


class Pages:
    """What a person sees in a browser."""

    def __init__(self, instance: Instance, sessions: Sessions) -> None:
        self._instance = instance
        self._sessions = sessions

    def addresses(self) -> list[Address]:
        """The addresses of the pages."""
        made = [
            Address("/", self._home, "leads to the list of incidents"),
            Address("/login.do", self._login, "the log-in page", ("GET", "POST")),
            Address("/side_door.do", self._login, "signs in past single sign-on", ("GET", "POST")),
            Address("/logout.do", self._logout, "ends the browser's session"),
            Address("/nav_to.do", self._nav_to, "leads to the page named in `uri`"),
        ]
        for table in SHOWN:
            label = TABLES[table].label.lower()
            made += [
                Address(f"/{table}_list.do", self._signed_in(self._list), f"list: {label}"),
                Address(
                    f"/{table}.do", self._signed_in(self._record), f"form: {label}", ("GET", "POST")
                ),
            ]
        return made

    def _signed_in(self, handler: PersonHandler) -> Callable[[Request], Awaitable[Response]]:
        """The handler for whoever is signed in; everyone else goes to the login page and back."""

        async def endpoint(request: Request) -> Response:
            user = self._sessions.of(request)
            if user is None:
                query = f"?{request.url.query}" if request.url.query else ""
                return single_sign_on.to_login(self._instance, f"{request.url.path}{query}")
            caller = self._instance.caller(user)
            try:
                return await handler(request, caller)
            except errors.Refusal as refusal:
                return page(
                    "problem.html",
                    status=refusal.status,
                    user=caller,
                    title=refusal.message,
                    text=refusal.detail or "Security constraints prevent access to this page.",
                )

        return endpoint

    async def _home(self, request: Request) -> Response:  # noqa: ARG002 # the shape of an endpoint
        return RedirectResponse(HOME, status_code=302)

    async def _nav_to(self, request: Request) -> Response:
        # The address of the record stands unescaped in `uri`, so its own query belongs to it.
        _, _, target = request.url.query.partition("uri=")
        wanted = request.query_params.get("uri", "") if "%3F" in target.upper() else target
        return RedirectResponse(local_path(f"/{wanted.lstrip('/')}"), status_code=302)

    async def _login(self, request: Request) -> Response:
        form = await request.form() if request.method == "POST" else FormData()
        goto = local_path(str(form.get("goto") or request.query_params.get("goto", "")))
        if request.method == "GET":
            return page("login.html", goto=goto, trouble="", user_name="")
        user_name = str(form.get("user_name", ""))
        try:
            user: Record | None = passwords.check(
                self._instance, user_name, str(form.get("user_password", ""))
            )
        except passwords.PasswordRefused:
            user = None
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

    async def _list(self, request: Request, caller: Caller) -> Response:
        table = request.url.path.removeprefix("/").removesuffix("_list.do")
        if not access.check_table(self._instance, caller, table=table):
            raise errors.unreadable_table()
        shown = lists.list_of(
            self._instance, caller, table=table, params=dict(request.query_params)
        )
        return page("list.html", user=caller, here=table, list=shown)

    async def _record(self, request: Request, caller: Caller) -> Response:
        table = request.url.path.removeprefix("/").removesuffix(".do")
        sys_id = request.query_params.get("sys_id", "")
        if not access.check_table(self._instance, caller, table=table):
            raise errors.unreadable_table()
        if request.method == "POST":
            form = await request.form()
            return self._updated(request, caller, table=table, form=form)
        found = self._instance.store.get(table, sys_id)
        if found is None or not access.visible(caller, found):
            raise errors.not_found()
        return self._form(request, caller, table=table, record=found[1])

    def _updated(self, request: Request, caller: Caller, *, table: str, form: FormData) -> Response:
        """Store what a person changed; a refusal shows the form again with all they typed."""
        sys_id = str(form.get("sys_id", ""))
        typed = {name: str(value).replace("\r\n", "\n") for name, value in form.items()}
        found = self._instance.store.get(table, sys_id)
        if found is None:
            raise errors.not_found()
        if not self._sessions.genuine(request, form):
            trouble = "This page was opened in another session. Check the values and update again."
            return self._form(
                request, caller, table=table, record={**found[1], **typed}, trouble=trouble
            )
        sent = {name: value for name, value in typed.items() if name in forms.editable(table)}
        try:
            records.update(records.Writing(self._instance, caller), table, sys_id=sys_id, sent=sent)
        except errors.Refusal as refusal:
            trouble = f"{refusal.message}: {refusal.detail}"
            return self._form(
                request, caller, table=table, record={**found[1], **typed}, trouble=trouble
            )
        return RedirectResponse(f"/{table}.do?sys_id={sys_id}&updated=1", status_code=303)

    def _form(
        self,
        request: Request,
        caller: Caller,
        *,
        table: str,
        record: dict[str, str],
        trouble: str = "",
    ) -> Response:
        stored = self._instance.store.get(table, record["sys_id"])
        shown = forms.form_of(
            self._instance, caller, table=table, record=(stored[1] if stored else {}, record)
        )
        return page(
            "record.html",
            status=403 if trouble else 200,
            user=caller,
            here=table,
            form=shown,
            trouble=trouble,
            updated=request.query_params.get("updated") == "1" and not trouble,
            token=self._sessions.form_token(request),
        )


def local_path(text: str) -> str:
    """A path of this instance; anything that leads elsewhere becomes the start page."""
    return text if text.startswith("/") and not text.startswith(("//", "/\\")) else HOME
