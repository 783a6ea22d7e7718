"""Addresses of this room's pages."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from scoredesk.accounts import views

app_name = "accounts"
urlpatterns: list[URLPattern | URLResolver] = [
    path("tenant/switch", views.switch_tenant, name="switch-tenant"),
    path("profile/", views.profile, name="profile"),
    path("tenant/", views.profile, name="tenant"),
    path("people/", views.profile, name="people"),
    path("audit/", views.profile, name="audit"),
    path("welcome", views.profile, name="welcome"),
]
