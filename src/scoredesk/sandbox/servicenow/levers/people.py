"""In whose name a lever writes, and which records it means."""

from __future__ import annotations

from typing import Any

from scoredesk.sandbox.servicenow.database import query, sql
from scoredesk.sandbox.servicenow.database.schema import TABLES
from scoredesk.sandbox.servicenow.instance import Caller, Instance
from scoredesk.sandbox.servicenow.state import Record


def caller_named(instance: Instance, user_name: str) -> Caller:
    """The user as a caller; ValueError if there is none."""
    user = instance.store.find("sys_user", user_name=user_name)
    if user is None:
        raise ValueError(f"There is no user {user_name!r}.")
    return instance.caller(user)


def known_table(name: object) -> str:
    """The table's name; ValueError if the instance has none of this name."""
    if str(name) not in TABLES:
        raise ValueError(
            f"There is no table {str(name)!r}. There are: {', '.join(sorted(TABLES))}."
        )
    return str(name)


def meant(instance: Instance, table: str, *, asked: dict[str, Any]) -> list[tuple[str, Record]]:
    """The records that `sys_id`, `number` or the encoded `query` of an order names."""
    if asked.get("sys_id"):
        found = instance.store.get(table, str(asked["sys_id"]))
        return [found] if found else []
    if asked.get("number"):
        text = f"number={asked['number']}"
    elif asked.get("query"):
        text = str(asked["query"])
    else:
        raise ValueError("Say which records are meant: sys_id, number or query.")
    return matching(instance, table, text=text)


def matching(instance: Instance, table: str, *, text: str) -> list[tuple[str, Record]]:
    """The records that an encoded query gives to an administrator; a wrong one gives none."""
    where = sql.where(table, query.parse(text), no_rows_if_invalid=True, schema=instance.schema)
    return instance.store.select(where)
