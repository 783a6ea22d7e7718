"""The check, now."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from scoredesk.accounts.access import TenantRequest, admin_required
from scoredesk.accounts.audit import Actor
from scoredesk.common.clock import now
from scoredesk.connections import checks, findings
from scoredesk.connections.rows import live_connection


@require_POST
@admin_required
def check(request: TenantRequest) -> HttpResponse:
    """Checks the connection now, with short time-outs."""
    connection = live_connection(request.tenant)
    if connection is None:
        return redirect("connections:setup")
    results = checks.run(connection, actor=Actor.of(request), now=now())
    if all(result.outcome != findings.Outcome.FAILED for result in results):
        messages.success(request, _("The connection works."))
    else:
        messages.error(request, _("The check found a fault. See below what to do."))
    return redirect("connections:overview")
