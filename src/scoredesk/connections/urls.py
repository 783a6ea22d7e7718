"""Addresses of this room's pages."""

from __future__ import annotations

from django.urls import path

from scoredesk.connections.views import (
    authorize,
    changes,
    check,
    exchange,
    fields,
    overview,
    remove,
    report,
    setup,
    states,
    validate,
)

app_name = "connections"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("status/", overview.status_now, name="status"),
    path("setup/", setup.setup, name="setup"),
    path("authorize/", authorize.authorize, name="authorize"),
    # Stands in the OAuth application of every instance: never change it.
    path("callback", authorize.callback, name="callback"),
    path("check/", check.check, name="check"),
    path("check/<step>/", setup.check_step, name="check-step"),
    path("report/", report.report, name="report"),
    path("states/", states.states, name="states"),
    path("states/read/", states.read_again, name="states-read"),
    path("states/seen/", states.seen, name="states-seen"),
    path("fields/", fields.fields, name="fields"),
    path("fields/choose/", fields.choose, name="fields-choose"),
    path("fields/read/", fields.read_again, name="fields-read"),
    path("fields/seen/", fields.seen, name="fields-seen"),
    path("fields/name/", fields.name_field, name="fields-name"),
    path("fields/<table>/<field>/", fields.field, name="field"),
    path("fields/<table>/<field>/search", fields.search, name="fields-search"),
    path("secret/", changes.secret, name="secret"),
    path("address/", changes.address, name="address"),
    path("address/moved/", changes.moved, name="moved"),
    path("validate/", validate.validate, name="validate"),
    path("remove/", remove.remove, name="remove"),
    path("data-exchange/", exchange.data_exchange, name="data-exchange"),
]
