"""Graph's 206 Partial Content: a provider behind it failed, so a part of the answer is missing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from starlette.responses import JSONResponse, Response

from scoredesk.sandbox.microsoft.errors import GRAPH_JSON
from scoredesk.sandbox.strikes import Reply

# graph-secure-score 5: vendor, provider, the provider's status, and how long it took in ms.
WARNING = '199 - "Microsoft/SecureScore/504/10000"'
# What is known of a single object without asking the provider that failed.
OWN_MEMBERS = ("@odata.context", "id", "azureTenantId", "vendorInformation")


def partial_answer(whole: Reply, ids: Mapping[str, str]) -> Response:
    """The right answer cut to a part: the first half of a list, the frame of a single object.

    An answer that is no 200 (a refusal, a 204) goes out as it is: it has nothing to leave out.
    """
    if whole.status != 200:
        as_it_is = Response(bytes(whole.body), whole.status)
        as_it_is.raw_headers = whole.headers
        return as_it_is
    headers = {"Warning": WARNING, **ids}
    return JSONResponse(
        partial(json.loads(whole.body)), 206, headers=headers, media_type=GRAPH_JSON
    )


def partial(whole: dict[str, Any]) -> dict[str, Any]:
    """The first half (rounded down) of a list's `value`; of a single object only its frame."""
    value = whole.get("value")
    if isinstance(value, list):
        return {**whole, "value": value[: len(value) // 2]}
    return {name: whole[name] for name in OWN_MEMBERS if name in whole}
