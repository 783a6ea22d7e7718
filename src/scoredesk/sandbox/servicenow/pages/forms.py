"""A record's form as a person sees it: which fields, with which choices."""

from __future__ import annotations

from dataclasses import dataclass, field

from scoredesk.sandbox.servicenow import errors
from scoredesk.sandbox.servicenow.database.schema import (
    BOOLEAN,
    CHOICE,
    JOURNAL,
    REFERENCE,
    TABLES,
    Field,
)
from scoredesk.sandbox.servicenow.instance import Caller, Instance, in_zone
from scoredesk.sandbox.servicenow.rules import models
from scoredesk.sandbox.servicenow.state import Record
from scoredesk.sandbox.servicenow.tables import journal
from scoredesk.sandbox.servicenow.tables.access import check_update
from scoredesk.sandbox.servicenow.tables.values import Presenter, Shape

# Fields in the order of the form; a leading `=` marks one that only shows.
LAYOUT = {
    "incident": (
        "=number =caller_id state hold_reason impact urgency =priority category assignment_group "
        "assigned_to short_description description close_code close_notes =correlation_id "
        "=correlation_display =opened_by =opened_at =resolved_at =sys_updated_by =sys_updated_on "
        "=sys_mod_count work_notes comments"
    ),
    "change_request": (
        "=number =requested_by type state priority risk impact urgency category assignment_group "
        "assigned_to short_description description due_date start_date end_date close_code "
        "close_notes =approval =correlation_id =correlation_display =opened_by =opened_at "
        "=closed_at =sys_updated_by =sys_updated_on =sys_mod_count work_notes comments"
    ),
    "sys_user": (
        "=user_name =name =email =active =locked_out =web_service_access_only =identity_type "
        "=preferred_language =time_zone"
    ),
    "oauth_entity": (
        "=name =client_id =redirect_url =active =public_client =access_token_lifespan "
        "=refresh_token_lifespan =user"
    ),
}
WIDE = {"short_description", "description", "close_notes", "work_notes", "comments", "redirect_url"}
AREAS = {"description", "close_notes", "work_notes", "comments"}


@dataclass(frozen=True)
class Control:
    """One field of a form: `kind` is fixed, text, area or select."""

    name: str
    label: str
    kind: str
    value: str
    wide: bool
    options: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Entry:
    """One entry of the journal."""

    when: str
    author: str
    kind: str
    text: str


@dataclass(frozen=True)
class Form:
    """A record's page."""

    sys_id: str
    title: str
    table: str
    controls: list[Control]
    writable: bool
    journal: list[Entry]


def editable(table: str) -> set[str]:
    """The fields that the form of a table can change."""
    return {name for name in LAYOUT[table].split() if not name.startswith("=")}


def form_of(
    instance: Instance, caller: Caller, *, table: str, record: tuple[Record, Record]
) -> Form:
    """The form of a record, given as `(as stored, with what the person typed)`."""
    stored, typed = record
    writable = _writable(caller, table, record=stored)
    presenter = Presenter(instance, caller, Shape("", display="true"))
    maker = _Maker(instance, caller, presenter, table, stored, typed)
    controls = []
    for word in LAYOUT[table].split():
        found = TABLES[table].fields[word.removeprefix("=")]
        if word.startswith("=") or not writable:
            if found.kind != JOURNAL:
                controls.append(maker.fixed(found))
        else:
            controls.append(maker.control(found))
    heading = stored.get(TABLES[table].display, "")
    return Form(
        sys_id=stored["sys_id"],
        title=f"{TABLES[table].label} {heading}",
        table=table,
        controls=controls,
        writable=writable,
        journal=_journal(instance, caller, sys_id=stored["sys_id"]),
    )


def _writable(caller: Caller, table: str, *, record: Record) -> bool:
    if not editable(table):
        return False
    try:
        check_update(caller, table, record=record)
    except errors.Refusal:
        return False
    return True


@dataclass
class _Maker:
    instance: Instance
    caller: Caller
    presenter: Presenter
    table: str
    stored: Record
    typed: Record

    def fixed(self, found: Field) -> Control:
        shown = self.presenter.display(self.table, found.name, record=self.stored)
        return Control(found.name, found.label, "fixed", shown, found.name in WIDE)

    def control(self, found: Field) -> Control:
        value = self.typed.get(found.name, "")
        wide = found.name in WIDE
        if found.kind in {CHOICE, REFERENCE, BOOLEAN}:
            options = self._options(found)
            return Control(found.name, found.label, "select", value, wide, options)
        if found.kind == JOURNAL and self.typed is self.stored:
            value = ""
        kind = "area" if found.name in AREAS else "text"
        return Control(found.name, found.label, kind, value, wide)

    def _options(self, found: Field) -> list[tuple[str, str]]:
        none = ("", "-- None --")
        if found.kind == REFERENCE:
            rows = self.instance.store.find_all(found.target, active="true")
            names = sorted((row.get("name", ""), row["sys_id"]) for row in rows)
            return [none, *((sys_id, name) for name, sys_id in names)]
        labels = self._offered(found.name)
        return labels if found.name == "state" else [none, *labels]

    def _offered(self, name: str) -> list[tuple[str, str]]:
        """Choices in use; of the states only the present one and those that may come next."""
        labels = self.instance.choices(self.table, name, language=self.caller.language)
        rows = self.instance.store.find_all("sys_choice", element=name, inactive="true")
        retired = {row["value"] for row in rows if row["name"] == self.table}
        now = self.stored.get(name, "")
        if name != "state":
            return [(v, label) for v, label in labels.items() if v not in retired or v == now]
        if self.table == "change_request":
            following = {now, *models.next_states(self.instance, self.stored)}
        else:
            following = set(labels) - retired | {now}
            if self.instance.on("close_needs_itil_admin") and not self.caller.has("itil_admin"):
                following -= {"7"} - {now}
        return [(value, label) for value, label in labels.items() if value in following]


def _journal(instance: Instance, caller: Caller, *, sys_id: str) -> list[Entry]:
    made = []
    for entry in journal.entries(instance, sys_id):
        author = instance.store.find("sys_user", user_name=entry["sys_created_by"])
        made.append(
            Entry(
                when=in_zone(entry["sys_created_on"], caller.zone),
                author=author["name"] if author else entry["sys_created_by"],
                kind=journal.TITLES.get(entry["element"], entry["element"]),
                text=entry["value"],
            )
        )
    return made
