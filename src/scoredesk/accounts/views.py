"""Pages of one's own: profile, tenant, and the first run."""

from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib import messages
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from scoredesk.accounts import services
from scoredesk.accounts.access import (
    SESSION_TENANT,
    TenantRequest,
    admin_required,
    memberships_of,
    reader_required,
)
from scoredesk.accounts.audit import Actor
from scoredesk.accounts.forms import ProfileForm, TenantForm, WelcomeForm
from scoredesk.accounts.language import speak
from scoredesk.accounts.setup_code import nobody_yet


def welcome(request: HttpRequest) -> HttpResponse:
    """First run: makes the first tenant and its administrator, then never opens again."""
    if not nobody_yet():
        raise Http404
    form = WelcomeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person = services.begin(Actor.of(request), _first_steps(form))
        except services.AlreadySetUp:
            raise Http404 from None
        backend = AuthenticationBackend
        login(request, person, backend=f"{backend.__module__}.{backend.__name__}")
        messages.success(request, _("Welcome. This Scoredesk is yours now."))
        return redirect("home")
    return render(request, "accounts/welcome.html", {"form": form})


def _first_steps(form: WelcomeForm) -> services.FirstSteps:
    values = form.cleaned_data
    return services.FirstSteps(
        tenant=values["tenant"],
        email=values["email"],
        name=values["name"],
        password=values["password"],
        time_zone=values["time_zone"],
        language=get_language() or "en",
    )


@require_POST
@reader_required
def switch_tenant(request: TenantRequest) -> HttpResponse:
    """Works in another tenant of this person from now on; 404 for a tenant that is not theirs."""
    uid = request.POST.get("tenant", "")
    if uid not in {str(membership.tenant.uid) for membership in memberships_of(request.user)}:
        raise Http404
    request.session[SESSION_TENANT] = uid
    # Forms that are still open in another tab are about the former tenant: they are refused now,
    # instead of writing its texts into this one.
    rotate_token(request)
    return redirect("home")


@reader_required
def profile(request: TenantRequest) -> HttpResponse:
    """A person's own name, language and time zone."""
    person = request.user
    kept = {"name": person.name, "language": person.language, "time_zone": person.time_zone}
    form = ProfileForm(request.POST or None, initial=kept)
    if request.method == "POST" and form.is_valid():
        services.save_profile(Actor.of(request), person, form.cleaned_data)
        response = redirect("accounts:profile")
        speak(response, form.cleaned_data["language"])
        messages.success(request, _("Your profile is saved."))
        return response
    return render(request, "accounts/profile.html", {"form": form})


@admin_required
def tenant_settings(request: TenantRequest) -> HttpResponse:
    """The tenant's name, language and time zone."""
    tenant = request.tenant
    kept = {"name": tenant.name, "language": tenant.language, "time_zone": tenant.time_zone}
    form = TenantForm(request.POST or None, initial=kept)
    if request.method == "POST" and form.is_valid():
        services.save_tenant(Actor.of(request), tenant, form.cleaned_data)
        messages.success(request, _("The tenant's settings are saved."))
        return redirect("accounts:tenant")
    return render(request, "accounts/tenant.html", {"form": form})
