"""The language switch: kept in this browser, and on the person who is signed in."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_POST
from django.views.i18n import set_language as set_in_browser

from scoredesk.accounts.models import Person


@require_POST
def set_language(request: HttpRequest) -> HttpResponseBase:
    """Speaks `language` from now on and goes back to `next`; unknown languages change nothing."""
    language = request.POST.get("language", "")
    if isinstance(request.user, Person) and language in dict(settings.LANGUAGES):
        Person.objects.filter(pk=request.user.pk).update(language=language)
    return set_in_browser(request)
