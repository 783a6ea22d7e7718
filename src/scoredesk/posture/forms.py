"""The form that connects a Microsoft 365 tenant."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from scoredesk.accounts.models import Tenant
from scoredesk.posture.models import CredentialKind, SecureScoreSource
from scoredesk.posture.sources import Access, access_of, pem_parts

_GUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_DOMAIN = r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])"
_DIRECTORY = RegexValidator(
    re.compile(f"\\A(?:{_GUID}|{_DOMAIN})\\Z", re.IGNORECASE),
    _(
        "This is neither a tenant ID nor a domain. A tenant ID looks like "
        "11111111-2222-4333-8444-555555555555, a domain like contoso.onmicrosoft.com."
    ),
)
_CLIENT = RegexValidator(
    re.compile(r"\A[A-Za-z0-9._-]+\Z"),
    _("This is no client ID. Copy the Application (client) ID from the application's Overview."),
)


class SecretTextarea(forms.Textarea):
    """A field of several lines for a secret: what was typed is never written back to the page."""

    def format_value(self, value: Any) -> str:  # noqa: ARG002  # Django's signature
        """Nothing."""
        return ""


class SourceForm(forms.Form):
    """Kind of credential, tenant, application, secret. Secrets are never written back to a page."""

    SECRETS = ("secret", "certificate", "passphrase")

    kind = forms.ChoiceField(
        label=_("Sign in with"), choices=CredentialKind.choices, widget=forms.RadioSelect
    )
    directory = forms.CharField(
        label=_("Tenant ID"),
        max_length=80,
        required=False,
        validators=[_DIRECTORY],
        help_text=_("The Directory (tenant) ID from the application's Overview, or a domain."),
    )
    client_id = forms.CharField(
        label=_("Client ID"),
        max_length=80,
        required=False,
        validators=[_CLIENT],
        help_text=_(
            "The Application (client) ID. For a managed identity: only if it is user-assigned."
        ),
    )
    secret = forms.CharField(
        label=_("Client secret"),
        max_length=1000,
        required=False,
        strip=True,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("The secret's value, not its ID."),
    )
    certificate = forms.CharField(
        label=_("Certificate and private key (PEM)"),
        max_length=40_000,
        required=False,
        widget=SecretTextarea(
            attrs={
                "rows": 6,
                "spellcheck": "false",
                "autocomplete": "off",
                "class": "font-monospace",
            }
        ),
        help_text=_(
            "Both blocks, one after the other, with the lines that begin with five dashes."
        ),
    )
    passphrase = forms.CharField(
        label=_("Passphrase of the private key"),
        max_length=1000,
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("Leave it empty if the key has none."),
    )

    def __init__(
        self,
        *args: Any,
        source: SecureScoreSource | None,
        tenant: Tenant,
        waiting: Mapping[str, str],
        **kwargs: Any,
    ) -> None:
        """`source`: what is stored, if anything; its secret is used again when none is typed.

        `waiting`: secrets by field that were typed before, while something else was wrong.
        """
        super().__init__(*args, **kwargs)
        self._tenant = tenant
        self._waiting = waiting
        self.initial = {"kind": CredentialKind.CLIENT_SECRET}
        if source:
            names = ("kind", "directory", "client_id")
            self.initial = {name: getattr(source, name) for name in names}
        self._source = source
        if source and source.sealed_secret and source.kind == CredentialKind.CLIENT_SECRET:
            self.fields["secret"].help_text = _("A secret is stored. Type one only to replace it.")
        if source and source.sealed_certificate:
            self.fields["certificate"].help_text = _(
                "A certificate is stored. Paste one, with its private key, only to replace it."
            )

        self.tell_what_waits(waiting)

    def tell_what_waits(self, waiting: Mapping[str, str]) -> None:
        """Says beside each field whose secret waits that it need not be typed again."""
        for name in self.SECRETS:
            if waiting.get(name):
                self[name].help_text = _("Saved. Type it only to change it.")

    def secrets_in_order(self) -> dict[str, str]:
        """The secrets that are worth keeping: typed, and nothing was wrong with them."""
        data = self.cleaned_data
        return {
            name: data[name] for name in self.SECRETS if data.get(name) and name not in self.errors
        }

    def clean_kind(self) -> str:
        """The machine's identity reads one Microsoft 365 tenant, and that is somebody's already."""
        kind = str(self.cleaned_data["kind"])
        others = SecureScoreSource.objects.exclude(tenant=self._tenant)
        if (
            kind == CredentialKind.MANAGED_IDENTITY
            and others.filter(kind=CredentialKind.MANAGED_IDENTITY).exists()
        ):
            raise ValidationError(
                _(
                    "The managed identity of this machine belongs to another tenant here. Choose "
                    "a client secret or a certificate."
                )
            )
        return kind

    def clean_directory(self) -> str:
        """Lower case: Microsoft makes no difference."""
        return str(self.cleaned_data["directory"]).lower()

    def clean(self) -> dict[str, Any]:
        """Each kind of credential needs its own fields."""
        data = super().clean() or self.cleaned_data
        self._take_what_waits(data)
        kind = data.get("kind")
        if kind in {CredentialKind.CLIENT_SECRET, CredentialKind.CERTIFICATE}:
            self._must_have("directory", _("Type the tenant ID or a domain of the tenant."))
            self._must_have("client_id", _("Type the client ID of the application."))
        if kind == CredentialKind.CLIENT_SECRET and not self._stored(CredentialKind.CLIENT_SECRET):
            self._must_have("secret", _("Type the value of the client secret."))
        if kind == CredentialKind.CERTIFICATE:
            self._clean_certificate()
        return data

    def _take_what_waits(self, data: dict[str, Any]) -> None:
        """A passphrase belongs to its certificate: with a new one, the waiting one is no use."""
        names: tuple[str, ...] = ("secret", "passphrase", "certificate")
        if data.get("certificate") or "certificate" in self.errors:
            names = names[:1]
        for name in names:
            if name not in self.errors and not data.get(name):
                data[name] = self._waiting.get(name, "")

    def access(self) -> Access:
        """What a valid form asks for; a secret that was left empty is the stored one."""
        data = self.cleaned_data
        kind = CredentialKind(data["kind"])
        stored = access_of(self._source) if self._source and self._stored(kind) else None
        secret, certificate = data["secret"], ""
        if kind == CredentialKind.CERTIFICATE:
            secret, certificate = data["passphrase"], data["certificate"]
            if stored and not certificate:
                secret, certificate = stored.secret, stored.certificate
        elif kind == CredentialKind.MANAGED_IDENTITY:
            secret = ""
        elif stored and not secret:
            secret = stored.secret
        return Access(kind, data["directory"], data["client_id"], secret, certificate)

    def _stored(self, kind: CredentialKind) -> bool:
        return self._source is not None and self._source.kind == kind

    def _must_have(self, name: str, sentence: Any) -> None:
        if not self.cleaned_data.get(name) and name not in self.errors:
            self.add_error(name, sentence)

    def _clean_certificate(self) -> None:
        text = self.cleaned_data.get("certificate", "")
        if not text and self._stored(CredentialKind.CERTIFICATE):
            return
        key, certificate = pem_parts(text)
        if not key or not certificate:
            self.add_error("certificate", ValidationError(_missing(key, certificate)))


def _missing(key: str, certificate: str) -> Any:
    if key:
        return _("The certificate is missing. Paste it with its private key.")
    if certificate:
        return _("The private key is missing. Paste it with the certificate.")
    return _("Paste the certificate and its private key in PEM format.")
