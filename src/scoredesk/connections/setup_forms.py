"""The forms of the installation checklist, one for each step that is filled in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from scoredesk.accounts.audit import Actor
from scoredesk.accounts.models import Person, Tenant
from scoredesk.common.addresses import AddressError
from scoredesk.common.clock import now
from scoredesk.connections import changes, setup
from scoredesk.connections.errors import NewSecretRefused, OtherInstance, SecretNeeded
from scoredesk.connections.faults import explain
from scoredesk.connections.findings import Step
from scoredesk.connections.instance import check_resolved, parsed_address
from scoredesk.connections.models import Connection, ConnectorApp, SignIn, Status

# ServiceNow's own codes (servicenow-api 8), with the name of each language in itself.
LANGUAGES = [("en", "English"), ("zh", "简体中文")]
# Its rights are far more than the connection needs, and every release guards it more closely.
NEVER_USED = "admin"
SECRET_KEPT = _("Saved. Type it only to change it.")
_PLAIN = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}


def sentence(code: str, facts: dict[str, str]) -> str:
    """A fault as one text beside a field: what happened, why, and what to do."""
    told = explain(code, facts)
    return " ".join((told.what, told.why, told.cure))


@dataclass(frozen=True)
class Desk:
    """Who fills in a form, and what is there already. `secret_waits`: a secret was typed before,
    when another field was wrong ("" for none)."""

    tenant: Tenant
    connection: Connection | None
    secret_waits: str = ""


class StepForm(forms.Form):
    """A step's form. `save` raises what `setup` raises; `blame` puts it beside its field."""

    step: ClassVar[Step]
    blamed: ClassVar[str] = ""

    def __init__(self, *args: Any, desk: Desk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.desk = desk

    @classmethod
    def initial_of(cls, desk: Desk) -> dict[str, Any]:
        """What is saved already."""
        if desk.connection is None:
            return {}
        return {name: getattr(desk.connection, name, "") for name in cls.base_fields}

    def save(self, actor: Actor) -> Connection:
        """Stores what was filled in; the form must be valid."""
        raise NotImplementedError

    def _there(self) -> Connection:
        if self.desk.connection is None:
            raise ValueError("the instance is saved first")
        return self.desk.connection


class InstanceForm(StepForm):
    """Which instance, and the language of its names."""

    step = Step.INSTANCE
    blamed = "address"

    address = forms.CharField(
        label=_("Instance address"),
        max_length=255,
        widget=forms.TextInput(
            attrs={**_PLAIN, "placeholder": "https://acme.service-now.com", "inputmode": "url"}
        ),
        error_messages={
            "required": _("Type the instance's address, for example https://acme.service-now.com.")
        },
    )
    language = forms.ChoiceField(
        label=_("Language of the state names"),
        choices=LANGUAGES,
        help_text=_("As installed in the instance; English where it is not."),
    )

    @classmethod
    def initial_of(cls, desk: Desk) -> dict[str, Any]:
        """Begins with the tenant's language."""
        first = {"language": "zh" if desk.tenant.language.startswith("zh") else "en"}
        return {**first, **super().initial_of(desk)}

    def clean_address(self) -> str:
        """The address in its plain form; each way to be wrong has its own sentence."""
        try:
            address = parsed_address(self.cleaned_data["address"])
            check_resolved(address)
        except AddressError as error:
            raise forms.ValidationError(
                sentence(error.code, error.facts), code=error.code
            ) from error
        return address.url

    def save(self, actor: Actor) -> Connection:
        """Makes the row, or wakes the same instance's old one up."""
        return setup.save_instance(
            self.cleaned_data["address"],
            self.cleaned_data["language"],
            tenant=self.desk.tenant,
            actor=actor,
            now=now(),
        )


class AppForm(StepForm):
    """With or without the connector app."""

    step = Step.APP
    blamed = "connector_app"

    connector_app = forms.ChoiceField(
        label=_("How the connection works in ServiceNow"),
        choices=[choice for choice in ConnectorApp.choices if choice[0]],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the two. You can change it at any time.")},
    )

    def save(self, actor: Actor) -> Connection:
        """Keeps the choice."""
        chosen = ConnectorApp(self.cleaned_data["connector_app"])
        return setup.save_app_choice(self._there(), chosen, actor=actor)


class ApplicationForm(StepForm):
    """The OAuth application. A secret that is kept already may stay empty."""

    step = Step.APPLICATION
    blamed = "client_secret"

    sign_in = forms.ChoiceField(
        label=_("How the portal signs in"), choices=SignIn.choices, widget=forms.RadioSelect
    )
    client_id = forms.CharField(
        label=_("Client ID"),
        max_length=120,
        widget=forms.TextInput(attrs=_PLAIN),
        error_messages={"required": _("Copy the client ID from the OAuth application.")},
    )
    client_secret = forms.CharField(
        label=_("Client secret"),
        max_length=400,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, desk: Desk, **kwargs: Any) -> None:
        super().__init__(*args, desk=desk, **kwargs)
        self.fields["client_secret"].help_text = (
            SECRET_KEPT
            if self._secret_is_kept
            else _("It is stored encrypted and never shown again.")
        )

    @classmethod
    def initial_of(cls, desk: Desk) -> dict[str, Any]:
        """Begins with the way that most instances allow."""
        return {"sign_in": SignIn.AUTHORIZATION_CODE, **super().initial_of(desk)}

    def tell_secret_is_kept(self) -> None:
        """For a form that is shown again because of another field."""
        self["client_secret"].help_text = SECRET_KEPT

    def clean_client_secret(self) -> str:
        """Needed once."""
        secret: str = self.cleaned_data["client_secret"].strip()
        if not secret and not self._secret_is_kept:
            raise forms.ValidationError(
                _("Copy the client secret from the OAuth application."), code="required"
            )
        return secret

    def save(self, actor: Actor) -> Connection:
        """Keeps client ID and way of signing in, and the secret if one was typed: a connection
        that works takes a new secret only after it was proved."""
        connection = self._there()
        application = setup.Application(
            SignIn(self.cleaned_data["sign_in"]),
            self.cleaned_data["client_id"].strip(),
            self.cleaned_data["client_secret"] or self.desk.secret_waits,
        )
        same = (connection.sign_in, connection.client_id) == (
            application.sign_in,
            application.client_id,
        )
        if same and application.client_secret and connection.status == Status.CONNECTED:
            return changes.change_secret(
                connection, application.client_secret, actor=actor, now=now()
            )
        return setup.save_application(connection, application, actor=actor, now=now())

    @property
    def _secret_is_kept(self) -> bool:
        saved = self.desk.connection and self.desk.connection.sealed_client_secret
        return bool(saved or self.desk.secret_waits)


class UserForm(StepForm):
    """Whom the connection acts as."""

    step = Step.USER
    blamed = "integration_user"

    integration_user = forms.CharField(
        label=_("User name of the integration user"),
        max_length=120,
        help_text=_("Its User ID in ServiceNow, for example scoredesk.integration."),
        widget=forms.TextInput(attrs=_PLAIN),
        error_messages={"required": _("Type the user name that the connection is to act as.")},
    )

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
        members = Person.objects.filter(memberships__tenant=self.desk.tenant)
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

    def save(self, actor: Actor) -> Connection:
        """Keeps the user name."""
        name = self.cleaned_data["integration_user"]
        return setup.save_user(self._there(), name, actor=actor, now=now())


FORMS: dict[Step, type[StepForm]] = {
    form.step: form for form in (InstanceForm, AppForm, ApplicationForm, UserForm)
}
# What a form's `save` may raise that its `blamed` field tells.
BLAMABLE = (AddressError, NewSecretRefused, OtherInstance, SecretNeeded)
