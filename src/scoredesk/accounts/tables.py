"""The audit log as a table."""

from __future__ import annotations

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from scoredesk.accounts.models import AuditEntry


class AuditTable(tables.Table):
    """One entry a row, newest first; the order is that of writing and cannot be changed."""

    at = tables.TemplateColumn(verbose_name=_("When"), template_name="accounts/_audit_at.html")
    actor = tables.TemplateColumn(verbose_name=_("Who"), template_name="accounts/_audit_actor.html")
    action = tables.TemplateColumn(
        verbose_name=_("What"), template_name="accounts/_audit_action.html"
    )
    subject = tables.Column(verbose_name=_("To what"), default="")
    changes = tables.TemplateColumn(
        verbose_name=_("Before and after"),
        template_name="accounts/_audit_changes.html",
        empty_values=(),
    )

    class Meta:
        model = AuditEntry
        fields = ("at", "actor", "action", "subject", "changes")
        orderable = False
        empty_text = _("No entry fits these filters.")
