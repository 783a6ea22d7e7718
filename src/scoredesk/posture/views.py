"""Pages of improvement actions: the list, and one action."""

from __future__ import annotations

from urllib.parse import quote

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from scoredesk.accounts.access import TenantRequest, reader_required
from scoredesk.accounts.models import Tenant
from scoredesk.accounts.paging import paged
from scoredesk.common import clock
from scoredesk.posture.course import chart, steps
from scoredesk.posture.filters import ActionFilter
from scoredesk.posture.models import ImprovementAction, ScoreSnapshot, SecureScoreSource
from scoredesk.posture.standing import counted, score_impact
from scoredesk.posture.tables import ActionTable

PAGE_SIZE = 25
LONGEST_HISTORY = 90


@require_safe
@reader_required
def action_list(request: TenantRequest) -> HttpResponse:
    """Search, filter and sort; what is chosen stands in the address."""
    actions = ImprovementAction.objects.of(request.tenant).filter(gone_at=None)
    services = actions.order_by("service").values_list("service", flat=True).distinct()
    chosen = ActionFilter(request.GET, queryset=actions, services=list(services))
    table = ActionTable(
        chosen.qs.defer("profile", "control_score", "remediation_html", "description_html"),
        most_points=_most_points(request.tenant),
        order_by="rank",
    )
    paged(request, table, PAGE_SIZE)
    context = {
        "filter": chosen,
        "table": table,
        "count": table.paginator.count,
        "narrowed": any(request.GET.get(name) for name in chosen.filters),
        "source": SecureScoreSource.objects.of(request.tenant).first(),
    }
    return render(request, "posture/actions.html", context)


@require_safe
@reader_required
def action_page(request: TenantRequest, control_id: str) -> HttpResponse:
    """Everything known of one action, and the Share menu."""
    action = get_object_or_404(ImprovementAction.objects.of(request.tenant), control_id=control_id)
    address = settings.PUBLIC_URL + reverse("posture:action", args=[control_id])
    newest = action.history.order_by("-day").values_list("day", "score")[:LONGEST_HISTORY]
    scores = [(day, score) for day, score in reversed(newest)]
    context = {
        "action": action,
        "address": address,
        "mail": _mail(action, address),
        "history": steps(scores),
        "chart": chart(scores, action.max_score, clock.now().date()),
        "counted": counted(action),
        "impact": score_impact(action, _most_points(request.tenant)),
    }
    return render(request, "posture/action.html", context)


def _most_points(tenant: Tenant) -> float | None:
    """The tenant's possible points on the newest day; None before the first refresh."""
    return ScoreSnapshot.objects.of(tenant).values_list("max_score", flat=True).first()


def _mail(action: ImprovementAction, address: str) -> str:
    """A mailto: address for a message about `action`, without a receiver."""
    subject = _("Secure Score: %(title)s") % {"title": action.title}
    body = _("Please have a look at this improvement action:\n\n%(title)s\n%(address)s") % {
        "title": action.title,
        "address": address,
    }
    return f"mailto:?subject={quote(subject)}&body={quote(body)}"
