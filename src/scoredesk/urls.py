"""Every address of the portal, room by room."""

from __future__ import annotations

from django.urls import include, path

from scoredesk.accounts.language import set_language

urlpatterns = [
    path("", include("scoredesk.portal.urls")),
    path("", include("scoredesk.api.urls")),
    path("i18n/setlang/", set_language, name="set_language"),
    path("accounts/", include("scoredesk.accounts.sign_in_urls")),
    path("", include("scoredesk.accounts.urls")),
    path("", include("scoredesk.posture.urls")),
    path("connections/", include("scoredesk.connections.urls")),
    path("tickets/", include("scoredesk.tickets.urls")),
]
handler403 = "scoredesk.portal.views.forbidden"
handler404 = "scoredesk.portal.views.not_found"
handler500 = "scoredesk.portal.views.server_error"
