"""Forms about people, tenants and oneself."""

from __future__ import annotations

from typing import ClassVar

from django import forms
from scoredesk.accounts.models import Person


class ProfileForm(forms.ModelForm):
    """What a person may change of themselves."""

    class Meta:
        model = Person
        fields: ClassVar = ["name", "language", "time_zone"]
