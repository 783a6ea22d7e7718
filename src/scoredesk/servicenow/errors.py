"""What a ServiceNow instance may do to us, each by its name (servicenow-api 1.6, 1.9, 1.12, 4, 10).

    ServiceNowError
    ├── Unreachable*              no answer; the request did not reach the instance
    │   ├── NameUnknown  ConnectionRefused*  TlsRefused  ConnectTimedOut*
    ├── LostAnswer*               sent, but the answer is lost or unreadable
    ├── NotServiceNow             some other web server answered
    │   ├── SsoRedirect           a sign-in page of an identity provider stands in front
    │   └── Hibernating           a developer instance asleep
    ├── Maintenance*  ServerFault*  PartialResult*  RateLimited*
    ├── Unauthorized              401
    │   ├── MfaRequired
    │   └── TokenRefused          no token was given
    │       ├── ClientRefused  GrantRefused
    ├── Forbidden                 403
    │   ├── UnscopedApi  ScopeMissing  ApiAclRefused  CrossScopeRefused  GatewayRefused
    │   ├── InsertRefused  UpdateRefused  DeleteRefused  QueryRefused
    │   └── DataPolicyRefused  BusinessRuleRefused
    └── BadRequest                400, 405, 406, 413, 415
        ├── InvalidTable  NoSuchResource  PayloadTooLarge
    └── NotFound                  404: deleted, or hidden from us

`*` = retryable. Every error of a write says in `maybe_done` whether the write may have been
carried out all the same: True for LostAnswer, for 5xx answers, and for a 2xx that cannot be read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from scoredesk.common.errors import ScoredeskError


class ServiceNowError(ScoredeskError):
    """Any fault of a call to an instance. `status`: the HTTP status, None without an answer."""

    code: ClassVar[str] = "servicenow.error"
    summary: ClassVar[str] = "ServiceNow gave an answer that has no name here."
    status: int | None = None


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


class Unauthorized(ServiceNowError):
    """401: the token is not valid, or a policy refuses the account. Never loop: it locks out."""

    code = "servicenow.unauthorized"
    summary = "ServiceNow does not accept the token."


class MfaRequired(Unauthorized):
    """The account needs a second factor, which a program has not."""

    code = "servicenow.mfa_required"
    summary = "ServiceNow asks for a second factor."


class TokenRefused(Unauthorized):
    """The token endpoint gave no token. ServiceNow hides the reason in its own system log."""

    code = "servicenow.token_refused"
    summary = "ServiceNow did not give a token."


class ClientRefused(TokenRefused):
    """`invalid_client`, `unauthorized_client`: client ID or secret is not the instance's."""

    code = "servicenow.client_refused"
    summary = "ServiceNow does not accept the client ID or the client secret."


class GrantRefused(TokenRefused):
    """`invalid_grant`: the authorization code or refresh token is used, expired or revoked."""

    code = "servicenow.grant_refused"
    summary = "ServiceNow does not accept the authorization any more."


class Forbidden(ServiceNowError):
    """403 without a known reason."""

    code = "servicenow.forbidden"
    summary = "ServiceNow does not allow the request."


class UnscopedApi(Forbidden):
    """The OAuth application is securely scoped and this API has no scope (servicenow-api 1.9)."""

    code = "servicenow.unscoped_api"
    summary = "The OAuth application may not use this interface."


class ScopeMissing(Forbidden):
    """The token lacks an API access scope."""

    code = "servicenow.scope_missing"
    summary = "The token lacks an authentication scope."


class ApiAclRefused(Forbidden):
    """The ACL of the whole REST interface is active and refuses the user."""

    code = "servicenow.api_acl"
    summary = "The integration user may not use the REST interface."


class CrossScopeRefused(Forbidden):
    """A script of an app may not touch a table of another app (servicenow-api 1.12 A)."""

    code = "servicenow.cross_scope"
    summary = "An application in ServiceNow may not reach a table of another application."


class GatewayRefused(Forbidden):
    """A 403 that is not JSON: an IP filter of the instance or a gateway before it."""

    code = "servicenow.gateway_refused"
    summary = "A filter in front of ServiceNow refuses the request."


class InsertRefused(Forbidden):
    """The user may not create records of this table."""

    code = "servicenow.insert_refused"
    summary = "The integration user may not create this record."


class UpdateRefused(Forbidden):
    """The user may not change this record."""

    code = "servicenow.update_refused"
    summary = "The integration user may not change this record."


class DeleteRefused(Forbidden):
    """The user may not delete this record."""

    code = "servicenow.delete_refused"
    summary = "The integration user may not delete this record."


class QueryRefused(Forbidden):
    """The user may not search this table, or not by one of the fields in the query."""

    code = "servicenow.query_refused"
    summary = "The integration user may not search by these fields."


class DataPolicyRefused(Forbidden):
    """Fields are mandatory here. `fields`: their labels in the instance's language."""

    code = "servicenow.data_policy"
    summary = "A data policy of the instance makes more fields mandatory."

    def __init__(self, detail: str = "", *, fields: tuple[str, ...] = ()) -> None:
        super().__init__(detail, facts={"fields": ", ".join(fields)})
        self.fields = fields


class BusinessRuleRefused(Forbidden):
    """A rule of the instance stopped the write. Its own message is never transmitted."""

    code = "servicenow.business_rule"
    summary = "A business rule of the instance refused the record."

    def __init__(self, detail: str = "", *, rule: str = "", rule_sys_id: str = "") -> None:
        super().__init__(detail, facts={"rule": rule, "rule_sys_id": rule_sys_id})
        self.rule = rule
        self.rule_sys_id = rule_sys_id


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
