"""The language switch: kept in this browser, and on the person who is signed in."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_POST
from django.views.i18n import set_language as set_in_browser

from scoredesk.accounts.audit import Actor
from scoredesk.accounts.models import Person
from scoredesk.accounts.services import save_profile


@require_POST
def set_language(request: HttpRequest) -> HttpResponseBase:
    """Speaks `language` from now on and goes back to `next`; unknown languages change nothing."""
    language = request.POST.get("language", "")
    if isinstance(request.user, Person) and language in dict(settings.LANGUAGES):
        save_profile(Actor.of(request), request.user, {"language": language})
    return set_in_browser(request)


def speak(response: HttpResponse, language: str) -> None:
    """Makes this browser ask for `language`, or for what it asks by itself when that is ""."""
    if language:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=365 * 24 * 3600,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            samesite="Lax",
        )
    else:
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
