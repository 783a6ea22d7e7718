"""Guided changes of a connection: a new secret, a new address."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from scoredesk.accounts.access import TenantRequest, admin_required
from scoredesk.accounts.audit import Actor
from scoredesk.common.addresses import AddressError
from scoredesk.common.clock import now
from scoredesk.common.errors import ScoredeskError
from scoredesk.connections import changes, checks
from scoredesk.connections.change_forms import AddressForm, SecretForm
from scoredesk.connections.errors import AddressTaken, SetupChanged
from scoredesk.connections.faults import explain_error, explain_reason
from scoredesk.connections.models import Connection
from scoredesk.connections.rows import live_connection
from scoredesk.connections.setup import fault_at


@sensitive_post_parameters("client_secret")
@admin_required
def secret(request: TenantRequest) -> HttpResponse:
    """A new client secret: tried at once, kept only if it works."""
    connection = live_connection(request.tenant)
    if connection is None:
        return redirect("connections:setup")
    form = SecretForm(request.POST or None)
    fault = None
    if form.is_valid():
        typed = form.cleaned_data["client_secret"]
        try:
            changed = changes.change_secret(connection, typed, actor=Actor.of(request), now=now())
        except ScoredeskError as error:
            fault = (explain_error(error, connection), error.detail)
        else:
            checks.run(changed, actor=Actor.of(request), now=now())
            messages.success(request, _("ServiceNow accepts the new client secret. It is kept."))
            return redirect("connections:overview")
    context = {"connection": connection, "form": form, **_told(fault)}
    return render(request, "connections/change_secret.html", context)


@sensitive_post_parameters("client_secret")
@admin_required
def address(request: TenantRequest) -> HttpResponse:
    """The instance was renamed: says what will happen, then changes and leads to Authorize."""
    connection = live_connection(request.tenant)
    if connection is None:
        return redirect("connections:setup")
    form = AddressForm(request.POST or None, connection=connection)
    fault = None
    if form.is_valid():
        try:
            return _moved(request, connection, form)
        except (AddressError, AddressTaken, SetupChanged) as error:
            fault = (explain_error(error, connection), error.detail)
    elif connection.moved_from and (reason := explain_reason(connection)):
        fault = (reason, connection.reason_detail)
    context = {"connection": connection, "form": form, **_told(fault)}
    return render(request, "connections/change_address.html", context)


@require_POST
@admin_required
def moved(request: TenantRequest) -> HttpResponse:
    """What the person says of an address that did not prove to be the same instance."""
    connection = live_connection(request.tenant)
    if connection is None:
        return redirect("connections:setup")
    actor = Actor.of(request)
    try:
        if request.POST.get("it_is") == "same":
            changes.same_after_all(connection, actor=actor)
            messages.success(request, _("Now authorize again: the tickets will be taken up."))
        else:
            changes.keep_as_history(connection, actor=actor, now=now())
            messages.success(
                request, _("The tickets are kept as history. Now authorize the new connection.")
            )
    except SetupChanged as error:
        messages.error(request, explain_error(error, connection).what)
    return redirect("connections:setup")


def _moved(request: TenantRequest, connection: Connection, form: AddressForm) -> HttpResponse:
    to = changes.Move(form.cleaned_data["address"], form.cleaned_data["client_secret"])
    in_the_way = fault_at(to.address, connection.client_id)
    _row, revoked = changes.change_address(connection, to, actor=Actor.of(request))
    if in_the_way:
        told = explain_error(in_the_way, connection)
        messages.warning(request, f"{told.what} {told.cure}")
    if not revoked:
        messages.warning(
            request,
            _(
                "The old address did not confirm that the old tokens are revoked. If it still "
                "leads to an instance, revoke them there under System OAuth > Manage Tokens."
            ),
        )
    messages.success(request, _("The address is changed. Now authorize again."))
    return redirect("connections:setup")


def _told(fault: tuple[object, str] | None) -> dict[str, object]:
    return {"fault": fault[0] if fault else None, "detail": fault[1] if fault else ""}
