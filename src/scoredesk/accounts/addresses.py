"""Where a request comes from, with reverse proxies believed only as far as the settings say."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """The peer's IP address; with N trusted proxies, the N-th from the right of X-Forwarded-For."""
    hops = [request.META.get("REMOTE_ADDR", "")]
    if settings.TRUSTED_PROXIES:
        forwarded = request.headers.get("X-Forwarded-For", "")
        hops = [part.strip() for part in forwarded.split(",") if part.strip()] + hops
        hops = hops[: -settings.TRUSTED_PROXIES] or hops
    try:
        # Without a zone ("%eth0"), which PostgreSQL refuses as part of an address.
        address = ipaddress.ip_address(hops[-1].partition("%")[0])
    except ValueError:
        return None
    return str(getattr(address, "ipv4_mapped", None) or address)
