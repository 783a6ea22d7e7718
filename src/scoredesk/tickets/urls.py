"""Addresses of the ticket pages."""

from __future__ import annotations

from django.urls import path

from scoredesk.tickets import views
from scoredesk.tickets.trial import views as trial_views

app_name = "tickets"
urlpatterns = [
    path("", views.ticket_list, name="list"),
    path("new", views.new, name="new"),
    path("trial", trial_views.trial, name="trial"),
    path("trial/record", trial_views.trial_record, name="trial-record"),
    path("share/<path:control_id>", views.share_action, name="share"),
    path("of-action/<path:control_id>", views.of_action, name="of-action"),
    path("<uuid:uid>/", views.ticket_page, name="ticket"),
    path("<uuid:uid>/now", views.ticket_now, name="now"),
    path("<uuid:uid>/mend", views.mend_ticket, name="mend"),
]
