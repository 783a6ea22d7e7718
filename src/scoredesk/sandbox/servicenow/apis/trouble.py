"""How this instance words the faults that the control room plans."""

from __future__ import annotations

from starlette.responses import HTMLResponse, Response
from starlette.types import Scope

from scoredesk.sandbox.faults import Fault
from scoredesk.sandbox.servicenow import errors
from scoredesk.sandbox.servicenow.instance import Instance
from scoredesk.sandbox.servicenow.replies import JSON_TYPE, refusal_reply
from scoredesk.sandbox.servicenow.rules.tasks import RULE_IDS
from scoredesk.sandbox.servicenow.templates import page

CANCELLED = (
    '{"result":[],"error":{"detail":"maximum execution time exceeded Check logs for error trace '
    'or enable glide.rest.debug property to verify REST request processing","message":'
    '"Transaction cancelled: maximum execution time exceeded"},"status":"failure"}'
)
HTML_STATUS = {"bad_gateway": 502, "unavailable": 503, "gateway_timeout": 504}


def fault_reply(instance: Instance, fault: Fault, scope: Scope) -> Response:
    """The answer that a fault puts in the place of the right one (servicenow-api 4)."""
    if fault.kind in HTML_STATUS:
        status = HTML_STATUS[fault.kind]
        return page("problem.html", status=status, title="Service unavailable", text="")
    if fault.kind == "hibernating":
        return page("hibernating.html", status=int(fault.params.get("status", 200)))
    if fault.kind == "html":
        return HTMLResponse("<!doctype html><title>Sign in</title><p>Sign in to go on.</p>")
    if fault.kind == "broken_json":
        return Response(
            '{"result":[{"sys_id":"0', media_type=None, headers={"Content-Type": JSON_TYPE}
        )
    if fault.kind == "cancelled":
        return Response(CANCELLED, headers={"Content-Type": JSON_TYPE})
    refusal = _refusal(instance, fault, scope=scope)
    return refusal_reply(instance, refusal, logged_in=refusal.status != 401)


def _refusal(instance: Instance, fault: Fault, *, scope: Scope) -> errors.Refusal:
    params = fault.params
    if fault.kind == "forbidden":
        return _forbidden(fault)
    if fault.kind == "rate_limit":
        wait = int(params.get("retry_after", 5))
        moment = int(instance.now().timestamp()) + wait
        return errors.rate_limited(
            int(params.get("limit", 100)), RULE_IDS[""], reset=moment, wait=wait
        )
    rule = str(params.get("name", "Check cost center"))
    failed = errors.Refusal(500, str(params.get("message", "Script error")), params.get("detail"))
    return {
        "unauthorized": errors.not_authenticated(),
        "data_policy": errors.data_policy(list(params.get("fields", ["Cost center"]))),
        "business_rule": errors.business_rule(_table(scope), rule, rule_id=RULE_IDS[""]),
        "not_found": errors.not_found(),
    }.get(fault.kind, failed)


def _forbidden(fault: Fault) -> errors.Refusal:
    variant = str(fault.params.get("variant", "acl"))
    if variant == "unscoped":
        return errors.unscoped()
    if variant == "query":
        return errors.unreadable_field()
    if variant == "table":
        return errors.unreadable_table()
    if variant == "api":
        return errors.Refusal(403, "User Not Authorized", "Failed API level ACL Validation")
    if variant == "fencing":
        return errors.Refusal(
            403,
            "com.glide.script.fencing.access.ScopeAccessNotGrantedException: "
            "read access to oauth_entity not granted",
            "",
        )
    return errors.acl(str(fault.params.get("operation", "Insert")))


def _table(scope: Scope) -> str:
    parts = str(scope["path"]).split("/")
    return parts[parts.index("table") + 1] if "table" in parts[:-1] else "incident"
