"""The page on which an administrator tries a mapping out."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST

from scoredesk.accounts.access import TenantRequest, admin_required
from scoredesk.accounts.audit import Actor
from scoredesk.common.clock import now
from scoredesk.connections.faults import explain, facts_of
from scoredesk.connections.fields.sent import Filled, book_of
from scoredesk.connections.models import Connection, TicketTable
from scoredesk.connections.rows import usable_connection
from scoredesk.posture.models import ImprovementAction
from scoredesk.tickets import payload
from scoredesk.tickets.asked import asked_of
from scoredesk.tickets.forms import TicketForm, today_here
from scoredesk.tickets.mapped import mapped_fields, raw_values
from scoredesk.tickets.models import Source
from scoredesk.tickets.trial.dry_run import dry_run, refused
from scoredesk.tickets.trial.forms import actions_offered, beginning
from scoredesk.tickets.trial.record import Result, Trial, carry_out
from scoredesk.tickets.trial.targets import look_at_targets


@require_http_methods(["GET", "HEAD", "POST"])
@admin_required
def trial(request: TenantRequest) -> HttpResponse:
    """The form; sent, the exact record of that ticket and what the instance would refuse."""
    connection = usable_connection(request.tenant)
    if connection is None:
        return redirect("connections:overview")
    action = _action(request)
    form = _form(request, connection, action)
    shown: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        wanted, mapped = _ticket(request, connection, form, action)
        record = payload.compose(wanted, raw_values(mapped))
        book = book_of(connection, wanted.table, get_language() or "en")
        lines = dry_run(record, mapped, book, look_at_targets(connection, book, mapped))
        shown = {"lines": lines, "refused": refused(lines), "shown_table": wanted.table}
    return _page(request, connection, form, action, shown)


@require_POST
@admin_required
def trial_record(request: TenantRequest) -> HttpResponse:
    """Creates a trial record of that ticket and cancels it; sent twice, it creates one."""
    connection = usable_connection(request.tenant)
    if connection is None:
        return redirect("connections:overview")
    action = _action(request)
    form = _form(request, connection, action)
    if not form.is_valid():
        return _page(request, connection, form, action, {})
    wanted, mapped = _ticket(request, connection, form, action)
    record = payload.compose(wanted, raw_values(mapped))
    tried = Trial(
        connection=connection,
        table=wanted.table,
        record=record,
        wanted=payload.expected(wanted.priority, wanted.table),
        key=form.cleaned_data["form_key"].hex,
    )
    result = carry_out(tried, actor=Actor.of(request), now=now())
    form = _form(request, connection, action)  # it may have to ask for more than before
    if result["outcome"] not in {"running", "uncertain"}:
        form.data = {**dict(form.data.items()), "form_key": str(uuid.uuid4())}
    shown = {"result": _told(connection, wanted.table, result), "shown_table": wanted.table}
    return _page(request, connection, form, action, shown)


def _action(request: TenantRequest) -> ImprovementAction | None:
    wanted = request.POST.get("action") or request.GET.get("action") or ""
    rows = ImprovementAction.objects.of(request.tenant).filter(control_id=wanted)
    found: ImprovementAction | None = rows.first() if wanted else None
    return found


def _form(
    request: TenantRequest, connection: Connection, action: ImprovementAction | None
) -> TicketForm:
    source = Source.MICROSOFT if action else Source.USER
    room = payload.description_room(request.user, source, action.category if action else "")
    initial = beginning(action, room)
    table = request.GET.get("table", "")
    initial["table"] = table if table in TicketTable else TicketTable.CHANGE_REQUEST
    return TicketForm(
        request.POST if request.method == "POST" else None,
        description_room=room,
        today=today_here(),
        asked=asked_of(connection),
        initial=initial,
    )


def _ticket(
    request: TenantRequest,
    connection: Connection,
    form: TicketForm,
    action: ImprovementAction | None,
) -> tuple[payload.Wanted, list[Filled]]:
    """What a ticket of this form would ask for, and its mapped fields."""
    data = form.cleaned_data
    wanted = payload.Wanted(
        table=data["table"],
        source=Source.MICROSOFT if action else Source.USER,
        name=data["name"],
        description=data["description"],
        priority=data["priority"],
        due_date=data["due_date"],
        category=action.category if action else "",
        shared_by=request.user.email,
        correlation_id=f"{connection.correlation_prefix}…",
        link=payload.ticket_link("…"),
        zone=request.tenant.time_zone,
        language=request.tenant.language,
    )
    title = action.title if action else ""
    return wanted, mapped_fields(connection, wanted, title, form.extras)


def _told(connection: Connection, table: str, result: Result) -> dict[str, Any]:
    """A stored result for the page: codes as explanations, fields by their labels."""
    facts = facts_of(connection)
    book = book_of(connection, table, get_language() or "en")
    told = {
        **result,
        "fields": [
            {**each, "label": book.info(each["field"]).label} for each in result.get("fields", [])
        ],
    }
    if result.get("code"):
        told["fault"] = explain(result["code"], {**facts, **result.get("facts", {})})
    if result.get("cancel_code"):
        told["not_cancelled"] = explain(
            result["cancel_code"], {**facts, **result.get("cancel_facts", {})}
        )
    return told


def _page(
    request: TenantRequest,
    connection: Connection,
    form: TicketForm,
    action: ImprovementAction | None,
    shown: dict[str, Any],
) -> HttpResponse:
    context = {
        "connection": connection,
        "form": form,
        "action": action,
        "actions": actions_offered(request.tenant),
        **shown,
    }
    if shown:
        context["table_label"] = TicketTable(shown["shown_table"]).label
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "tickets/trial.html", context, status=status)
