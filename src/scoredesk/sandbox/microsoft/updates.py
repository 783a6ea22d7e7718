"""What a PATCH of a control may say (graph-secure-score 4)."""

from __future__ import annotations

import json
import re

from scoredesk.sandbox.microsoft.errors import BadQuery, BadUpdate
from scoredesk.sandbox.microsoft.query import PROFILE_FIELDS

UPDATABLE = {"state", "assignedTo", "comment"}
# Taken in any case, given back in this one (graph-secure-score 4).
STATES = {name.lower(): name for name in ("Default", "Ignored", "ThirdParty", "Reviewed")}


def changes_of(body: bytes, *, refuse_undeclared: bool) -> dict[str, str | None]:
    """What a PATCH body changes; BadUpdate for anything that Graph would not take.

    Of the properties that a profile has, none but vendorInformation can be sent. Others are
    undeclared in Graph, as the three updatable ones themselves are: an open type lets them pass.
    """
    try:
        asked = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadQuery(
            "Unable to read JSON request payload. Please ensure Content-Type header is set and"
            " payload is of valid JSON format."
        ) from error
    if not isinstance(asked, dict):
        raise BadUpdate
    vendor = asked.pop("vendorInformation", None)
    if not isinstance(vendor, dict) or not vendor.get("provider") or not vendor.get("vendor"):
        raise BadUpdate
    sent = {name for name in asked if "@" not in name}
    if sent & PROFILE_FIELDS.keys() or (refuse_undeclared and sent - UPDATABLE):
        raise BadUpdate
    changes = {name: asked[name] for name in UPDATABLE & sent}
    if not all(value is None or _is_text(value) for value in changes.values()):
        raise BadUpdate
    if "state" in changes:
        state = STATES.get(str(changes["state"]).lower())
        if state is None:
            raise BadUpdate
        changes["state"] = state
    return changes


def _is_text(value: object) -> bool:
    """Whether JSON brought a text; half a surrogate pair is none."""
    return isinstance(value, str) and not re.search("[\ud800-\udfff]", value)
