"""Business rules of a customised instance (servicenow-api 12.7, 13.65).

The short way is the switch `business_rules`; the real one is a row of `sys_script`: an active
`before` rule of a table whose condition fits aborts the write (`abort_action`) or sets values
(`template`). A script is not run. The rule's own message never reaches a REST caller.
"""

from __future__ import annotations

from scoredesk.sandbox.servicenow import errors
from scoredesk.sandbox.servicenow.database.schema import TABLES
from scoredesk.sandbox.servicenow.instance import Instance
from scoredesk.sandbox.servicenow.rules.conditions import met, pairs
from scoredesk.sandbox.servicenow.rules.tasks import RULE_IDS, order_of
from scoredesk.sandbox.servicenow.state import Record

INSERT, UPDATE, DELETE = "action_insert", "action_update", "action_delete"


def run(instance: Instance, table: str, *, action: str, old: Record, record: Record) -> None:
    """Run the rules that an administrator added; raises the 403 of the one that aborts."""
    name = instance.shared.switches.get("business_rules").get(table)
    if name and action != DELETE:
        raise errors.business_rule(table, name, rule_id=RULE_IDS[""])
    for rule in _of_records(instance, table, action=action):
        if not met(rule.get("filter_condition", ""), record, old=old):
            continue
        if rule.get("abort_action") == "true":
            raise errors.business_rule(table, rule.get("name", ""), rule_id=rule["sys_id"])
        known = instance.schema.tables[table].fields
        values = pairs(rule.get("template", ""))
        record.update({field: value for field, value in values.items() if field in known})


def _of_records(instance: Instance, table: str, *, action: str) -> list[Record]:
    collections = {table, TABLES[table].parent}
    rules = [
        rule
        for rule in instance.store.find_all("sys_script", active="true", **{action: "true"})
        if rule.get("collection") in collections and rule.get("when", "before") == "before"
    ]
    return sorted(rules, key=order_of)
