"""Addresses of this room's pages."""

from __future__ import annotations

from django.urls import path

from scoredesk.connections import views, views_authorize, views_states

app_name = "connections"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("setup/", views.setup, name="setup"),
    path("authorize/", views_authorize.authorize, name="authorize"),
    # Stands in the OAuth application of every instance: never change it.
    path("callback", views_authorize.callback, name="callback"),
    path("check/", views.check, name="check"),
    path("states/", views_states.states, name="states"),
    path("states/read/", views_states.read_again, name="states-read"),
    path("remove/", views.remove, name="remove"),
    path("data-exchange/", views.data_exchange, name="data-exchange"),
]
