"""No answer, another answer than was asked for, or "not now" (servicenow-api 4, 10, 1.12 D)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scoredesk.servicenow.errors.base import ServiceNowError


class Unreachable(ServiceNowError):
    """No connection came about; nothing was sent."""

    code = "servicenow.unreachable"
    summary = "The ServiceNow instance cannot be reached."
    retryable = True


class NameUnknown(Unreachable):
    """DNS knows no such host: a typing error, or a developer instance that was taken back."""

    code = "servicenow.name_unknown"
    summary = "The name of the ServiceNow instance cannot be resolved."
    retryable = False


class ConnectionRefused(Unreachable):
    """The host is there and refuses, or no route leads to it."""

    code = "servicenow.connection_refused"
    summary = "The ServiceNow instance refuses the connection."


class TlsRefused(Unreachable):
    """The certificate is not trusted, or no common encryption was found."""

    code = "servicenow.tls"
    summary = "No trusted connection to the ServiceNow instance can be made."
    retryable = False


class ConnectTimedOut(Unreachable):
    """Nothing answers: mostly an IP filter (servicenow-api 1.12 D)."""

    code = "servicenow.connect_timeout"
    summary = "The ServiceNow instance did not accept a connection in time."


class ConnectionCut(Unreachable):
    """A look was cut off before an answer: a filter drops it, or something restarts."""

    code = "servicenow.connection_cut"
    summary = "The connection to the ServiceNow instance is cut before it answers."


class AnswerTimedOut(Unreachable):
    """A look got a connection and then nothing."""

    code = "servicenow.answer_timeout"
    summary = "The ServiceNow instance accepted the connection and did not answer in time."


class LostAnswer(ServiceNowError):
    """The request was sent; its answer is lost (time-out, reset) or cannot be read."""

    code = "servicenow.lost_answer"
    summary = "The answer of ServiceNow was lost."
    retryable = True


class NotServiceNow(ServiceNowError):
    """HTML or another answer that the REST interface never gives."""

    code = "servicenow.not_servicenow"
    summary = "Something other than ServiceNow's REST interface answered."


class SsoRedirect(NotServiceNow):
    """Redirected to another host: single sign-on stands in front; `facts`: host."""

    code = "servicenow.sso_redirect"
    summary = "The instance sends sign-ins to another host."


class Hibernating(NotServiceNow):
    """A developer instance asleep; it is woken on the developer site, not by calls."""

    code = "servicenow.hibernating"
    summary = "The developer instance is hibernating."


class Maintenance(ServiceNowError):
    """502, 503 or 504: an upgrade, a restart, an overloaded node."""

    code = "servicenow.maintenance"
    summary = "The ServiceNow instance is not available at the moment."
    retryable = True


class ServerFault(ServiceNowError):
    """A script or the platform failed inside the instance."""

    code = "servicenow.server_fault"
    summary = "The ServiceNow instance failed while it worked on the request."
    retryable = True


class PartialResult(ServiceNowError):
    """A quota rule cancelled the transaction; a list then holds a part of its rows, with a 200."""

    code = "servicenow.partial_result"
    summary = "ServiceNow cancelled the request because it took too long."
    retryable = True


class RateLimited(ServiceNowError):
    """429. `retry_after`: seconds, as the instance asked (60 if it did not say)."""

    code = "servicenow.rate_limited"
    summary = "The instance's limit for requests per hour is reached."
    retryable = True

    def __init__(
        self, detail: str = "", *, retry_after: float = 60.0, facts: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(detail, facts={"seconds": f"{retry_after:.0f}", **(facts or {})})
        self.retry_after = retry_after


class NotFound(ServiceNowError):
    """404 for a record: deleted, or not visible to the integration user. One cannot tell which."""

    code = "servicenow.not_found"
    summary = "The record is deleted or not visible to the integration user."


class BadRequest(ServiceNowError):
    """The instance does not understand the request."""

    code = "servicenow.bad_request"
    summary = "ServiceNow does not understand the request."


class InvalidTable(BadRequest):
    """The instance has no such table: a plugin is missing."""

    code = "servicenow.invalid_table"
    summary = "The instance has no such table."


class NoSuchResource(BadRequest):
    """The instance has no such interface: a plugin or the connector app is missing."""

    code = "servicenow.no_such_resource"
    summary = "The instance has no such interface."


class PayloadTooLarge(BadRequest):
    """More than the instance takes in one request (10 MiB)."""

    code = "servicenow.payload_too_large"
    summary = "The request is larger than the instance accepts."
