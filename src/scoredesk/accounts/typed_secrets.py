"""Secrets typed into a form that was refused for another field: nobody types them twice.

They wait, sealed, in the person's session and for the tenant they were typed in only: whoever
switches to another tenant must not send the first one's secret to the second one's instance.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from scoredesk.accounts.access import TenantRequest
from scoredesk.accounts.sealed import seal, unseal
from scoredesk.common.secrets import SecretError


def keep(request: TenantRequest, place: str, secrets: Mapping[str, str]) -> None:
    """Keeps those of `secrets` (by field) that are not empty, with those that waited before."""
    known = {**waiting(request, place), **{name: text for name, text in secrets.items() if text}}
    if known:
        request.session[place] = {
            "tenant": str(request.tenant.uid),
            "sealed": seal(json.dumps(known)),
        }


def waiting(request: TenantRequest, place: str) -> dict[str, str]:
    """The secrets that wait for this tenant, by field; {} for none."""
    stored = request.session.get(place)
    if not isinstance(stored, dict) or stored.get("tenant") != str(request.tenant.uid):
        return {}
    try:
        found: dict[str, str] = json.loads(unseal(stored["sealed"]))
    except SecretError:
        return {}  # sealed with a key that is gone: it must be typed again after all
    return found


def forget(request: TenantRequest, place: str) -> None:
    """Drops what waits."""
    request.session.pop(place, None)
