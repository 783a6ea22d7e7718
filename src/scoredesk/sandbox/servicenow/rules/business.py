"""Business rules of a customised instance (servicenow-api 12.7, 13.65).

The short way is the switch `business_rules`, whose rule gets a row when it first refuses; the real
one is a row of `sys_script`: an active `before` rule of a table whose condition fits aborts the
write (`abort_action`) or sets values (`template`). A script is not run. The rule's own message
never reaches a REST caller.
"""

from __future__ import annotations

from scoredesk.sandbox.servicenow import errors
from scoredesk.sandbox.servicenow.database.schema import TABLES
from scoredesk.sandbox.servicenow.instance import Instance
from scoredesk.sandbox.servicenow.rules.conditions import met, pairs
from scoredesk.sandbox.servicenow.rules.tasks import (
    RULE_IDS,
    SWITCH_RULES,
    order_of,
    scripted_rule,
)
from scoredesk.sandbox.servicenow.state import Record, stamped

INSERT, UPDATE, DELETE = "action_insert", "action_update", "action_delete"


def run(instance: Instance, table: str, *, action: str, old: Record, record: Record) -> None:
    """Run the rules that an administrator added; raises the 403 of the one that aborts."""
    _refuse_by_switch(instance, table, action=action)
    for rule in _of_records(instance, table, action=action):
        if not met(rule.get("filter_condition", ""), record, old=old):
            continue
        if rule.get("abort_action") == "true":
            raise errors.business_rule(table, rule.get("name", ""), rule_id=rule["sys_id"])
        known = instance.schema.tables[table].fields
        values = pairs(rule.get("template", ""))
        record.update({field: value for field, value in values.items() if field in known})


def _refuse_by_switch(instance: Instance, table: str, *, action: str) -> None:
    """Raises the 403 of the switch's rule. The 403 names a row that can be opened, and in which an
    administrator can end the rule; with the switch, the row goes."""
    name = instance.shared.switches.get("business_rules").get(table)
    rule_id = SWITCH_RULES.get(table, RULE_IDS[""])
    known = instance.store.get("sys_script", rule_id)
    if known and known[1].get("name") != name:
        instance.store.remove("sys_script", rule_id)
        known = None
    if not name or action == DELETE or (known and known[1].get("active") != "true"):
        return
    if known is None:
        row = {**scripted_rule(rule_id, name, table), **stamped(instance.stamp(), "admin")}
        instance.store.insert("sys_script", row)
    raise errors.business_rule(table, name, rule_id=rule_id)


def _of_records(instance: Instance, table: str, *, action: str) -> list[Record]:
    collections = {table, TABLES[table].parent}
    rules = [
        rule
        for rule in instance.store.find_all("sys_script", active="true", **{action: "true"})
        if rule.get("collection") in collections and rule.get("when", "before") == "before"
    ]
    return sorted(rules, key=order_of)
