"""How allauth behaves here: nobody signs up by themselves; an administrator makes accounts."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse

from scoredesk.accounts.addresses import client_address
from scoredesk.accounts.audit import Actor, record
from scoredesk.accounts.models import Person


class AccountAdapter(DefaultAccountAdapter):
    """Closed to signing up; rate limits by the address that our proxy settings give; signing in
    and passwords are in the audit log of each tenant that the person belongs to."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002  # allauth's signature
        """Never."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The same address as in the audit log."""
        return client_address(request) or ""

    def post_login(self, request: HttpRequest, user: Person, **kwargs: Any) -> HttpResponse:
        """Writes down who signed in."""
        record_for_all(Actor.of(request), "person.signed_in", user)
        response: HttpResponse = super().post_login(request, user, **kwargs)
        return response

    def set_password(self, user: Person, password: str) -> None:
        """Writes down whose password changed, by themselves or through a link."""
        super().set_password(user, password)
        actor = Actor(user.email, person=user, address=client_address(self.request))
        record_for_all(actor, "person.password_changed", user)


def record_for_all(actor: Actor, action: str, person: Person) -> None:
    """One audit row in each tenant of a person."""
    for membership in person.memberships.select_related("tenant"):
        record(actor, action, tenant=membership.tenant, subject=person.email)
