"""Filters of the ticket list."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from scoredesk.connections.models import Phase, TicketTable
from scoredesk.tickets.models import Delivery, Source, Ticket

# (kind of ticket, [("table:value", name)])
StateGroup = tuple[str, list[tuple[str, str]]]


class TicketFilter(filters.FilterSet):
    """Search in number, name and assignment; choose type, phase, delivery and source."""

    q = filters.CharFilter(label=_("Search"), method="search")
    table = filters.ChoiceFilter(
        label=_("Type"), choices=TicketTable.choices, empty_label=_("All types")
    )
    state = filters.ChoiceFilter(label=_("State"), empty_label=_("All states"), method="in_state")
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
        fields = ["q", "table", "state", "phase", "delivery", "source"]

    def __init__(self, *args: Any, states: list[StateGroup], **kwargs: Any) -> None:
        """`states`: the choices of the states, in groups, as `naming.state_choices` gives them."""
        super().__init__(*args, **kwargs)
        self.filters["state"].extra["choices"] = states

    def in_state(self, queryset: QuerySet[Ticket], _name: str, value: str) -> QuerySet[Ticket]:
        """Tickets in a state; `value` is "table:state"."""
        table, _colon, state = value.partition(":")
        return queryset.filter(table=table, state=state)

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
