"""The page on which an administrator names the states and says what each amounts to."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from scoredesk.accounts.access import TenantRequest, admin_required
from scoredesk.accounts.audit import Actor
from scoredesk.common.clock import now
from scoredesk.common.errors import ScoredeskError
from scoredesk.connections import state_notes
from scoredesk.connections.errors import ChoicesUnreadable
from scoredesk.connections.faults import explain, explain_error
from scoredesk.connections.health import report_fault
from scoredesk.connections.models import Connection, TicketTable
from scoredesk.connections.rows import live_connection
from scoredesk.connections.state_forms import TableForms, state_forms, wanted_of
from scoredesk.connections.state_lists import duplicates
from scoredesk.connections.state_usage import tickets_by_state
from scoredesk.connections.states import acknowledge, rename, take_up, waiting


@admin_required
def states(request: TenantRequest) -> HttpResponse:
    """Names and phases per table; an empty name takes the instance's own again."""
    connection = live_connection(request.tenant)
    if connection is None:
        return redirect("connections:overview")
    sent = request.POST if request.method == "POST" else None
    tables = state_forms(connection, sent)
    if sent is None or not all(form.is_valid() for table in tables for form in table.rows):
        context = {"connection": connection, "tables": tables, **_around(connection, tables)}
        status = 200 if sent is None else 422
        return render(request, "connections/states.html", context, status=status)
    wanted = wanted_of(tables, sent.get("reset", ""))
    changed = rename(connection, wanted, actor=Actor.of(request))
    messages.success(request, _("Saved. States changed: %(count)s.") % {"count": len(changed)})
    return redirect("connections:states")


@require_POST
@admin_required
def read_again(request: TenantRequest) -> HttpResponse:
    """Reads the instance's own names again; names that a person chose stay."""
    connection = live_connection(request.tenant)
    if connection is None:
        return redirect("connections:overview")
    try:
        changed = take_up(connection, actor=Actor.of(request))
    except ScoredeskError as error:
        report_fault(connection, error, now(), actor=Actor.of(request))
        told = explain_error(error, connection)
        messages.error(request, f"{told.what} {told.cure}")
    else:
        messages.success(request, _read(connection, changed))
    return redirect("connections:states")


@require_POST
@admin_required
def seen(request: TenantRequest) -> HttpResponse:
    """The administrator has seen what the instance changed."""
    connection = live_connection(request.tenant)
    if connection is not None:
        acknowledge(connection, until=request.POST.get("until", ""), actor=Actor.of(request))
    return redirect("connections:states")


def _around(connection: Connection, tables: list[TableForms]) -> dict[str, object]:
    """What the page tells besides the forms."""
    rows = [form.row for table in tables for form in table.rows]
    counts = tickets_by_state(connection)
    for table in tables:
        for form in table.rows:
            form.tickets = counts.get((form.row.table, form.row.value), 0)
    names = {table.value: str(table.label) for table in TicketTable}
    return {
        "notes": state_notes.notes(rows),
        "until": state_notes.newest(rows),
        "clashes": state_notes.clashes(duplicates(rows), names),
        "unreadable": explain(ChoicesUnreadable.code, {}) if _unlisted(tables) else None,
        "needing_phase": waiting(connection).phases,
    }


def _unlisted(tables: list[TableForms]) -> bool:
    return any(table.standing_in for table in tables)


def _read(connection: Connection, changed: int) -> str:
    if not connection.state_names.filter(listed=True).exists():
        return _("The instance does not show its choices. The names stay as they are.")
    if not changed:
        return _("The names were read from the instance. Nothing has changed.")
    return ngettext(
        "The names were read from the instance. %(count)s state changed.",
        "The names were read from the instance. %(count)s states changed.",
        changed,
    ) % {"count": changed}
