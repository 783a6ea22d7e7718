"""The right form field for a field of the instance, and its value as the Table API wants it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from scoredesk.connections.fields.catalogue import Book, FieldInfo, Option
from scoredesk.servicenow.timestamps import from_wire, to_wire

MOMENTS: Final = frozenset({"glide_date_time", "due_date", "calendar_date_time", "glide_utc_time"})
DAYS: Final = frozenset({"glide_date"})
NUMBERS: Final = frozenset({"integer", "decimal", "float", "currency", "price", "longint"})
LONG: Final = 255  # longer texts get a box of several lines
# Which other field the choices of a field depend on (servicenow-api 8); others are not documented.
DEPENDS_ON: Final[Mapping[str, str]] = {"subcategory": "category"}

Choice = tuple[str, Any]


def form_field(info: FieldInfo, book: Book, *, required: bool, kept: str = "") -> forms.Field:
    """The form field for a person who fills in `info`. `kept`: a value that is stored already and
    stays on offer, marked, when the instance no longer offers it."""
    common: dict[str, Any] = {
        "label": info.label,
        "required": required,
        "error_messages": {"required": _("The instance asks for this field. Fill it in.")},
    }
    options = book.options(info.name)
    if options:
        return forms.ChoiceField(choices=_choices(info, options, book, kept), **common)
    if info.kind == "boolean":
        yes_no = [("", "—"), ("true", _("Yes")), ("false", _("No"))]
        return forms.ChoiceField(choices=yes_no, **common)
    if info.kind in MOMENTS:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        return forms.DateTimeField(widget=widget, **common)
    if info.kind in DAYS:
        return forms.DateField(
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **common
        )
    if info.kind in NUMBERS:
        return forms.DecimalField(**common)
    return text_field(info, **common)


def text_field(info: FieldInfo, **common: Any) -> forms.CharField:
    """A text, as long as the instance keeps it."""
    room = info.max_length or None
    long = (room or 0) > LONG or info.kind in {"html", "journal_input"}
    widget = forms.Textarea(attrs={"rows": 4}) if long else forms.TextInput()
    return forms.CharField(max_length=room, widget=widget, **common)


def raw(value: object) -> str:
    """A cleaned value as the Table API wants it: dates in UTC, everything a text."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return to_wire(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value).replace("\r\n", "\n").strip()


def unraw(info: FieldInfo, value: str) -> Any:
    """A stored raw value as a form shows it: moments in the person's time zone."""
    moment = from_wire(value) if info.kind in MOMENTS else None
    return timezone.localtime(moment) if moment else value


def shown_option(book: Book, name: str, value: str) -> str:
    """The label of a choice; the value itself where the instance has none."""
    return next((each.label for each in book.options(name) if each.value == value), value)


def wrong_dependent(book: Book, name: str, value: str, other: str) -> bool:
    """Whether a choice belongs to another value of the field that it depends on."""
    options = [each for each in book.options(name) if each.value == value]
    return bool(value and options) and not any(each.dependent in {"", other} for each in options)


def _choices(info: FieldInfo, options: Sequence[Option], book: Book, kept: str) -> list[Choice]:
    offered = [each for each in options if not each.inactive]
    found: list[Choice] = [("", "—")]
    parent = DEPENDS_ON.get(info.name)
    if parent and any(each.dependent for each in offered):
        groups: dict[str, list[Choice]] = defaultdict(list)
        for each in offered:
            groups[shown_option(book, parent, each.dependent) or "—"].append(
                (each.value, each.label)
            )
        found += list(groups.items())
    else:
        found += [(each.value, each.label) for each in offered]
    if kept and kept not in {each.value for each in offered}:
        gone = pgettext_lazy("choice", "%(value)s (no longer offered by the instance)")
        found.append((kept, gone % {"value": shown_option(book, info.name, kept)}))
    return found
