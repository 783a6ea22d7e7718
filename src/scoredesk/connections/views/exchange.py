"""The page "Data exchange"."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from scoredesk.accounts.access import TenantRequest, reader_required
from scoredesk.connections import exchange
from scoredesk.connections.rows import live_connection


@reader_required
def data_exchange(request: TenantRequest) -> HttpResponse:
    """What is sent, read and kept."""
    context = {
        "connection": live_connection(request.tenant),
        "sent": [label for _key, label in exchange.SENT_WITH_EACH_TICKET],
        "read": exchange.READ_FROM_INSTANCE,
        "kept": exchange.KEPT_HERE,
        "never": exchange.NEVER_SENT,
    }
    return render(request, "connections/data_exchange.html", context)
