"""What every page knows: the tenant, the role, the places to go, the other tenants."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from scoredesk import __version__
from scoredesk.accounts.access import memberships_of
from scoredesk.accounts.models import Membership, Person


@dataclass(frozen=True)
class Place:
    """An entry of the navigation bar.

    `view` is the name of the page it leads to; the entry is marked as the current one on that page
    and on every page whose view's name begins with one of `covers`.
    """

    label: Any
    icon: str
    view: str
    covers: tuple[str, ...]

    def holds(self, view_name: str) -> bool:
        """Whether the page of this view lies behind this entry."""
        return view_name == self.view or view_name.startswith(self.covers)


PLACES = (
    Place(_("Home"), "home", "home", ("home",)),
    Place(
        _("Improvement actions"),
        "list-check",
        "posture:actions",
        ("posture:action", "tickets:share"),
    ),
    Place(
        _("Tickets"),
        "ticket",
        "tickets:list",
        ("tickets:list", "tickets:ticket", "tickets:new", "tickets:mend"),
    ),
    Place(_("ServiceNow"), "plug", "connections:overview", ("connections:", "tickets:trial")),
    Place(_("Secure Score source"), "shield-check", "posture:source", ("posture:source",)),
    Place(_("People"), "users", "accounts:people", ("accounts:people", "accounts:person")),
    Place(_("Audit log"), "history", "accounts:audit", ("accounts:audit",)),
)


@dataclass(frozen=True)
class Link:
    """A place as one page shows it."""

    label: Any
    icon: str
    address: str
    current: bool


def links(view_name: str) -> list[Link]:
    """The navigation bar as seen from the page of this view."""
    return [
        Link(place.label, place.icon, reverse(place.view), current=place.holds(view_name))
        for place in PLACES
    ]


def page(request: HttpRequest) -> dict[str, object]:
    """Context for the base templates."""
    match = getattr(request, "resolver_match", None)
    view_name = match.view_name if match else ""
    person = getattr(request, "user", None)
    return {
        "tenant": getattr(request, "tenant", None),
        "membership": getattr(request, "membership", None),
        "navigation": SimpleLazyObject(lambda: links(view_name)),
        "memberships": SimpleLazyObject(lambda: _memberships(person)),
        # Each in its own language: Django's tag would translate the names.
        "languages": settings.LANGUAGES,
        "version": __version__,
        "here": _here(request, view_name),
    }


def _here(request: HttpRequest, view_name: str) -> str:
    """Where a page leads back to after another language was chosen. The way back from ServiceNow
    works once, and its address holds an OAuth code that no page should repeat."""
    if view_name == "connections:callback":
        return reverse("connections:overview")
    return request.get_full_path()


def _memberships(person: object) -> list[Membership]:
    """All tenants a person may switch to, in the order of their names."""
    if not isinstance(person, Person):
        return []
    return memberships_of(person)
