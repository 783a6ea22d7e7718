"""The page "Manage ServiceNow configuration"."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET
from django_htmx.http import HttpResponseClientRefresh

from scoredesk.accounts.access import TenantRequest, reader_required
from scoredesk.common.clock import now
from scoredesk.connections import status
from scoredesk.connections.rows import live_connection


@reader_required
def overview(request: TenantRequest) -> HttpResponse:
    """The page "Manage ServiceNow configuration"."""
    connection = live_connection(request.tenant)
    if connection is None:
        return render(request, "connections/none.html")
    return render(request, "connections/overview.html", status.facts_for_page(connection, now()))


@require_GET
@reader_required
def status_now(request: TenantRequest) -> HttpResponse:
    """The changing part of that page alone, asked for again and again by it."""
    connection = live_connection(request.tenant)
    if connection is None:
        return HttpResponseClientRefresh()
    return render(request, "connections/_now.html", status.facts_now(connection, now()))
