"""Graph's 206 Partial Content: a provider behind it failed, so a part of the answer is missing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from scoredesk.sandbox.microsoft.errors import GRAPH_JSON

# graph-secure-score 5: vendor, provider, the provider's status, and how long it took in ms.
WARNING = '199 - "Microsoft/SecureScore/504/10000"'
# What is known of a single object without asking the provider that failed.
OWN_MEMBERS = ("@odata.context", "id", "azureTenantId", "vendorInformation")


class PartialAnswer(Response):
    """The right answer cut to a part: the first half of a list, the frame of a single object.

    An answer that is no 200 (a refusal, a 204) goes out as it is: it has nothing to leave out.
    """

    def __init__(self, served: ASGIApp, ids: Mapping[str, str]) -> None:
        super().__init__(status_code=206)
        self._served = served
        self._ids = ids

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the service answer, and send what is left of it."""
        answered: list[Message] = []

        async def keep(message: Message) -> None:
            answered.append(message)

        await self._served(scope, receive, keep)
        if answered[0]["status"] != 200:
            for message in answered:
                await send(message)
            return
        whole = json.loads(b"".join(message.get("body", b"") for message in answered[1:]))
        headers = {"Warning": WARNING, **self._ids}
        part = JSONResponse(partial(whole), 206, headers=headers, media_type=GRAPH_JSON)
        await part(scope, receive, send)


def partial(whole: dict[str, Any]) -> dict[str, Any]:
    """The first half (rounded down) of a list's `value`; of a single object only its frame."""
    value = whole.get("value")
    if isinstance(value, list):
        return {**whole, "value": value[: len(value) // 2]}
    return {name: whole[name] for name in OWN_MEMBERS if name in whole}
