"""The way to the instance's Allow page, and back."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from scoredesk.accounts.access import TenantRequest, admin_required
from scoredesk.accounts.audit import Actor
from scoredesk.common.clock import now
from scoredesk.common.errors import ScoredeskError
from scoredesk.connections import arrival, authorization, credentials
from scoredesk.connections.authorization import Answer
from scoredesk.connections.errors import UserUnusable, WrongUser
from scoredesk.connections.faults import explain_error
from scoredesk.connections.models import Connection, SignIn
from scoredesk.connections.rows import live_connection

# The trips that this browser began, by the digest of their state; several tabs may be open.
TRIPS = "connections.trips"
MOST_TRIPS = 5


@require_POST
@admin_required
def authorize(request: TenantRequest) -> HttpResponse:
    """Begins a trip and sends the browser on.

    By a page that goes on by itself, not by a redirect: the policy `form-action 'self'` also
    forbids redirects to other hosts after a form was sent, and single sign-on adds hosts that
    nobody can list.
    """
    connection = live_connection(request.tenant)
    if connection is None:
        return redirect("connections:setup")
    if connection.sign_in == SignIn.CLIENT_CREDENTIALS:
        return _get_access(request, connection)
    try:
        address = authorization.begin(connection, actor=Actor.of(request), now=now())
    except ScoredeskError as error:
        return _not_begun(request, error, connection)
    context = {"connection": connection, "address": address}
    _remember(request, address)
    response = render(request, "connections/going.html", context)
    response.headers["Refresh"] = f"0; url={address}"
    return response


@require_GET
@never_cache
@admin_required
def callback(request: TenantRequest) -> HttpResponse:
    """The way back: connected, or refused with the reason."""
    given = request.GET.get
    answer = Answer(
        state=given("state", ""),
        code=given("code", ""),
        error=given("error", ""),
        error_description=given("error_description", ""),
        begun_here=authorization.digest(given("state", "")) in request.session.get(TRIPS, []),
    )
    actor = Actor.of(request)
    try:
        connection = authorization.complete(answer, tenant=request.tenant, actor=actor, now=now())
    except ScoredeskError as error:
        return _refused(request, error)
    return _connected(request, connection)


def _get_access(request: TenantRequest, connection: Connection) -> HttpResponse:
    """Without a browser: connected at once, or back at the step with the reason."""
    try:
        connected = credentials.obtain(connection, actor=Actor.of(request), now=now())
    except ScoredeskError as error:
        return _not_begun(request, error, connection)
    return _connected(request, connected)


def _not_begun(
    request: TenantRequest, error: ScoredeskError, connection: Connection
) -> HttpResponse:
    told = explain_error(error, connection)
    messages.error(request, f"{told.what} {told.cure}")
    return redirect(f"{reverse('connections:setup')}?step=authorize#authorize")


def _connected(request: TenantRequest, connection: Connection) -> HttpResponse:
    """Reads and checks what only an authorized connection can."""
    arrival.arrive(connection, actor=Actor.of(request), now=now())
    messages.success(
        request,
        _("Connected to %(instance)s as %(user)s.")
        % {"instance": connection.address, "user": connection.integration_user},
    )
    return redirect("connections:overview")


def _remember(request: TenantRequest, address: str) -> None:
    """Binds the trip to this browser's session, which keeps the newest ones only."""
    state = parse_qs(urlsplit(address).query)["state"][0]
    trips = [*request.session.get(TRIPS, []), authorization.digest(state)]
    request.session[TRIPS] = trips[-MOST_TRIPS:]


def _refused(request: TenantRequest, error: ScoredeskError) -> HttpResponse:
    connection = live_connection(request.tenant)
    context = {
        "connection": connection,
        "fault": explain_error(error, connection),
        "detail": error.detail,
        "wrong_user": isinstance(error, (WrongUser, UserUnusable)),
        "answered": error.facts.get("answered", ""),
        "revoked": error.facts.get("revoked", ""),
    }
    return render(request, "connections/refused.html", context, status=400)
