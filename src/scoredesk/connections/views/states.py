"""The page on which an administrator names the states and says what each amounts to."""

from __future__ import annotations

from itertools import groupby

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from scoredesk.accounts.access import TenantRequest, admin_required
from scoredesk.accounts.audit import Actor
from scoredesk.common.clock import now
from scoredesk.common.errors import ScoredeskError
from scoredesk.connections.faults import explain_error
from scoredesk.connections.forms import state_forms
from scoredesk.connections.health import report_fault
from scoredesk.connections.rows import live_connection
from scoredesk.connections.states import rename, take_up


@admin_required
def states(request: TenantRequest) -> HttpResponse:
    """Names and phases per table; an empty name takes the instance's own again."""
    connection = live_connection(request.tenant)
    if connection is None:
        return redirect("connections:overview")
    forms = state_forms(connection, request.POST if request.method == "POST" else None)
    if request.method == "POST" and all(form.is_valid() for form in forms):
        wanted = {
            form.instance.pk: (form.cleaned_data["name"], form.cleaned_data["phase"])
            for form in forms
        }
        changed = rename(connection, wanted, actor=Actor.of(request))
        messages.success(request, _("Saved. States changed: %(count)s.") % {"count": len(changed)})
        return redirect("connections:states")
    tables = [
        (rows[0].instance.get_table_display(), rows)
        for _table, group in groupby(forms, key=lambda form: form.instance.table)
        if (rows := list(group))
    ]
    return render(request, "connections/states.html", {"connection": connection, "tables": tables})


@require_POST
@admin_required
def read_again(request: TenantRequest) -> HttpResponse:
    """Reads the instance's own names again; names that a person chose stay."""
    connection = live_connection(request.tenant)
    if connection is None:
        return redirect("connections:overview")
    try:
        take_up(connection, actor=Actor.of(request))
    except ScoredeskError as error:
        report_fault(connection, error, now(), actor=Actor.of(request))
        told = explain_error(error, connection)
        messages.error(request, f"{told.what} {told.cure}")
    else:
        messages.success(request, _("The names were read from the instance."))
    return redirect("connections:states")
