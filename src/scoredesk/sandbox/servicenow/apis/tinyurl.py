"""Short forms of long addresses (servicenow-api 2.3, 5.5)."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import Response

from scoredesk.sandbox.servicenow import errors
from scoredesk.sandbox.servicenow.apis.bodies import json_object
from scoredesk.sandbox.servicenow.apis.call import Call
from scoredesk.sandbox.servicenow.instance import Instance
from scoredesk.sandbox.servicenow.replies import json_reply
from scoredesk.sandbox.servicenow.state import new_sys_id, stamped

TABLE = "sys_tiny_url"
PARAMETER = "sysparm_tiny"


async def answer(call: Call) -> Response:
    """`POST /api/now/tinyurl` with `{"url"}`: the same page with `sysparm_tiny` alone."""
    if call.request.method != "POST":
        raise errors.Refusal(405, "Method not supported")
    sent = await json_object(call.request)
    url = sent.get("url")
    if not isinstance(url, str) or not url:
        raise errors.Refusal(400, "Missing required parameter: url")
    tiny = new_sys_id()
    call.instance.store.insert(
        TABLE,
        {
            "sys_id": new_sys_id(),
            "tiny_url": tiny,
            "url": url,
            **stamped(call.instance.stamp(), call.caller.user_name),
        },
    )
    page = urlsplit(url).path.rpartition("/")[2] or "home.do"
    return json_reply(call.instance, {"result": f"{page}?{PARAMETER}={tiny}"})


def expanded(instance: Instance, request: Request) -> Request:
    """The request with the parameters that its `sysparm_tiny` stands for.

    Its own parameters win; an unknown short form stands for nothing.
    """
    tiny = request.query_params.get(PARAMETER)
    if tiny is None:
        return request
    found = instance.store.find(TABLE, tiny_url=tiny)
    own = [pair for pair in request.query_params.multi_items() if pair[0] != PARAMETER]
    named = {name for name, _ in own}
    meant = parse_qsl(urlsplit(found.get("url", "")).query) if found else []
    query = urlencode([*(pair for pair in meant if pair[0] not in named), *own])
    return Request({**request.scope, "query_string": query.encode()}, request.receive)
