"""Pages of tickets: share, create, mend, list, and one ticket."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from scoredesk.accounts import typed
from scoredesk.accounts.access import TenantRequest, admin_required, reader_required
from scoredesk.accounts.audit import Actor
from scoredesk.accounts.paging import paged
from scoredesk.connections.models import Attempt
from scoredesk.connections.rows import usable_connection
from scoredesk.posture.models import ImprovementAction
from scoredesk.tickets.asked import asked_of
from scoredesk.tickets.faults import explain_outgoing
from scoredesk.tickets.filters import TicketFilter
from scoredesk.tickets.forms import TicketForm, today_here
from scoredesk.tickets.mapped import further_fields
from scoredesk.tickets.models import Delivery, Source, Ticket
from scoredesk.tickets.naming import state_choices
from scoredesk.tickets.payload import description_room
from scoredesk.tickets.prefill import prefill
from scoredesk.tickets.sharing import NotShareable, SentBefore, Wish, mend, share
from scoredesk.tickets.tables import TicketTableView

PAGE_SIZE = 25
NEWEST_ATTEMPTS = 20


def _wish(form: TicketForm, source: Source, action: ImprovementAction | None) -> Wish:
    data = form.cleaned_data
    return Wish(
        table=data["table"],
        source=source,
        name=data["name"],
        description=data["description"],
        priority=data["priority"],
        due_date=data["due_date"],
        form_key=data["form_key"],
        action=action,
        extras=form.extras,
    )


def _form_page(
    request: TenantRequest,
    form: TicketForm,
    *,
    action: ImprovementAction | None,
    ticket: Ticket | None = None,
) -> HttpResponse:
    context = {
        "form": form,
        "action": action,
        "ticket": ticket,
        "connection": usable_connection(request.tenant),
        "fault": explain_outgoing(ticket.outgoing.last()) if ticket else None,
    }
    if form.is_bound and request.method != "POST":  # the session had ended when it was sent
        form.add_error(None, _("Please send that once more"))
    status = 422 if request.method == "POST" else 200
    return render(request, "tickets/form.html", context, status=status)


def _sent(request: TenantRequest) -> QueryDict | None:
    """The form that was sent now, or one that was sent after the session had ended."""
    return request.POST if request.method == "POST" else typed.take(request, request.tenant)


def _send(
    request: TenantRequest, form: TicketForm, source: Source, action: ImprovementAction | None
) -> HttpResponse:
    """Queues what the form says, or shows it again with what is wrong."""
    connection = usable_connection(request.tenant)
    if connection is None:
        form.add_error(
            None, _("No ServiceNow instance is connected. Connect one; what you typed stays here.")
        )
    if connection is None or not form.is_valid():
        return _form_page(request, form, action=action)
    try:
        ticket = share(connection, _wish(form, source, action), Actor.of(request))
    except NotShareable as fault:
        form.add_error(None, str(fault))
        if isinstance(fault, SentBefore):
            form.data = {**dict(form.data.items()), "form_key": str(uuid.uuid4())}
        return _form_page(request, form, action=action)
    messages.success(request, _("“%(name)s” is on its way to ServiceNow.") % {"name": ticket.name})
    return redirect("tickets:ticket", uid=ticket.uid)


@require_http_methods(["GET", "HEAD", "POST"])
@admin_required
def new(request: TenantRequest) -> HttpResponse:
    """Creates a ticket of the person's own."""
    room = description_room(request.user, Source.USER, "")
    data = _sent(request)
    wanted = request.GET.get("table")
    form = TicketForm(
        data,
        description_room=room,
        today=today_here(),
        asked=asked_of(usable_connection(request.tenant)),
        initial={"table": wanted} if wanted else {},
    )
    if request.method == "POST":
        return _send(request, form, Source.USER, None)
    return _form_page(request, form, action=None)


@require_http_methods(["GET", "HEAD", "POST"])
@admin_required
def share_action(request: TenantRequest, control_id: str) -> HttpResponse:
    """Shares an improvement action."""
    action = get_object_or_404(ImprovementAction.objects.of(request.tenant), control_id=control_id)
    room = description_room(request.user, Source.MICROSOFT, action.category)
    today = today_here()
    asked = asked_of(usable_connection(request.tenant))
    if (data := _sent(request)) is not None:
        form = TicketForm(data, description_room=room, today=today, asked=asked)
        if request.method == "POST":
            return _send(request, form, Source.MICROSOFT, action)
        return _form_page(request, form, action=action)
    start = prefill(action, today, room)
    initial = {
        "name": start.name,
        "description": start.description,
        "priority": start.priority,
        "due_date": start.due_date,
    }
    form = TicketForm(description_room=room, today=today, asked=asked, initial=initial)
    if start.name_was_cut:
        form.fields["name"].help_text = _(
            "Microsoft's title is longer than the 160 characters that ServiceNow keeps; it was "
            "shortened here."
        )
    return _form_page(request, form, action=action)


@require_http_methods(["GET", "HEAD", "POST"])
@admin_required
def mend_ticket(request: TenantRequest, uid: uuid.UUID) -> HttpResponse:
    """Mends a ticket that ServiceNow refused, and sends it again."""
    ticket = get_object_or_404(Ticket.objects.of(request.tenant), uid=uid)
    if ticket.delivery != Delivery.FAILED:
        messages.info(request, _("This ticket needs no mending."))
        return redirect("tickets:ticket", uid=uid)
    room = description_room(request.user, Source(ticket.source), ticket.category)
    initial = {
        name: getattr(ticket, name)
        for name in ("table", "name", "description", "priority", "due_date", "form_key")
    }
    form = TicketForm(
        _sent(request),
        description_room=room,
        today=today_here(),
        asked=asked_of(usable_connection(request.tenant)),
        filled=ticket.extras,
        initial=initial,
    )
    if request.method != "POST" or not form.is_valid():
        return _form_page(request, form, action=ticket.action, ticket=ticket)
    try:
        mend(ticket, _wish(form, Source(ticket.source), ticket.action), Actor.of(request))
    except NotShareable as fault:
        form.add_error(None, str(fault))
        return _form_page(request, form, action=ticket.action, ticket=ticket)
    messages.success(request, _("Mended. The ticket is on its way to ServiceNow again."))
    return redirect("tickets:ticket", uid=uid)


@require_GET
@reader_required
def ticket_list(request: TenantRequest) -> HttpResponse:
    """All tickets of the tenant: filter, search, sort, page."""
    rows = Ticket.objects.of(request.tenant).select_related("connection", "shared_by").with_states()
    chosen = TicketFilter(request.GET, queryset=rows, states=state_choices(request.tenant))
    table = TicketTableView(chosen.qs)
    paged(request, table, PAGE_SIZE)
    context = {
        "table": table,
        "filter": chosen,
        "narrowed": any(request.GET.get(name) for name in chosen.filters),
        "count": table.paginator.count,
        "connection": usable_connection(request.tenant),
    }
    return render(request, "tickets/list.html", context)


def _ticket(request: TenantRequest, uid: uuid.UUID) -> Ticket:
    rows = Ticket.objects.of(request.tenant).select_related("connection", "shared_by", "action")
    ticket: Ticket = get_object_or_404(rows.with_states(), uid=uid)
    return ticket


def _ticket_context(request: TenantRequest, uid: uuid.UUID) -> dict[str, object]:
    ticket = _ticket(request, uid)
    outgoing = ticket.outgoing.order_by("id").last()
    return {
        "ticket": ticket,
        "outgoing": outgoing,
        "fault": explain_outgoing(outgoing),
        "further": further_fields(ticket, outgoing.payload) if outgoing else [],
        "attempts": Attempt.objects.of(ticket.tenant).filter(ticket_uid=ticket.uid)[
            :NEWEST_ATTEMPTS
        ],
    }


@require_GET
@reader_required
def ticket_page(request: TenantRequest, uid: uuid.UUID) -> HttpResponse:
    """One ticket with its timeline."""
    return render(request, "tickets/ticket.html", _ticket_context(request, uid))


@require_GET
@reader_required
def ticket_now(request: TenantRequest, uid: uuid.UUID) -> HttpResponse:
    """The changing part of a ticket's page, asked for again and again by htmx."""
    return render(request, "tickets/_ticket_now.html", _ticket_context(request, uid))


@require_GET
@reader_required
def of_action(request: TenantRequest, control_id: str) -> HttpResponse:
    """The tickets of an improvement action, for a place on its page."""
    rows = Ticket.objects.of(request.tenant).filter(action__control_id=control_id).with_states()
    return render(request, "tickets/_of_action.html", {"tickets": rows[:20]})
