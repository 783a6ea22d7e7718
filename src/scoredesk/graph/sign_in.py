"""MSAL's way to the network: through our own HTTP client, and to the address that is configured.

MSAL insists on an https authority of Microsoft and asks it for its layout first. That layout is
fixed for Microsoft Entra ID, so the first question is answered here: it saves a call, and a wrong
tenant is then refused by the token endpoint with a code instead of vanishing in a ValueError.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

import httpx

from scoredesk.common.addresses import AddressPolicy
from scoredesk.common.http import NetworkTrouble, Trouble, Wire, build_client, network_trouble
from scoredesk.graph import errors as e

AUTHORITY = "https://login.microsoftonline.com"
_DISCOVERY = "/v2.0/.well-known/openid-configuration"

# What Entra ID's error numbers amount to (AADSTS…, Microsoft's published list).
_AADSTS: dict[int, type[e.SignInRefused]] = {
    **dict.fromkeys((90002, 900023, 900021, 90013, 50059), e.WrongTenant),
    **dict.fromkeys((700016, 70001), e.UnknownApplication),
    7000112: e.ApplicationDisabled,
    7000215: e.WrongSecret,
    7000222: e.SecretExpired,
    **dict.fromkeys(
        (700027, 700021, 700023, 700024, 700030, 7000214, 1000502), e.CertificateRefused
    ),
    **dict.fromkeys(
        (65001, 650051, 650052, 650056, 650057, 500011, 90094, 7000229), e.ConsentMissing
    ),
    53003: e.AccessBlocked,
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What MSAL wants of an answer."""

    status_code: int
    text: str
    headers: dict[str, str] = field(default_factory=dict)

    def raise_for_status(self) -> None:
        """Part of MSAL's seam; MSAL reads the error out of the body itself."""

    def is_json_object(self) -> bool:
        """Whether the text is what an OAuth server says."""
        try:
            return isinstance(json.loads(self.text), dict)
        except ValueError:
            return False


class EntraDoor:
    """The `http_client` for MSAL's confidential client. `login_url`: where Entra ID answers."""

    def __init__(self, login_url: str, wire: Wire) -> None:
        self._login_url = login_url
        self._wire = wire

    def get(self, url: str, **options: Any) -> Answer:
        """MSAL's GET; the tenant's layout is answered from what is known."""
        if url.endswith(_DISCOVERY):
            return _layout(url.removesuffix(_DISCOVERY))
        return self._send("GET", url, options)

    def post(self, url: str, **options: Any) -> Answer:
        """MSAL's POST: the request for a token."""
        return self._send("POST", url, options)

    def close(self) -> None:
        """Nothing is kept open."""

    def _send(self, method: str, url: str, options: Mapping[str, Any]) -> Answer:
        path = url.removeprefix(AUTHORITY)
        answer = send(self._login_url.rstrip("/") + path, method, options, wire=self._wire)
        if not answer.is_json_object():
            raise e.UnreadableAnswer(answer.text[:300], facts={"status": answer.status_code})
        return answer


class MachineDoor:
    """The `http_client` for MSAL's managed identity: asks the address that the machine names.

    The address (169.254.169.254, or one in IDENTITY_ENDPOINT) is private by nature and comes from
    the operator's environment, never from a person; it alone is trusted.
    """

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def get(self, url: str, **options: Any) -> Answer:
        """MSAL's GET."""
        return self._send("GET", url, options)

    def post(self, url: str, **options: Any) -> Answer:
        """MSAL's POST (Cloud Shell only)."""
        return self._send("POST", url, options)

    def close(self) -> None:
        """Nothing is kept open."""

    def _send(self, method: str, url: str, options: Mapping[str, Any]) -> Answer:
        return send(
            url, method, options, wire=replace(self._wire, policy=AddressPolicy.trusting(url))
        )


def send(url: str, method: str, options: Mapping[str, Any], *, wire: Wire) -> Answer:
    """One request as MSAL describes it. Raises Unreachable and its kinds, Throttled, GraphFault."""
    parts = urlsplit(url)
    body = options.get("data")
    with build_client(f"{parts.scheme}://{parts.netloc}", wire) as client:
        try:
            response = client.request(
                method,
                url,
                params=options.get("params") or None,
                headers=options.get("headers"),
                data=_form(body) if isinstance(body, Mapping) else None,
                content=body if isinstance(body, (str, bytes)) else None,
            )
        except httpx.TransportError as fault:
            raise unreachable(network_trouble(fault)) from fault
    answer = Answer(response.status_code, response.text, dict(response.headers))
    if answer.status_code == 429 or answer.status_code >= 500:
        raise _trouble(answer)
    return answer


def _form(body: Mapping[str, Any]) -> dict[str, Any]:
    """MSAL gives a signed assertion as bytes, which httpx would write as "b'…'"."""
    return {
        name: value.decode() if isinstance(value, bytes) else value for name, value in body.items()
    }


def unreachable(trouble: NetworkTrouble) -> e.Unreachable:
    """The error for a request to Microsoft that got no answer."""
    kinds = {Trouble.NAME: e.NameUnknown, Trouble.TLS: e.TlsRefused}
    return kinds.get(trouble.kind, e.Unreachable)(
        trouble.detail, facts={"kind": trouble.kind.value}
    )


def refusal(result: Mapping[str, Any]) -> e.SignInRefused:
    """The error for MSAL's result without a token: by Entra ID's number, else by OAuth's word."""
    said = str(result.get("error_description") or result.get("error") or "")
    codes = result.get("error_codes")
    numbers = (
        [int(code) for code in codes if str(code).isdigit()] if isinstance(codes, list) else []
    )
    known = next(
        (_AADSTS[number] for number in [*numbers, *_numbers_in(said)] if number in _AADSTS), None
    )
    return (known or e.SignInRefused)(said, facts={"error": result.get("error") or ""})


def _numbers_in(said: str) -> list[int]:
    found = said.partition("AADSTS")[2]
    digits = found[: len(found) - len(found.lstrip("0123456789"))]
    return [int(digits)] if digits else []


def _layout(tenant_url: str) -> Answer:
    endpoints = {
        "issuer": f"{tenant_url}/v2.0",
        "authorization_endpoint": f"{tenant_url}/oauth2/v2.0/authorize",
        "token_endpoint": f"{tenant_url}/oauth2/v2.0/token",
    }
    return Answer(200, json.dumps(endpoints))


def _trouble(answer: Answer) -> e.GraphError:
    if answer.status_code == 429:
        asked = answer.headers.get("retry-after", "")
        return e.Throttled(retry_after=min(float(asked), 86_400.0) if asked.isdecimal() else 10.0)
    return e.GraphFault(answer.text[:300], facts={"status": answer.status_code})
