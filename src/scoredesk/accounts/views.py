"""Pages of one's own: profile, and the tenant one works in."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from scoredesk.accounts.access import SESSION_TENANT, TenantRequest, reader_required
from scoredesk.accounts.forms import ProfileForm
from scoredesk.accounts.models import Membership
from scoredesk.accounts.services import save_profile


@require_POST
@reader_required
def switch_tenant(request: TenantRequest) -> HttpResponse:
    """Works in another tenant of this person from now on; 404 for a tenant that is not theirs."""
    uid = request.POST.get("tenant", "")
    memberships = Membership.objects.filter(person=request.user).select_related("tenant")
    if not any(str(membership.tenant.uid) == uid for membership in memberships):
        raise Http404
    request.session[SESSION_TENANT] = uid
    return redirect("home")


@reader_required
def profile(request: TenantRequest) -> HttpResponse:
    """A person's own name, language and time zone."""
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        save_profile(request, form)
        messages.success(request, _("Your profile is saved."))
        return redirect("accounts:profile")
    return render(request, "accounts/profile.html", {"form": form})
