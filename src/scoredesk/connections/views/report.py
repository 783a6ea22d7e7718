"""The report for a support case, to take away."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from scoredesk.accounts.access import TenantRequest, admin_required
from scoredesk.common.clock import now
from scoredesk.connections.report import gather
from scoredesk.connections.report_text import markdown
from scoredesk.connections.rows import live_connection


@require_GET
@never_cache
@admin_required
def report(request: TenantRequest) -> HttpResponse:
    """The report as a text file, or with `?as=json` for programs."""
    connection = live_connection(request.tenant)
    if connection is None:
        return redirect("connections:overview")
    made = now()
    found = gather(connection, now=made)
    if request.GET.get("as") == "json":
        kind, ending = "application/json", "json"
        text = json.dumps(found, ensure_ascii=False, indent=2)
    else:
        kind, ending, text = "text/markdown", "md", markdown(found)
    name = f"scoredesk-{urlsplit(connection.address).hostname}-{made:%Y%m%d-%H%M%S}.{ending}"
    answer = HttpResponse(text, content_type=f"{kind}; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
