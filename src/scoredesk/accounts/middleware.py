"""Puts the tenant on the request and speaks the person's language, in the person's time zone.

Also ends sessions that are too old, and keeps pages out of caches.
"""

from __future__ import annotations

import time
import zoneinfo
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control

from scoredesk.accounts.access import SESSION_TENANT, choose_membership
from scoredesk.accounts.models import Person

SESSION_BEGAN = "began"


class PersonMiddleware:
    """Sets `request.membership` and `request.tenant` (None when there is none)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "\x00" in request.path_info:
            raise Http404  # PostgreSQL refuses such a text, which would look like a fault of ours
        end_old_session(request)
        membership = None
        if isinstance(person := request.user, Person):
            membership = choose_membership(person, request.session.get(SESSION_TENANT))
            self._speak(request, person)
            zone = person.time_zone or (membership.tenant.time_zone if membership else "")
            timezone.activate(known_zone(zone))
        request.membership = membership  # type: ignore[attr-defined]  # see access.TenantRequest
        request.tenant = membership.tenant if membership else None  # type: ignore[attr-defined]  # same
        try:
            response = self.get_response(request)
        finally:
            timezone.deactivate()
        if not response.has_header("Cache-Control"):
            # Nothing of a tenant stays in a proxy, or in the browser of a shared machine.
            patch_cache_control(response, private=True, no_store=True)
        return response

    @staticmethod
    def _speak(request: HttpRequest, person: Person) -> None:
        """A language chosen in this browser (its cookie) wins over the one kept for the person."""
        if person.language and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            translation.activate(person.language)
            request.LANGUAGE_CODE = translation.get_language()


def end_old_session(request: HttpRequest) -> None:
    """Signs out whoever signed in too long ago, however active since: a page that asks for news
    by itself would otherwise keep its session alive for ever (OWASP ASVS 4.0, 3.3.2)."""
    if not request.user.is_authenticated:
        return
    began = request.session.setdefault(SESSION_BEGAN, time.time())
    if time.time() - began > settings.SESSION_COOKIE_AGE:
        logout(request)


def known_zone(name: str) -> zoneinfo.ZoneInfo:
    """The time zone of this name; UTC when there is no such zone."""
    try:
        return zoneinfo.ZoneInfo(name or "UTC")
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo("UTC")
