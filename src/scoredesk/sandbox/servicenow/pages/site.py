"""The instance's own pages for whoever is signed in: lists, records, tokens."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Sequence
from urllib.parse import quote

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from scoredesk.sandbox.addresses import Address
from scoredesk.sandbox.servicenow import errors
from scoredesk.sandbox.servicenow.database.schema import TABLES
from scoredesk.sandbox.servicenow.instance import Caller, Instance
from scoredesk.sandbox.servicenow.pages import filters, forms, layout, lists, navigator, writing
from scoredesk.sandbox.servicenow.pages.doors import Doors, local_path
from scoredesk.sandbox.servicenow.pages.registry import Registry
from scoredesk.sandbox.servicenow.sign_in import single_sign_on
from scoredesk.sandbox.servicenow.sign_in.credentials import Credentials
from scoredesk.sandbox.servicenow.sign_in.sessions import Sessions
from scoredesk.sandbox.servicenow.state import Record
from scoredesk.sandbox.servicenow.tables import access, records
from scoredesk.sandbox.servicenow.templates import page
from scoredesk.sandbox.servicenow.templates.words import refused

PersonHandler = Callable[[Request, Caller], Awaitable[Response]]
PRESSED = "sysverb"


class Pages:
    """What a person sees in a browser; `added` are pages of installed applications."""

    def __init__(
        self,
        instance: Instance,
        sessions: Sessions,
        credentials: Credentials,
        *,
        added: Sequence[Address] = (),
    ) -> None:
        self._instance = instance
        self._sessions = sessions
        self._added = added
        self._doors = Doors(instance, sessions, credentials)
        self._registry = Registry(instance, sessions, credentials, show=self.show)

    def addresses(self) -> list[Address]:
        """The addresses of the pages."""
        both = ("GET", "POST")
        own = [
            Address(
                "/oauth_credential_list.do",
                self.signed_in(self._registry.tokens),
                "tokens that were issued; an administrator revokes them",
                both,
            ),
            Address(
                "/wizard_view.do",
                self.signed_in(self._registry.wizard),
                "kinds of OAuth application, before a new one is registered",
            ),
            Address("/{table:table}_list.do", self.signed_in(self._list), "a table's list"),
            Address("/{table:table}.do", self.signed_in(self._record), "a record's form", both),
        ]
        return [*self._doors.addresses(), *own]

    def signed_in(self, handler: PersonHandler) -> Callable[[Request], Awaitable[Response]]:
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
                text = refusal.detail or "Security constraints prevent access to this page."
                status = refusal.status
                return self.show(
                    request, caller, "problem.html", status=status, title=refusal.message, text=text
                )

        return endpoint

    def show(
        self, request: Request, caller: Caller, name: str, *, status: int = 200, **values: object
    ) -> Response:
        """A page in the frame: navigator, who is signed in, the person's language."""
        query = f"?{request.url.query}" if request.url.query else ""
        apps = navigator.applications(caller, request.url.path + query, added=self._added)
        return page(
            name,
            status=status,
            language=caller.language,
            user=caller,
            applications=apps,
            token=self._sessions.form_token(request),
            **values,
        )

    async def _list(self, request: Request, caller: Caller) -> Response:
        table = request.path_params["table"]
        if not access.check_table(self._instance, caller, table=table):
            raise errors.unreadable_table()
        params = request.query_params
        if PRESSED in params:
            built = lists.built_query(self._instance, caller, table=table, params=params)
            return RedirectResponse(f"{request.url.path}{built}", status_code=302)
        shown = lists.list_of(self._instance, caller, table=table, params=params)
        return self.show(
            request,
            caller,
            "list.html",
            list=shown,
            operators=filters.OPERATORS,
            new=self._new_url(caller, table),
        )

    def _new_url(self, caller: Caller, table: str) -> str:
        if not forms.may_insert(self._instance, caller, table):
            return ""
        registry = "/wizard_view.do?sys_target=oauth_entity"
        return registry if table == "oauth_entity" else f"/{table}.do?sys_id=-1"

    async def _record(self, request: Request, caller: Caller) -> Response:
        table = request.path_params["table"]
        if not access.check_table(self._instance, caller, table=table):
            raise errors.unreadable_table()
        if request.method == "POST":
            return self._posted(request, caller, table=table, form=await request.form())
        sys_id = request.query_params.get("sys_id", "")
        if sys_id == "-1":
            if not forms.may_insert(self._instance, caller, table):
                raise errors.acl("Insert")
            return self._form(request, caller, table=table, record=({}, self._preset(request)))
        found = self._found(request, caller, table=table, sys_id=sys_id)
        if found[0] != table:
            return RedirectResponse(f"/{found[0]}.do?sys_id={found[1]['sys_id']}", status_code=302)
        return self._form(request, caller, table=table, record=(found[1], found[1]))

    def _found(
        self, request: Request, caller: Caller, *, table: str, sys_id: str
    ) -> tuple[str, Record]:
        """The record that `sys_id` names, or else the first that `sysparm_query` finds."""
        found = self._instance.store.get(table, sys_id)
        wanted = request.query_params.get("sysparm_query", "")
        if found is None and wanted:
            rows = lists.select(self._instance, caller, table=table, encoded=wanted, limit=1)
            found = rows[0][0] if rows[0] else None
        if found is None or not access.visible(caller, found):
            raise errors.not_found()
        return found

    def _preset(self, request: Request) -> Record:
        """Values of a new record: the form's own, and those that `sysparm_query` gives."""
        table = request.path_params["table"]
        known = self._instance.schema.tables[table].fields
        asked = filters.read(known, request.query_params.get("sysparm_query", ""))
        given = {each.field: each.value for each in asked.conditions if each.operator == "="}
        made = {**layout.NEW_VALUES.get(table, {}), **given}
        if table == "oauth_entity":
            made.setdefault("client_id", secrets.token_hex(16))
        return made

    def _posted(self, request: Request, caller: Caller, *, table: str, form: FormData) -> Response:
        """Store or delete; a refusal shows the form again with all that was typed."""
        typed = {name: str(value).replace("\r\n", "\n") for name, value in form.items()}
        sys_id = typed.get("sys_id", "")
        found = self._instance.store.get(table, sys_id)
        if found is None and sys_id != "-1":
            raise errors.not_found()
        stored = found[1] if found else {}
        trouble = "This page was opened in another session. Check the values and update again."
        if self._sessions.genuine(request, form):
            try:
                return self._carried_out(caller, table=table, typed=typed)
            except errors.Refusal as refusal:
                trouble = refused(caller.language, refusal.message, refusal.detail)
        record = (stored, {**stored, **typed})
        return self._form(request, caller, table=table, record=record, trouble=trouble)

    def _carried_out(self, caller: Caller, *, table: str, typed: Record) -> Response:
        back = local_path(typed["goto"]) if typed.get("goto") else ""
        if typed.get(PRESSED) == "delete":
            target = records.Writing(self._instance, caller)
            records.delete(target, table, sys_id=typed["sys_id"])
            return RedirectResponse(back or f"/{table}_list.do", status_code=303)
        new = typed.get("sys_id") == "-1"
        sys_id = writing.store(self._instance, caller, table=table, typed=typed)
        done = "created" if new else "updated"
        to = back or f"/{table}.do?sys_id={quote(sys_id)}&{done}=1"
        return RedirectResponse(to, status_code=303)

    def _form(
        self,
        request: Request,
        caller: Caller,
        *,
        table: str,
        record: tuple[Record, Record],
        trouble: str = "",
    ) -> Response:
        shown = forms.form_of(self._instance, caller, table=table, record=record, trouble=trouble)
        done = ("created", "updated") if not trouble else ()
        return self.show(
            request,
            caller,
            "record.html",
            status=403 if trouble else 200,
            form=shown,
            label=TABLES[table].label,
            trouble=trouble,
            done=next((word for word in done if request.query_params.get(word) == "1"), ""),
        )
