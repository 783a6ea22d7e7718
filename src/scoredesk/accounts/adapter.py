"""How allauth behaves here: nobody signs up by themselves; an administrator makes accounts."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme

from scoredesk.accounts.addresses import client_address
from scoredesk.accounts.audit import Actor, record
from scoredesk.accounts.models import Person

logger = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    """Closed to signing up; rate limits by the address that our proxy settings give; signing in
    and out and passwords are in the audit log of each tenant that the person belongs to."""

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

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Writes down for whom a password was guessed, and never what was typed as a name: now
        and then that is a password."""
        email = str(credentials.get("email") or "").strip().lower()
        person = Person.objects.filter(email=email).first()
        actor = Actor("anonymous", address=client_address(request))
        if person is None:
            logger.warning("sign-in failed: unknown name", extra={"address": actor.address})
        else:
            record_for_all(actor, "person.sign_in_failed", person)

    def logout(self, request: HttpRequest) -> None:
        """Writes down who signed out."""
        if isinstance(request.user, Person):
            record_for_all(Actor.of(request), "person.signed_out", request.user)
        super().logout(request)

    def is_safe_url(self, url: str) -> bool:
        """Whether to go on to `url` after signing in: on this portal only. allauth would also go
        to every name in ALLOWED_HOSTS, among them whatever runs on the person's own machine."""
        public = urlsplit(settings.PUBLIC_URL)
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={public.netloc}, require_https=public.scheme == "https"
        )

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link for a new password, at the portal's own address: the Host header comes from
        whoever asked, and behind a proxy the request does not look like https."""
        link = urlsplit(super().get_reset_password_from_key_url(key))
        return f"{settings.PUBLIC_URL}{link.path}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Sends, or writes down that it could not be sent: the answer must not tell by a fault
        that there is such a person. `request.mail_failed` tells it to our own pages."""
        try:
            super().send_mail(template_prefix, email, context)
        except OSError:  # smtplib's own faults among them
            self.request.mail_failed = True
            logger.exception("e-mail not sent", extra={"mail": template_prefix})

    def set_password(self, user: Person, password: str) -> None:
        """Writes down whose password changed, by themselves or through a link."""
        super().set_password(user, password)
        actor = Actor(user.email, person=user, address=client_address(self.request))
        record_for_all(actor, "person.password_changed", user)


def record_for_all(actor: Actor, action: str, person: Person) -> None:
    """One audit row in each tenant of a person."""
    for membership in person.memberships.select_related("tenant"):
        record(actor, action, tenant=membership.tenant, subject=person.email)
