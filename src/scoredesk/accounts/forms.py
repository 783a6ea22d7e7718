"""Forms about people, tenants and oneself."""

from __future__ import annotations

import zoneinfo
from functools import lru_cache
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from scoredesk.accounts.models import Person, Role
from scoredesk.accounts.setup_code import is_setup_code

Choices = list[tuple[str, Any]]


@lru_cache(maxsize=1)
def time_zones() -> Choices:
    """Every place-named time zone of the IANA database, and UTC first."""
    places = sorted(name for name in zoneinfo.available_timezones() if "/" in name)
    named = [
        name for name in places if not name.startswith(("Etc/", "SystemV/", "posix/", "right/"))
    ]
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in named)]


class ProfileForm(forms.Form):
    """What a person may change of themselves."""

    name = forms.CharField(
        label=pgettext_lazy("of a person", "Name"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("Shown to your colleagues and in the audit log."),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        choices=[("", _("As this browser asks for")), *settings.LANGUAGES],
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        required=False,
        choices=lambda: [("", _("The tenant's time zone")), *time_zones()],
    )


class TenantForm(forms.Form):
    """What an administrator may change of a tenant."""

    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        help_text=_("The organisation's name, as people know it."),
        error_messages={"required": _("Give the tenant a name.")},
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=settings.LANGUAGES,
        help_text=_("For texts that Scoredesk writes for everybody, such as tickets."),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=time_zones,
        help_text=_("For people who have not chosen one of their own."),
    )


class PersonForm(forms.Form):
    """A person to add to the tenant."""

    BY_PASSWORD = "password"  # noqa: S105  # a choice's name
    BY_MAIL = "mail"

    email = forms.EmailField(
        label=_("E-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=_("The person signs in with it."),
        error_messages={"required": _("Enter the e-mail address that the person signs in with.")},
    )
    name = forms.CharField(
        label=pgettext_lazy("of a person", "Name"), max_length=120, required=False
    )
    role = forms.ChoiceField(
        label=_("Role"),
        choices=Role.choices,
        widget=forms.RadioSelect,
        initial=Role.SECURITY_READER,
    )
    first_sign_in = forms.ChoiceField(
        label=_("First sign-in"),
        widget=forms.RadioSelect,
        initial=BY_PASSWORD,
        choices=[
            (BY_PASSWORD, _("Show me a first password, once, to hand over")),
            (BY_MAIL, _("Send the person an e-mail with a link to set a password")),
        ],
    )

    def clean_email(self) -> str:
        """In lower case, as all addresses are kept."""
        return str(self.cleaned_data["email"]).strip().lower()


class RoleForm(forms.Form):
    """A new role for a member."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)


class WelcomeForm(forms.Form):
    """The first tenant and its first administrator."""

    code = forms.CharField(
        label=_("Setup code"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("Scoredesk wrote it to its log when it started."),
        error_messages={"required": _("Enter the setup code from Scoredesk's log.")},
    )
    tenant = forms.CharField(
        label=_("Name of your organisation"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
        error_messages={"required": _("Name your organisation, so that its data has a home.")},
    )
    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
        help_text=_("You sign in with it."),
        error_messages={"required": _("Enter the e-mail address that you will sign in with.")},
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 characters. A few words that do not belong together are good."),
        error_messages={"required": _("Choose a password.")},
    )
    again = forms.CharField(
        label=_("Password once more"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Type the password once more.")},
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=time_zones,
        widget=forms.Select(attrs={"data-time-zone": "device"}),
    )

    def clean_code(self) -> str:
        """Only somebody who can read the log may take an empty Scoredesk."""
        code = str(self.cleaned_data["code"])
        if not is_setup_code(code):
            raise ValidationError(
                _(
                    "This is not the setup code. Look for “setup code” in Scoredesk's log, or run "
                    "“scoredesk manage setupcode” where it is installed."
                )
            )
        return code

    def clean_email(self) -> str:
        """In lower case, as all addresses are kept."""
        return str(self.cleaned_data["email"]).strip().lower()

    def clean(self) -> dict[str, Any]:
        """Both passwords alike, and strong enough for this person."""
        cleaned = super().clean() or {}
        password, again = cleaned.get("password"), cleaned.get("again")
        if password and again and password != again:
            self.add_error("again", _("The two passwords differ. Type the same one twice."))
        if password:
            person = Person(email=cleaned.get("email", ""), name=cleaned.get("name", ""))
            try:
                validate_password(password, person)
            except ValidationError as weak:
                self.add_error("password", weak)
        return cleaned
