"""The ticket list as a table."""

from __future__ import annotations

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from scoredesk.tickets.models import Ticket

# Chinese breaks between any two characters: short words and dates would be torn.
_ONE_LINE = {"td": {"class": "text-nowrap"}}


class TicketTableView(tables.Table):
    """One ticket a row; newest first."""

    number = tables.TemplateColumn(
        verbose_name=_("Number"),
        template_name="tickets/_cell_number.html",
        order_by=("number", "id"),
    )
    name = tables.TemplateColumn(verbose_name=_("Name"), template_name="tickets/_cell_name.html")
    table = tables.Column(verbose_name=_("Type"), attrs=_ONE_LINE)
    state_label = tables.TemplateColumn(
        verbose_name=_("State"),
        template_name="tickets/_cell_state.html",
        order_by=("phase", "state_label"),
    )
    priority = tables.TemplateColumn(
        verbose_name=_("Priority"),
        template_name="tickets/_cell_priority.html",
        order_by=("priority", "-id"),
    )
    assigned_to = tables.TemplateColumn(
        verbose_name=_("Assigned to"),
        template_name="tickets/_cell_assigned.html",
        order_by="assigned_to",
    )
    due_date = tables.DateColumn(verbose_name=_("Due date"), attrs=_ONE_LINE)
    shared_at = tables.TemplateColumn(
        verbose_name=pgettext_lazy("moment", "Shared"),
        template_name="tickets/_cell_shared.html",
        order_by="shared_at",
    )

    class Meta:
        model = Ticket
        fields = [
            "number",
            "name",
            "table",
            "state_label",
            "priority",
            "assigned_to",
            "due_date",
            "shared_at",
        ]
        order_by = "-shared_at"
        empty_text = ""
