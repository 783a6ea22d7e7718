"""From answers to errors, a line per row of servicenow-api 4."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from scoredesk.common.http import NetworkTrouble, Trouble
from scoredesk.servicenow import errors as e
from scoredesk.servicenow.classify import classify, from_network

_HEADERS = {
    "mfa": "X-MFA_TOKEN",
    "retry_after": "Retry-After",
    "rule": "X-RateLimit-Rule",
}
RULE_ID = "0123456789abcdef0123456789abcdef"


def said(status: int, message: str, detail: str | None = None, **headers: str) -> httpx.Response:
    """An answer with the instance's envelope, and headers by their short names."""
    body = {"error": {"message": message, "detail": detail}, "status": "failure"}
    return httpx.Response(
        status, json=body, headers={_HEADERS.get(key, key): value for key, value in headers.items()}
    )


def page(status: int, title: str) -> httpx.Response:
    """An HTML page."""
    return httpx.Response(status, html=f"<html><head><title>{title}</title></head></html>")


NOT_AUTHORIZED = "User Not Authorized"
NOT_GRANTED = (
    "com.glide.script.fencing.access.ScopeAccessNotGrantedException: "
    "read access to sys_user_has_role not granted"
)
TOO_LARGE = (
    "Rejected large REST payload with content-length = 15105102 bytes. Max allowed: 10485760 bytes."
)
SSO = {"location": "/login_with_sso.do?glide_sso_id=1"}
CASES: list[tuple[str, httpx.Response, type[e.ServiceNowError]]] = [
    ("token", said(401, "User Not Authenticated", "Required to provide"), e.Unauthorized),
    ("mfa", said(401, "User Not Authenticated", mfa="invalid"), e.MfaRequired),
    ("unscoped", said(403, NOT_AUTHORIZED, "Access to unscoped api is not allowed"), e.UnscopedApi),
    ("scope", said(403, NOT_AUTHORIZED, "Missing required api access scope"), e.ScopeMissing),
    ("api acl", said(403, NOT_AUTHORIZED, "Failed API level ACL Validation"), e.ApiAclRefused),
    (
        "insert",
        said(403, "Operation Failed", "ACL Exception Insert Failed due to security constraints"),
        e.InsertRefused,
    ),
    (
        "update",
        said(403, "Operation Failed", "ACL Exception Update Failed due to security constraints"),
        e.UpdateRefused,
    ),
    (
        "delete",
        said(403, "Operation Failed", "ACL Exception Delete Failed due to security constraints"),
        e.DeleteRefused,
    ),
    ("query", said(403, "Insufficient rights to query records"), e.QueryRefused),
    (
        "query fields",
        said(
            403,
            "Insufficient rights to query records",
            "Field(s) present in the query do not have permission to be read",
        ),
        e.QueryRefused,
    ),
    ("unknown 403", said(403, "Something new"), e.Forbidden),
    ("gateway", page(403, "Access denied"), e.GatewayRefused),
    ("gateway without a body", httpx.Response(403), e.GatewayRefused),
    (
        "cross scope",
        said(500, NOT_GRANTED, ""),
        e.CrossScopeNotGranted,
    ),
    (
        "cross scope policy",
        said(
            403,
            "Read operation against 'oauth_entity' from scope 'x_mioms_m365ticket' has been refused"
            " due to the table's cross-scope access policy",
        ),
        e.CrossScopePolicy,
    ),
    (
        "record",
        said(404, "No Record found", "Record doesn't exist or ACL restricts the record retrieval"),
        e.NotFound,
    ),
    ("path", said(400, "Requested URI does not represent any resource"), e.NoSuchResource),
    ("path as 404", said(404, "Requested URI does not represent any resource"), e.NoSuchResource),
    ("table", said(400, "Invalid table sys_x", "Table sys_x does not exist"), e.InvalidTable),
    ("json", said(400, "Exception while reading request", "Unexpected character"), e.BadRequest),
    (
        "large",
        said(
            400,
            "Exception while reading request",
            TOO_LARGE,
        ),
        e.PayloadTooLarge,
    ),
    ("larger", httpx.Response(413), e.PayloadTooLarge),
    ("verb", said(405, "Method not supported"), e.BadRequest),
    ("media", said(415, "Unsupported media type"), e.BadRequest),
    ("rate", said(429, "Rate limit exceeded", retry_after="120"), e.RateLimited),
    ("script", said(500, "java.lang.NullPointerException", ""), e.ServerFault),
    ("bad gateway", httpx.Response(502), e.Maintenance),
    ("upgrade", page(503, "Maintenance"), e.Maintenance),
    ("time-out of a gateway", page(504, "Gateway Timeout"), e.Maintenance),
    ("rate page", page(429, "Slow down"), e.RateLimited),
    ("server page", page(500, "Oops"), e.ServerFault),
    ("hibernating", page(200, "Instance Hibernating page"), e.Hibernating),
    ("hibernating as 503", page(503, "Instance Hibernating page"), e.Hibernating),
    ("login page", page(200, "Log in | ServiceNow"), e.NotServiceNow),
    ("404 of another server", page(404, "Not Found"), e.NotServiceNow),
    ("404 of a proxy", httpx.Response(404, text="not here"), e.NotServiceNow),
    (
        "single sign-on",
        httpx.Response(302, headers={"location": "https://sso.example/saml"}),
        e.SsoRedirect,
    ),
    ("sso page", httpx.Response(302, headers=SSO), e.SsoRedirect),
    ("redirect", httpx.Response(302, headers={"location": "/login.do"}), e.NotServiceNow),
    ("other json", httpx.Response(200, json={"hello": 1}), e.NotServiceNow),
    ("json array", httpx.Response(200, json=[]), e.LostAnswer),
    ("broken json", httpx.Response(200, text='{"result": [{"sys_id": "1'), e.LostAnswer),
    ("only an error", httpx.Response(200, json={"error": {"message": "x"}}), e.ServiceNowError),
]


@pytest.mark.parametrize(("name", "response", "error"), CASES, ids=[case[0] for case in CASES])
def test_each_answer_has_its_error(
    name: str, response: httpx.Response, error: type[e.ServiceNowError]
) -> None:
    fault = classify(response)
    assert type(fault) is error
    assert fault.status == response.status_code
    assert fault.maybe_done is False, "a read does nothing"


@pytest.mark.parametrize(
    "response",
    [
        httpx.Response(200, json={"result": []}),
        httpx.Response(201, json={"result": {"sys_id": "1"}}),
        httpx.Response(204),
        httpx.Response(201),
        httpx.Response(200, json={"result": {"short_description": "<html> in a title"}}),
    ],
)
def test_a_success_is_no_error(response: httpx.Response) -> None:
    assert classify(response, method="POST") is None


def test_a_ticket_that_speaks_of_cancelled_transactions_is_whole() -> None:
    row = {"description": "Transaction cancelled: maximum execution time exceeded"}
    assert classify(httpx.Response(200, json={"result": [row]})) is None


QUOTA: dict[str, Any] = {
    "error": {
        "detail": "maximum execution time exceeded Check logs for error trace",
        "message": "Transaction cancelled: maximum execution time exceeded",
    },
    "status": "failure",
}


@pytest.mark.parametrize(
    "response",
    [
        httpx.Response(200, json={"result": [{"sys_id": "1"}], **QUOTA}),
        httpx.Response(
            200,
            text='{"result":[{"sys_id":"1"},{"error":{"message":"Transaction cancelled: maximum',
        ),
        httpx.Response(200, json={"result": [], "error": {"message": "canceled by user request"}}),
        httpx.Response(500, json=QUOTA),
    ],
)
def test_a_list_cut_by_a_quota_rule_is_never_taken_for_whole(response: httpx.Response) -> None:
    assert type(classify(response)) is e.PartialResult


@pytest.mark.parametrize(
    ("response", "maybe"),
    [
        (httpx.Response(500, json=QUOTA), True),
        (said(500, "java.lang.NullPointerException"), True),
        (page(502, "Bad Gateway"), True),
        (page(503, "Maintenance"), True),
        (page(504, "Gateway Timeout"), True),
        (httpx.Response(201, text='{"result": {"sys'), True),
        (page(200, "Log in"), True),
        (httpx.Response(200, json={"hello": 1}), True),
        (page(200, "Instance Hibernating page"), False),
        (page(503, "Instance Hibernating page"), False),
        (said(401, "User Not Authenticated"), False),
        (said(403, "Operation Failed", "ACL Exception Insert Failed"), False),
        (page(403, "Access denied"), False),
        (said(404, "No Record found"), False),
        (said(400, "Invalid table x"), False),
        (said(429, "Rate limit exceeded"), False),
        (httpx.Response(302, headers={"location": "https://sso.example/"}), False),
    ],
)
@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_every_failed_write_says_whether_it_may_be_done(
    response: httpx.Response, *, maybe: bool, method: str
) -> None:
    fault = classify(response, method=method)
    assert fault is not None
    assert fault.maybe_done is maybe


@pytest.mark.parametrize(
    ("kind", "sent", "error", "maybe"),
    [
        (Trouble.NAME, False, e.NameUnknown, False),
        (Trouble.REFUSED, False, e.ConnectionRefused, False),
        (Trouble.TLS, False, e.TlsRefused, False),
        (Trouble.CONNECT_TIMEOUT, False, e.ConnectTimedOut, False),
        (Trouble.ANSWER_TIMEOUT, True, e.LostAnswer, True),
        (Trouble.LOST, True, e.LostAnswer, True),
        (Trouble.TOO_LARGE, True, e.LostAnswer, True),
    ],
)
def test_each_network_trouble_has_its_error(
    kind: Trouble, *, sent: bool, error: type[e.ServiceNowError], maybe: bool
) -> None:
    fault = from_network(NetworkTrouble(kind, sent, "words"), method="POST")
    assert (type(fault), fault.maybe_done) == (error, maybe)
    assert from_network(NetworkTrouble(kind, sent, ""), method="GET").maybe_done is False


@pytest.mark.parametrize(
    ("detail", "fields"),
    [
        (
            "Data Policy Exception: The following fields are mandatory: Resolution code, Notes",
            ("Resolution code", "Notes"),
        ),
        ("Data Policy Exception: Short description is mandatory", ("Short description",)),
        ("Data Policy Exception: 某个消息", ()),
    ],
)
def test_the_labels_of_mandatory_fields_are_read(detail: str, fields: tuple[str, ...]) -> None:
    fault = classify(said(403, "Operation Failed", detail), method="POST")
    assert isinstance(fault, e.DataPolicyRefused)
    assert fault.fields == fields
    assert fault.facts["fields"] == ", ".join(fields)


ABORTED = "Operation against file 'incident' was aborted by Business Rule"


@pytest.mark.parametrize(
    ("message", "rule", "sys_id"),
    [
        (
            f"{ABORTED} 'Change Model: Check State Transition^{RULE_ID}'. Business Rule Stack:X",
            "Change Model: Check State Transition",
            RULE_ID,
        ),
        (
            f"{ABORTED} 'Don't close'. Business Rule Stack:Don't close",
            "Don't close",
            "",
        ),
        ("Operation was aborted by Business Rule", "", ""),
    ],
)
def test_the_rule_that_refused_is_named(message: str, rule: str, sys_id: str) -> None:
    for response in (said(403, "Operation Failed", message), said(400, message, "")):
        fault = classify(response, method="PATCH")
        assert isinstance(fault, e.BusinessRuleRefused)
        assert (fault.rule, fault.rule_sys_id) == (rule, sys_id)


@pytest.mark.parametrize(("header", "seconds"), [("120", 120.0), ("", 60.0), ("soon", 60.0)])
def test_the_wish_to_wait_is_read(header: str, seconds: float) -> None:
    fault = classify(said(429, "Rate limit exceeded", retry_after=header, rule=RULE_ID))
    assert isinstance(fault, e.RateLimited)
    assert fault.retry_after == seconds
    assert fault.facts["rule"] == RULE_ID


def test_the_instances_own_words_are_kept() -> None:
    fault = classify(said(403, "Operation Failed", "ACL Exception Insert Failed"))
    assert fault is not None
    assert fault.detail == "Operation Failed: ACL Exception Insert Failed"
