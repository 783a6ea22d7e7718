"""Switches of what a write does: rules, data policies, states (servicenow-api 2.5, 6, 7)."""

from scoredesk.sandbox.servicenow.switches.shapes import check_assignment_rules, check_labels
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
        "a change request created in a later state: lands in New; or is refused; or stays in it "
        "up to Implement and is refused beyond",
        ("new", "refuse", "up_to_implement"),
    ),
    "change_needs_group": Switch(False, "leaving New needs an assignment group"),
    "change_approval_required": Switch(
        False, "a change leaves Assess and Authorize by an approval only, not by hand"
    ),
    "change_approval_seconds": Switch(
        0, "seconds after which an approval that was asked for is given; 0: never by itself"
    ),
    "change_ci_in_new_only": Switch(
        False, "the configuration item of a change stays as it was once it has left New"
    ),
    "standard_change_restricted": Switch(
        True, "description and plans of a standard change stay as its template has them"
    ),
    "assignment_rules": Switch(
        {},
        "what the instance changes by itself soon after a record was made: "
        '`{"incident": {"after_seconds": 10, "fields": {"assignment_group": "Service Desk"}}}`, '
        "or `after_reads` instead of seconds",
        inner=dict,
        check=check_assignment_rules,
    ),
    "data_policy_singular": Switch(
        False, "one missing field reads `X is mandatory` instead of the list with one name"
    ),
    "mandatory_fields": Switch(
        {},
        'further mandatory fields: `{"incident": {"u_cost_center": "Cost center"}}`',
        inner=dict,
        check=check_labels,
    ),
    "business_rules": Switch(
        {}, 'a rule that aborts every write: `{"incident": "Check cost center"}`', inner=str
    ),
    "number_prefixes": Switch({}, 'other record numbers: `{"incident": "TKT"}`', inner=str),
    "record_domain": Switch(
        "",
        "the domain that new tickets get; empty: their creator's, which is a field of the user. "
        "People of the domain global see all, others their own domain's and the global ones",
    ),
    "silent_updates": Switch(False, "changes leave no trace in sys_updated_on and sys_mod_count"),
}
