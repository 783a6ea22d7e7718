"""From an answer (or a lost one) to the error that names it: pure, no I/O (servicenow-api 4).

Texts are looked at before statuses: proxies and quota rules rewrite statuses.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import httpx

from scoredesk.common.http import NetworkTrouble, Trouble
from scoredesk.servicenow import errors as e
from scoredesk.servicenow.cross_scope import cross_scope_refusal
from scoredesk.servicenow.records import RateRule

WRITING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_AWAY = (502, 503, 504)
_QUOTA = ("maximum execution time exceeded", "Transaction cancelled:")
_NETWORK: dict[Trouble, type[e.Unreachable]] = {
    Trouble.NAME: e.NameUnknown,
    Trouble.REFUSED: e.ConnectionRefused,
    Trouble.TLS: e.TlsRefused,
    Trouble.CONNECT_TIMEOUT: e.ConnectTimedOut,
}
_POLICY = re.compile(r"Data Policy Exception:\s*(.*)", re.DOTALL)
_MANDATORY_MANY = re.compile(r"following fields are mandatory:\s*(.+)", re.DOTALL | re.IGNORECASE)
_MANDATORY_ONE = re.compile(r"(.+?)\s+is mandatory", re.DOTALL | re.IGNORECASE)
_RULE = re.compile(r"aborted by Business Rule '(.+?)(?:\^([0-9a-f]{32}))?'(?=[.\s]|\Z)")
_DIGITS = re.compile(r"\d+")
_WORDS_SHOWN = 300
# Of an answer's text, this much is looked at for words: whoever controls an instance could
# otherwise keep a pattern busy for hours.
_WORDS_READ = 4000
_LONGEST_RETRY_AFTER = 86_400.0
_TITLE = re.compile(r"<title[^<>]*>([^<]*)", re.IGNORECASE)

# What a 403's text says, in the order in which it is asked.
_FORBIDDEN: tuple[tuple[str, type[e.Forbidden]], ...] = (
    ("Access to unscoped api", e.UnscopedApi),
    ("Missing required api access scope", e.ScopeMissing),
    ("Failed API level ACL", e.ApiAclRefused),
    ("ACL Exception Insert Failed", e.InsertRefused),
    ("ACL Exception Update Failed", e.UpdateRefused),
    ("ACL Exception Delete Failed", e.DeleteRefused),
    ("Insufficient rights to query", e.QueryRefused),
    ("Field(s) present in the query", e.QueryRefused),
)


def classify(response: httpx.Response, *, method: str = "GET") -> e.ServiceNowError | None:
    """The error that an answer of the REST interface amounts to; None for a success.

    A success has a 2xx status and JSON with `result` (or no body at all, 204). For a writing
    `method` the error's `maybe_done` says whether the write may have been carried out.
    """
    fault = _fault(response)
    if fault is not None:
        fault.status = response.status_code
        fault.maybe_done = method in WRITING and _may_be_done(response, fault)
    return fault


def from_network(trouble: NetworkTrouble, *, method: str = "GET") -> e.ServiceNowError:
    """The error for a request that got no answer."""
    if not trouble.sent:
        return _NETWORK[trouble.kind](trouble.detail)
    return e.LostAnswer(
        trouble.detail, facts={"kind": trouble.kind.value}, maybe_done=method in WRITING
    )


def payload(response: httpx.Response) -> dict[str, Any] | None:
    """The JSON object of an answer, or None if it holds none."""
    try:
        parsed = json.loads(response.text)
    except ValueError:
        return None
    return parsed if isinstance(parsed, dict) else None


def words(response: httpx.Response) -> str:
    """The instance's own words: message and detail of its envelope, or the start of the text."""
    body = payload(response) or {}
    error = body.get("error")
    if isinstance(error, dict):
        parts = [str(error.get(key) or "").strip() for key in ("message", "detail")]
        return ": ".join(dict.fromkeys(part for part in parts if part))[:_WORDS_READ]
    if error:
        description = body.get("error_description")
        return (f"{error}: {description}" if description else str(error))[:_WORDS_READ]
    return title(response) or response.text.strip()[:_WORDS_SHOWN]


def title(response: httpx.Response) -> str:
    """The title of an HTML page, "" for anything else."""
    found = _TITLE.search(response.text[:_WORDS_READ])
    return found.group(1).strip()[:_WORDS_SHOWN] if found else ""


def is_envelope(response: httpx.Response) -> bool:
    """Whether the answer is an error of the REST interface: `{"error": {"message": …}, …}`."""
    error = (payload(response) or {}).get("error")
    return isinstance(error, dict) and "message" in error


def is_html(response: httpx.Response) -> bool:
    """Whether the answer is a page for people."""
    kind = response.headers.get("content-type", "").lower()
    return "html" in kind or response.text.lstrip()[:200].lower().startswith(("<!doctype", "<html"))


def retry_after(response: httpx.Response, default: float = 60.0) -> float:
    """Seconds of the `Retry-After` header, a day at most; the default if it is no number."""
    text = response.headers.get("retry-after", "").strip()
    return min(float(text), _LONGEST_RETRY_AFTER) if _DIGITS.fullmatch(text) else default


def rate_rule(response: httpx.Response) -> RateRule | None:
    """The rate limit rule that applied to a request; instances without one send no such header
    (servicenow-api 10)."""
    limit = response.headers.get("x-ratelimit-limit", "").strip()
    if not _DIGITS.fullmatch(limit):
        return None
    return RateRule(int(limit[:12]), response.headers.get("x-ratelimit-rule", "").strip()[:32])


def _fault(response: httpx.Response) -> e.ServiceNowError | None:
    if any(phrase in response.text for phrase in _QUOTA) and not _is_whole(response):
        return e.PartialResult(words(response))
    if is_html(response):
        return _page(response)
    if 300 <= response.status_code < 400:
        return _redirect(response)
    if response.is_success:
        return _unreadable(response)
    return _by_status(response)


def _is_whole(response: httpx.Response) -> bool:
    """Whether the quota's phrase is only somebody's text inside a complete answer."""
    body = payload(response)
    if not response.is_success or body is None or "error" in body:
        return False
    rows = body.get("result")
    cut = isinstance(rows, list) and any(isinstance(row, dict) and "error" in row for row in rows)
    return not cut


def _unreadable(response: httpx.Response) -> e.ServiceNowError | None:
    """A 2xx that is no answer of the Table API. An `error` beside `result` is a partial list."""
    if response.status_code == 204 or (response.is_success and not response.content):
        return None
    body = payload(response)
    if body is None:
        return e.LostAnswer(response.text[:_WORDS_SHOWN], facts={"kind": "unreadable"})
    if "error" in body:
        return e.PartialResult(words(response)) if "result" in body else _by_text(response)
    return None if "result" in body else e.NotServiceNow(response.text[:_WORDS_SHOWN])


def _page(response: httpx.Response) -> e.ServiceNowError:
    """HTML where JSON was asked for."""
    shown = title(response)
    if "hibernating" in response.text[:5000].lower():
        return e.Hibernating(shown)
    if response.is_redirect:
        return _redirect(response)
    if response.is_server_error:
        return (e.Maintenance if response.status_code in _AWAY else e.ServerFault)(shown)
    if response.status_code == 429:
        return e.RateLimited(shown, retry_after=retry_after(response))
    kind = e.GatewayRefused if response.status_code == 403 else e.NotServiceNow
    return kind(shown, facts={"status": response.status_code})


def _redirect(response: httpx.Response) -> e.ServiceNowError:
    target = httpx.URL(response.headers.get("location", ""))
    facts = {"host": target.host, "status": response.status_code}
    away = target.host not in {"", _host_asked(response)}
    sso = target.path == "/login_with_sso.do" or "glide_sso_id" in target.params
    return (e.SsoRedirect if away or sso else e.NotServiceNow)(facts=facts)


def _host_asked(response: httpx.Response) -> str:
    try:
        return response.request.url.host
    except RuntimeError:  # an answer that was made by hand knows no request
        return ""


def _by_status(response: httpx.Response) -> e.ServiceNowError:
    makers: dict[int, Callable[[httpx.Response], e.ServiceNowError]] = {
        401: _unauthorized,
        403: _forbidden,
        404: _not_found,
        413: lambda answer: e.PayloadTooLarge(words(answer)),
        429: _rate_limited,
        501: lambda answer: e.NoSuchResource(words(answer)),
        **dict.fromkeys(_AWAY, lambda answer: e.Maintenance(words(answer))),
    }
    maker = makers.get(response.status_code)
    if maker is not None:
        return maker(response)
    if response.status_code >= 500:
        return _by_text(response, otherwise=e.ServerFault)
    return _by_text(response, otherwise=e.BadRequest)


def _by_text(
    response: httpx.Response, *, otherwise: type[e.ServiceNowError] = e.ServiceNowError
) -> e.ServiceNowError:
    said = words(response)
    if said.startswith("Invalid table"):
        return e.InvalidTable(said)
    if "does not represent any resource" in said:
        return e.NoSuchResource(said)
    if "Rejected large REST payload" in said:
        return e.PayloadTooLarge(said)
    if "No Record found" in said:
        return e.NotFound(said)
    return _refusal(said) or otherwise(said)


def _refusal(said: str) -> e.Forbidden | None:
    """The refusal that the words name, whatever the status was."""
    policy = _POLICY.search(said)
    if policy:
        return e.DataPolicyRefused(said, fields=_labels(policy.group(1)))
    rule = _RULE.search(said)
    if rule:
        return e.BusinessRuleRefused(said, rule=rule.group(1), rule_sys_id=rule.group(2) or "")
    if "aborted by Business Rule" in said:
        return e.BusinessRuleRefused(said)
    across = cross_scope_refusal(said)
    return across or next((cls(said) for phrase, cls in _FORBIDDEN if phrase in said), None)


def _labels(text: str) -> tuple[str, ...]:
    """The labels in "The following fields are mandatory: A, B" or "A is mandatory"."""
    many = _MANDATORY_MANY.search(text)
    if many:
        return tuple(label.strip() for label in many.group(1).split(",") if label.strip())
    one = _MANDATORY_ONE.match(text.strip())
    return (one.group(1).strip(),) if one else ()


def _unauthorized(response: httpx.Response) -> e.ServiceNowError:
    if response.headers.get("x-mfa_token"):
        return e.MfaRequired(words(response))
    return e.Unauthorized(words(response))


def _forbidden(response: httpx.Response) -> e.ServiceNowError:
    if payload(response) is None:
        return e.GatewayRefused(words(response))
    said = words(response)
    return _refusal(said) or e.Forbidden(said)


def _not_found(response: httpx.Response) -> e.ServiceNowError:
    if payload(response) is None:
        return e.NotServiceNow(words(response), facts={"status": 404})
    return _by_text(response, otherwise=e.NotFound)


def _rate_limited(response: httpx.Response) -> e.ServiceNowError:
    rule = response.headers.get("x-ratelimit-rule", "")
    limit = response.headers.get("x-ratelimit-limit", "")
    return e.RateLimited(
        words(response), retry_after=retry_after(response), facts={"rule": rule, "limit": limit}
    )


def _may_be_done(response: httpx.Response, fault: e.ServiceNowError) -> bool:
    """Whether a write with this answer may be in the database all the same.

    A quota time-out on POST has left records behind (servicenow-api 4), and a gateway's 5xx says
    nothing about what the node behind it did. A refusal (3xx, 4xx) or a sleeping instance did
    nothing.
    """
    if isinstance(fault, e.Hibernating):
        return False
    return response.is_success or response.is_server_error
