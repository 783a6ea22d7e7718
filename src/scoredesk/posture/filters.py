"""Filters of the list of improvement actions."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from scoredesk.posture.models import ActionStatus, Category, ImprovementAction
from scoredesk.posture.products import product_name, services_called


class ActionFilter(filters.FilterSet):
    """Search in title, id and product; choose category, status and service."""

    q = filters.CharFilter(label=_("Search"), method="search")
    category = filters.ChoiceFilter(
        label=_("Category"), choices=Category.choices, empty_label=_("All categories")
    )
    status = filters.ChoiceFilter(
        label=pgettext_lazy("of an improvement action", "Status"),
        choices=ActionStatus.choices,
        empty_label=_("All statuses"),
    )
    service = filters.ChoiceFilter(label=_("Product"), empty_label=_("All products"))

    class Meta:
        model = ImprovementAction
        fields = ["q", "category", "status", "service"]

    def __init__(self, *args: Any, services: list[str], **kwargs: Any) -> None:
        """`services`: the short names that the tenant's actions have."""
        super().__init__(*args, **kwargs)
        named = ((service, product_name(service)) for service in services if service)
        self.filters["service"].extra["choices"] = sorted(named, key=lambda pair: pair[1].lower())

    def search(
        self, queryset: QuerySet[ImprovementAction], _name: str, value: str
    ) -> QuerySet[ImprovementAction]:
        """Every word must occur somewhere."""
        for word in value.split():
            queryset = queryset.filter(
                Q(title__icontains=word)
                | Q(control_id__icontains=word)
                | Q(service__icontains=word)
                | Q(service__in=services_called(word))
            )
        return queryset
