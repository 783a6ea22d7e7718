"""Signing in: the few pages of allauth that are open here, and the forms on them."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.account import views as allauth_views
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from scoredesk.accounts.setup_code import nobody_yet


def sign_in(request: HttpRequest) -> HttpResponseBase:
    """allauth's page; while nobody exists, the first-run page instead."""
    if nobody_yet():
        return redirect("accounts:welcome")
    page: HttpResponseBase = allauth_views.login(request)
    return page


def closed(_request: HttpRequest) -> HttpResponseBase:
    """What allauth must be able to name but nobody may use: accounts come from administrators."""
    raise Http404


class WithoutPlaceholders:
    """Our labels stand above the fields; allauth would repeat them inside."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class SignInForm(WithoutPlaceholders, allauth_forms.LoginForm):
    """E-mail address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("E-mail address")
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class ForgottenForm(WithoutPlaceholders, allauth_forms.ResetPasswordForm):
    """The e-mail address to send a link to."""


class NewPasswordForm(WithoutPlaceholders, allauth_forms.ResetPasswordKeyForm):
    """A new password after following that link."""


class ChangePasswordForm(WithoutPlaceholders, allauth_forms.ChangePasswordForm):
    """The old password and the new one."""


class ConfirmForm(WithoutPlaceholders, allauth_forms.ReauthenticateForm):
    """The password once more before something important."""
