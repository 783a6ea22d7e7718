"""What somebody typed while the session ended: kept until they have signed in again."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpRequest, QueryDict
from django.utils.http import url_has_allowed_host_and_scheme

from scoredesk.accounts.models import Tenant

SESSION_TYPED = "typed"
# Anybody can send a form without signing in; a row of sessions must stay small.
MOST = 20_000
# Secrets never wait in a session in the clear, and the form's mark is another one afterwards.
NEVER_KEPT = ("secret", "password", "certificate", "private", "csrf")


def keep(request: HttpRequest) -> None:
    """Keeps the sent form for its page, unless it is too long; without secrets."""
    kept = request.POST.copy()
    for name in list(kept):
        if any(word in name.lower() for word in NEVER_KEPT):
            del kept[name]
    words = kept.urlencode()
    if kept and len(words) <= MOST:
        request.session[SESSION_TYPED] = {"path": request.path, "form": words}


def take(request: HttpRequest, tenant: Tenant) -> QueryDict | None:
    """What was kept for this page, once; None if nothing was, or if the form's field `tenant` says
    that it was typed for another one: whoever works for many begins in the first of them again."""
    waiting = request.session.get(SESSION_TYPED)
    if not waiting or waiting["path"] != request.path:
        return None
    form = QueryDict(waiting["form"])
    if form.get("tenant") != str(tenant.uid):
        return None
    del request.session[SESSION_TYPED]
    return form


def way_back(request: HttpRequest) -> str:
    """Where to go after signing in: an address that only takes forms has no page to show, so the
    page that the form stood on is meant."""
    before = request.headers.get("Referer", "")
    if request.method == "POST" and url_has_allowed_host_and_scheme(before, {request.get_host()}):
        return urlsplit(before)._replace(scheme="", netloc="", fragment="").geturl() or "/"
    return request.get_full_path()
