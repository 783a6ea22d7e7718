"""The addresses of the simulated instance; what is not here answers 501 and says so."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route

from scoredesk.sandbox.addresses import Address
from scoredesk.sandbox.servicenow import errors
from scoredesk.sandbox.servicenow.apis import (
    attachment,
    batch,
    change,
    current_user,
    import_set,
    stats,
    table,
    tinyurl,
)
from scoredesk.sandbox.servicenow.apis.call import Call, unknown_address
from scoredesk.sandbox.servicenow.apis.limits import RateRules
from scoredesk.sandbox.servicenow.app.connector import Connector
from scoredesk.sandbox.servicenow.app.page import ConnectorPage
from scoredesk.sandbox.servicenow.instance import Instance
from scoredesk.sandbox.servicenow.pages.site import Pages
from scoredesk.sandbox.servicenow.replies import packed, refusal_reply
from scoredesk.sandbox.servicenow.sign_in.authentication import authenticate
from scoredesk.sandbox.servicenow.sign_in.credentials import Credentials
from scoredesk.sandbox.servicenow.sign_in.oauth import OAuth
from scoredesk.sandbox.servicenow.sign_in.sessions import Sessions

ApiHandler = Callable[[Call], Awaitable[Response]]
ANY = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
VERSIONS = ("", "/{version:version}")


@dataclass(frozen=True)
class Api:
    """A REST API: its paths below `root`, with and without a version, and who answers."""

    root: str
    paths: tuple[str, ...]
    handler: ApiHandler
    about: str
    any_accept: bool = False


APIS = (
    Api(
        "/api/now",
        ("/table/{table}", "/table/{table}/{sys_id}"),
        table.answer,
        "Table API: list, read, create, change and delete records",
    ),
    Api("/api/now", ("/stats/{table}",), stats.answer, "Aggregate API: counts, sums, averages"),
    Api("/api/now", ("/batch",), batch.answer, "Batch API: many requests in one"),
    Api("/api/now", ("/ui/user/current_user",), current_user.answer, "who the caller is"),
    Api(
        "/api/now",
        ("/attachment/file",),
        attachment.upload,
        "Attachment API: the body becomes a file of a record",
    ),
    Api(
        "/api/now",
        ("/attachment/upload",),
        attachment.upload_form,
        "Attachment API: a part of a form becomes a file of a record",
    ),
    Api(
        "/api/now",
        ("/attachment/{sys_id}/file",),
        attachment.content,
        "Attachment API: the bytes of a file",
        any_accept=True,
    ),
    Api(
        "/api/now",
        ("/attachment", "/attachment/{sys_id}"),
        attachment.answer,
        "Attachment API: list, describe, rename and delete files",
    ),
    Api(
        "/api/now",
        ("/import/{staging}/insertMultiple",),
        import_set.answer_many,
        "Import Set API: many rows of a staging table",
    ),
    Api(
        "/api/now",
        ("/import/{staging}", "/import/{staging}/{sys_id}"),
        import_set.answer,
        "Import Set API: one row of a staging table and what became of it",
    ),
    Api("/api/now", ("/tinyurl",), tinyurl.answer, "A short form of a long address"),
    *(
        Api("/api/sn_chg_rest", paths, handler, f"Change Management API: {about}")
        for paths, handler, about in change.ADDRESSES
    ),
)


def app_apis(connector: Connector) -> tuple[Api, ...]:
    """The scripted REST APIs of apps."""
    return (
        Api(
            "/api/x_scoredesk",
            ("/v1/status", "/v1/tickets/{table}"),
            connector.answer,
            "the connector app's API, if it is installed: insert or return by correlation_id",
        ),
        Api(
            "/api/x_mioms_m365ticket",
            ("/{rest:path}",),
            connector.other_app,
            "an older app's API, if it is switched on: its script is refused oauth_entity",
        ),
    )


def addresses(instance: Instance, connector: Connector | None = None) -> list[Address]:
    """Every simulated address, in the order in which they are tried."""
    connector = connector or Connector(instance)
    credentials = Credentials(instance)
    sessions = Sessions(credentials)
    guard = _Guard(instance, credentials, sessions)
    added = ConnectorPage(instance, sessions, connector).addresses()
    return [
        *OAuth(instance, credentials, sessions).addresses(),
        *(
            Address(f"{api.root}{version}{path}", guard.handles(api), api.about, ANY)
            for api in APIS
            for path in api.paths
            for version in VERSIONS
        ),
        *(
            Address(f"{api.root}{path}", guard.handles(api), api.about, ANY)
            for api in app_apis(connector)
            for path in api.paths
        ),
        *added,
        *Pages(instance, sessions, credentials, added=added).addresses(),
    ]


def routes(instance: Instance, connector: Connector | None = None) -> list[Route]:
    """Every address, and what answers everywhere else."""
    made = [address.route() for address in addresses(instance, connector)]
    elsewhere = Route("/{path:path}", _Elsewhere(instance, made).answer, methods=list(ANY))
    return [*made, elsewhere]


class _Guard:
    """Authentication, required headers, rate rule and error envelope around API handlers."""

    def __init__(self, instance: Instance, credentials: Credentials, sessions: Sessions) -> None:
        self._instance = instance
        self._credentials = credentials
        self._sessions = sessions
        self._rate = RateRules(instance)

    def handles(self, api: Api) -> Callable[[Request], Awaitable[Response]]:
        """The API as an endpoint."""

        async def endpoint(request: Request) -> Response:
            logged_in = False
            try:
                caller = authenticate(
                    self._instance, self._credentials, self._sessions, request=request
                )
                logged_in = True
                _check_accept(request, any_kind=api.any_accept)
                headers = self._rate.count(caller, request)
                asked = tinyurl.expanded(self._instance, _as_meant(request))
                reply = await api.handler(Call(self._instance, caller, asked))
                reply.headers.update(headers)
            except errors.Refusal as refusal:
                reply = refusal_reply(self._instance, refusal, logged_in=logged_in)
            if self._instance.on("gzip"):
                return packed(reply, request.headers.get("accept-encoding", ""))
            return reply

        return endpoint


def _as_meant(request: Request) -> Request:
    """The request with the method that `X-HTTP-Method-Override` names (servicenow-api 2.1)."""
    meant = request.headers.get("x-http-method-override", "").upper()
    if meant not in ANY:
        return request
    return Request({**request.scope, "method": meant}, request.receive)


def _check_accept(request: Request, *, any_kind: bool = False) -> None:
    """A request must say what it accepts, and it must be JSON (servicenow-api 2.2)."""
    accept = request.headers.get("accept", "")
    if not accept:
        raise errors.Refusal(400, "Accept header is required")
    if any_kind:
        return
    if not any(kind in accept.lower() for kind in ("application/json", "application/*", "*/*")):
        raise errors.Refusal(406, "Not acceptable", f"{accept} is not supported")


def not_allowed(instance: Instance) -> Callable[[Request, Exception], Awaitable[Response]]:
    """What answers a method that no address takes, such as OPTIONS (servicenow-api 4)."""

    async def answer(request: Request, error: Exception) -> Response:  # noqa: ARG001 # Starlette's shape
        refusal = errors.Refusal(405, "Method not supported")
        return refusal_reply(instance, refusal, logged_in=False)

    return answer


class _Elsewhere:
    def __init__(self, instance: Instance, made: list[Route]) -> None:
        self._instance = instance
        self._made = made

    async def answer(self, request: Request) -> Response:
        """Say that there is nothing, or nothing by this method."""
        if any(route.matches(request.scope)[0] is not Match.NONE for route in self._made):
            return await not_allowed(self._instance)(request, HTTPException(405))
        refusal = unknown_address(self._instance, request.url.path)
        return refusal_reply(self._instance, refusal, logged_in=False)
