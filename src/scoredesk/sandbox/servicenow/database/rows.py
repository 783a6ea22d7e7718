"""How a record is laid down in a row and read back.

Values with a column of their own are not repeated in the JSON body, nor what nearly every record of
a table holds (USUAL), nor what equals another of its values (SAME): of 200,000 records these would
be most of the memory. A value that differs stands in the body, an empty one there as `""`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache

from scoredesk.sandbox.servicenow.database.schema import TABLES
from scoredesk.sandbox.servicenow.database.usual import USUAL

Record = dict[str, str]
Cell = str | int | float | None

# These live in columns of their own, with indexes; all other fields live in the JSON body.
COLUMNS = (
    "sys_id",
    "number",
    "state",
    "correlation_id",
    "correlation_display",
    "sys_created_on",
    "sys_updated_on",
    "sys_mod_count",
)
# Seldom filled: empty they are NULL and in no index.
SPARSE = {"correlation_id", "correlation_display"}
SAME: dict[str, dict[str, str]] = {
    "task": {
        "sys_class_name": "tbl",
        "task_effective_number": "number",
        "opened_at": "sys_created_on",
    },
    "incident": {"incident_state": "state"},
    "problem": {"problem_state": "state"},
}
# One encoder for all rows: `json.dumps` with any option builds a new one each time.
TO_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
SELECTED = f"r.tbl, r.body, {', '.join(f'r.{name}' for name in COLUMNS)}"


@cache
def usual(table: str) -> Record:
    """The values that the body of a record of the table leaves out."""
    return {**USUAL.get(TABLES[table].parent, {}), **USUAL.get(table, {})}


@cache
def same(table: str) -> dict[str, str]:
    """The fields that the body leaves out where they equal a column."""
    return {**SAME.get(TABLES[table].parent, {}), **SAME.get(table, {})}


def to_row(table: str, record: Record) -> tuple[Cell, ...]:
    """The cells of `sn_record`: sys_id, tbl, then the other columns, then the body."""
    left_out = usual(table)
    body = {
        name: value
        for name, value in record.items()
        if name not in COLUMNS and value != left_out.get(name, "")
    }
    for name, value in left_out.items():
        if record.get(name, "") != value:
            body[name] = record.get(name, "")
    own = {"tbl": table, **record}
    for name, column in same(table).items():
        if record.get(name, "") == own.get(column, ""):
            body.pop(name, None)
        else:
            body[name] = record.get(name, "")
    if record.get("sys_updated_by") == record.get("sys_created_by"):
        body.pop("sys_updated_by", None)
    cells: list[Cell] = [record["sys_id"], table]
    for name in COLUMNS[1:-1]:
        value = record.get(name, "")
        cells.append(None if name in SPARSE and value == "" else value)
    return (*cells, int(record["sys_mod_count"]), TO_JSON(body))


def from_row(row: Sequence[Cell]) -> tuple[str, Record]:
    """The table and the record of a row of SELECTED; empty values are left out."""
    table, cells = str(row[0]), row[2:]
    record: Record = {**usual(table), **json.loads(str(row[1]))}
    columns = {name: str(cell) for name, cell in zip(COLUMNS, cells, strict=True) if cell}
    columns["sys_mod_count"] = str(cells[-1])
    record.update(columns)
    columns["tbl"] = table
    for name, column in same(table).items():
        if name not in record:
            record[name] = columns.get(column, "")
    if "sys_updated_by" not in record and "sys_created_by" in record:
        record["sys_updated_by"] = record["sys_created_by"]
    return table, record


def cell_of(table: str, name: str, alias: str) -> str:
    """The SQL for a field of a row; empty is ''."""
    if name in SPARSE:
        return f"COALESCE({alias}.{name}, '')"
    if name in COLUMNS:
        return f"{alias}.{name}"
    inside = f"json_extract({alias}.body, '$.\"{name}\"')"
    if name in same(table):
        return f"COALESCE({inside}, {alias}.{same(table)[name]})"
    if name == "sys_updated_by":
        return f"COALESCE({inside}, json_extract({alias}.body, '$.\"sys_created_by\"'), '')"
    return f"COALESCE({inside}, '{usual(table).get(name, '')}')"
