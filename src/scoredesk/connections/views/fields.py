"""The mapping page: what is sent besides, per type of ticket; and a page for each field."""

from __future__ import annotations

import re

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from scoredesk.accounts import typed
from scoredesk.accounts.access import TenantRequest, admin_required
from scoredesk.accounts.audit import Actor
from scoredesk.common.clock import now
from scoredesk.common.errors import ScoredeskError
from scoredesk.connections.faults import explain_error
from scoredesk.connections.fields import mapping, reading, references
from scoredesk.connections.fields.catalogue import Book
from scoredesk.connections.fields.differences import sentences
from scoredesk.connections.fields.forms import How, MappingForm
from scoredesk.connections.fields.known import mappable
from scoredesk.connections.fields.listing import listing
from scoredesk.connections.fields.placeholders import PLACEHOLDERS
from scoredesk.connections.fields.sent import Default, book_of, defaults_of
from scoredesk.connections.fields.widgets import DEPENDS_ON
from scoredesk.connections.health import report_fault
from scoredesk.connections.models import Catalogue, Connection, TicketTable
from scoredesk.connections.rows import live_connection
from scoredesk.connections.tokens import client_for

_NAME = re.compile(r"[a-z][a-z0-9_]{0,79}")


@require_GET
@admin_required
def fields(request: TenantRequest) -> HttpResponse:
    """Both types of ticket, each with its fields. `?table=…&label=…` leads to the field that a
    refusal named, if its name is known."""
    connection = live_connection(request.tenant)
    if connection is None:
        return redirect("connections:overview")
    wanted, label = request.GET.get("table", ""), request.GET.get("label", "")
    name = mapping.name_of(connection, wanted, label) if wanted in TicketTable else ""
    if name and mappable(name):
        return redirect("connections:field", table=wanted, field=name)
    cards = [_card(connection, table) for table in TicketTable]
    context = {"connection": connection, "cards": cards, "label": label}
    return render(request, "connections/fields.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@admin_required
def field(request: TenantRequest, table: str, field: str) -> HttpResponse:
    """What is sent in one field; the buttons Search and Preview bring the form back as typed."""
    connection = _connection(request, table, field)
    if connection is None:
        return redirect("connections:overview")
    data = request.POST if request.method == "POST" else typed.take(request, request.tenant)
    form = _form(connection, table, field, data)
    pressed = request.POST.get("press", "")
    _name_chosen(connection, form)
    if request.method == "POST" and not pressed and form.is_valid():
        mapping.save(connection, table, form.wanted(), actor=Actor.of(request))
        messages.success(request, _("Saved: %(field)s.") % {"field": form.info.label})
        return redirect(f"{reverse('connections:fields')}#{table}")
    context = {
        "form": form,
        "table": table,
        "table_label": TicketTable(table).label,
        "placeholders": PLACEHOLDERS,
        "searched": pressed == "search",
        "preview": form.preview,
    }
    if pressed == "search":
        context |= _found(connection, form.info.reference, request.POST.get("words", ""))
    if pressed:
        form.errors.clear()
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "connections/field.html", context, status=status)


@require_GET
@admin_required
def search(request: TenantRequest, table: str, field: str) -> HttpResponse:
    """What is found by name, for a place in that page."""
    connection = _connection(request, table, field)
    if connection is None:
        raise Http404
    info = book_of(connection, table, _language()).info(field)
    context = _found(connection, info.reference, request.GET.get("words", ""))
    return render(request, "connections/_found.html", {**context, "searched": True})


@require_GET
@admin_required
def choose(request: TenantRequest) -> HttpResponse:
    """From the page's small form, where a field is chosen or its name typed, to that field."""
    table, name = request.GET.get("table", ""), request.GET.get("field", "").strip().lower()
    if table in TicketTable and _NAME.fullmatch(name) and mappable(name):
        return redirect("connections:field", table=table, field=name)
    messages.error(request, _("“%(name)s” is no field that can be mapped.") % {"name": name or "—"})
    return redirect("connections:fields")


@require_POST
@admin_required
def read_again(request: TenantRequest) -> HttpResponse:
    """Reads fields and choices from the instance; what was mapped stays."""
    connection = live_connection(request.tenant)
    if connection is None:
        return redirect("connections:overview")
    try:
        new = reading.take_up(connection, actor=Actor.of(request), now=now())
    except ScoredeskError as error:
        report_fault(connection, error, now(), actor=Actor.of(request))
        told = explain_error(error, connection)
        messages.error(request, f"{told.what} {told.cure}")
    else:
        messages.success(request, _("Read. Changes found: %(count)s.") % {"count": new})
    return redirect("connections:fields")


@require_POST
@admin_required
def seen(request: TenantRequest) -> HttpResponse:
    """The administrator has seen what the instance changed in a table."""
    connection = live_connection(request.tenant)
    table = request.POST.get("table", "")
    if connection is not None and table in TicketTable:
        mapping.acknowledge(connection, table, actor=Actor.of(request))
    return redirect("connections:fields")


@require_POST
@admin_required
def name_field(request: TenantRequest) -> HttpResponse:
    """Says which field a refusal meant, then leads to that field."""
    connection = live_connection(request.tenant)
    table, label = request.POST.get("table", ""), request.POST.get("label", "")
    name = request.POST.get("field", "").strip().lower()
    if connection is None or table not in TicketTable:
        return redirect("connections:fields")
    if not (_NAME.fullmatch(name) and mappable(name)):
        messages.error(
            request, _("“%(name)s” is no field that can be mapped.") % {"name": name or "—"}
        )
        return redirect("connections:fields")
    mapping.name_field(connection, table, label, name, actor=Actor.of(request))
    return redirect("connections:field", table=table, field=name)


def _language() -> str:
    return get_language() or "en"


def _connection(request: TenantRequest, table: str, field: str) -> Connection | None:
    if table not in TicketTable or not (_NAME.fullmatch(field) and mappable(field)):
        raise Http404
    return live_connection(request.tenant)


def _card(connection: Connection, table: TicketTable) -> dict[str, object]:
    book = book_of(connection, table, _language())
    row = Catalogue.objects.filter(connection=connection, table=table).first()
    return {
        "table": table.value,
        "heading": table.label,
        "list": listing(book, defaults_of(connection, table)),
        "changes": sentences(book, row.differences) if row else [],
        "read_at": row.read_at if row and (row.choices or book.whole) else None,
        "try": f"?{urlencode({'table': table.value})}",
    }


def _form(connection: Connection, table: str, name: str, data: object) -> MappingForm:
    book: Book = book_of(connection, table, _language())
    saved: dict[str, Default] = {each.field: each for each in defaults_of(connection, table)}
    other = saved.get(DEPENDS_ON.get(name, ""))
    return MappingForm(
        data,
        info=book.info(name),
        book=book,
        saved=saved.get(name),
        other=other.value if other and not other.template else "",
    )


def _name_chosen(connection: Connection, form: MappingForm) -> None:
    """Asks the instance what the chosen record is called: names that a browser sends prove
    nothing. A record that is gone or inactive becomes an error of the form."""
    chosen = str(form["value"].value() or "") if form.is_bound else ""
    if not (form.info.reference and chosen and form["how"].value() == How.FIXED):
        return
    try:
        with client_for(connection, insist=True) as client:
            found = references.look(client, form.info.reference, chosen)
    except ScoredeskError as error:
        told = explain_error(error, connection)
        form.add_error("words", f"{told.what} {told.cure}")
        return
    form.shown = found.name
    if not found.active:
        form.add_error("words", _("“%(name)s” is inactive. Choose another.") % {"name": found.name})


def _found(connection: Connection, table: str, words: str) -> dict[str, object]:
    """What the instance has by that name, or its fault."""
    try:
        return {"found": references.search(connection, table, words), "words": words}
    except ScoredeskError as error:
        return {"search_fault": explain_error(error, connection), "words": words}
