"""The installation checklist."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from scoredesk.accounts import typed, typed_secrets
from scoredesk.accounts.access import TenantRequest, admin_required
from scoredesk.accounts.audit import Actor
from scoredesk.common.addresses import AddressError
from scoredesk.common.clock import now
from scoredesk.connections import status
from scoredesk.connections.errors import OtherInstance, SecretNeeded
from scoredesk.connections.forms import SetupForm, sentence
from scoredesk.connections.models import Connection
from scoredesk.connections.rows import live_connection
from scoredesk.connections.setup import Setup, look_at, save

# Where a secret waits that was typed while another field was wrong.
SESSION_SECRET = "connections.secret"  # noqa: S105  # the name of a place, no secret


@admin_required
def setup(request: TenantRequest) -> HttpResponse:
    """The checklist: one form, and the step after it."""
    connection = live_connection(request.tenant)
    form = _setup_form(request, connection)
    if request.method == "POST":
        if form.is_valid() and _saved(request, form):
            return redirect(f"{request.path}#authorize")
        if secret := form.data.get("client_secret", "").strip():
            typed_secrets.keep(request, SESSION_SECRET, {"client_secret": secret})
            form.tell_secret_is_kept()
    elif form.is_bound:  # sent after the session had ended
        form.add_error(None, _("Please send that once more"))
    context = {"form": form, **status.steps_for_page(connection)}
    return render(request, "connections/setup.html", context)


def _setup_form(request: TenantRequest, connection: Connection | None) -> SetupForm:
    waiting = typed_secrets.waiting(request, SESSION_SECRET)
    kept = bool(waiting) or bool(connection and connection.sealed_client_secret)
    data = request.POST if request.method == "POST" else typed.take(request, request.tenant)
    initial = {"language": "zh" if request.tenant.language.startswith("zh") else "en"}
    if connection:
        initial = {
            name: getattr(connection, name)
            for name in ("address", "client_id", "integration_user", "language")
        }
    return SetupForm(data, initial=initial, tenant=request.tenant, secret_kept=kept)


def _saved(request: TenantRequest, form: SetupForm) -> bool:
    """Looks at the address and saves; what stands against it is put beside its field."""
    waiting = typed_secrets.waiting(request, SESSION_SECRET)
    wanted = form.setup(waiting.get("client_secret", ""))
    try:
        _save_and_tell(request, wanted)
    except (AddressError, OtherInstance) as error:
        form.add_error("address", sentence(error.code, error.facts))
    except SecretNeeded as error:
        form.add_error("client_secret", sentence(error.code, error.facts))
    else:
        typed_secrets.forget(request, SESSION_SECRET)
        return True
    return False


def _save_and_tell(request: TenantRequest, wanted: Setup) -> None:
    look = look_at(wanted.address, wanted.client_id)
    save(wanted, look, tenant=request.tenant, actor=Actor.of(request), now=now())
    if look.fault:
        messages.warning(request, _("Saved. The instance has a fault: see below what to do."))
    elif look.sso_host:
        messages.info(
            request,
            _(
                "Saved. This instance sends sign-ins to %(host)s: authorize in a private window, "
                "and sign in as the integration user."
            )
            % {"host": look.sso_host},
        )
    else:
        messages.success(request, _("Saved. The instance answers. Now authorize."))
