"""Where the value of a field is found in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from scoredesk.sandbox.servicenow.database.rows import COLUMNS, SPARSE, cell_of
from scoredesk.sandbox.servicenow.database.schema import REFERENCE, Field, Schema

STOCK = Schema()
# Compared by their bytes, or by what their column says of case.
PLAIN = set(COLUMNS) - SPARSE


@dataclass
class Where:
    """A condition with its parameters."""

    text: str
    params: list[str | int | float] = field(default_factory=list)


@dataclass(frozen=True)
class Scope:
    """The rows of a ServiceNow table under an alias; fields are those of the instance's schema."""

    table: str
    schema: Schema = STOCK
    alias: str = "r"

    def find(self, path: str | None) -> Field | None:
        """The field at the end of a path, or None."""
        return self.schema.find(self.table, path) if path else None

    def value(self, path: str) -> str:
        """The SQL for the value of a path that `find` knows; empty is ''."""
        first, _, rest = path.partition(".")
        own = cell_of(self.table, first, self.alias)
        if not rest:
            return own if first in PLAIN else f"({own} COLLATE NOCASE)"
        target = self.schema.tables[self.table].fields[first].target
        inner = replace(self, table=target, alias=f"{self.alias}x")
        walked = f"SELECT {inner.value(rest)} FROM sn_record {inner.alias}"  # noqa: S608 # names come from the schema
        return f"(COALESCE(({walked} WHERE {inner.alias}.sys_id = {own}), '') COLLATE NOCASE)"

    def display(self, path: str) -> str:
        """The SQL for what a path shows: of a reference the name of whom it refers to."""
        found = self.find(path)
        if found is None or found.kind != REFERENCE:
            return self.value(path)
        return self.value(f"{path}.{self.schema.tables[found.target].display}")

    def indexed(self, path: str, values: Sequence[str]) -> str:
        """Like `value`, to be equal to one of `values`: a sparse column can use its index then."""
        bare = path in SPARSE and "" not in values
        return f"{self.alias}.{path}" if bare else self.value(path)


def joined(word: str, parts: list[Where]) -> Where:
    """Conditions in brackets joined by AND or OR, balanced: SQLite nests 1,000 deep at most."""
    while len(parts) > 1:
        parts = [_bracketed(word, parts[at : at + 50]) for at in range(0, len(parts), 50)]
    return parts[0]


def _bracketed(word: str, parts: list[Where]) -> Where:
    params = [param for part in parts for param in part.params]
    return Where("(" + f" {word} ".join(part.text for part in parts) + ")", params)
