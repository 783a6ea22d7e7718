"""The form for one field on the mapping page."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from scoredesk.connections.errors import PlaceholderUnknown
from scoredesk.connections.faults import explain
from scoredesk.connections.fields import placeholders
from scoredesk.connections.fields.catalogue import Book, FieldInfo
from scoredesk.connections.fields.references import SYS_ID
from scoredesk.connections.fields.sent import Default
from scoredesk.connections.fields.widgets import (
    DAYS,
    MOMENTS,
    form_field,
    raw,
    shown_option,
    text_field,
    unraw,
    wrong_dependent,
)


class How(StrEnum):
    """What is to happen with a field."""

    NOT = "not"
    FIXED = "fixed"
    ASKED = "asked"


HOW = {
    How.NOT: pgettext_lazy("field", "Not sent"),
    How.FIXED: _("The same rule for every ticket"),
    How.ASKED: _("The person who shares fills it in"),
}


class MappingForm(forms.Form):
    """How one field is filled. `other`: the constant of the field that its choices depend on;
    `shown`: the name of the record that a reference points to."""

    how = forms.ChoiceField(label=_("What is sent"), widget=forms.RadioSelect)

    def __init__(
        self, data: Any, *, info: FieldInfo, book: Book, saved: Default | None, other: str = ""
    ) -> None:
        self.info, self.book, self.other = info, book, other
        self.shown = saved.shown if saved else ""
        # Whoever opens the page of a field wants it sent; "Not sent" is one click.
        how = How.ASKED if saved is not None and saved.asked else How.FIXED
        kept = saved.value if saved else ""
        initial = {"how": how, "value": unraw(info, kept)}
        super().__init__(data, initial=initial)
        ways = list(HOW.items())
        if info.reference:
            ways.remove((How.ASKED, HOW[How.ASKED]))
            self.fields["words"] = forms.CharField(label=_("Search by name"), required=False)
            self.fields["value"] = forms.CharField(required=False, widget=forms.HiddenInput)
        elif self.templates:
            self.fields["value"] = text_field(
                FieldInfo(info.name, info.label, info.kind, max_length=0), required=False
            )
            self.fields["value"].label = _("Text")
            self.fields["value"].help_text = _(
                "May hold the ticket's values in braces, for example {name}."
            )
        else:
            self.fields["value"] = form_field(info, book, required=False, kept=kept)
            self.fields["value"].label = _("Value")
        self.fields["how"].choices = ways  # type: ignore[attr-defined]  # a ChoiceField's

    @property
    def templates(self) -> bool:
        """Whether the field takes a text, and so a template."""
        dates = self.info.kind in MOMENTS | DAYS
        return not (
            self.info.reference
            or dates
            or self.info.kind == "boolean"
            or self.book.options(self.info.name)
        )

    @property
    def preview(self) -> str:
        """The text with the values of a ticket as an example; "" where it is no template."""
        text = str(self["value"].value() or "") if self.templates else ""
        values = {name: str(value) for name, value in placeholders.SAMPLE.items()}
        return placeholders.fill(text, values) if placeholders.is_template(text) else ""

    def clean(self) -> dict[str, Any]:
        """A rule needs a value; a template must not hold unknown words; a choice must fit."""
        data = super().clean() or {}
        if data.get("how") != How.FIXED or "value" not in data:
            return data
        value = raw(data["value"])
        if not value:
            self.add_error("words" if self.info.reference else "value", _NEEDS_VALUE)
        elif self.info.reference and not SYS_ID.fullmatch(value):
            self.add_error("words", _("Search for it by name, and choose one of those found."))
        elif self.templates:
            self._check_text(value)
        elif self.other and wrong_dependent(self.book, self.info.name, value, self.other):
            self.add_error("value", _("This choice does not belong to the category that is sent."))
        return data

    def wanted(self) -> Default:
        """What was asked for; valid forms only."""
        data = self.cleaned_data
        how = data["how"]
        if how == How.NOT:
            return Default(self.info.name)
        if how == How.ASKED:
            return Default(self.info.name, asked=True)
        value = raw(data["value"])
        if self.info.reference:
            return Default(self.info.name, value, self.shown)
        template = self.templates and placeholders.is_template(value)
        shown = value if self.templates else shown_option(self.book, self.info.name, value)
        return Default(self.info.name, value, shown, template=template)

    def _check_text(self, value: str) -> None:
        try:
            placeholders.check(value)
        except PlaceholderUnknown as unknown:
            told = explain(unknown.code, unknown.facts)
            self.add_error("value", " ".join((told.what, told.why, told.cure)))
            return
        room = self.info.max_length
        if room and not placeholders.is_template(value) and len(value) > room:
            self.add_error(
                "value",
                _("This text has %(count)d characters; ServiceNow keeps %(room)d of them.")
                % {"count": len(value), "room": room},
            )


_NEEDS_VALUE = _("Say what is to be sent, or choose “Not sent”.")
