"""Pages about the people of a tenant."""

from __future__ import annotations

from allauth.account.forms import ResetPasswordForm
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from scoredesk.accounts import services
from scoredesk.accounts.access import TenantRequest, admin_required, reader_required
from scoredesk.accounts.audit import Actor
from scoredesk.accounts.forms import PersonForm, RoleForm
from scoredesk.accounts.models import Membership, Role


@reader_required
def people(request: TenantRequest) -> HttpResponse:
    """Everybody who may see this tenant, and as what."""
    members = (
        Membership.objects.of(request.tenant).select_related("person").order_by("person__email")
    )
    return render(request, "accounts/people.html", {"members": members, "roles": Role})


@never_cache
@admin_required
def add_person(request: TenantRequest) -> HttpResponse:
    """Adds a person; a first password is in this one answer and nowhere else."""
    form = PersonForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "accounts/person_new.html", {"form": form})
    values = form.cleaned_data
    try:
        added = services.add_person(
            Actor.of(request),
            request.tenant,
            email=values["email"],
            name=values["name"],
            role=values["role"],
        )
    except services.AlreadyMember:
        form.add_error(
            "email",
            _("This person belongs to the tenant already. Change the role on the page People."),
        )
        return render(request, "accounts/person_new.html", {"form": form})
    if added.password and values["first_sign_in"] == PersonForm.BY_MAIL:
        _send_link(request, added)
        return redirect("accounts:people")
    return render(request, "accounts/person_added.html", {"added": added})


def _send_link(request: TenantRequest, added: services.Added) -> None:
    """The same e-mail as after "Forgot your password?"."""
    reset = ResetPasswordForm({"email": added.person.email})
    if reset.is_valid():
        reset.save(request)
    if getattr(request, "mail_failed", False):
        messages.error(
            request,
            _(
                "%(person)s is added, but the e-mail could not be sent. Have the mail server in "
                "Scoredesk's settings checked; then the person can use “Forgot your password?”."
            )
            % {"person": added.person.email},
        )
        return
    messages.success(
        request,
        _("%(person)s is added. An e-mail with a link to set a password is on its way.")
        % {"person": added.person.email},
    )


@require_POST
@admin_required
def change_role(request: TenantRequest, membership_id: int) -> HttpResponse:
    """Gives a member another role."""
    membership = get_object_or_404(Membership.objects.of(request.tenant), pk=membership_id)
    form = RoleForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("There is no such role. Choose one of the list."))
        return redirect("accounts:people")
    try:
        services.change_role(Actor.of(request), membership, form.cleaned_data["role"])
    except services.LastAdministrator:
        messages.error(request, _last_administrator())
    else:
        messages.success(
            request, _("The role of %(person)s is changed.") % {"person": membership.person}
        )
    return redirect("accounts:people")


@require_POST
@admin_required
def remove_person(request: TenantRequest, membership_id: int) -> HttpResponse:
    """Takes a member out of the tenant."""
    membership = get_object_or_404(Membership.objects.of(request.tenant), pk=membership_id)
    try:
        services.remove_person(Actor.of(request), membership)
    except services.LastAdministrator:
        messages.error(request, _last_administrator())
    else:
        messages.success(
            request,
            _("%(person)s no longer belongs to this tenant.") % {"person": membership.person},
        )
    return redirect("accounts:people")


def _last_administrator() -> str:
    return _(
        "Nothing was changed: this is the tenant's last security administrator. "
        "Make somebody else one first."
    )
