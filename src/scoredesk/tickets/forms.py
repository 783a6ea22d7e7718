"""The form behind Share, Create a ticket, and mending a refused one."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from scoredesk.connections.models import TicketTable
from scoredesk.tickets.asked import Asked, add_fields, clean, groups
from scoredesk.tickets.models import SHORT_DESCRIPTION_LENGTH, Priority

FAR_FUTURE = dt.timedelta(days=365 * 5)


class TicketForm(forms.Form):
    """Type, name, description, priority and due date of a ticket.

    `description_room`: how many characters of ServiceNow's description are left beside the block
    that says who shared it and where it comes from. `asked`: the fields that this instance asks
    for besides; `filled`: what they were filled with before.
    """

    table = forms.ChoiceField(
        label=_("Type"),
        choices=TicketTable.choices,
        widget=forms.RadioSelect,
        initial=TicketTable.CHANGE_REQUEST,
        error_messages={
            "required": _("Choose whether this becomes a change request or an incident.")
        },
    )
    name = forms.CharField(
        label=_("Name"),
        help_text=_("Becomes the short description in ServiceNow, at most 160 characters."),
        error_messages={
            "required": _("Give the ticket a name, so that its owner sees what it is about.")
        },
    )
    description = forms.CharField(
        label=_("Description"),
        widget=forms.Textarea(attrs={"rows": 12}),
        error_messages={
            "required": _("Describe what is to be done; the owner may never open this portal.")
        },
    )
    priority = forms.TypedChoiceField(
        label=_("Priority"),
        choices=Priority.choices,
        coerce=int,
        initial=Priority.MODERATE,
        error_messages={"required": _("Choose a priority.")},
    )
    due_date = forms.DateField(
        label=_("Due date"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages={
            "required": _("Set a date by which this should be done."),
            "invalid": _("This is not a date. Write it as year-month-day, for example 2027-01-31."),
        },
    )
    form_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        description_room: int,
        today: dt.date,
        asked: Sequence[Asked] = (),
        filled: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._asked = list(asked)
        self.extras: dict[str, str] = {}
        add_fields(self, self._asked, self._chosen(), filled or {})
        self.description_room = description_room
        self.today = today
        self.fields["description"].help_text = ngettext_lazy(
            "At most %(count)d character; ServiceNow would cut the rest without telling.",
            "At most %(count)d characters; ServiceNow would cut the rest without telling.",
            description_room,
        ) % {"count": description_room}
        self.fields["due_date"].widget.attrs["min"] = today.isoformat()
        if not self.is_bound:
            self.initial.setdefault("form_key", uuid.uuid4())

    @property
    def extra_groups(self) -> list[dict[str, Any]]:
        """The fields that this instance asks for besides, type by type."""
        return list(groups(self, self._asked))

    def clean(self) -> dict[str, Any]:
        """Gathers `extras`, the raw values of those fields."""
        data = super().clean() or {}
        self.extras = clean(self, self._asked, str(data.get("table", "")))
        return data

    def _chosen(self) -> str:
        chosen = self.data.get("table", "") if self.is_bound else self.initial.get("table", "")
        return str(chosen or "")

    def clean_name(self) -> str:
        """One line within what ServiceNow keeps."""
        name = " ".join(str(self.cleaned_data["name"]).split())
        if len(name) > SHORT_DESCRIPTION_LENGTH:
            raise forms.ValidationError(
                _(
                    "This name has %(count)d characters. ServiceNow keeps %(room)d and cuts the "
                    "rest without telling. Shorten it, and put the details into the description."
                ),
                params={"count": len(name), "room": SHORT_DESCRIPTION_LENGTH},
            )
        return name

    def clean_description(self) -> str:
        """Within what is left of ServiceNow's description."""
        text = str(self.cleaned_data["description"]).replace("\r\n", "\n").strip()
        if len(text) > self.description_room:
            raise forms.ValidationError(
                _(
                    "The description has %(count)d characters, %(over)d more than ServiceNow "
                    "keeps. Shorten it."
                ),
                params={"count": len(text), "over": len(text) - self.description_room},
            )
        return text

    def clean_due_date(self) -> dt.date:
        """Today or later, and not a slip of the pen centuries away."""
        due: dt.date = self.cleaned_data["due_date"]
        if due < self.today:
            raise forms.ValidationError(
                _("%(date)s has passed. Choose today or a later date."),
                params={"date": due.isoformat()},
            )
        if due > self.today + FAR_FUTURE:
            raise forms.ValidationError(_("This is more than five years away. Check the year."))
        return due


def today_here() -> dt.date:
    """Today in the person's time zone (the middleware activated it)."""
    return timezone.localdate()
