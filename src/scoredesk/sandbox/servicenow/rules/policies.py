"""Data policies: which fields are mandatory (servicenow-api 2.5, 4, 12.3).

Three sources: what the tables' own rules demand, the switch `mandatory_fields`, and the records of
`sys_data_policy2` with their `sys_data_policy_rule` rows that an administrator made.
"""

from __future__ import annotations

from collections.abc import Iterable

from scoredesk.sandbox.servicenow import errors
from scoredesk.sandbox.servicenow.database.schema import TABLES
from scoredesk.sandbox.servicenow.instance import Instance
from scoredesk.sandbox.servicenow.rules.conditions import met
from scoredesk.sandbox.servicenow.state import Record


def check(
    instance: Instance, table: str, *, old: Record, record: Record, own: Iterable[str]
) -> None:
    """Raise the 403 that names every mandatory field that is empty, by its label."""
    labels: dict[str, str] = dict(instance.shared.switches.get("mandatory_fields").get(table, {}))
    names = [*_of_records(instance, table, old=old, record=record), *own]
    for name in names:
        found = instance.schema.tables[table].fields.get(name)
        labels.setdefault(name, found.label if found else name)
    missing = [label for name, label in labels.items() if not record.get(name)]
    if missing:
        raise errors.data_policy(missing, singular=instance.on("data_policy_singular"))


def _of_records(instance: Instance, table: str, *, old: Record, record: Record) -> list[str]:
    """Mandatory fields by the administrator's active policies of the table or its parent."""
    names = []
    for policy in instance.store.find_all("sys_data_policy2", active="true"):
        inherited = TABLES[table].parent == policy.get("model_table") != ""
        applies = policy.get("model_table") == table or (
            inherited and policy.get("inherit") != "false"
        )
        if applies and met(policy.get("conditions", ""), record, old=old):
            rules = instance.store.find_all(
                "sys_data_policy_rule", sys_data_policy=policy["sys_id"], mandatory="true"
            )
            known = instance.schema.tables[table].fields
            names += [rule["field"] for rule in rules if rule.get("field") in known]
    return names
