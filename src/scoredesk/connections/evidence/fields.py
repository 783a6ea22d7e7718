"""The fields that the instance demands, and those that an administrator fills."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from scoredesk.connections.evidence.facts import FieldEvidence, Seen, look
from scoredesk.connections.models import Catalogue, Connection, TicketTable
from scoredesk.servicenow import Query, ServiceNow
from scoredesk.servicenow.vocabulary import Table

_MOST_RULES = 500
BY_POLICY = "data_policy"


def look_at_fields(client: ServiceNow, connection: Connection) -> FieldEvidence:
    """Data policies, where they may be read, beside what the portal sends of itself."""
    mapped = defaultdict(set)
    for row in connection.field_defaults.all():
        mapped[row.table].add(row.field)
    catalogues = {row.table: row for row in connection.catalogues.all()}
    return FieldEvidence(
        policies=look(lambda: _policies(client)) if _told(catalogues.values()) else Seen(),
        mapped={table: frozenset(fields) for table, fields in mapped.items()},
        known={table: row.fields for table, row in catalogues.items()},
    )


def _told(catalogues: Iterable[Catalogue]) -> bool:
    """Whether the instance has shown us its data policies: mostly only administrators read them,
    and a question that is always refused would fill the log of requests."""
    fields = [data for row in catalogues for data in row.fields.values()]
    return any(data.get("mandatory_by") == BY_POLICY for data in fields)


def _policies(client: ServiceNow) -> Mapping[str, frozenset[str]]:
    """Fields that are mandatory without a condition. A policy of task holds for both tables."""
    query = Query().in_list("table", [*TicketTable, "task"]).where("mandatory", "=", "true")
    fields = ["table", "field", "sys_data_policy.active", "sys_data_policy.conditions"]
    rows = client.list(Table.POLICY_RULE, query, fields, limit=_MOST_RULES)
    found: dict[str, set[str]] = {table.value: set() for table in TicketTable}
    for row in rows:
        always = not row.value("sys_data_policy.conditions").removesuffix("^EQ")
        if not always or not row.is_true("sys_data_policy.active"):
            continue
        for table, wanted in found.items():
            if row.value("table") in {table, "task"} and row.value("field"):
                wanted.add(row.value("field"))
    return {table: frozenset(wanted) for table, wanted in found.items()}
