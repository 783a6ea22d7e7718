"""The check, now."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from scoredesk.accounts.access import TenantRequest, admin_required
from scoredesk.accounts.audit import Actor
from scoredesk.common.clock import now
from scoredesk.connections import arrival
from scoredesk.connections.results import verdict
from scoredesk.connections.rows import live_connection


@require_POST
@admin_required
def check(request: TenantRequest) -> HttpResponse:
    """Checks all of the connection now, with short time-outs."""
    connection = live_connection(request.tenant)
    if connection is None:
        return redirect("connections:setup")
    found = arrival.check(connection, actor=Actor.of(request), now=now())
    works, told = verdict(finding.outcome for finding in found)
    (messages.success if works else messages.error)(request, told)
    return redirect(f"{reverse('connections:overview')}#last-check")
