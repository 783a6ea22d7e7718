"""The proxy in front of an instance: what it refuses never reaches the instance."""

from __future__ import annotations

from email.utils import format_datetime

from starlette.datastructures import MutableHeaders
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from scoredesk.sandbox.requests_log import RecordedRequest
from scoredesk.sandbox.servicenow.instance import Instance
from scoredesk.sandbox.wire import ENTRY

TOO_LONG = (
    "<html>\r\n<head><title>414 Request-URI Too Large</title></head>\r\n"
    "<body>\r\n<center><h1>414 Request-URI Too Large</h1></center>\r\n</body>\r\n</html>\r\n"
)


class FrontDoor:
    """Lets requests pass whose address is not too long, and a slash at its end counts for nothing.

    PySNC's own tests of a real instance meet a web page at 23,000 characters; it sends queries
    from 10,000 on in a batch, whose items no proxy sees.
    """

    def __init__(self, app: ASGIApp, instance: Instance) -> None:
        self._app = app
        self._instance = instance

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._too_long(scope):
            await HTMLResponse(TOO_LONG, status_code=414)(scope, receive, send)
        else:
            await self._app(_without_slash(scope), receive, self._signed(send))

    def _signed(self, send: Send) -> Send:
        """Pages name the server and its time too, which clients compare with their own."""

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message["headers"])
                headers.setdefault("Server", "ServiceNow")
                headers.setdefault("Date", format_datetime(self._instance.now(), usegmt=True))
            await send(message)

        return sending

    def _too_long(self, scope: Scope) -> bool:
        entry = scope.get(ENTRY)
        if isinstance(entry, RecordedRequest) and entry.in_batch:
            return False
        length = len(scope["raw_path"]) + len(scope["query_string"])
        return length > int(self._instance.shared.switches.get("url_limit"))


def _without_slash(scope: Scope) -> Scope:
    """`/api/now/table/incident/` is the same address as without its last slash."""
    path = str(scope["path"])
    if path.startswith("/api/") and path.endswith("/"):
        return {**scope, "path": path.rstrip("/")}
    return scope
