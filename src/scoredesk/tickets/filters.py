"""Filters of the ticket list."""

from __future__ import annotations

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from scoredesk.connections.models import Phase, TicketTable
from scoredesk.tickets.models import Delivery, Source, Ticket


class TicketFilter(filters.FilterSet):
    """Search in number, name and assignment; choose type, phase, delivery and source."""

    q = filters.CharFilter(label=_("Search"), method="search")
    table = filters.ChoiceFilter(
        label=_("Type"), choices=TicketTable.choices, empty_label=_("All types")
    )
    phase = filters.ChoiceFilter(
        label=_("Phase"), choices=Phase.choices, empty_label=_("All phases")
    )
    delivery = filters.ChoiceFilter(
        label=_("Delivery"), choices=Delivery.choices, empty_label=_("Any delivery")
    )
    source = filters.ChoiceFilter(
        label=_("Recommendation source"), choices=Source.choices, empty_label=_("All sources")
    )

    class Meta:
        model = Ticket
        fields = ["q", "table", "phase", "delivery", "source"]

    def search(self, queryset: QuerySet[Ticket], _name: str, value: str) -> QuerySet[Ticket]:
        """Every word must occur somewhere."""
        for word in value.split():
            queryset = queryset.filter(
                Q(number__icontains=word)
                | Q(name__icontains=word)
                | Q(assigned_to__icontains=word)
                | Q(assignment_group__icontains=word)
            )
        return queryset
