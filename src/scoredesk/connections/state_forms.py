"""The form of the page "Ticket state names": a row of fields for each state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from scoredesk.connections.languages import UNTOLD
from scoredesk.connections.models import Connection, Phase, StateName, TicketTable
from scoredesk.connections.state_usage import needs_phase
from scoredesk.connections.states import Wanted

LONGEST_NAME = 120
SHORT = {"en": "EN", "zh-hans": "中文"}


class StateForm(forms.Form):
    """Our names and the phase of one state; an empty name means the instance's own."""

    phase = forms.ChoiceField(choices=Phase.choices)

    def __init__(self, data: Any, *, row: StateName) -> None:
        initial = {_field(language): row.names.get(language, "") for language in _languages()}
        super().__init__(data, prefix=f"state-{row.pk}", initial={**initial, "phase": row.phase})
        self.row = row
        self.tickets = 0  # how many are in the state; the page fills it in
        facts = {"state": row.label}
        self.fields["phase"].widget.attrs["aria-label"] = _("Phase of “%(state)s”") % facts
        for language in _languages():
            self.fields[_field(language)] = _name_field(row, language)

    @property
    def needs_phase(self) -> bool:
        """Whether the row is marked as one to be decided."""
        return needs_phase(self.row, self.tickets)

    @property
    def labels(self) -> list[tuple[str, str]]:
        """The instance's own names, (language, name), without doublets; "" where the language is
        not known."""
        found: dict[str, str] = {}
        for language, label in self.row.labels.items():
            found.setdefault(label, "" if language == UNTOLD else language)
        return [(language, label) for label, language in found.items()]

    @property
    def names(self) -> list[forms.BoundField]:
        """The name fields, in the order of the portal's languages."""
        return [self[_field(language)] for language in _languages()]

    def wanted(self, *, reset: bool) -> Wanted:
        """What was filled in; `reset`: without names of our own."""
        data = self.cleaned_data
        names = {} if reset else {each: data[_field(each)] for each in _languages()}
        return Wanted(names, data["phase"])


@dataclass(frozen=True)
class TableForms:
    """The states of one table."""

    heading: str
    rows: list[StateForm]

    @property
    def standing_in(self) -> bool:
        """Whether the instance has not shown its list, so that the names as shipped stand in."""
        return not any(form.row.listed for form in self.rows)


def state_forms(connection: Connection, data: Any = None) -> list[TableForms]:
    """A form for each state of both tables, in the instance's order."""
    forms_of: dict[str, list[StateForm]] = {}
    for row in connection.state_names.all():
        forms_of.setdefault(row.table, []).append(StateForm(data, row=row))
    return [
        TableForms(str(table.label), forms_of[table]) for table in TicketTable if table in forms_of
    ]


def wanted_of(tables: list[TableForms], reset: str) -> dict[int, Wanted]:
    """What was filled into valid forms, by row id; `reset`: the id of a row whose names are to be
    the instance's own again, or "all"."""
    return {
        form.row.pk: form.wanted(reset=reset in {"all", str(form.row.pk)})
        for table in tables
        for form in table.rows
    }


def _languages() -> list[str]:
    return [language for language, _name in settings.LANGUAGES]


def _field(language: str) -> str:
    return f"name_{language.replace('-', '_')}"


def _name_field(row: StateName, language: str) -> forms.CharField:
    name = translation.get_language_info(language)["name_local"]
    label = _("Name of “%(state)s” in %(language)s") % {"state": row.label, "language": name}
    attrs = {"placeholder": row.labels.get(language) or row.label, "aria-label": label}
    field = forms.CharField(
        label=label,
        required=False,
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={**attrs, "lang": language, "autocomplete": "off"}),
    )
    field.short = SHORT[language]  # type: ignore[attr-defined]  # read by the template
    return field
