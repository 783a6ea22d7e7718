"""What Graph and Entra answer when something is wrong, in their own shapes.

GraphError                 {"error": {"code", "message", "innerError": {...}}}
├── InvalidToken     401
├── Forbidden        403   the documented sentence about permissions and roles
├── NotFound         404
├── MethodNotAllowed 405
├── BadQuery         400
├── BadUpdate        400   with an empty code (graph-secure-score 5)
├── Throttled        429
└── NotSimulated     501   the sandbox's own: the address exists in Graph, not here
EntraError                 {"error", "error_description": "AADSTS...", "error_codes", ...}
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from starlette.responses import HTMLResponse, JSONResponse, Response

from scoredesk.sandbox.faults import Fault

GRAPH_JSON = (
    "application/json;odata.metadata=minimal;odata.streaming=true;"
    "IEEE754Compatible=false;charset=utf-8"
)


class GraphError(Exception):
    """Anything Graph refuses; subclasses fix status and code."""

    status = 500
    code = "InternalServerError"

    def __init__(self, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.headers = dict(headers or {})


class InvalidToken(GraphError):
    """No token, or one that is malformed, foreign or expired."""

    status = 401
    code = "InvalidAuthenticationToken"

    def __init__(self, message: str) -> None:
        super().__init__(message, {"WWW-Authenticate": 'Bearer realm="", error="invalid_token"'})


class Forbidden(GraphError):
    """A sound token that lacks the permission, or whose user lacks the role."""

    status = 403
    code = "Forbidden"

    def __init__(self) -> None:
        super().__init__(
            "Auth token does not contain valid permissions or user does not have valid roles"
        )


class NotFound(GraphError):
    """An id that this tenant does not have."""

    status = 404
    code = "ResourceNotFound"


class MethodNotAllowed(GraphError):
    """A method that the address does not take."""

    status = 405
    code = "Request_BadRequest"

    def __init__(self, allowed: str) -> None:
        super().__init__(
            "Specified HTTP method is not allowed for the request target.", {"Allow": allowed}
        )


class BadQuery(GraphError):
    """Query options that cannot be understood."""

    status = 400
    code = "BadRequest"


class BadUpdate(GraphError):
    """A PATCH whose body is not accepted; the service says no more than this."""

    status = 400
    code = ""

    def __init__(self) -> None:
        super().__init__("Http request failed with statusCode=BadRequest")


class Throttled(GraphError):
    """Too many requests; `retry_after` in whole seconds, None for a service that does not say."""

    status = 429
    code = "TooManyRequests"

    def __init__(self, retry_after: int | None) -> None:
        headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
        super().__init__("Too many requests.", headers)


class NotSimulated(GraphError):
    """The sandbox has no such address."""

    status = 501
    code = "NotSimulated"

    def __init__(self, method: str, path: str) -> None:
        super().__init__(
            f"The sandbox does not simulate {method} {path}. It has secureScores and "
            "secureScoreControlProfiles under /v1.0/security/ and /beta/security/, and the token"
            " endpoint of a tenant."
        )


class EntraError(Exception):
    """What the token endpoint refuses: OAuth error, AADSTS number, sentence, status."""

    def __init__(self, error: str, number: int, message: str, *, status: int = 400) -> None:
        super().__init__(message)
        self.error = error
        self.number = number
        self.message = message
        self.status = status


def graph_error(error: GraphError, *, now: datetime, ids: Mapping[str, str]) -> Response:
    """The envelope of `error`; `ids` are the request ids that also stand in the headers."""
    inner = {"date": now.strftime("%Y-%m-%dT%H:%M:%S"), **ids}
    body = {"error": {"code": error.code, "message": error.message, "innerError": inner}}
    return JSONResponse(body, error.status, headers={**error.headers, **ids}, media_type=GRAPH_JSON)


def entra_error(error: EntraError, *, now: datetime, correlation_id: str) -> Response:
    """The token endpoint's own error body (times there have a space, not a T)."""
    trace_id = str(uuid.uuid4())
    stamp = now.strftime("%Y-%m-%d %H:%M:%SZ")
    described = (
        f"AADSTS{error.number}: {error.message} Trace ID: {trace_id} "
        f"Correlation ID: {correlation_id} Timestamp: {stamp}"
    )
    body: dict[str, Any] = {
        "error": error.error,
        "error_description": described,
        "error_codes": [error.number],
        "timestamp": stamp,
        "trace_id": trace_id,
        "correlation_id": correlation_id,
        "error_uri": f"https://login.microsoftonline.com/error?code={error.number}",
    }
    return JSONResponse(body, error.status, headers={"Cache-Control": "no-store, no-cache"})


PLAIN_FAULTS = {
    "server_error": (500, "InternalServerError", "An internal server error occurred."),
    "bad_gateway": (502, "BadGateway", "The provider gave an invalid answer."),
    "unavailable": (503, "ServiceUnavailable", "The service is temporarily unavailable."),
    "gateway_timeout": (504, "GatewayTimeout", "The provider did not answer in time."),
    "not_found": (404, "ResourceNotFound", "Resource not found."),
    "data_policy": (400, "", "Http request failed with statusCode=BadRequest"),
    "business_rule": (400, "", "Http request failed with statusCode=BadRequest"),
}


def fault_answer(fault: Fault, *, now: datetime, ids: Mapping[str, str]) -> Response:
    """The reply of a planned fault (`faults.ANSWER_KINDS`) as Graph would give it.

    `html` is the gateway's 403 page (`status` as parameter to change it), `rate_limit` takes
    `retry_after` (null: none sent). The 206 of `partial` is cut out of the right answer elsewhere.
    """
    if fault.kind == "html":
        page = "<html><head><title>403 - Forbidden</title></head><body>Access denied</body></html>"
        return HTMLResponse(page, int(fault.params.get("status", 403)), headers=dict(ids))
    if fault.kind == "broken_json":
        return Response('{"@odata.context": "https://graph', media_type=GRAPH_JSON, headers=ids)
    if fault.kind == "hibernating":
        return HTMLResponse("<html><body>Our services aren't available</body></html>", 503)
    return graph_error(_fault_error(fault), now=now, ids=ids)


# What Entra says where Graph says nothing: numbers of Microsoft's published list.
BUSY = "A transient error has occurred. Please try again."
ENTRA_FAULTS: dict[str, tuple[int, str, int, str]] = {
    "server_error": (500, "server_error", 90033, BUSY),
    "bad_gateway": (502, "temporarily_unavailable", 90033, BUSY),
    "unavailable": (503, "temporarily_unavailable", 90033, BUSY),
    "gateway_timeout": (504, "temporarily_unavailable", 90033, BUSY),
    "rate_limit": (
        429,
        "temporarily_unavailable",
        90055,
        "There are too many incoming requests. This exception is thrown for blocked tenants.",
    ),
}


def entra_fault_answer(fault: Fault, *, now: datetime, correlation_id: str) -> Response:
    """The reply of a planned fault of `ENTRA_FAULTS` at the token endpoint."""
    status, error, number, message = ENTRA_FAULTS[fault.kind]
    response = entra_error(
        EntraError(error, number, message, status=status), now=now, correlation_id=correlation_id
    )
    wait = fault.params.get("retry_after", 10 if fault.kind == "rate_limit" else None)
    if wait is not None:
        response.headers["Retry-After"] = str(int(wait))
    return response


def _fault_error(fault: Fault) -> GraphError:
    retry_after = fault.params.get("retry_after", 10)
    if fault.kind == "rate_limit":
        return Throttled(None if retry_after is None else int(retry_after))
    if fault.kind == "unauthorized":
        return InvalidToken("Access token has expired or is not yet valid.")
    if fault.kind == "forbidden":
        return Forbidden()
    status, code, message = PLAIN_FAULTS[fault.kind]
    waits = fault.kind == "unavailable" and "retry_after" in fault.params
    error = GraphError(message, {"Retry-After": str(int(retry_after))} if waits else None)
    error.status, error.code = status, code
    return error
