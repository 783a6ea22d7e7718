"""The check with the integration user's password."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from scoredesk.accounts.access import TenantRequest, admin_required
from scoredesk.accounts.audit import Actor
from scoredesk.common.errors import ScoredeskError
from scoredesk.connections import validation
from scoredesk.connections.authorization import is_complete
from scoredesk.connections.change_forms import PasswordForm
from scoredesk.connections.faults import explain_error
from scoredesk.connections.rows import live_connection


@sensitive_post_parameters("password")
@never_cache
@admin_required
def validate(request: TenantRequest) -> HttpResponse:
    """Asks for the password, uses it once, and shows what it proved."""
    connection = live_connection(request.tenant)
    if connection is None or not is_complete(connection):
        return redirect("connections:setup")
    form = PasswordForm(request.POST or None)
    context: dict[str, object] = {"connection": connection, "form": form}
    if form.is_valid():
        typed = form.cleaned_data["password"]
        try:
            verdict = validation.validate(connection, typed, actor=Actor.of(request))
        except ScoredeskError as error:
            context["told"] = [explain_error(error, connection)]
        else:
            context["verdict"] = verdict
            context["told"] = [explain_error(error, connection) for error in verdict.told]
    return render(request, "connections/validate.html", context)
