"""The gate before every page: signed in, a member of a tenant, and with the role it takes."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django_htmx.middleware import HtmxDetails

from scoredesk.accounts import typed
from scoredesk.accounts.models import Membership, Person, Role, Tenant

SESSION_TENANT = "tenant"
P = ParamSpec("P")


class TenantRequest(HttpRequest):
    """A request that passed the gate (`PersonMiddleware` puts these on it)."""

    user: Person
    tenant: Tenant
    membership: Membership
    htmx: HtmxDetails


View = Callable[Concatenate[TenantRequest, P], HttpResponseBase]
DjangoView = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def memberships_of(person: Person) -> list[Membership]:
    """Every tenant that a person may work in, in the order of their names."""
    rows = Membership.objects.filter(person=person).select_related("tenant")
    return list(rows.order_by("tenant__name", "id"))


def administrators_of(tenant: Tenant | None) -> list[Person]:
    """Who can change a tenant, and give others the role to; nobody for no tenant."""
    admins = Membership.objects.filter(
        tenant=tenant, role=Role.SECURITY_ADMIN, person__is_active=True
    )
    return [row.person for row in admins.select_related("person").order_by("person__email")]


def choose_membership(person: Person, wanted: str | None) -> Membership | None:
    """The membership a person works in: of the tenant `wanted` (its uid), else the first."""
    memberships = memberships_of(person)
    for membership in memberships:
        if str(membership.tenant.uid) == wanted:
            return membership
    return memberships[0] if memberships else None


def _guarded(view: View[P], *, writes: bool) -> DjangoView[P]:
    @wraps(view)
    def gate(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            if request.method == "POST":
                typed.keep(request)
            return redirect_to_login(typed.way_back(request))
        membership: Membership | None = getattr(request, "membership", None)
        if membership is None:
            return no_tenant(request)
        if writes and not membership.may_write:
            raise PermissionDenied
        return view(request, *args, **kwargs)  # type: ignore[arg-type]  # the middleware made it one

    return cast("DjangoView[P]", gate)  # mypy keeps the name of the first argument, callers do not


def no_tenant(request: HttpRequest) -> HttpResponse:
    """The page for somebody who is signed in but belongs to no tenant."""
    return render(request, "accounts/no_tenant.html", status=403)


def reader_required(view: View[P]) -> DjangoView[P]:
    """For pages that any member of the tenant may see."""
    return _guarded(view, writes=False)


def admin_required(view: View[P]) -> DjangoView[P]:
    """For pages and actions that only a security administrator may use; others get 403."""
    return _guarded(view, writes=True)
