"""Lists of records as a person sees them: conditions, order, pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from scoredesk.sandbox.servicenow.database import query, sql
from scoredesk.sandbox.servicenow.database.schema import DATETIME
from scoredesk.sandbox.servicenow.instance import Caller, Instance, in_zone
from scoredesk.sandbox.servicenow.pages import filters, layout, times
from scoredesk.sandbox.servicenow.pages.filters import Condition, Filter
from scoredesk.sandbox.servicenow.state import Record
from scoredesk.sandbox.servicenow.tables import access, scripts
from scoredesk.sandbox.servicenow.tables.values import Presenter, Shape
from scoredesk.sandbox.servicenow.templates.words import translator

PAGE_SIZES = (20, 50, 100)


@dataclass(frozen=True)
class Column:
    """A heading with the address that sorts by it."""

    label: str
    url: str
    sorted: str


@dataclass(frozen=True)
class Cell:
    """A text; of a date also how long ago it was, as `(text with {}, number)`."""

    text: str
    ago: tuple[str, int] = ("", 0)


@dataclass(frozen=True)
class Row:
    """A record's address and its cells."""

    url: str
    cells: list[Cell]


@dataclass(frozen=True)
class Crumb:
    """One condition of the filter in words, with the address of the list up to it."""

    joint: str
    label: str
    operator: str
    value: str
    url: str


@dataclass(frozen=True)
class ListPage:
    """One page of a list."""

    table: str
    title: str
    text: str
    query: str
    crumbs: list[Crumb]
    conditions: list[Condition]
    rest: str
    fields: list[tuple[str, str]]
    columns: list[Column]
    rows: list[Row]
    total: int
    first: int
    size: int
    previous: str
    following: str
    sizes: list[tuple[int, str]] = field(default_factory=list)


def built_query(instance: Instance, caller: Caller, *, table: str, params: QueryParams) -> str:
    """The address that a filled-in condition builder leads to."""
    wording = filters.Wording(instance, caller, table)
    given = zip(
        ["", *params.getlist("joint")],
        params.getlist("field"),
        params.getlist("operator"),
        params.getlist("value"),
        strict=False,
    )
    rows = [
        wording.typed(Condition(joint, name, operator, value))
        for joint, name, operator, value in given
        if name in instance.schema.tables[table].fields and operator in filters.NAMES
    ]
    known = filters.read(instance.schema.tables[table].fields, params.get("sysparm_query", ""))
    encoded = filters.encode(rows, rest=known.rest, order=known.order)
    asked = {"sysparm_query": encoded, "rows": params.get("rows", "")}
    if params.get("sysverb") == "add":
        asked["add"] = "1"
    return "?" + urlencode({name: value for name, value in asked.items() if value})


def list_of(instance: Instance, caller: Caller, *, table: str, params: QueryParams) -> ListPage:
    """The page that `sysparm_query`, `text`, `order`, `rows` and `page` ask for."""
    return _Maker(instance, caller, table, params).page()


def select(
    instance: Instance, caller: Caller, *, table: str, encoded: str, limit: int, offset: int = 0
) -> tuple[list[tuple[str, Record]], int]:
    """Rows of an encoded query that the person may see, with how many there are in all."""
    parsed = scripts.resolve(instance, caller, table=table, query=query.parse(encoded))
    access.check_query(instance, caller, table=table, query=parsed)
    where = sql.where(table, parsed, schema=instance.schema)
    order = sql.order_by(table, parsed, instance.schema)
    found = instance.store.select(where, order, limit=limit, offset=offset)
    seen = [pair for pair in found if access.visible(caller, pair)]
    return seen, instance.store.count(where)


class _Maker:
    def __init__(self, instance: Instance, caller: Caller, table: str, params: QueryParams) -> None:
        self._instance = instance
        self._schema = instance.schema
        self._caller = caller
        self._table = table
        self._text = params.get("text", "").strip()
        self._adding = params.get("add") == "1"
        self._filter = filters.read(
            instance.schema.tables[table].fields, params.get("sysparm_query", "")
        )
        self._size = _number(params.get("rows"), PAGE_SIZES[0], among=PAGE_SIZES)
        self._page = _number(params.get("page"), 1)
        known = layout.columns(instance.schema, table)
        order = params.get("order", "") or self._filter.order
        if order.removeprefix("-") not in instance.schema.tables[table].fields:
            order = layout.ORDER.get(table, "-sys_updated_on")
            if table == "syslog":
                order = "-sys_created_on"
        self._order = order
        hidden = access.hidden_fields(instance, caller, table=table)
        self._columns = [name for name in known if name not in hidden]

    def page(self) -> ListPage:
        """The page with its rows."""
        offset = (self._page - 1) * self._size
        rows, total = select(
            self._instance,
            self._caller,
            table=self._table,
            encoded=self._with_text(),
            limit=self._size,
            offset=offset,
        )
        presenter = Presenter(self._instance, self._caller, Shape("", display="true"))
        return ListPage(
            table=self._table,
            title=layout.plural(self._table),
            text=self._text,
            query=self._encoded(self._filter),
            crumbs=self._crumbs(),
            conditions=self._rows(),
            rest="^".join(self._filter.rest),
            fields=filters.fields(self._schema.tables[self._table].fields),
            columns=[self._column(name) for name in self._columns],
            rows=[self._row(presenter, *found) for found in rows],
            total=total,
            first=offset + 1,
            size=self._size,
            previous=self._url(page=self._page - 1) if self._page > 1 else "",
            following=self._url(page=self._page + 1) if offset + self._size < total else "",
            sizes=[(size, self._url(size=size)) for size in PAGE_SIZES],
        )

    def _encoded(self, shown: Filter, *, order: str = "") -> str:
        return filters.encode(shown.conditions, rest=shown.rest, order=order)

    def _with_text(self) -> str:
        """The filter, in each of its groups also the quick filter, and the order."""
        encoded = self._encoded(self._filter)
        if self._text:
            literal = self._text.replace("^", "^^")
            names = layout.searched(self._schema, self._table)
            clause = "^OR".join(f"{name}LIKE{literal}" for name in names)
            groups = encoded.split("^NQ") if encoded else [""]
            encoded = "^NQ".join("^".join(p for p in (each, clause) if p) for each in groups)
        descending = self._order.startswith("-")
        ordering = f"ORDERBY{'DESC' if descending else ''}{self._order.removeprefix('-')}"
        return f"{encoded}^{ordering}" if encoded else ordering

    def _url(self, *, page: int = 1, order: str = "", size: int = 0) -> str:
        asked = {
            "sysparm_query": self._encoded(self._filter, order=order or self._order),
            "text": self._text,
            "rows": size or self._size,
            "page": page,
        }
        return "?" + urlencode({name: value for name, value in asked.items() if value})

    def _column(self, name: str) -> Column:
        label = layout.label(self._schema, self._table, name)
        if self._order == name:
            return Column(label, self._url(order=f"-{name}"), "ascending")
        now = "descending" if self._order == f"-{name}" else ""
        return Column(label, self._url(order=name), now)

    def _crumbs(self) -> list[Crumb]:
        wording = filters.Wording(self._instance, self._caller, self._table)
        conditions = self._filter.conditions
        return [
            Crumb(
                each.joint,
                layout.label(self._schema, self._table, each.field),
                filters.NAMES[each.operator],
                "" if each.operator in filters.WITHOUT_VALUE else wording.shown(each),
                "?" + urlencode({"sysparm_query": filters.encode(conditions[: place + 1])}),
            )
            for place, each in enumerate(conditions)
        ]

    def _rows(self) -> list[Condition]:
        """Rows of the builder with values in words, and an empty one to begin or go on with."""
        wording = filters.Wording(self._instance, self._caller, self._table)
        rows = [
            Condition(each.joint, each.field, each.operator, wording.shown(each))
            for each in self._filter.conditions
        ]
        return [*rows, Condition("AND", "", "=", "")] if self._adding or not rows else rows

    def _row(self, presenter: Presenter, table: str, record: Record) -> Row:
        cells = []
        for name in self._columns:
            found = self._schema.tables[self._table].fields[name]
            if found.kind == DATETIME:
                raw = record.get(name, "")
                zone = in_zone(raw, self._caller.zone)
                cells.append(Cell(zone, times.ago(raw, self._instance.now())))
            else:
                text = presenter.display(table, name, record=record)
                # The name of a table is a label, and labels come in the person's language.
                named = name == "sys_class_name"
                cells.append(Cell(translator(self._caller.language)(text) if named else text))
        return Row(f"/{table}.do?sys_id={record['sys_id']}", cells)


def _number(text: str | None, default: int, *, among: tuple[int, ...] = ()) -> int:
    number = int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else default
    if among:
        return number if number in among else default
    return max(1, number)
