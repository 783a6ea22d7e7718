"""Addresses of this room's pages."""

from __future__ import annotations

from django.urls import path

from scoredesk.posture import source_views, views

app_name = "posture"
urlpatterns = [
    path("secure-score/", source_views.source_page, name="source"),
    path("secure-score/status", source_views.status, name="status"),
    path("secure-score/refresh", source_views.refresh_now, name="refresh"),
    path("secure-score/remove", source_views.remove, name="remove"),
    path("improvement-actions/", views.action_list, name="actions"),
    path("improvement-actions/<path:control_id>/", views.action_page, name="action"),
]
