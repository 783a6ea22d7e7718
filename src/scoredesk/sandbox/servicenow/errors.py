"""What the instance answers when it refuses, word for word (servicenow-api 4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# The caller is known; only what they ask for is refused.
KNOWN_CALLER = {"X-Is-Logged-In": "true"}


class Refusal(Exception):
    """An answer in ServiceNow's error envelope."""

    def __init__(
        self,
        status: int,
        message: str,
        detail: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.detail = detail
        self.headers = dict(headers or {})

    def body(self) -> dict[str, Any]:
        """The envelope `{"error": {"message", "detail"}, "status": "failure"}`."""
        return {
            "error": {"message": self.message, "detail": self.detail},
            "status": "failure",
        }


class TokenRefused(Exception):
    """The token endpoint's one answer to every failure (servicenow-api 1.6).

    `reason` goes to the system log only; `error` is what releases that follow RFC 6749 answer.
    """

    body = {"error_description": "access_denied", "error": "server_error"}

    def __init__(self, reason: str, error: str = "invalid_grant") -> None:
        super().__init__(reason)
        self.reason = reason
        self.error = error


def not_authenticated(headers: Mapping[str, str] | None = None) -> Refusal:
    """401: no, wrong or lapsed credentials."""
    return Refusal(
        401,
        "User Not Authenticated",
        "Required to provide Auth information",
        {"WWW-Authenticate": 'BASIC realm="Service-now"', **(headers or {})},
    )


def unscoped() -> Refusal:
    """403: the OAuth client is restricted to scoped APIs."""
    return Refusal(
        403, "User Not Authorized", "Access to unscoped api is not allowed", KNOWN_CALLER
    )


def scope_missing() -> Refusal:
    """403: the API is linked to an auth scope that the token lacks (servicenow-api 1.9)."""
    return Refusal(403, "User Not Authorized", "Missing required api access scope", KNOWN_CALLER)


def api_acl() -> Refusal:
    """403: an administrator activated the API's own ACL and the role is missing (1.10)."""
    return Refusal(403, "User Not Authorized", "Failed API level ACL Validation", KNOWN_CALLER)


def acl(operation: str) -> Refusal:
    """403: no right to `Insert`, `Update` or `Delete`."""
    return Refusal(
        403,
        "Operation Failed",
        f"ACL Exception {operation} Failed due to security constraints",
    )


def unreadable_table() -> Refusal:
    """403: no right to list this table."""
    return Refusal(403, "Insufficient rights to query records")


def unreadable_field() -> Refusal:
    """403: the query names a field that the caller may not read or compare."""
    return Refusal(
        403,
        "Insufficient rights to query records",
        "Field(s) present in the query do not have permission to be read",
    )


def query_too_long() -> Refusal:
    """400: more conditions than the sandbox can hold; where a real instance stops is not known."""
    return Refusal(400, "Query is too long", "The query has too many conditions")


def data_policy(labels: list[str], *, singular: bool = False) -> Refusal:
    """403: mandatory fields are empty; the text carries their labels (servicenow-api 4).

    `singular`: of a single field some instances say `X is mandatory`.
    """
    text = f"The following fields are mandatory: {', '.join(labels)}"
    if singular and len(labels) == 1:
        text = f"{labels[0]} is mandatory"
    return Refusal(403, "Operation Failed", f"Data Policy Exception: {text}")


def business_rule(table: str, rule: str, *, rule_id: str) -> Refusal:
    """403: a business rule aborted the write; the rule's own message is not delivered."""
    return Refusal(
        403,
        "Operation Failed",
        f"Operation against file '{table}' was aborted by Business Rule '{rule}^{rule_id}'. "
        f"Business Rule Stack:{rule}",
    )


def not_found() -> Refusal:
    """404: deleted, never there, or hidden; the caller cannot tell which."""
    return Refusal(
        404, "No Record found", "Record doesn't exist or ACL restricts the record retrieval"
    )


def invalid_table(table: str) -> Refusal:
    """400: no such table."""
    return Refusal(400, f"Invalid table {table}", f"Table {table} does not exist")


def no_such_resource(status: int = 400) -> Refusal:
    """400, on some instances 404: an address below `/api` that no API claims."""
    return Refusal(status, "Requested URI does not represent any resource")


def unreadable_body(detail: str) -> Refusal:
    """400: the body is not JSON, or too large."""
    return Refusal(400, "Exception while reading request", detail)


def rate_limited(
    limit: int, rule: str, *, reset: int, wait: int, api: str = "Table API"
) -> Refusal:
    """429 with the headers of a matching rate rule (servicenow-api 10)."""
    return Refusal(
        429,
        "Rate limit exceeded",
        f"Rate limit of {limit} requests per hour for {api} exceeded",
        {
            "Retry-After": str(wait),
            "X-RateLimit-Limit": str(limit),
            "X-RateLimit-Reset": str(reset),
            "X-RateLimit-Rule": rule,
        },
    )


def not_simulated(path: str) -> Refusal:
    """501: the sandbox's own honesty; no real instance says this."""
    return Refusal(
        501,
        "Not simulated",
        f"The sandbox does not simulate {path}. What it simulates is listed in its routes.",
    )


def of_change_api(method: str, refusal: Refusal) -> Refusal:
    """All of the text in `message`, nothing in `detail`; a write that failed is a 400 (7.5)."""
    if refusal.message != "Operation Failed":
        return Refusal(refusal.status, refusal.message, "", refusal.headers)
    done = {"POST": "created", "PATCH": "updated", "DELETE": "deleted"}
    text = f"Change Request record could not be {done.get(method, 'read')}. {refusal.detail}"
    return Refusal(400, text, "")
