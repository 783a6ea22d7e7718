"""The addresses of the simulated instance; what is not here answers 501 and says so."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from scoredesk.sandbox.servicenow import batch, errors, stats, table_api
from scoredesk.sandbox.servicenow.authentication import authenticate
from scoredesk.sandbox.servicenow.call import Call
from scoredesk.sandbox.servicenow.credentials import Credentials
from scoredesk.sandbox.servicenow.instance import Instance
from scoredesk.sandbox.servicenow.limits import RateRule
from scoredesk.sandbox.servicenow.oauth import OAuth
from scoredesk.sandbox.servicenow.pages import Pages
from scoredesk.sandbox.servicenow.replies import refusal_reply
from scoredesk.sandbox.servicenow.sessions import Sessions

ApiHandler = Callable[[Call], Awaitable[Response]]
ANY = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]


def routes(instance: Instance) -> list[Route]:
    """Every address, in the order in which they are tried."""
    credentials = Credentials(instance)
    sessions = Sessions(credentials)
    oauth = OAuth(instance, credentials, sessions)
    pages = Pages(instance, sessions)
    api = _Api(instance, credentials)
    table = api.handles(table_api.answer)
    counted, many = api.handles(stats.answer), api.handles(batch.answer)
    return [
        Route("/oauth_auth.do", oauth.authorize, methods=["GET", "POST"]),
        Route("/oauth_token.do", oauth.token, methods=["POST"]),
        Route("/oauth_revoke_token.do", oauth.revoke, methods=["GET", "POST"]),
        Route("/api/now/table/{table}", table, methods=ANY),
        Route("/api/now/table/{table}/{sys_id}", table, methods=ANY),
        Route("/api/now/{version:version}/table/{table}", table, methods=ANY),
        Route("/api/now/{version:version}/table/{table}/{sys_id}", table, methods=ANY),
        Route("/api/now/stats/{table}", counted, methods=ANY),
        Route("/api/now/{version:version}/stats/{table}", counted, methods=ANY),
        Route("/api/now/batch", many, methods=ANY),
        Route("/api/now/{version:version}/batch", many, methods=ANY),
        *pages.routes(),
        Route("/{path:path}", _Elsewhere(instance).answer, methods=ANY),
    ]


class _Api:
    """Authentication, required headers, rate rule and error envelope around API handlers."""

    def __init__(self, instance: Instance, credentials: Credentials) -> None:
        self._instance = instance
        self._credentials = credentials
        self._rate = RateRule(instance)

    def handles(self, handler: ApiHandler) -> Callable[[Request], Awaitable[Response]]:
        """The handler as an endpoint."""

        async def endpoint(request: Request) -> Response:
            logged_in = False
            try:
                caller = authenticate(self._instance, self._credentials, request=request)
                logged_in = True
                _check_accept(request)
                headers = self._rate.count(caller)
                reply = await handler(Call(self._instance, caller, request))
            except errors.Refusal as refusal:
                return refusal_reply(self._instance, refusal, logged_in=logged_in)
            reply.headers.update(headers)
            return reply

        return endpoint


def _check_accept(request: Request) -> None:
    """A request must say what it accepts, and it must be JSON (servicenow-api 2.2)."""
    accept = request.headers.get("accept", "")
    if not accept:
        raise errors.Refusal(400, "Accept header is required")
    if "application/json" not in accept and "*/*" not in accept:
        raise errors.Refusal(406, "Not acceptable", f"{accept} is not supported")


class _Elsewhere:
    def __init__(self, instance: Instance) -> None:
        self._instance = instance

    async def answer(self, request: Request) -> Response:
        """501 by default; switched to 400 it is what a real instance says (servicenow-api 4)."""
        if self._instance.switch("unknown_path") == "400":
            refusal = errors.no_such_resource()
        else:
            refusal = errors.not_simulated(request.url.path)
        return refusal_reply(self._instance, refusal, logged_in=False)
