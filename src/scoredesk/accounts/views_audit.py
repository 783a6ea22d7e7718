"""The audit log's page."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from scoredesk.accounts.access import TenantRequest, reader_required
from scoredesk.accounts.filters import AuditFilter
from scoredesk.accounts.models import AuditEntry
from scoredesk.accounts.paging import paged
from scoredesk.accounts.tables import AuditTable

PER_PAGE = 50


@reader_required
def audit_log(request: TenantRequest) -> HttpResponse:
    """Who did what in this tenant, when, from where, before and after."""
    entries = AuditEntry.objects.of(request.tenant).select_related("person")
    chosen = AuditFilter(request.GET, queryset=entries)
    table = AuditTable(chosen.qs)
    paged(request, table, PER_PAGE)
    return render(request, "accounts/audit.html", {"filter": chosen, "table": table})
