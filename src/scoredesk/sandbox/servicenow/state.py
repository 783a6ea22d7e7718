"""The records of the instance in SQLite, one row each."""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from scoredesk.sandbox.servicenow.database.columns import Where
from scoredesk.sandbox.servicenow.database.functions import register
from scoredesk.sandbox.servicenow.database.rows import (
    SELECTED,
    Record,
    cell_of,
    from_row,
    to_row,
)
from scoredesk.sandbox.servicenow.database.schema import family

__all__ = ["Record", "Store", "new_sys_id", "stamped"]

TABLES_SQL = """
CREATE TABLE IF NOT EXISTS sn_record (
  sys_id TEXT PRIMARY KEY,
  tbl TEXT NOT NULL,
  number TEXT NOT NULL COLLATE NOCASE,
  state TEXT NOT NULL,
  correlation_id TEXT COLLATE NOCASE,
  correlation_display TEXT COLLATE NOCASE,
  sys_created_on TEXT NOT NULL,
  sys_updated_on TEXT NOT NULL,
  sys_mod_count INTEGER NOT NULL,
  body TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS sn_by_update ON sn_record (tbl, sys_updated_on, sys_id);
CREATE INDEX IF NOT EXISTS sn_by_id ON sn_record (tbl, sys_id);
CREATE INDEX IF NOT EXISTS sn_by_number ON sn_record (tbl, number);
CREATE INDEX IF NOT EXISTS sn_by_correlation ON sn_record (correlation_id, tbl)
  WHERE correlation_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS sn_by_product
  ON sn_record (correlation_display, tbl, sys_updated_on, sys_id)
  WHERE correlation_display IS NOT NULL;
CREATE INDEX IF NOT EXISTS sn_journal ON sn_record (json_extract(body, '$."element_id"'))
  WHERE tbl = 'sys_journal_field';
CREATE TABLE IF NOT EXISTS sn_counter (name TEXT PRIMARY KEY, reached INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS sn_credential (
  secret TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  client_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  expires_at REAL NOT NULL,
  details TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS sn_credential_of ON sn_credential (user_id, client_id, kind);
"""
# Of TABLES_SQL and of how `database.rows` lays a record down; a change of either raises it.
LAYOUT = 2
INSERT = "INSERT INTO sn_record VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
FIRST_NUMBER = 10001


def new_sys_id() -> str:
    """32 lower-case hex characters, as every sys_id."""
    return uuid.uuid4().hex


def stamped(stamp: str, by: str) -> Record:
    """The fields that the instance keeps itself, for a record that `by` makes at `stamp`."""
    return {
        "sys_created_by": by,
        "sys_created_on": stamp,
        "sys_updated_by": by,
        "sys_updated_on": stamp,
        "sys_mod_count": "0",
    }


class Store:
    """Reads and writes rows; knows nothing of rights or rules."""

    def __init__(self, data: Path | None) -> None:
        # One event loop in one thread uses it; tests build it in another.
        self.db = sqlite3.connect(data or ":memory:", check_same_thread=False, isolation_level=None)
        if data:
            self.db.execute("PRAGMA journal_mode = WAL")
        self.db.execute("PRAGMA synchronous = OFF")
        register(self.db)
        self.renewed = self._renew()
        self._kept: sqlite3.Connection | None = None
        self.on_write: list[Callable[[str], None]] = []

    def _renew(self) -> bool:
        """Make the tables; whether records of an older layout were laid down anew."""
        (layout,) = self.db.execute("PRAGMA user_version").fetchone()
        known = self.db.execute("SELECT 1 FROM sqlite_master WHERE name = 'sn_record'").fetchone()
        older: list[tuple[str, str]] = []
        if known and layout != LAYOUT:
            # The first layout had every value of a record in its body.
            older = self.db.execute("SELECT tbl, body FROM sn_record ORDER BY rowid").fetchall()
            self.db.execute("DROP TABLE sn_record")
        self.db.executescript(TABLES_SQL)
        self.db.executemany(INSERT, (to_row(table, json.loads(body)) for table, body in older))
        self.db.execute(f"PRAGMA user_version = {LAYOUT}")
        return bool(older)

    def empty(self) -> bool:
        """Whether nothing was ever stored."""
        return self.db.execute("SELECT 1 FROM sn_record LIMIT 1").fetchone() is None

    def remember(self) -> None:
        """Keep everything as it is now, for `put_back`."""
        self._kept = sqlite3.connect(":memory:", check_same_thread=False)
        self.db.backup(self._kept)

    def put_back(self) -> bool:
        """Everything as it was remembered, in milliseconds; False if nothing was."""
        if self._kept is None:
            return False
        self._kept.backup(self.db)
        self._tell("")
        return True

    def clear(self) -> None:
        """Forget everything, the credentials too."""
        for table in ("sn_record", "sn_counter", "sn_credential"):
            self.db.execute(f"DELETE FROM {table}")  # noqa: S608 # names are ours
        self._tell("")

    def next_number(self, prefix: str) -> str:
        """The next record number, e.g. INC0010001."""
        return self.next_numbers(prefix, 1)[0]

    def next_numbers(self, prefix: str, count: int) -> list[str]:
        """The next `count` record numbers at once."""
        row = self.db.execute(
            "INSERT INTO sn_counter VALUES (?, ?)"
            " ON CONFLICT (name) DO UPDATE SET reached = reached + ? RETURNING reached",
            (prefix, FIRST_NUMBER + count - 1, count),
        ).fetchone()
        return [f"{prefix}{number:07d}" for number in range(row[0] - count + 1, row[0] + 1)]

    def insert(self, table: str, record: Record) -> None:
        """Store a new record."""
        self.db.execute(INSERT, to_row(table, record))
        self._tell(table)

    def insert_many(
        self, table: str, records: Iterable[Record], *, missing_only: bool = False
    ) -> None:
        """Store many records in one transaction; `missing_only` skips a sys_id that is taken."""
        statement = INSERT.replace("INSERT", "INSERT OR IGNORE", 1) if missing_only else INSERT
        self.db.execute("BEGIN")
        try:
            self.db.executemany(statement, (to_row(table, record) for record in records))
        except BaseException:
            self.db.execute("ROLLBACK")
            raise
        self.db.execute("COMMIT")
        self._tell(table)

    def replace(self, table: str, record: Record) -> None:
        """Store a record anew under its sys_id."""
        row = to_row(table, record)
        self.db.execute(
            "UPDATE sn_record SET number = ?, state = ?, correlation_id = ?,"
            " correlation_display = ?, sys_created_on = ?, sys_updated_on = ?,"
            " sys_mod_count = ?, body = ? WHERE sys_id = ?",
            (*row[2:], row[0]),
        )
        self._tell(table)

    def remove(self, table: str, sys_id: str) -> None:
        """Delete a record."""
        self.db.execute("DELETE FROM sn_record WHERE sys_id = ?", (sys_id,))
        self._tell(table)

    def get(self, table: str, sys_id: str) -> tuple[str, Record] | None:
        """The record's own table (a task may be an incident) and the record."""
        row = self.db.execute(
            f"SELECT {SELECTED} FROM sn_record r WHERE sys_id = ?",  # noqa: S608 # names are ours
            (sys_id,),
        ).fetchone()
        if row is None or row[0] not in family(table):
            return None
        return from_row(row)

    def select(
        self, where: Where, order: str = "", *, limit: int = -1, offset: int = 0
    ) -> list[tuple[str, Record]]:
        """Records with their tables."""
        rows = self.db.execute(
            f"SELECT {SELECTED} FROM sn_record r WHERE {where.text}{order} LIMIT ? OFFSET ?",  # noqa: S608 # built from the schema's names
            [*where.params, limit, offset],
        )
        return [from_row(row) for row in rows]

    def count(self, where: Where) -> int:
        """How many records fit."""
        row = self.db.execute(
            f"SELECT COUNT(*) FROM sn_record r WHERE {where.text}",  # noqa: S608 # built from the schema's names
            where.params,
        ).fetchone()
        return int(row[0])

    def rows(
        self, sql: str, params: Sequence[str | int | float]
    ) -> list[tuple[str | int | float | None, ...]]:
        """Any other reading, for statistics."""
        return list(self.db.execute(sql, params))

    def holds(self, sys_id: str) -> bool:
        """Whether any table has a record of this sys_id."""
        row = self.db.execute("SELECT 1 FROM sn_record WHERE sys_id = ?", (sys_id,)).fetchone()
        return row is not None

    def find(self, table: str, **values: str) -> Record | None:
        """The first record of a table with these values."""
        found = self.find_all(table, **values)
        return found[0] if found else None

    def find_all(self, table: str, **values: str) -> list[Record]:
        """All records of a table with these values, as stored."""
        parts = "".join(f" AND {cell_of(table, name, 'r')} = ?" for name in values)
        rows = self.db.execute(
            f"SELECT {SELECTED} FROM sn_record r WHERE tbl = ?{parts}",  # noqa: S608 # names are ours
            [table, *values.values()],
        )
        return [from_row(row)[1] for row in rows]

    def _tell(self, table: str) -> None:
        for told in self.on_write:
            told(table)
