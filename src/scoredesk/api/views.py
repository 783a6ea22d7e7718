"""What monitoring asks: alive, ready, and in figures."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from scoredesk.accounts.addresses import client_address
from scoredesk.api.figures import exposition
from scoredesk.api.readiness import why_not_ready

PROXY_HEADERS = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Proto", "X-Real-IP")
LOCAL_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})


@never_cache
@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """This process answers; asks nothing of the database."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(_request: HttpRequest) -> HttpResponse:
    """This process can serve pages; else 503 with the reason."""
    reason = why_not_ready()
    if reason:
        return JsonResponse({"status": "not ready", "reason": reason}, status=503)
    return JsonResponse({"status": "ready"})


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Figures for Prometheus, for those who hold the token; without a token, for this machine."""
    if not may_scrape(request):
        answer = "Send the token of SCOREDESK_METRICS_TOKEN as “Authorization: Bearer …”.\n"
        return HttpResponse(
            answer,
            status=401,
            headers={"WWW-Authenticate": "Bearer"},
            content_type="text/plain; charset=utf-8",
        )
    return HttpResponse(exposition(), content_type=CONTENT_TYPE_LATEST)


def may_scrape(request: HttpRequest) -> bool:
    """Whether the caller holds the token; while none is set, whether it is this machine itself.

    A forwarded request is never this machine's own, even when the proxy runs beside us; a proxy
    that says nothing of itself still passes on the portal's public name.
    """
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "")
        return constant_time_compare(given, f"Bearer {settings.METRICS_TOKEN}")
    address = client_address(request)
    forwarded = any(name in request.headers for name in PROXY_HEADERS)
    loopback = address is not None and ipaddress.ip_address(address).is_loopback
    return loopback and not forwarded and not is_public_name(request.get_host())


def is_public_name(host: str) -> bool:
    """Whether this is the portal's public host, and that is not this machine's own name."""
    public = urlsplit(settings.PUBLIC_URL).hostname
    return public not in LOCAL_NAMES and urlsplit(f"//{host}").hostname == public
