"""A record's form as a person sees it: which fields, with which choices."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import quote

from scoredesk.sandbox.servicenow import errors
from scoredesk.sandbox.servicenow.database.schema import (
    BOOLEAN,
    CHOICE,
    DATETIME,
    JOURNAL,
    REFERENCE,
    TABLES,
    Field,
)
from scoredesk.sandbox.servicenow.instance import Caller, Instance, in_zone
from scoredesk.sandbox.servicenow.pages import layout, times
from scoredesk.sandbox.servicenow.pages.layout import Related
from scoredesk.sandbox.servicenow.rules import models
from scoredesk.sandbox.servicenow.state import Record
from scoredesk.sandbox.servicenow.tables import access, journal
from scoredesk.sandbox.servicenow.tables.values import NEVER_DELIVERED, Presenter, Shape

# A longer list is a box into which the name is typed.
SELECTABLE = 300


@dataclass(frozen=True)
class Control:
    """One field of a form; `kind` is fixed, text, area, check, select, password or secret."""

    name: str
    label: str
    kind: str
    value: str
    wide: bool = False
    options: list[tuple[str, str]] = field(default_factory=list)
    required: bool = False
    missing: bool = False
    link: str = ""


@dataclass(frozen=True)
class Entry:
    """One entry of the journal."""

    when: str
    ago: tuple[str, int]
    author: str
    kind: str
    text: str


@dataclass(frozen=True)
class RelatedRow:
    """A row of a related list: what it shows, its own form, the record it leads to."""

    sys_id: str
    text: str
    state: str
    url: str


@dataclass(frozen=True)
class RelatedList:
    """A list below the form, with what can be added to it."""

    spec: Related
    rows: list[RelatedRow]
    offered: list[tuple[str, str]]
    new_url: str = ""


@dataclass(frozen=True)
class Form:
    """A record's page."""

    sys_id: str
    heading: str
    table: str
    controls: list[Control]
    notes: list[Control]
    writable: bool
    deletable: bool
    journal: list[Entry]
    related: list[RelatedList]

    @property
    def new(self) -> bool:
        """Whether nothing is stored yet."""
        return self.sys_id == "-1"


def custom_fields(instance: Instance, table: str) -> dict[str, str]:
    """Names and labels of mandatory fields that a switch added to the table."""
    added: dict[str, str] = instance.shared.switches.get("mandatory_fields").get(table, {})
    return {
        name: label
        for name, label in added.items()
        if name not in instance.schema.tables[table].fields
    }


def editable(instance: Instance, table: str, *, new: bool) -> set[str]:
    """The fields that the form of a table can change."""
    kept = "=" if new else "=+"
    words = [word for word in layout.form(instance.schema, table) if word[0] not in kept]
    return {*(word.lstrip("+") for word in words), *custom_fields(instance, table)}


def form_of(
    instance: Instance,
    caller: Caller,
    *,
    table: str,
    record: tuple[Record, Record],
    trouble: str = "",
) -> Form:
    """The form of a record, given as `(as stored, with what the person typed)`.

    Nothing stored makes the form of a new record. Fields whose labels `trouble` names are marked.
    """
    stored, typed = record
    maker = _Maker(instance, caller, table, stored, typed, trouble)
    controls = maker.controls()
    return Form(
        sys_id=stored.get("sys_id", "-1"),
        heading=stored.get(TABLES[table].display, ""),
        table=table,
        controls=[each for each in controls if _kind(instance, table, each.name) != JOURNAL],
        notes=[each for each in controls if _kind(instance, table, each.name) == JOURNAL],
        writable=maker.writable,
        deletable=bool(stored) and may_delete(caller, table),
        journal=_journal(instance, caller, sys_id=stored.get("sys_id", "")),
        related=[
            _related(instance, caller, spec, sys_id=stored["sys_id"])
            for spec in layout.RELATED.get(table, ())
            if stored and spec.table in TABLES
        ],
    )


def _kind(instance: Instance, table: str, name: str) -> str:
    found = instance.schema.tables[table].fields.get(name)
    return found.kind if found else ""


def may_insert(instance: Instance, caller: Caller, table: str) -> bool:
    """Whether the person may create records of the table."""
    allowed = _passes(access.check_insert, caller, table)
    writable = bool(editable_words(instance, table))
    return allowed and writable and table not in {"task", "sysapproval_approver"}


def may_delete(caller: Caller, table: str) -> bool:
    """Whether the person may delete records of the table."""
    return _passes(access.check_delete, caller, table)


def _passes(check: Callable[[Caller, str], None], caller: Caller, table: str) -> bool:
    """Whether a check of rights lets the person do it."""
    try:
        check(caller, table)
    except errors.Refusal:
        return False
    return True


def editable_words(instance: Instance, table: str) -> list[str]:
    """Words of the form that are not only shown."""
    return [word for word in layout.form(instance.schema, table) if not word.startswith("=")]


@dataclass
class _Maker:
    instance: Instance
    caller: Caller
    table: str
    stored: Record
    typed: Record
    trouble: str

    def __post_init__(self) -> None:
        self.writable = self._writable()
        self._presenter = Presenter(self.instance, self.caller, Shape("", display="true"))
        mandatory = layout.MANDATORY.get(self.table, "").split()
        if not self.stored:
            mandatory += layout.MANDATORY_WHEN_NEW.get(self.table, "").split()
        added = self.instance.shared.switches.get("mandatory_fields").get(self.table, {})
        self._mandatory = {*mandatory, *added}

    def controls(self) -> list[Control]:
        """Every field that this person may see, in the form's order."""
        hidden = access.hidden_fields(self.instance, self.caller, table=self.table)
        changeable = editable(self.instance, self.table, new=not self.stored)
        made = []
        for word in layout.form(self.instance.schema, self.table):
            found = self.instance.schema.tables[self.table].fields[word.lstrip("=+")]
            if found.name in hidden:
                continue
            if self.writable and found.name in changeable:
                made.append(self._control(found))
            elif self.stored and found.kind != JOURNAL and found.name not in NEVER_DELIVERED:
                made.append(self._fixed(found))
        for name, label in custom_fields(self.instance, self.table).items():
            made.append(self._custom(name, label))
        return made

    def _writable(self) -> bool:
        changes = partial(access.check_update, record=self.stored)
        check = changes if self.stored else access.check_insert
        allowed = _passes(check, self.caller, self.table)
        return allowed and bool(editable_words(self.instance, self.table))

    def _missing(self, label: str) -> bool:
        return bool(self.trouble) and label.lower() in self.trouble.lower()

    def _custom(self, name: str, label: str) -> Control:
        value = self.typed.get(name, "")
        kind = "text" if self.writable else "fixed"
        return Control(name, label, kind, value, required=True, missing=self._missing(label))

    def _fixed(self, found: Field) -> Control:
        shown = self._presenter.display(self.table, found.name, record=self.stored)
        link = ""
        if found.kind == REFERENCE and shown and found.target in TABLES:
            value = self.stored.get(found.name, "")
            link = f"/{found.target}.do?sys_id={quote(value)}"
        wide = found.name in layout.WIDE
        label = layout.label(self.instance.schema, self.table, found.name)
        return Control(found.name, label, "fixed", shown, wide, link=link)

    def _control(self, found: Field) -> Control:
        value = self.typed.get(found.name, "")
        kind, options = "text", []
        if found.kind == BOOLEAN:
            kind = "check"
        elif found.kind in {CHOICE, REFERENCE}:
            options = self._options(found)
            kind = "select" if options else "text"
            if not options and found.kind == REFERENCE and self.typed is self.stored and value:
                value = self._presenter.name_of(found.target, value)
        elif found.kind == JOURNAL:
            value, kind = "" if self.typed is self.stored else value, "area"
        elif found.name in layout.AREAS:
            kind = "area"
        elif found.name in layout.PASSWORDS:
            value, kind = "", "password"
        elif found.name in layout.SECRETS:
            value, kind = self.stored.get(found.name, ""), "secret"
        elif found.kind == DATETIME and self.typed is self.stored:
            value = in_zone(value, self.caller.zone)
        return Control(
            found.name,
            layout.label(self.instance.schema, self.table, found.name),
            kind,
            value,
            found.name in layout.WIDE,
            options,
            required=found.name in self._mandatory,
            missing=self._missing(found.label),
        )

    def _options(self, found: Field) -> list[tuple[str, str]]:
        none = ("", "-- None --")
        if found.kind == REFERENCE:
            offered = references(self.instance, found.target)
            return [none, *offered] if offered else []
        labels = self._offered(found.name)
        if not labels:
            return []
        return labels if found.name == "state" else [none, *labels]

    def _offered(self, name: str) -> list[tuple[str, str]]:
        """Choices in use; of the states only the present one and those that may come next."""
        labels = self.instance.choices(self.table, name, language=self.caller.language)
        rows = self.instance.store.find_all("sys_choice", element=name, inactive="true")
        retired = {row["value"] for row in rows if row["name"] == self.table}
        now = self.stored.get(name, "")
        if name != "state":
            return [(v, label) for v, label in labels.items() if v not in retired or v == now]
        first = self.typed.get(name, "")
        if not self.stored:
            following = {first}
        elif self.table == "change_request":
            following = {now, *models.next_states(self.instance, self.stored)}
        else:
            following = set(labels) - retired | {now}
            closing = self.table == "incident" and self.instance.on("close_needs_itil_admin")
            if closing and not self.caller.has("itil_admin"):
                following -= {"7"} - {now}
        return [(value, label) for value, label in labels.items() if value in following]


def references(instance: Instance, target: str) -> list[tuple[str, str]]:
    """Records that a reference may name, by name; none where they are too many for a list."""
    if target not in TABLES or TABLES[target].parent or target == "task":
        return []
    rows = instance.store.find_all(target)
    if len(rows) > SELECTABLE:
        return []
    display = TABLES[target].display
    usable = [row for row in rows if row.get("active", "true") == "true"]
    return [
        (sys_id, name)
        for name, sys_id in sorted((row.get(display, ""), row["sys_id"]) for row in usable)
    ]


def _related(instance: Instance, caller: Caller, spec: Related, *, sys_id: str) -> RelatedList:
    presenter = Presenter(instance, caller, Shape("", display="true"))
    found = instance.store.find_all(spec.table, **{spec.via: sys_id})
    rows = []
    for row in found:
        if access.visible(caller, (spec.table, row)):
            shown = presenter.display(spec.table, spec.shows, record=row)
            state = presenter.display(spec.table, "state", record=row) if "state" in row else ""
            url = f"/{spec.table}.do?sys_id={row['sys_id']}"
            rows.append(RelatedRow(row["sys_id"], shown, state, url))
    taken = {row.get(spec.shows) for row in found}
    offered: list[tuple[str, str]] = []
    new_url = ""
    if spec.may_add and may_insert(instance, caller, spec.table):
        target = TABLES[spec.table].fields[spec.shows].target
        offered = [pair for pair in references(instance, target) if pair[0] not in taken]
        if not target:
            new_url = f"/{spec.table}.do?sys_id=-1&sysparm_query={spec.via}={sys_id}"
    return RelatedList(spec, sorted(rows, key=lambda row: row.text.lower()), offered, new_url)


def _journal(instance: Instance, caller: Caller, *, sys_id: str) -> list[Entry]:
    return [
        Entry(
            when=in_zone(entry["sys_created_on"], caller.zone),
            ago=times.ago(entry["sys_created_on"], instance.now()),
            author=journal.author_of(instance, entry),
            kind=journal.TITLES.get(entry["element"], entry["element"]),
            text=entry["value"],
        )
        for entry in (journal.entries(instance, sys_id) if sys_id else ())
    ]
