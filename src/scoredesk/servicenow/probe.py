"""A look at an address without signing in: is it a ServiceNow instance, awake, and open to us?"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

import httpx

from scoredesk.common.http import Wire, build_client, network_trouble
from scoredesk.servicenow import errors as e
from scoredesk.servicenow.classify import classify, from_network
from scoredesk.servicenow.oauth import AUTHORIZE_PATH

_REST_PATH = "/api/now/table/sys_user?sysparm_limit=1"


@dataclass(frozen=True, slots=True)
class Sighting:
    """What an unauthenticated look found. `sso_host`: where sign-ins are sent, "" if nowhere."""

    sso_host: str = ""


def probe(base_url: str, wire: Wire, *, client_id: str = "", redirect_uri: str = "") -> Sighting:
    """Look at the instance as nobody (servicenow-api 1.12 C and D).

    A normal instance refuses the REST call with its 401 JSON. Raises what is in the way otherwise:
    Unreachable and its kinds, Hibernating, Maintenance, GatewayRefused, NotServiceNow.
    With a `client_id` (and the `redirect_uri` registered for it) also looks whether sign-ins are
    sent to another host (single sign-on).
    """
    with build_client(base_url, wire) as client, wire.telling():
        _check_rest(_get(client, _REST_PATH))
        if not client_id:
            return Sighting()
        answer = _get(client, _authorization(client_id, redirect_uri))
        fault = classify(answer) if answer.is_redirect else None
        if not isinstance(fault, e.SsoRedirect):
            return Sighting()
        return Sighting(sso_host=fault.facts["host"] or httpx.URL(base_url).host)


def _authorization(client_id: str, redirect_uri: str) -> str:
    asked = {"response_type": "code", "client_id": client_id, "state": "probe"}
    return f"{AUTHORIZE_PATH}?{urlencode({**asked, 'redirect_uri': redirect_uri})}"


def _check_rest(answer: httpx.Response) -> None:
    fault = classify(answer)
    if fault is None:
        raise e.NotServiceNow("The REST interface answers without a token.")
    if not isinstance(fault, e.Unauthorized):
        raise fault


def _get(client: httpx.Client, path: str) -> httpx.Response:
    try:
        return client.get(path)
    except httpx.TransportError as fault:
        raise from_network(network_trouble(fault)) from fault
