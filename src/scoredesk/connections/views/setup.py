"""The installation checklist: its page, saving a step, checking a step again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from scoredesk.accounts import typed, typed_secrets
from scoredesk.accounts.access import TenantRequest, admin_required
from scoredesk.accounts.audit import Actor
from scoredesk.common.clock import now
from scoredesk.common.errors import ScoredeskError
from scoredesk.connections import arrival, checks
from scoredesk.connections.authorization import is_complete
from scoredesk.connections.checklist import card_of, cards, next_card
from scoredesk.connections.faults import explain_error
from scoredesk.connections.findings import Finding, Outcome, Step
from scoredesk.connections.instance import redirect_uri
from scoredesk.connections.models import Connection
from scoredesk.connections.rows import live_connection
from scoredesk.connections.setup_forms import (
    BLAMABLE,
    FORMS,
    ApplicationForm,
    Desk,
    StepForm,
)
from scoredesk.connections.steps import Found, says_something

# Where a secret waits that was typed while another field was wrong.
SESSION_SECRET = "connections.secret"  # noqa: S105  # the name of a place, no secret
# With both filled in, the instance can be asked whether it would let somebody in.
_OPENS_THE_WAY = frozenset({Step.APPLICATION, Step.USER})


@sensitive_post_parameters("client_secret")
@admin_required
def setup(request: TenantRequest) -> HttpResponse:
    """The checklist; a step is sent to this address too, with its name in the field `step`, so
    that what was typed finds its form again after a new sign-in."""
    connection = live_connection(request.tenant)
    desk = Desk(request.tenant, connection, _waiting_secret(request))
    if request.method == "POST":
        return _sent(request, desk)
    return render(request, "connections/setup.html", _context(request, desk, _kept(request, desk)))


@require_POST
@admin_required
def check_step(request: TenantRequest, step: str) -> HttpResponse:
    """Checks one step now. With htmx only what was found comes back; else the page does."""
    if step not in Step.values:
        raise Http404
    connection = live_connection(request.tenant)
    if connection is None:
        return redirect("connections:setup")
    found = arrival.check(connection, actor=Actor.of(request), now=now(), steps={Step(step)})
    if not request.htmx:
        _tell(request, found, nothing=_("Nothing to check here yet: authorizing proves it."))
        return _to(Step(step))
    desk = Desk(request.tenant, connection)
    card = card_of(Step(step), connection, now())
    context = {**_context(request, desk, None), "card": card, "out_of_band": True}
    return render(request, "connections/setup/_checked.html", context)


def _sent(request: TenantRequest, desk: Desk) -> HttpResponse:
    """A step's form: saved and checked at once, or shown again with what is wrong."""
    form = _form(request.POST, desk)
    if form is None:
        return redirect("connections:setup")
    if form.is_valid() and (saved := _saved(request, form)):
        found = _checked(request, saved, form.step)
        _tell(request, found, nothing=_("Saved."))
        return _onward(saved, form.step, found)
    if isinstance(form, ApplicationForm):
        _keep_secret(request, form)
    return render(request, "connections/setup.html", _context(request, desk, form))


def _form(data: QueryDict, desk: Desk) -> StepForm | None:
    step = data.get("step", "")
    kind = FORMS.get(Step(step)) if step in Step.values else None
    if kind is None or (desk.connection is None and kind.step != Step.INSTANCE):
        return None
    return kind(data, desk=desk, initial=kind.initial_of(desk))


def _kept(request: TenantRequest, desk: Desk) -> StepForm | None:
    """The form that was sent after the session had ended, if there is one."""
    data = typed.take(request, request.tenant)
    form = _form(data, desk) if data else None
    if form is not None:
        form.add_error(None, _("Please send that once more"))
    return form


def _saved(request: TenantRequest, form: StepForm) -> Connection | None:
    """The row as saved; what stands against it is put beside its field."""
    try:
        saved = form.save(Actor.of(request))
    except BLAMABLE as error:
        told = explain_error(error, form.desk.connection)
        form.add_error(form.blamed, f"{told.what} {told.why} {told.cure}")
        return None
    except ScoredeskError as error:
        told = explain_error(error, form.desk.connection)
        form.add_error(None, f"{told.what} {told.cure}")
        return None
    if form.step == Step.APPLICATION:
        typed_secrets.forget(request, SESSION_SECRET)
    return saved


def _checked(request: TenantRequest, saved: Connection, step: Step) -> list[Finding]:
    """Checks what was saved, and whether the way to the Allow page is open as soon as it can be."""
    steps = {step}
    if step in _OPENS_THE_WAY and is_complete(saved):
        steps |= {Step.APPLICATION, Step.AUTHORIZE}
    found = checks.run(saved, actor=Actor.of(request), now=now(), steps=steps)
    return [finding for finding in found if finding.step == step]


def _tell(request: HttpRequest, found: list[Finding], *, nothing: str) -> None:
    """One sentence about what was found; `nothing`: the one for a step that proves nothing yet."""
    told = {one.outcome for one in found if says_something(Found(one.outcome, one.code))}
    if Outcome.FAILED in told:
        messages.warning(request, _("The check found a fault. See the step for what to do."))
    elif told & {Outcome.WARNING, Outcome.UNSURE}:
        messages.info(request, _("Checked: it works, with a remark. See the step."))
    elif told:
        messages.success(request, _("Checked: this step is in order."))
    else:
        messages.success(request, nothing)


def _onward(saved: Connection, step: Step, found: list[Finding]) -> HttpResponse:
    """To the step that comes next; back to this one if it has a fault."""
    following = next_card(cards(saved, now()))
    failed = any(
        one.outcome == Outcome.FAILED and says_something(Found(one.outcome, one.code))
        for one in found
    )
    return _to(step if failed or following is None else following.step)


def _to(step: Step) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('connections:setup')}?step={step}#{step}")


def _waiting_secret(request: TenantRequest) -> str:
    return typed_secrets.waiting(request, SESSION_SECRET).get("client_secret", "")


def _keep_secret(request: TenantRequest, form: ApplicationForm) -> None:
    if secret := form.data.get("client_secret", "").strip():
        typed_secrets.keep(request, SESSION_SECRET, {"client_secret": secret})
        form.tell_secret_is_kept()


def _context(request: TenantRequest, desk: Desk, wrong: StepForm | None) -> dict[str, Any]:
    """`wrong`: the form that is shown with its errors; its card is unfolded."""
    connection = desk.connection
    asked = wrong.step.value if wrong else request.GET.get("step", "")
    shown = cards(connection, now(), asked)
    forms = {kind.step: kind(desk=desk, initial=kind.initial_of(desk)) for kind in FORMS.values()}
    if wrong:
        forms[wrong.step] = wrong
    return {
        "connection": connection,
        "cards": shown,
        "next": next_card(shown),
        "forms": {step.value: form for step, form in forms.items()},
        "wrong": wrong,
        "redirect_uri": redirect_uri(),
        "may_authorize": bool(connection and is_complete(connection)),
    }
