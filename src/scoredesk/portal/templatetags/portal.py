"""Template tags that every page may use, without `{% load %}`."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from django import template
from django.forms.utils import flatatt
from django.template.context import Context
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

register = template.Library()
logger = logging.getLogger(__name__)

ICONS = Path(__file__).resolve().parent.parent / "static" / "vendor" / "icons"
ICON_NAME = re.compile(r"[a-z0-9-]+")
SVG_BODY = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
SVG_FRAME = (
    '<svg class="{}" width="24" height="24" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
    'stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" '
    'focusable="false">{}</svg>'
)

# The class of a control by the last part of its widget's template; everything else is a text field.
CONTROL_CLASSES = {
    "checkbox.html": "form-check-input",
    "checkbox_option.html": "form-check-input",
    "radio_option.html": "form-check-input",
    "select.html": "form-select",
    "color.html": "form-control form-control-color",
    "hidden.html": "",
    "multiple_hidden.html": "",
    "select_option.html": "",
}

COMPARISON_NAMES = {
    "AllTenants": _("All organisations"),
    "TotalSeats": _("Organisations of this size"),
    "IndustryTypes": _("Organisations of this industry"),
}


@lru_cache(maxsize=256)
def icon_body(name: str) -> SafeString:
    """The paths inside an icon's SVG; "" (and a line in the log) when it is not installed."""
    file = ICONS / f"{name}.svg"
    if not ICON_NAME.fullmatch(name) or not file.is_file():
        logger.warning("icon not installed", extra={"icon": name})
        return SafeString("")
    found = SVG_BODY.search(file.read_text(encoding="utf-8"))
    body = " ".join(found.group(1).split()) if found else ""
    return mark_safe(body)  # noqa: S308  # a file of the icon package, named by our templates


@register.simple_tag
def icon(name: str, classes: str = "") -> SafeString:
    """An icon of `portal/icons.txt` as inline SVG, hidden from screen readers."""
    body = icon_body(name)
    return format_html(SVG_FRAME, f"icon {classes}".strip(), body) if body else body


@register.simple_tag
def control_attributes(widget: Mapping[str, Any]) -> SafeString:
    """A form control's HTML attributes with Tabler's class for its kind added.

    `widget` is the context that Django's widgets hand to their templates.
    """
    attributes = dict(widget.get("attrs", {}))
    kind = str(widget.get("template_name", "")).rpartition("/")[2]
    classes = [CONTROL_CLASSES.get(kind, "form-control"), str(attributes.pop("class", ""))]
    if attributes.get("aria-invalid") == "true" and classes[0]:
        classes.append("is-invalid")
    joined = " ".join(part for part in classes if part)
    return flatatt({"class": joined, **attributes} if joined else attributes)


@register.filter
def is_checkbox(field: Any) -> bool:
    """Whether a bound field is one box to tick, whose label stands behind it."""
    return getattr(field.field.widget, "input_type", "") == "checkbox" and not field.use_fieldset


@register.simple_tag
def sort_state(column: Any) -> str:
    """A django-tables2 column's `aria-sort`: "ascending", "descending" or "none"."""
    if not column.is_ordered:
        return "none"
    return "descending" if column.order_by_alias.is_descending else "ascending"


@register.simple_tag(takes_context=True)
def block_again(context: Context, name: str) -> str:
    """A block's content a second time: a page's title is both in its `<title>` and its heading."""
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    block = blocks.get_block(name) if blocks else None
    return str(block.render(context)) if block else ""


@register.filter
def unlocalized(number: float) -> str:
    """A number for CSS: with a point and no separators, whatever the page's language."""
    return f"{number:.2f}"


@register.simple_tag
def comparison_name(comparison: Any) -> str:
    """Who a Secure Score average is about; Microsoft's basis as it is when it is a new one."""
    if comparison.basis == "TotalSeats" and comparison.seats:
        lower, upper = comparison.seats
        return gettext("Organisations with %(lower)s to %(upper)s seats") % {
            "lower": lower,
            "upper": upper,
        }
    return str(COMPARISON_NAMES.get(comparison.basis, comparison.basis))
