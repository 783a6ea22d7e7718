"""The page "Data exchange"."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from scoredesk.accounts.access import TenantRequest, reader_required
from scoredesk.connections import exchange, exchange_kept, exchange_read
from scoredesk.connections.instance import redirect_uri
from scoredesk.connections.rows import live_connection


@reader_required
def data_exchange(request: TenantRequest) -> HttpResponse:
    """What is sent, read and kept, with what this connection has of it."""
    connection = live_connection(request.tenant)
    context = {
        "connection": connection,
        "redirect_uri": redirect_uri(),
        "sent": [label for _key, label in exchange.SENT_WITH_EACH_TICKET],
        "mapped": exchange.mapped_fields(connection) if connection else [],
        "sign_in": exchange.SENT_TO_SIGN_IN,
        "written": exchange.WRITTEN,
        "read": exchange_read.READ,
        "called": exchange_read.CALLED,
        "kept": exchange_kept.lines(connection),
        "never": exchange.NEVER_SENT,
    }
    return render(request, "connections/data_exchange.html", context)
