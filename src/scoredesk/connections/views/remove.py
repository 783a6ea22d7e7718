"""Removing the connection."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from scoredesk.accounts import typed_secrets
from scoredesk.accounts.access import TenantRequest, admin_required
from scoredesk.accounts.audit import Actor
from scoredesk.common.clock import now
from scoredesk.connections import removal
from scoredesk.connections.rows import live_connection
from scoredesk.connections.views.setup import SESSION_SECRET


@admin_required
def remove(request: TenantRequest) -> HttpResponse:
    """Asks first, then removes; the page says what stays and what goes."""
    connection = live_connection(request.tenant)
    if connection is None:
        return redirect("connections:overview")
    if request.method != "POST":
        return render(request, "connections/remove.html", {"connection": connection})
    typed_secrets.forget(request, SESSION_SECRET)
    if removal.remove(connection, actor=Actor.of(request), now=now()):
        messages.success(request, _("The connection is removed. Its tickets are kept."))
    else:
        messages.warning(
            request,
            _(
                "The connection is removed, and its secrets are deleted here. ServiceNow did not "
                "confirm that the tokens are revoked: revoke them there under System OAuth > "
                "Manage Tokens."
            ),
        )
    return redirect("connections:overview")
