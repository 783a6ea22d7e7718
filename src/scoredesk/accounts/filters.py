"""What the audit log can be filtered by."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from scoredesk.accounts.audit_words import in_words
from scoredesk.accounts.models import AuditEntry

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class AuditFilter(filters.FilterSet):
    """By who, what, and when (days in the person's time zone)."""

    actor = filters.CharFilter(lookup_expr="icontains", label=_("Who"))
    action = filters.ChoiceFilter(label=_("What"), empty_label=_("All"))
    since = filters.DateFilter(
        field_name="at", lookup_expr="date__gte", label=_("From"), widget=DATE
    )
    until = filters.DateFilter(field_name="at", lookup_expr="date__lte", label=_("To"), widget=DATE)

    class Meta:
        model = AuditEntry
        fields = ("actor", "action", "since", "until")

    def __init__(self, *args: Any, queryset: QuerySet[AuditEntry], **kwargs: Any) -> None:
        super().__init__(*args, queryset=queryset, **kwargs)
        actions = queryset.order_by("action").values_list("action", flat=True).distinct()
        self.filters["action"].extra["choices"] = lambda: sorted(
            ((action, in_words(action)) for action in actions), key=lambda choice: choice[1]
        )
