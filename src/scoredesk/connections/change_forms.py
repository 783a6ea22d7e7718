"""Forms of the guided changes. Nothing typed as a secret is ever sent back to a browser."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from scoredesk.common.addresses import AddressError
from scoredesk.connections.faults import explain
from scoredesk.connections.instance import parsed_address
from scoredesk.connections.models import Connection


def _secret(label: Any, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=400,
        strip=True,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        **more,
    )


class SecretForm(forms.Form):
    """The new client secret."""

    client_secret = _secret(
        _("New client secret"),
        help_text=_("It is tried at once, and kept only if ServiceNow accepts it."),
        error_messages={"required": _("Copy the client secret from the OAuth application.")},
    )


class AddressForm(forms.Form):
    """Where the renamed instance is now."""

    address = forms.CharField(
        label=_("New instance address"),
        max_length=255,
        widget=forms.TextInput(
            attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}
        ),
        error_messages={
            "required": _("Type the instance's address, for example https://acme.service-now.com.")
        },
    )
    client_secret = _secret(
        _("Client secret"),
        help_text=_("A saved secret is never sent to another address, so type it again."),
        error_messages={"required": _("Copy the client secret from the OAuth application.")},
    )

    def __init__(self, *args: Any, connection: Connection, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._connection = connection

    def clean_address(self) -> str:
        """The address in its plain form; each way to be wrong has its own sentence."""
        try:
            address = parsed_address(self.cleaned_data["address"]).url
        except AddressError as error:
            told = explain(error.code, error.facts)
            text = " ".join((told.what, told.why, told.cure))
            raise forms.ValidationError(text, code=error.code) from error
        if address == self._connection.address:
            raise forms.ValidationError(_("This is the present address."), code="same")
        return address


class PasswordForm(forms.Form):
    """The integration user's password, used once. Blanks in it are part of it."""

    password = forms.CharField(
        label=_("Password of the integration user"),
        max_length=400,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("Used once for this check; neither stored nor logged."),
        error_messages={"required": _("Type the password of the integration user.")},
    )
