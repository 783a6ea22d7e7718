"""What the pages show of each table: columns of its list, fields of its form, related lists."""

from __future__ import annotations

from dataclasses import dataclass

from scoredesk.sandbox.servicenow.database.schema import JOURNAL, TABLES, Schema

COLUMNS = {
    "sys_data_policy2": "short_description model_table active conditions",
    "sys_data_policy_rule": "sys_data_policy table field mandatory",
    "sys_script": "name collection active when abort_action filter_condition",
    "incident": (
        "number short_description caller_id priority state assignment_group assigned_to "
        "sys_updated_on"
    ),
    "change_request": (
        "number short_description type state priority assignment_group assigned_to sys_updated_on"
    ),
    "problem": "number short_description state priority assigned_to sys_updated_on",
    "task": "number sys_class_name short_description priority state assigned_to sys_updated_on",
    "sys_user": "user_name name email active locked_out sys_updated_on",
    "sys_user_group": "name description manager active",
    "sys_user_role": "name description",
    "sys_user_has_role": "user role state inherited",
    "sys_user_grmember": "group user",
    "sys_properties": "name value type description",
    "sys_choice": "name element label value language sequence inactive",
    "oauth_entity": "name client_id redirect_url active sys_updated_on",
    "syslog": "sys_created_on level source message",
    "sysapproval_approver": "state approver sysapproval sys_created_on",
}
# The quick filter looks into these.
SEARCHED = {
    "incident": "number short_description correlation_id",
    "change_request": "number short_description correlation_id",
    "problem": "number short_description correlation_id",
    "task": "number short_description correlation_id",
    "sys_user": "user_name name email",
    "oauth_entity": "name client_id",
    "sys_properties": "name value",
    "sys_choice": "name element label",
    "syslog": "source message",
}
ORDER = {"sys_properties": "name", "sys_choice": "name", "sys_user_role": "name"}

# Fields in the order of the form; a leading `=` marks one that only shows, `+` one that is
# typed for a new record and only shows afterwards.
FORMS = {
    "sys_data_policy2": "short_description model_table conditions active description",
    "sys_data_policy_rule": "sys_data_policy table field mandatory",
    "sys_script": (
        "name collection when order active action_insert action_update action_delete "
        "filter_condition abort_action add_message message script"
    ),
    "incident": (
        "=number caller_id state hold_reason impact urgency =priority category assignment_group "
        "assigned_to cmdb_ci problem_id short_description description close_code close_notes "
        "=correlation_id =correlation_display =opened_by =opened_at =resolved_at "
        "=sys_updated_by =sys_updated_on =sys_mod_count work_notes comments"
    ),
    "change_request": (
        "=number requested_by type state =chg_model priority risk impact urgency category "
        "assignment_group assigned_to cmdb_ci on_hold on_hold_reason short_description "
        "description due_date start_date end_date close_code close_notes =approval "
        "=correlation_id =correlation_display =opened_by =opened_at =closed_at "
        "=sys_updated_by =sys_updated_on =sys_mod_count work_notes comments"
    ),
    "problem": (
        "=number state impact urgency =priority category assignment_group assigned_to "
        "short_description description close_notes =correlation_id =opened_by =opened_at "
        "=sys_updated_by =sys_updated_on =sys_mod_count work_notes comments"
    ),
    "sys_user": (
        "user_name first_name last_name name email title user_password password_needs_reset "
        "active locked_out web_service_access_only internal_integration_user identity_type "
        "preferred_language time_zone =last_login_time =sys_updated_on"
    ),
    "sys_user_group": "name manager email active description",
    "sys_user_role": "name elevated_privilege description",
    "sys_user_has_role": "user role =state =inherited",
    "sys_user_grmember": "user group",
    "sys_properties": "name type value description =sys_updated_by =sys_updated_on",
    "sys_choice": "name element value label language sequence dependent_value hint inactive",
    "oauth_entity": (
        "name client_id client_secret redirect_url active public_client client_type "
        "scope_restriction auth_scopes user access_token_lifespan refresh_token_lifespan "
        "token_format logo_url comments jwt_secret jwt_certificate user_field "
        "=sys_updated_by =sys_updated_on"
    ),
    "syslog": "=sys_created_on =level =source =message",
    "sysapproval_approver": "=sysapproval =approver state comments =sys_updated_on",
}
# Mandatory on the form, as UI policies make them; REST asks for none of them (2.5).
MANDATORY = {
    "sys_data_policy2": "short_description model_table",
    "sys_data_policy_rule": "sys_data_policy table field mandatory",
    "sys_script": "name collection",
    "incident": "short_description",
    "change_request": "short_description",
    "problem": "short_description",
    "sys_user": "user_name",
    "sys_user_group": "name",
    "sys_user_role": "name",
    "sys_user_has_role": "user role",
    "sys_user_grmember": "user group",
    "sys_properties": "name",
    "sys_choice": "name element value label",
    "oauth_entity": "name client_id",
}
MANDATORY_WHEN_NEW = {"incident": "caller_id"}
WIDE = {
    "short_description",
    "description",
    "close_notes",
    "work_notes",
    "comments",
    "redirect_url",
    "value",
    "message",
    "jwt_certificate",
}
AREAS = {"description", "close_notes", "work_notes", "comments", "jwt_certificate", "value"}
PLURALS = {
    "sys_properties": "System properties",
    "oauth_entity": "Application registries",
    "syslog": "System log",
    "sys_data_policy2": "Data policies",
    "sys_data_policy_rule": "Data policy rules",
    "sys_dictionary": "Dictionary entries",
}
# Where the form says it otherwise than the dictionary.
LABELS = {
    ("oauth_entity", "user"): "OAuth Application User",
    ("oauth_entity", "client_id"): "Client ID",
    ("oauth_entity", "client_secret"): "Client Secret",
    ("oauth_entity", "public_client"): "Public Client",
    ("oauth_entity", "client_type"): "Client Type",
    ("oauth_entity", "scope_restriction"): "Scope Restriction",
    ("oauth_entity", "auth_scopes"): "Auth Scopes",
    ("oauth_entity", "access_token_lifespan"): "Access Token Lifespan",
    ("oauth_entity", "refresh_token_lifespan"): "Refresh Token Lifespan",
    ("oauth_entity", "token_format"): "Token Format",
    ("oauth_entity", "comments"): "Comments",
    ("incident", "problem_id"): "Problem",
    ("sys_user", "user_password"): "Password",
    ("sys_user", "preferred_language"): "Language",
    ("sysapproval_approver", "sysapproval"): "Approval for",
}
# Kept hidden: an empty box leaves them as they are.
PASSWORDS = {"user_password"}
SECRETS = {"client_secret", "jwt_secret"}


@dataclass(frozen=True)
class Related:
    """A list below a form: rows of `table` whose field `via` names the record, showing `shows`."""

    title: str
    table: str
    via: str
    shows: str
    may_add: bool = True


RELATED = {
    "sys_data_policy2": (
        Related("Data policy rules", "sys_data_policy_rule", "sys_data_policy", "field"),
    ),
    "sys_user": (
        Related("Roles", "sys_user_has_role", "user", "role"),
        Related("Groups", "sys_user_grmember", "user", "group"),
    ),
    "sys_user_group": (Related("Group members", "sys_user_grmember", "group", "user"),),
    "sys_user_role": (Related("Users with this role", "sys_user_has_role", "role", "user"),),
    "change_request": (
        Related("Approvers", "sysapproval_approver", "sysapproval", "approver", may_add=False),
    ),
}
# What the form of a new record starts with; the address may name more in `sysparm_query`.
NEW_VALUES = {
    "sys_data_policy2": {"active": "true"},
    "sys_data_policy_rule": {"mandatory": "true"},
    "sys_script": {"active": "true", "when": "before", "order": "100"},
    "incident": {"state": "1", "impact": "3", "urgency": "3", "category": "inquiry"},
    "change_request": {"state": "-5", "type": "normal", "priority": "4", "risk": "3"},
    "problem": {"state": "101", "impact": "3", "urgency": "3"},
    "sys_user": {
        "active": "true",
        "identity_type": "Human",
        "preferred_language": "en",
        "time_zone": "UTC",
    },
    "sys_user_group": {"active": "true"},
    "sys_properties": {"type": "string"},
    "sys_choice": {"language": "en", "sequence": "0"},
    "oauth_entity": {
        "active": "true",
        "client_type": "user",
        "scope_restriction": "broad",
        "token_format": "opaque",
        "access_token_lifespan": "1800",
        "refresh_token_lifespan": "8640000",
    },
}


def columns(schema: Schema, table: str) -> tuple[str, ...]:
    """Columns of a table's list; a table without a layout shows its first own fields."""
    if table in COLUMNS:
        return _known(schema, table, COLUMNS[table])
    shown = [
        name for name, kind in _kinds(schema, table) if kind != JOURNAL and not _of_system(name)
    ]
    return (*shown[:6], "sys_updated_on")


def searched(schema: Schema, table: str) -> tuple[str, ...]:
    """Fields that the quick filter of a list looks into."""
    return _known(schema, table, SEARCHED.get(table, TABLES[table].display))


def form(schema: Schema, table: str) -> tuple[str, ...]:
    """Words of a table's form; one without a layout shows all that is its own."""
    if table in FORMS:
        words = FORMS[table].split()
        known = [word for word in words if word.lstrip("=+") in schema.tables[table].fields]
        added = [name for name, _ in _kinds(schema, table) if name.startswith(("u_", "x_"))]
        return (*known, *(name for name in added if name not in known))
    return tuple(
        name for name, kind in _kinds(schema, table) if kind != JOURNAL and not _of_system(name)
    )


def _known(schema: Schema, table: str, words: str) -> tuple[str, ...]:
    return tuple(word for word in words.split() if word in schema.tables[table].fields)


def _kinds(schema: Schema, table: str) -> list[tuple[str, str]]:
    return [(name, found.kind) for name, found in schema.tables[table].fields.items()]


def _of_system(name: str) -> bool:
    return name.startswith("sys_") and name != "sys_class_name"


def plural(table: str) -> str:
    """The heading of a table's list."""
    return PLURALS.get(table) or f"{TABLES[table].label}s"


def label(schema: Schema, table: str, name: str) -> str:
    """What the pages call a field."""
    return LABELS.get((table, name)) or schema.tables[table].fields[name].label
