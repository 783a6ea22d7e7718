"""Addresses of this room's pages."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from scoredesk.accounts import views, views_audit, views_people

app_name = "accounts"
urlpatterns: list[URLPattern | URLResolver] = [
    path("welcome", views.welcome, name="welcome"),
    path("tenant/switch", views.switch_tenant, name="switch-tenant"),
    path("tenant/", views.tenant_settings, name="tenant"),
    path("profile/", views.profile, name="profile"),
    path("people/", views_people.people, name="people"),
    path("people/new", views_people.add_person, name="person-new"),
    path("people/<int:membership_id>/role", views_people.change_role, name="person-role"),
    path("people/<int:membership_id>/remove", views_people.remove_person, name="person-remove"),
    path("audit/", views_audit.audit_log, name="audit"),
]
