"""The home page, and the pages for what went wrong."""

from __future__ import annotations

import logging
import uuid

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.template import loader
from django.utils import timezone

from scoredesk.accounts.access import TenantRequest, administrators_of, reader_required
from scoredesk.accounts.setup_code import nobody_yet
from scoredesk.portal.home import collect_actions, collect_desk, collect_score

logger = logging.getLogger(__name__)


def home(request: HttpRequest) -> HttpResponseBase:
    """The home page; on an installation that nobody has used yet, the first-run page."""
    if not request.user.is_authenticated and nobody_yet():
        return redirect("accounts:welcome")
    return home_page(request)


@reader_required
def home_page(request: TenantRequest) -> HttpResponse:
    """Secure Score, the two kinds of ticket, and what to do next."""
    context = {
        "score": collect_score(request.tenant, now=timezone.now()),
        "desk": collect_desk(request.tenant, now=timezone.now()),
        "actions": collect_actions(request.tenant),
    }
    return render(request, "portal/home.html", context)


@reader_required
def home_cards(request: TenantRequest) -> HttpResponse:
    """The ServiceNow cards alone, asked for again and again by the home page."""
    desk = collect_desk(request.tenant, now=timezone.now())
    return render(request, "portal/_desk.html", {"desk": desk})


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  # Django's signature
    """Somebody may see the tenant but not change it: says who can."""
    tenant = getattr(request, "tenant", None)
    logger.warning(
        "refused for want of a role",
        extra={
            "person": str(getattr(request.user, "uid", "")),
            "tenant": str(getattr(tenant, "uid", "")),
            "path": request.path,
        },
    )
    return render(request, "403.html", {"administrators": administrators_of(tenant)}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  # Django's signature
    """No such page, or not this tenant's; the two are told apart to nobody."""
    return render(request, "404.html", status=404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from a stale page or from elsewhere."""
    logger.info("form refused", extra={"reason": reason, "path": request.path})
    return render(request, "403_csrf.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """A fault of ours. Asks the database for nothing, since it may be what failed."""
    reference = uuid.uuid4().hex[:12]
    logger.error("page failed", extra={"reference": reference, "path": request.path})
    return HttpResponse(
        loader.get_template("500.html").render({"reference": reference}), status=500
    )
