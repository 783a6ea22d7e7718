"""Switches of what a write does: rules, data policies, states (servicenow-api 2.5, 6, 7)."""

from scoredesk.sandbox.switches import Switch

RULE_SWITCHES = {
    "close_needs_itil_admin": Switch(True, "only itil_admin may close an incident (state 7)"),
    "comments_for_awaiting_caller": Switch(
        False, "On Hold with the reason Awaiting Caller makes comments mandatory"
    ),
    "change_state_over_rest": Switch(
        "neighbours",
        "which state changes of a change request REST may make",
        ("neighbours", "refuse"),
    ),
    "change_insert_state": Switch(
        "new",
        "a change request created in a later state: lands in New, or is refused",
        ("new", "refuse"),
    ),
    "change_needs_group": Switch(False, "leaving New needs an assignment group"),
    "mandatory_fields": Switch(
        {}, 'further mandatory fields: `{"incident": {"u_cost_center": "Cost center"}}`'
    ),
    "business_rules": Switch(
        {}, 'a rule that aborts every write: `{"incident": "Check cost center"}`'
    ),
    "number_prefixes": Switch({}, 'other record numbers: `{"incident": "TKT"}`'),
    "silent_updates": Switch(False, "changes leave no trace in sys_updated_on and sys_mod_count"),
}
