"""How this instance words the faults that the control room plans (servicenow-api 1.12, 4)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import Scope

from scoredesk.sandbox.faults import Fault
from scoredesk.sandbox.servicenow import errors
from scoredesk.sandbox.servicenow.apis.limits import API_NAMES, api_of
from scoredesk.sandbox.servicenow.instance import Instance
from scoredesk.sandbox.servicenow.replies import JSON_TYPE, json_reply, refusal_reply
from scoredesk.sandbox.servicenow.rules.tasks import RULE_IDS
from scoredesk.sandbox.servicenow.templates import page
from scoredesk.sandbox.strikes import REAL_REPLY, Reply

TOKEN_PATH = "/oauth_token.do"  # noqa: S105 # an address
CANCELLED_MESSAGE = "Transaction cancelled: maximum execution time exceeded"
CANCELLED_DETAIL = (
    "maximum execution time exceeded Check logs for error trace or enable glide.rest.debug "
    "property to verify REST request processing"
)
CANCELLED_ERROR = json.dumps(
    {"error": {"detail": CANCELLED_DETAIL, "message": CANCELLED_MESSAGE}, "status": "failure"},
    separators=(",", ":"),
)[1:-1]
CHANGE_API = "/sn_chg_rest/"
# What the API itself refuses, not the platform around it.
WORDED_BY_API = {"data_policy", "business_rule", "not_found"}
HTML_STATUS = {"bad_gateway": 502, "unavailable": 503, "gateway_timeout": 504}
OPERATION_OF = {"PUT": "Update", "PATCH": "Update", "DELETE": "Delete"}
FORBIDDEN: dict[str, Callable[[], errors.Refusal]] = {
    "unscoped": errors.unscoped,
    "scope": lambda: errors.Refusal(
        403, "User Not Authorized", "Missing required api access scope"
    ),
    "query": errors.unreadable_field,
    "table": errors.unreadable_table,
    "api": lambda: errors.Refusal(403, "User Not Authorized", "Failed API level ACL Validation"),
}


def fault_reply(instance: Instance, fault: Fault, scope: Scope) -> Response:
    """The answer that a fault puts in the place of the right one."""
    made = PAGES.get(fault.kind)
    if made is not None:
        return made(instance, fault, scope)
    if fault.kind == "unauthorized" and scope["path"] == TOKEN_PATH:
        return json_reply(instance, errors.TokenRefused.body, status=401, logged_in=False)
    refusal = _refusal(instance, fault, scope=scope)
    if CHANGE_API in scope["path"] and fault.kind in WORDED_BY_API:
        refusal = errors.of_change_api(scope["method"], refusal)
    return refusal_reply(instance, refusal, logged_in=refusal.status != 401)


def cross_scope(variant: str, *, table: str, scope: str, status: int = 403) -> errors.Refusal:
    """What a scoped app's script was refused, as its REST endpoint passes it on (1.12 A)."""
    name = f"Read operation against '{table}' from scope '{scope}'"
    texts = {
        "not_granted": "com.glide.script.fencing.access.ScopeAccessNotGrantedException: "
        f"read access to {table} not granted",
        "policy": f"{name} has been refused due to the table's cross-scope access policy",
        "privilege": f"{name} was denied. The application must declare a cross scope access "
        "privilege",
        "denied": f"{name} was denied because a restricted caller access record forbids it",
        "decrypted": f"Function 'getDecryptedValue(client_secret)' from scope '{scope}' is not "
        "allowed",
    }
    return errors.Refusal(status, texts.get(variant, texts["not_granted"]), "")


def _html_error(_: Instance, fault: Fault, __: Scope) -> Response:
    status = HTML_STATUS[fault.kind]
    reply = page("problem.html", status=status, title="Service unavailable", text="")
    if "retry_after" in fault.params:
        reply.headers["Retry-After"] = str(fault.params["retry_after"])
    return reply


def _hibernating(_: Instance, fault: Fault, __: Scope) -> Response:
    return page("hibernating.html", status=int(fault.params.get("status", 200)))


def _maintenance(_: Instance, __: Fault, ___: Scope) -> Response:
    text = "This instance is under maintenance. Try again later."
    return page("problem.html", status=503, title="Instance under maintenance", text=text)


def _sign_in_page(_: Instance, fault: Fault, __: Scope) -> Response:
    status = int(fault.params.get("status", 200))
    html = "<!doctype html><title>Sign in</title><p>Sign in to go on.</p>"
    return HTMLResponse(html, status)


def _broken_json(_: Instance, __: Fault, ___: Scope) -> Response:
    return Response('{"result":[{"sys_id":"0', headers={"Content-Type": JSON_TYPE})


def _ip_filter(instance: Instance, fault: Fault, _: Scope) -> Response:
    """The second and third form of 1.12 D; the first, a dropped connection, is not answered."""
    if fault.params.get("variant", "html") == "json":
        return refusal_reply(instance, errors.not_authenticated(), logged_in=False)
    return HTMLResponse("<html><body><h1>403 Forbidden</h1></body></html>", 403)


def _sso_redirect(_: Instance, fault: Fault, __: Scope) -> Response:
    host = str(fault.params.get("host", "sso.example"))
    return RedirectResponse(f"https://{host}/login_with_sso.do?glide_sso_id=sandbox", 302)


def _cancelled(instance: Instance, fault: Fault, scope: Scope) -> Response:
    """A transaction that the instance cancelled at its time limit (servicenow-api 4, 13.91)."""
    real: Reply = scope[REAL_REPLY]
    variant = str(fault.params.get("variant", ""))
    reading = scope["method"] in {"GET", "HEAD"}
    if variant == "stored" or (not variant and not reading):
        refusal = errors.Refusal(500, CANCELLED_MESSAGE, CANCELLED_DETAIL)
        return refusal_reply(instance, refusal, logged_in=True)
    rows = _some_rows(real)
    # The stream breaks off where the time was over: a comma too many, an object left open.
    broken = ",{" if variant == "broken" else ""
    text = f'{{"result":[{",".join(rows)}{broken}],{CANCELLED_ERROR}}}'
    return Response(text, headers={"Content-Type": JSON_TYPE, "Server": "ServiceNow"})


def _some_rows(real: Reply) -> list[str]:
    """The first half of the rows that the right answer has."""
    try:
        content = json.loads(bytes(real.body) or b"{}")
    except ValueError:
        return []
    result = content.get("result") if isinstance(content, dict) else None
    rows: list[Any] = result if isinstance(result, list) else []
    some = rows[: (len(rows) + 1) // 2] if len(rows) > 1 else []
    return [json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in some]


PAGES: dict[str, Callable[[Instance, Fault, Scope], Response]] = {
    **dict.fromkeys(HTML_STATUS, _html_error),
    "hibernating": _hibernating,
    "maintenance": _maintenance,
    "html": _sign_in_page,
    "broken_json": _broken_json,
    "ip_filter": _ip_filter,
    "sso_redirect": _sso_redirect,
    "cancelled": _cancelled,
}


def _refusal(instance: Instance, fault: Fault, *, scope: Scope) -> errors.Refusal:
    params = fault.params
    rule = str(params.get("name", "Check cost center"))
    made: dict[str, Callable[[], errors.Refusal]] = {
        "unauthorized": errors.not_authenticated,
        "forbidden": lambda: _forbidden(fault, method=scope["method"]),
        "data_policy": lambda: errors.data_policy(list(params.get("fields", ["Cost center"]))),
        "business_rule": lambda: errors.business_rule(_table(scope), rule, rule_id=RULE_IDS[""]),
        "not_found": errors.not_found,
        "conflict": lambda: errors.Refusal(
            409, "Conflict", params.get("detail", "The record was changed by another transaction")
        ),
        "rate_limit": lambda: _rate_limited(instance, fault, path=scope["path"]),
        "cross_scope": lambda: cross_scope(
            str(params.get("variant", "not_granted")),
            table=str(params.get("table", "oauth_entity")),
            scope=str(params.get("scope", "x_mioms_m365ticket")),
            status=int(params.get("status", 403)),
        ),
        "overload": lambda: errors.Refusal(
            int(params.get("status", 429)),
            "Transaction rejected",
            "The maximum number of concurrent sessions and queued requests is reached",
        ),
    }
    if fault.kind in made:
        return made[fault.kind]()
    return errors.Refusal(500, str(params.get("message", "Script error")), params.get("detail"))


def _rate_limited(instance: Instance, fault: Fault, *, path: str) -> errors.Refusal:
    """429 of a rule; without `retry_after` (null) as from a gateway that does not say."""
    given = fault.params.get("retry_after", 5)
    wait = 5 if given is None else int(given)
    moment = int(instance.now().timestamp()) + wait
    refusal = errors.rate_limited(
        int(fault.params.get("limit", 100)),
        RULE_IDS[""],
        reset=moment,
        wait=wait,
        api=API_NAMES.get(api_of(path), "Table API"),
    )
    if given is None:
        del refusal.headers["Retry-After"]
    return refusal


def _forbidden(fault: Fault, *, method: str) -> errors.Refusal:
    variant = str(fault.params.get("variant", "acl"))
    if variant == "fencing":
        return cross_scope("not_granted", table="oauth_entity", scope="x_mioms_m365ticket")
    worded = FORBIDDEN.get(variant)
    operation = OPERATION_OF.get(method, "Insert")
    return worded() if worded else errors.acl(str(fault.params.get("operation", operation)))


def _table(scope: Scope) -> str:
    if CHANGE_API in scope["path"]:
        return "change_request"
    parts = str(scope["path"]).split("/")
    return parts[parts.index("table") + 1] if "table" in parts[:-1] else "incident"
