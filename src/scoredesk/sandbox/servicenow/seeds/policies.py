"""What a fresh instance shows of its own rules: who may read them finds why a write was refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from scoredesk.sandbox.servicenow.rules.tasks import (
    CHECK_TRANSITION,
    CLOSING_POLICIES,
    RESTRICT_STANDARD,
    RULE_IDS,
    scripted_rule,
)
from scoredesk.sandbox.servicenow.state import Record

FixedId = Callable[..., str]
# Of each table: what the policy is called, and when it applies.
CLOSING = {
    "incident": ("Make close info mandatory when resolved or closed", "stateIN6,7"),
    "change_request": ("Make close info mandatory when closed", "state=3"),
}


def policy_rows(fixed_id: FixedId) -> Iterator[tuple[str, list[Record]]]:
    """Tables with their first rows; `fixed_id` makes the same sys_ids in every sandbox."""
    yield (
        "sys_script",
        [
            scripted_rule(RULE_IDS[name], name, "change_request")
            for name in (CHECK_TRANSITION, RESTRICT_STANDARD)
        ],
    )
    yield (
        "sys_data_policy2",
        [
            {
                "sys_id": CLOSING_POLICIES[table],
                "short_description": name,
                "model_table": table,
                "conditions": when,
                "active": "true",
                "inherit": "false",
            }
            for table, (name, when) in CLOSING.items()
        ],
    )
    yield (
        "sys_data_policy_rule",
        [
            {
                "sys_id": fixed_id("sys_data_policy_rule", table, field),
                "sys_data_policy": CLOSING_POLICIES[table],
                "table": table,
                "field": field,
                "mandatory": "true",
            }
            for table in CLOSING
            for field in ("close_code", "close_notes")
        ],
    )
