"""Addresses of this room's pages."""

from __future__ import annotations

from django.urls import path

from scoredesk.connections.views import (
    authorize,
    check,
    exchange,
    overview,
    remove,
    report,
    setup,
    states,
)

app_name = "connections"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("setup/", setup.setup, name="setup"),
    path("authorize/", authorize.authorize, name="authorize"),
    # Stands in the OAuth application of every instance: never change it.
    path("callback", authorize.callback, name="callback"),
    path("check/", check.check, name="check"),
    path("report/", report.report, name="report"),
    path("states/", states.states, name="states"),
    path("states/read/", states.read_again, name="states-read"),
    path("states/seen/", states.seen, name="states-seen"),
    path("remove/", remove.remove, name="remove"),
    path("data-exchange/", exchange.data_exchange, name="data-exchange"),
]
