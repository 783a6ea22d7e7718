"""The page that connects the Microsoft 365 tenant, and its buttons."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from scoredesk.accounts import audit, typed_secrets
from scoredesk.accounts.access import TenantRequest, admin_required, reader_required
from scoredesk.accounts.audit import Actor
from scoredesk.common import clock
from scoredesk.common.errors import ScoredeskError
from scoredesk.graph.errors import (
    CertificateRefused,
    CertificateUnusable,
    NoSecureScore,
    SecretExpired,
    WrongSecret,
)
from scoredesk.posture.errors import NoSource
from scoredesk.posture.faults import explain_error, explain_source
from scoredesk.posture.forms import SourceForm
from scoredesk.posture.models import ScoreSnapshot, SecureScoreSource
from scoredesk.posture.sources import remove_source, save_source, try_access
from scoredesk.posture.standing import standing
from scoredesk.posture.tasks import refresh_soon

# Where secrets wait that were typed while something else was wrong.
SESSION_SECRETS = "posture.secrets"
CREDENTIAL_FAULTS = (CertificateRefused, CertificateUnusable, SecretExpired, WrongSecret)


@require_http_methods(["GET", "HEAD", "POST"])
@reader_required
def source_page(request: TenantRequest) -> HttpResponse:
    """Readers see how the source stands; administrators also set it up."""
    source = _source(request)
    if request.method == "POST":
        if not request.membership.may_write:
            raise PermissionDenied
        return _connect(request, _form(request, source, request.POST), source)
    return _page(request, _form(request, source), source)


@require_safe
@reader_required
def status(request: TenantRequest) -> HttpResponse:
    """The card with the last refresh; asks for itself again while one is running."""
    return _status_card(request)


@require_POST
@admin_required
def refresh_now(request: TenantRequest) -> HttpResponse:
    """Asks the worker for a refresh."""
    source = _source(request)
    if source is not None:
        refresh_soon(request.tenant)
        audit.record(
            Actor.of(request), "secure_score.refresh_asked", tenant=request.tenant, subject=source
        )
    if request.htmx:
        return _status_card(request)
    return redirect("posture:source")


@require_POST
@admin_required
def remove(request: TenantRequest) -> HttpResponse:
    """Removes the source with its secrets; what was read stays."""
    typed_secrets.forget(request, SESSION_SECRETS)
    try:
        remove_source(request.tenant, Actor.of(request))
    except NoSource:
        messages.info(request, _("The source was already removed."))
    else:
        messages.success(
            request,
            _("The source is removed and its secrets are deleted. What was read so far stays."),
        )
    return redirect("posture:source")


def _status_card(request: TenantRequest) -> HttpResponse:
    """The card as it is now, for htmx to put in place."""
    return render(request, "posture/_state.html", _state(_source(request)))


def _form(
    request: TenantRequest, source: SecureScoreSource | None, data: QueryDict | None = None
) -> SourceForm:
    waiting = typed_secrets.waiting(request, SESSION_SECRETS)
    return SourceForm(data, source=source, tenant=request.tenant, waiting=waiting)


def _again(
    request: TenantRequest,
    form: SourceForm,
    source: SecureScoreSource | None,
    fault: ScoredeskError | None = None,
) -> HttpResponse:
    """The form once more. Secrets that are not what is wrong wait in the session, not in the
    page, so that nobody types them twice."""
    if isinstance(fault, CREDENTIAL_FAULTS):
        typed_secrets.forget(request, SESSION_SECRETS)
    else:
        typed_secrets.keep(request, SESSION_SECRETS, form.secrets_in_order())
    form.tell_what_waits(typed_secrets.waiting(request, SESSION_SECRETS))
    return _page(request, form, source, fault=fault, code=422)


def _connect(
    request: TenantRequest, form: SourceForm, source: SecureScoreSource | None
) -> HttpResponse:
    """Tries what was typed and saves it; a fault stops it, unless saved anyway."""
    if not form.is_valid():
        return _again(request, form, source)
    anyway = request.POST.get("then") == "save"
    try:
        access = form.access()
        fault = None if anyway else try_access(request.tenant, access)
    except ScoredeskError as unreadable:
        return _again(request, form, source, unreadable)
    if fault is not None and not isinstance(fault, NoSecureScore):
        return _again(request, form, source, fault)
    save_source(request.tenant, access, Actor.of(request), fault)
    typed_secrets.forget(request, SESSION_SECRETS)
    refresh_soon(request.tenant)
    if anyway:
        messages.info(request, _("Saved without a test. The first refresh will show if it works."))
    elif fault is None:
        messages.success(request, _("Microsoft answered, and everything is saved."))
    return redirect("posture:source")


def _page(
    request: TenantRequest,
    form: SourceForm,
    source: SecureScoreSource | None,
    *,
    fault: ScoredeskError | None = None,
    code: int = 200,
) -> HttpResponse:
    context = {
        **_state(source),
        "form": form,
        "tried": explain_error(fault) if fault else None,
        "tried_detail": fault.detail if fault else "",
        "has_data": ScoreSnapshot.objects.of(request.tenant).exists(),
    }
    return render(request, "posture/source.html", context, status=code)


def _state(source: SecureScoreSource | None) -> dict[str, object]:
    return {
        "source": source,
        "standing": standing(source, clock.now(), settings.REFRESH_AT) if source else None,
        "fault": explain_source(source),
        "waits": source is not None and source.fault_code == NoSecureScore.code,
    }


def _source(request: TenantRequest) -> SecureScoreSource | None:
    return SecureScoreSource.objects.of(request.tenant).select_related("saved_by").first()
