"""Lists of records as a person sees them: filter, order, pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from scoredesk.sandbox.servicenow.database import query, sql
from scoredesk.sandbox.servicenow.database.schema import TABLES
from scoredesk.sandbox.servicenow.instance import Caller, Instance
from scoredesk.sandbox.servicenow.tables import access
from scoredesk.sandbox.servicenow.tables.values import Presenter, Shape

ROWS = 20
COLUMNS = {
    "incident": (
        "number",
        "short_description",
        "state",
        "priority",
        "assigned_to",
        "sys_updated_on",
    ),
    "change_request": (
        "number",
        "short_description",
        "type",
        "state",
        "priority",
        "assigned_to",
        "sys_updated_on",
    ),
    "sys_user": ("user_name", "name", "email", "active", "sys_updated_on"),
    "oauth_entity": ("name", "client_id", "redirect_url", "active"),
}
# The filter box looks into these.
SEARCHED = {
    "incident": ("number", "short_description", "correlation_id"),
    "change_request": ("number", "short_description", "correlation_id"),
    "sys_user": ("user_name", "name", "email"),
    "oauth_entity": ("name", "client_id"),
}


@dataclass(frozen=True)
class Column:
    """A heading with the address that sorts by it."""

    label: str
    url: str
    sorted: str


@dataclass(frozen=True)
class Row:
    """A record's address and the texts of its cells."""

    url: str
    cells: list[str]


@dataclass(frozen=True)
class ListPage:
    """One page of a list."""

    title: str
    text: str
    order: str
    columns: list[Column]
    rows: list[Row]
    total: int
    first: int
    previous: str
    following: str


def list_of(instance: Instance, caller: Caller, *, table: str, params: dict[str, str]) -> ListPage:
    """The page that `text` (filter), `order` (field, `-field` descending) and `page` ask for."""
    text, number = params.get("text", "").strip(), params.get("page", "1")
    order = params.get("order", "")
    if order.removeprefix("-") not in COLUMNS[table]:
        order = "-sys_updated_on" if "sys_updated_on" in COLUMNS[table] else COLUMNS[table][0]
    offset = (max(1, int(number) if number.isdigit() else 1) - 1) * ROWS
    parsed = query.parse(_encoded(table, text, order=order))
    where = sql.where(table, parsed)
    found = instance.store.select(where, sql.order_by(table, parsed), limit=ROWS, offset=offset)
    presenter = Presenter(instance, caller, Shape("", display="true"))
    total = instance.store.count(where)

    def url(by: str, page: int) -> str:
        return "?" + urlencode({"text": text, "order": by, "page": page})

    page = offset // ROWS + 1
    return ListPage(
        title=_plural(TABLES[table].label),
        text=text,
        order=order,
        columns=[_column(table, name, order=order, url=url) for name in COLUMNS[table]],
        rows=[
            Row(
                f"/{table}.do?sys_id={record['sys_id']}",
                [presenter.display(table, name, record=record) for name in COLUMNS[table]],
            )
            for _, record in found
            if access.visible(caller, (table, record))
        ],
        total=total,
        first=offset + 1,
        previous=url(order, page - 1) if page > 1 else "",
        following=url(order, page + 1) if offset + ROWS < total else "",
    )


def _column(table: str, name: str, *, order: str, url: Callable[[str, int], str]) -> Column:
    label = TABLES[table].fields[name].label
    if order == name:
        return Column(label, url(f"-{name}", 1), "ascending")
    return Column(label, url(name, 1), "descending" if order == f"-{name}" else "")


def _encoded(table: str, text: str, *, order: str) -> str:
    literal = text.replace("^", "^^")
    parts = [f"{name}LIKE{literal}" for name in SEARCHED[table]] if text else []
    ordered = f"ORDERBYDESC{order[1:]}" if order.startswith("-") else f"ORDERBY{order}"
    return "^".join(["^OR".join(parts), ordered])


def _plural(label: str) -> str:
    return label if label == "Application registry" else f"{label}s"
