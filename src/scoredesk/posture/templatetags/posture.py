"""Tags for pages that show improvement actions."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString, mark_safe

from scoredesk.posture.markup import clean_html
from scoredesk.posture.models import ActionStatus, Category
from scoredesk.posture.products import product_name

register = template.Library()

STATUS_COLOURS = {
    ActionStatus.TO_ADDRESS: "orange",
    ActionStatus.COMPLETED: "green",
    ActionStatus.RISK_ACCEPTED: "purple",
    ActionStatus.THIRD_PARTY: "teal",
    ActionStatus.ALTERNATE: "cyan",
    ActionStatus.NOT_SCORED: "secondary",
}
CATEGORY_COLOURS = {
    Category.IDENTITY: "blue",
    Category.DATA: "teal",
    Category.DEVICE: "indigo",
    Category.APPS: "pink",
    Category.INFRASTRUCTURE: "yellow",
    Category.OTHER: "secondary",
}

register.filter("product_name", product_name)


@register.filter
def microsoft_html(html: str) -> SafeString:
    """Microsoft's text as HTML that is safe in a page; cleaned here whatever was stored."""
    return mark_safe(clean_html(html or ""))  # noqa: S308  # the cleaner's output is what is safe


@register.filter
def status_colour(status: str) -> str:
    """Tabler's colour for an action's status."""
    return STATUS_COLOURS.get(ActionStatus(status), "secondary")


@register.filter
def category_colour(category: str) -> str:
    """Tabler's colour for a category."""
    return CATEGORY_COLOURS.get(Category(category), "secondary")


@register.filter
def points(number: float | None) -> str:
    """Points without needless zeros: 7.83, 4; an en dash where there are none."""
    return "–" if number is None else f"{round(number, 2):g}"
