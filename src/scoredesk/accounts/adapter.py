"""How allauth behaves here: nobody signs up by themselves; an administrator makes accounts."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from scoredesk.accounts.addresses import client_address


class AccountAdapter(DefaultAccountAdapter):
    """Closed to signing up; rate limits by the address that our proxy settings give."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002  # allauth's signature
        """Never."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The same address as in the audit log."""
        return client_address(request) or ""
