"""The improvement actions as a table."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.db.models import F, QuerySet
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from scoredesk.posture.models import ImprovementAction
from scoredesk.posture.standing import score_impact

_NUMBER = {"th": {"class": "text-end"}, "td": {"class": "text-end"}}
# Ranks have many ties: the rest keeps pages from overlapping (graph-secure-score 6).
_STABLE = ("-points_left", "title", "control_id")


class ActionTable(tables.Table):
    """One action a row, by Microsoft's rank. `most_points`: the tenant's, None if not known."""

    rank = tables.Column(verbose_name=_("Rank"), default="—", attrs=_NUMBER)
    title = tables.TemplateColumn(
        verbose_name=_("Improvement action"),
        template_name="posture/_cell_title.html",
        order_by=("title", "control_id"),
    )
    category = tables.Column(verbose_name=_("Category"))
    points_left = tables.TemplateColumn(
        verbose_name=_("Points left"),
        template_name="posture/_cell_points.html",
        attrs=_NUMBER,
    )
    impact = tables.Column(verbose_name=_("Score impact"), accessor="points_left", attrs=_NUMBER)
    status = tables.TemplateColumn(
        verbose_name=pgettext_lazy("of an improvement action", "Status"),
        template_name="posture/_cell_status.html",
    )

    class Meta:
        model = ImprovementAction
        fields = ["rank", "title", "category", "points_left", "impact", "status"]
        empty_text = ""

    def __init__(self, *args: Any, most_points: float | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.most_points = most_points

    def render_impact(self, record: ImprovementAction) -> str:
        """What the action can add to the score, in percent points."""
        impact = score_impact(record, self.most_points)
        return "–" if impact is None else f"+{number_format(impact, 2)} %"

    def order_rank(
        self,
        queryset: QuerySet[ImprovementAction],
        is_descending: bool,  # noqa: FBT001  # how django-tables2 calls it
    ) -> tuple[QuerySet[ImprovementAction], bool]:
        """Unranked actions stand last in both directions."""
        rank = F("rank")
        first = rank.desc(nulls_last=True) if is_descending else rank.asc(nulls_last=True)
        return queryset.order_by(first, *_STABLE), True

    def order_points_left(
        self,
        queryset: QuerySet[ImprovementAction],
        is_descending: bool,  # noqa: FBT001  # how django-tables2 calls it
    ) -> tuple[QuerySet[ImprovementAction], bool]:
        """By points, equal ones by rank."""
        points = "-points_left" if is_descending else "points_left"
        return queryset.order_by(points, F("rank").asc(nulls_last=True), *_STABLE[1:]), True

    order_impact = order_points_left
