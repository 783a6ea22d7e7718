"""Groups, people and other records that a field can point to: found by name, checked by sys_id."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from scoredesk.connections.errors import ReferenceNotFound
from scoredesk.connections.fields.known import USER
from scoredesk.connections.models import Connection
from scoredesk.connections.tokens import client_for
from scoredesk.servicenow import Query, Record, ServiceNow
from scoredesk.servicenow.errors import NotFound

MOST: Final = 20
SYS_ID: Final = re.compile(r"[0-9a-f]{32}")
_TABLE: Final = re.compile(r"[a-z][a-z0-9_]{1,79}")
_BREAKS_QUERY: Final = re.compile(r"[\^\x00-\x1f]")


@dataclass(frozen=True)
class Reference:
    """A record that a field can point to. `about`: what tells it from others of the same name."""

    sys_id: str
    name: str
    about: str = ""
    active: bool = True


def search(connection: Connection, table: str, words: str) -> list[Reference]:
    """Up to `MOST` active records whose name (of people also the user name) holds the words.

    Raises ScoredeskError as the client does; ValueError for a name that no table has.
    """
    if not _TABLE.fullmatch(table):
        raise ValueError(f"{table!r} is not a table's name")
    plain = _BREAKS_QUERY.sub(" ", words).strip()
    if plain.lower().startswith("javascript:") or not plain:
        return []
    query = Query().any_of(("name", "LIKE", plain))
    if table == USER:
        query = Query().any_of(("name", "LIKE", plain), ("user_name", "LIKE", plain))
    with client_for(connection, insist=True) as client:
        rows = client.list(table, query.order_by("name"), _fields(table), limit=MOST * 2)
    found = [_reference(row) for row in rows]
    return [each for each in found if each.active and each.name][:MOST]


def look(client: ServiceNow, table: str, sys_id: str) -> Reference:
    """The record as it is now, inactive ones too. Raises ReferenceNotFound, or as the client."""
    if not SYS_ID.fullmatch(sys_id) or not _TABLE.fullmatch(table):
        raise ReferenceNotFound(facts={"table": table, "sys_id": sys_id})
    try:
        return _reference(client.get(table, sys_id, _fields(table)))
    except NotFound as gone:
        raise ReferenceNotFound(facts={"table": table, "sys_id": sys_id}) from gone


def _fields(table: str) -> tuple[str, ...]:
    more = ("user_name", "email") if table == USER else ("description",)
    return ("sys_id", "name", "active", *more)


def _reference(row: Record) -> Reference:
    about = row.value("user_name") or row.value("description")
    active = row.is_true("active") if row.value("active") else True
    return Reference(row.sys_id, row.display("name"), about[:120], active)
