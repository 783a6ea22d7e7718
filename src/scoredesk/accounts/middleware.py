"""Puts the tenant on the request and speaks the person's language, in the person's time zone."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone, translation

from scoredesk.accounts.access import SESSION_TENANT, choose_membership
from scoredesk.accounts.models import Person


class PersonMiddleware:
    """Sets `request.membership` and `request.tenant` (None when there is none)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        membership = None
        if isinstance(person := request.user, Person):
            membership = choose_membership(person, request.session.get(SESSION_TENANT))
            self._speak(request, person)
            zone = person.time_zone or (membership.tenant.time_zone if membership else "")
            timezone.activate(known_zone(zone))
        request.membership = membership  # type: ignore[attr-defined]  # see access.TenantRequest
        request.tenant = membership.tenant if membership else None  # type: ignore[attr-defined]  # same
        try:
            return self.get_response(request)
        finally:
            timezone.deactivate()

    @staticmethod
    def _speak(request: HttpRequest, person: Person) -> None:
        """A language chosen in this browser (its cookie) wins over the one kept for the person."""
        if person.language and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            translation.activate(person.language)
            request.LANGUAGE_CODE = translation.get_language()


def known_zone(name: str) -> zoneinfo.ZoneInfo:
    """The time zone of this name; UTC when there is no such zone."""
    try:
        return zoneinfo.ZoneInfo(name or "UTC")
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo("UTC")
