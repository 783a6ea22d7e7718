"""The connector app: installed or not, its hook, its scripted REST endpoints."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from scoredesk.sandbox.addresses import Address
from scoredesk.sandbox.control.exchange import asked, done, plain
from scoredesk.sandbox.servicenow import errors
from scoredesk.sandbox.servicenow.apis.call import Call, unknown_address
from scoredesk.sandbox.servicenow.apis.trouble import cross_scope
from scoredesk.sandbox.servicenow.app.notices import Notices, trouble_with
from scoredesk.sandbox.servicenow.instance import Instance
from scoredesk.sandbox.servicenow.replies import json_reply
from scoredesk.sandbox.servicenow.state import Record
from scoredesk.sandbox.servicenow.tables import access, records

SCOPE = "x_scoredesk"
OTHER_SCOPE = "x_mioms_m365ticket"
VERSION = "1.0.0"
TABLES = ("incident", "change_request", "problem")


@dataclass
class Installation:
    """How the app is set up: `product` is the correlation_display of its records (empty: any)."""

    installed: bool = False
    hook_url: str = ""
    hook_secret: str = ""
    product: str = ""


class Connector:
    """The app of one instance."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._notices = Notices(instance)
        self.setup = Installation()
        instance.on_change.append(self._changed)
        instance.shared.on_reset.append(self._reset)

    def levers(self) -> list[Address]:
        """The app's addresses in the control room."""
        return [
            Address(
                "/_sandbox/app",
                plain(self._lever),
                'installs the connector app: `{"installed": true, "hook_url": "…", '
                '"hook_secret": "…"}`, or removes it',
                ("GET", "POST"),
            ),
            Address(
                "/_sandbox/notifications",
                plain(self._told),
                "what the connector app sent to its hook, and what became of it",
                ("GET", "POST", "DELETE"),
            ),
        ]

    def set_up(self, given: dict[str, Any]) -> None:
        """Install, remove or change the app; ValueError or TypeError says what is wrong."""
        known = {"installed": bool, "hook_url": str, "hook_secret": str, "product": str}
        for name, value in given.items():
            if name not in known:
                raise ValueError(f"The app takes {', '.join(known)}, not {name}.")
            if not isinstance(value, known[name]):
                raise TypeError(f"{name} takes a value of type {known[name].__name__}.")
        url = str(given.get("hook_url", ""))
        anywhere = self._instance.on("app_any_host")
        trouble = trouble_with(url, anywhere=anywhere) if url else ""
        if trouble:
            raise ValueError(trouble)
        for name, value in given.items():
            setattr(self.setup, name, value)

    def as_json(self) -> dict[str, Any]:
        """How the app is set up (its secret only as whether there is one), and what it sent."""
        setup = self.setup
        return {
            "installed": setup.installed,
            "hook_url": setup.hook_url,
            "has_secret": bool(setup.hook_secret),
            "product": setup.product,
            "notifications": self._notices.as_json(),
        }

    async def answer(self, call: Call) -> Response:
        """`/api/x_scoredesk/v1/status` and `/api/x_scoredesk/v1/tickets/{table}`."""
        if not self.setup.installed:
            raise unknown_address(call.instance, call.request.url.path)
        table = call.request.path_params.get("table", "")
        if not table and call.request.method == "GET":
            return json_reply(
                call.instance, {"result": {"app": SCOPE, "version": VERSION, "status": "ready"}}
            )
        if call.request.method != "POST" or not table:
            raise errors.Refusal(405, "Method not supported")
        if table not in TABLES:
            raise errors.invalid_table(table)
        created, record = self._insert_or_return(call, table, await _sent(call.request))
        told = {
            "created": created,
            "table": table,
            "sys_id": record["sys_id"],
            "number": record.get("number", ""),
            "sys_mod_count": record["sys_mod_count"],
            "sys_updated_on": record["sys_updated_on"],
        }
        return json_reply(call.instance, {"result": told}, status=201 if created else 200)

    async def other_app(self, call: Call) -> Response:
        """`/api/x_mioms_m365ticket/…`: an older app whose script may not read oauth_entity."""
        variant = str(call.instance.switch("cross_scope"))
        if variant == "no":
            raise unknown_address(call.instance, call.request.url.path)
        raise cross_scope(
            variant,
            table="oauth_entity",
            scope=OTHER_SCOPE,
            status=int(call.instance.shared.switches.get("cross_scope_status")),
        )

    def _insert_or_return(
        self, call: Call, table: str, sent: dict[str, Any]
    ) -> tuple[bool, Record]:
        """One transaction: nothing else runs between the search and the insert."""
        key = str(sent.get("correlation_id") or "")
        if not key:
            raise errors.Refusal(400, "correlation_id is missing", "")
        found = call.instance.store.find(table, correlation_id=key)
        if found is not None:
            if not access.visible(call.caller, (table, found)):
                raise errors.not_found()
            return False, found
        return True, records.create(records.Writing(call.instance, call.caller), table, sent=sent)

    def _changed(self, operation: str, table: str, record: Record) -> None:
        setup = self.setup
        if not setup.installed or not setup.hook_url or table not in TABLES:
            return
        product = record.get("correlation_display", "")
        ours = record.get("correlation_id") and setup.product in {"", product}
        if ours and operation != "insert":
            self._notices.tell(
                operation, table, record["sys_id"], url=setup.hook_url, secret=setup.hook_secret
            )

    def _reset(self) -> None:
        self.setup = Installation()
        self._notices.clear()

    async def _lever(self, request: Request) -> Response:
        if request.method == "POST":
            self.set_up(await asked(request))
        return done(request, self.as_json())

    async def _told(self, request: Request) -> Response:
        if request.method == "DELETE" or (
            request.method == "POST" and (await asked(request)).get("clear")
        ):
            self._notices.clear()
        return done(request, {"notifications": self._notices.as_json()})


async def _sent(request: Request) -> dict[str, Any]:
    try:
        sent = json.loads(await request.body() or b"{}")
    except ValueError as error:
        raise errors.unreadable_body(f"Unable to parse the request body: {error}") from error
    if not isinstance(sent, dict):
        raise errors.unreadable_body("The request body is not a JSON object")
    return sent
