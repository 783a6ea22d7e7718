"""The form of the set-up."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from scoredesk.accounts.models import Person, Tenant
from scoredesk.common.addresses import AddressError
from scoredesk.connections.faults import explain
from scoredesk.connections.instance import parsed_address
from scoredesk.connections.setup import Setup

# ServiceNow's own codes (servicenow-api 8), with the name of each language in itself.
LANGUAGES = [("en", "English"), ("zh", "简体中文")]
# Its rights are far more than the connection needs, and every release guards it more closely.
NEVER_USED = "admin"
SECRET_KEPT = _("Saved. Type it only to change it.")


def sentence(code: str, facts: dict[str, str]) -> str:
    """A fault as one text beside a field: what happened, why, and what to do."""
    told = explain(code, facts)
    return " ".join((told.what, told.why, told.cure))


class SetupForm(forms.Form):
    """Everything an administrator fills in. A secret that is kept already may stay empty."""

    address = forms.CharField(
        label=_("Instance address"),
        max_length=255,
        widget=forms.TextInput(
            attrs={
                "placeholder": "https://acme.service-now.com",
                "inputmode": "url",
                "autocomplete": "off",
                "spellcheck": "false",
            }
        ),
        error_messages={
            "required": _("Type the instance's address, for example https://acme.service-now.com.")
        },
    )
    client_id = forms.CharField(
        label=_("Client ID"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Copy the client ID from the OAuth application.")},
    )
    client_secret = forms.CharField(
        label=_("Client secret"),
        max_length=400,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    integration_user = forms.CharField(
        label=_("User name of the integration user"),
        max_length=120,
        help_text=_("Its User ID in ServiceNow, for example scoredesk.integration."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Type the user name that the connection is to act as.")},
    )
    language = forms.ChoiceField(
        label=_("Language of the state names"),
        choices=LANGUAGES,
        help_text=_("As installed in the instance; English where it is not."),
    )

    def __init__(self, *args: Any, tenant: Tenant, secret_kept: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._tenant = tenant
        self._secret_kept = secret_kept
        self.fields["client_secret"].help_text = (
            SECRET_KEPT if secret_kept else _("It is stored encrypted and never shown again.")
        )

    def tell_secret_is_kept(self) -> None:
        """For a form that is shown again because of another field."""
        self["client_secret"].help_text = SECRET_KEPT

    def clean_address(self) -> str:
        """The address in its plain form; each way to be wrong has its own sentence."""
        try:
            return parsed_address(self.cleaned_data["address"]).url
        except AddressError as error:
            raise forms.ValidationError(
                sentence(error.code, error.facts), code=error.code
            ) from error

    def clean_client_secret(self) -> str:
        """Needed once."""
        secret: str = self.cleaned_data["client_secret"].strip()
        if not secret and not self._secret_kept:
            raise forms.ValidationError(
                _("Copy the client secret from the OAuth application."), code="required"
            )
        return secret

    def clean_integration_user(self) -> str:
        """Not the administrator, and not a person of this portal: it must outlive people."""
        name: str = self.cleaned_data["integration_user"].strip()
        if name.casefold() == NEVER_USED:
            raise forms.ValidationError(
                _(
                    "Do not use admin: it may do far more than the connection needs. Create a user "
                    "of its own with the role itil."
                ),
                code="admin",
            )
        members = Person.objects.filter(memberships__tenant=self._tenant)
        if members.filter(email__iexact=name).exists():
            raise forms.ValidationError(
                _(
                    "%(name)s is a person's own account. The connection would end with it. Create "
                    "a user of its own for the connection."
                ),
                code="personal",
                params={"name": name},
            )
        return name

    def setup(self, kept_secret: str) -> Setup:
        """What was filled in; `kept_secret` was typed before, when another field was wrong."""
        data = self.cleaned_data
        return Setup(
            address=data["address"],
            client_id=data["client_id"].strip(),
            integration_user=data["integration_user"],
            client_secret=data["client_secret"] or kept_secret,
            language=data["language"],
        )
