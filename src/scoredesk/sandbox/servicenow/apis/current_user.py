"""`/api/now/ui/user/current_user`: who calls, as the instance's own pages ask (5.5)."""

from __future__ import annotations

from starlette.responses import Response

from scoredesk.sandbox.servicenow import errors
from scoredesk.sandbox.servicenow.apis.call import Call
from scoredesk.sandbox.servicenow.replies import json_reply


async def answer(call: Call) -> Response:
    """The caller's names and sys_id."""
    if call.request.method not in {"GET", "HEAD"}:
        raise errors.Refusal(405, "Method not supported")
    words = call.caller.name.split()
    shown = {
        "user_sys_id": call.caller.sys_id,
        "user_name": call.caller.user_name,
        "user_display_name": call.caller.name,
        "user_initials": "".join(word[0] for word in (words[:1] + words[1:][-1:])),
        "user_avatar": "",
    }
    return json_reply(call.instance, {"result": shown})
