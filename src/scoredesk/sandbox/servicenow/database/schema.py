"""Tables and fields of the simulated instance, after servicenow-api 6.3, 7.4, 8 and 1.10."""

from __future__ import annotations

from dataclasses import dataclass, field

from scoredesk.sandbox.servicenow.database.process_tables import PROCESS_TABLES

STRING, INTEGER, BOOLEAN, CHOICE = "string", "integer", "boolean", "choice"
DATETIME, DATE, JOURNAL, DURATION, REFERENCE = (
    "glide_date_time",
    "glide_date",
    "journal_input",
    "glide_duration",
    "reference",
)


@dataclass(frozen=True)
class Field:
    """A column: its label is what data policies and forms call it."""

    name: str
    kind: str
    label: str
    length: int = 255
    target: str = ""


@dataclass
class Table:
    """A table with its own and its inherited fields; `display` names a record to people."""

    name: str
    label: str
    display: str
    fields: dict[str, Field]
    parent: str = ""
    prefix: str = ""
    children: list[str] = field(default_factory=list)


LABELS = {
    "close_code": "Resolution code",
    "close_notes": "Resolution notes",
    "comments": "Additional comments",
    "sys_created_by": "Created by",
    "sys_created_on": "Created",
    "sys_updated_by": "Updated by",
    "sys_updated_on": "Updated",
    "sys_mod_count": "Updates",
    "sys_class_name": "Task type",
    "sys_domain": "Domain",
    "sys_id": "Sys ID",
    "cmdb_ci": "Configuration item",
    "caller_id": "Caller",
    "opened_at": "Opened",
    "closed_at": "Closed",
    "resolved_at": "Resolved",
    "on_hold": "On hold",
    "hold_reason": "On hold reason",
    "user_name": "User ID",
    "locked_out": "Locked out",
    "correlation_id": "Correlation ID",
    "correlation_display": "Correlation display",
    "start_date": "Planned start date",
    "end_date": "Planned end date",
    "work_start": "Actual start",
    "work_end": "Actual end",
    "chg_model": "Model",
    "redirect_url": "Redirect URL",
    "logo_url": "Logo URL",
    "user_field": "User field",
    "jwt_secret": "JWT shared secret",
    "jwt_certificate": "JWT verifier certificate",
    "auth_scopes": "Auth scopes",
}
# Change request and incident call the same columns by different labels.
CHANGE_LABELS = {"close_code": "Close code", "close_notes": "Close notes"}

BASE = (
    "sys_id sys_created_by sys_updated_by sys_tags sys_mod_count:integer "
    "sys_created_on:glide_date_time sys_updated_on:glide_date_time"
)
TASK = (
    "number:40 active:boolean activity_due:glide_date_time additional_assignee_list:4000 "
    "approval:choice approval_history:journal_input approval_set:glide_date_time "
    "assigned_to>sys_user assignment_group>sys_user_group business_duration:glide_duration "
    "business_service>cmdb_ci calendar_duration:glide_duration close_notes:4000 "
    "closed_at:glide_date_time closed_by>sys_user cmdb_ci>cmdb_ci comments:journal_input "
    "comments_and_work_notes:journal_input company>core_company contact_type:choice "
    "correlation_display:100 correlation_id:100 delivery_plan delivery_task description:4000 "
    "due_date:glide_date_time escalation:choice expected_start:glide_date_time "
    "follow_up:glide_date_time group_list:4000 impact:choice knowledge:boolean "
    "location>cmn_location made_sla:boolean opened_at:glide_date_time opened_by>sys_user "
    "order:integer parent>task priority:choice reassignment_count:integer "
    "route_reason:choice service_offering>cmdb_ci short_description:160 "
    "sla_due:glide_date_time state:choice sys_class_name:80 sys_domain>sys_user_group "
    "sys_domain_path task_effective_number:40 time_worked:glide_duration universal_request>task "
    "upon_approval:choice upon_reject:choice urgency:choice user_input:journal_input "
    "watch_list:4000 work_end:glide_date_time work_notes:journal_input work_notes_list:4000 "
    "work_start:glide_date_time"
)
INCIDENT = (
    "business_stc:integer calendar_stc:integer caller_id>sys_user category:choice caused_by>task "
    "child_incidents:integer close_code:choice hold_reason:choice incident_state:choice "
    "notify:choice parent_incident>incident problem_id>task reopen_count:integer "
    "reopened_by>sys_user reopened_time:glide_date_time resolved_at:glide_date_time "
    "resolved_by>sys_user rfc>change_request severity:choice subcategory:choice cause:4000 "
    "origin_table:80 origin_id:32"
)
CHANGE = (
    "backout_plan:4000 cab_date:glide_date cab_delegate>sys_user cab_recommendation:4000 "
    "cab_required:boolean category:choice change_plan:4000 chg_model>chg_model close_code:choice "
    "conflict_status:choice conflict_last_run:glide_date_time end_date:glide_date_time "
    "implementation_plan:4000 justification:4000 on_hold:boolean on_hold_reason:4000 "
    "on_hold_task:4000 outside_maintenance_schedule:boolean phase:choice phase_state:choice "
    "production_system:boolean reason:choice requested_by>sys_user "
    "requested_by_date:glide_date_time review_comments:4000 review_date:glide_date "
    "review_status:choice risk:choice risk_impact_analysis:4000 scope:choice "
    "start_date:glide_date_time std_change_producer_version:32 test_plan:4000 type:choice "
    "unauthorized:boolean"
)
USER = (
    "user_name:40 name:151 first_name:50 last_name:50 email:100 title:60 active:boolean "
    "locked_out:boolean web_service_access_only:boolean internal_integration_user:boolean "
    "identity_type:choice password_needs_reset:boolean preferred_language:choice time_zone:40 "
    "date_format:40 department:100 phone:40 mobile_phone:40 last_login_time:glide_date_time "
    "failed_attempts:integer user_password:255 sys_domain>sys_user_group sys_class_name:80"
)


def _parse(spec: str, labels: dict[str, str]) -> dict[str, Field]:
    """Fields from words `name`, `name:kind`, `name:length`, `name>table`."""
    fields = {}
    for word in spec.split():
        name, _, target = word.partition(">")
        name, _, kind = name.partition(":")
        label = labels.get(name) or LABELS.get(name) or name.replace("_", " ").capitalize()
        length = int(kind) if kind.isdigit() else 255
        if target:
            kind = REFERENCE
        elif not kind or kind.isdigit():
            kind = STRING
        fields[name] = Field(name, kind, label, length, target)
    return fields


TABLES: dict[str, Table] = {}


def _define(spec: str, name: str, *, label: str, display: str) -> Table:
    fields = _parse(f"{BASE} {spec}", {})
    TABLES[name] = Table(name, label, display, fields)
    return TABLES[name]


def _extend_task(spec: str, name: str, *, label: str, prefix: str) -> None:
    labels = CHANGE_LABELS if name == "change_request" else {}
    fields = _parse(f"{BASE} {TASK} {spec}", labels)
    TABLES[name] = Table(name, label, "number", fields, parent="task", prefix=prefix)
    TABLES["task"].children.append(name)


_define(TASK, "task", label="Task", display="number")
_extend_task(INCIDENT, "incident", label="Incident", prefix="INC")
_extend_task(CHANGE, "change_request", label="Change request", prefix="CHG")
_define(USER, "sys_user", label="User", display="name")
_define(
    "name:80 description:1000 active:boolean manager>sys_user email:100 type:1024 "
    "parent>sys_user_group",
    "sys_user_group",
    label="Group",
    display="name",
)
_define(
    "user>sys_user group>sys_user_group",
    "sys_user_grmember",
    label="Group member",
    display="sys_id",
)
_define(
    "name:100 description:4000 suffix:100 elevated_privilege:boolean",
    "sys_user_role",
    label="Role",
    display="name",
)
_define(
    "user>sys_user role>sys_user_role granted_by>sys_user_group inherited:boolean state:40",
    "sys_user_has_role",
    label="User role",
    display="sys_id",
)
_define(
    "name:80 element:80 label:100 value:40 language:10 sequence:integer inactive:boolean "
    "dependent_value:60 hint:255",
    "sys_choice",
    label="Choice",
    display="label",
)
_define(
    "name:80 element:80 element_id:32 value:4000",
    "sys_journal_field",
    label="Journal entry",
    display="sys_id",
)
_define(
    "name:100 value:4000 description:512 type:40 is_private:boolean suffix:100",
    "sys_properties",
    label="System property",
    display="name",
)
_define(
    "name:100 client_id:40 client_secret:255 redirect_url:4000 type:40 active:boolean "
    "access_token_lifespan:integer refresh_token_lifespan:integer public_client:boolean "
    "user>sys_user logo_url:255 comments:1000 default_grant_type:40 client_type:choice "
    "scope_restriction:choice auth_scopes:1000 token_format:choice user_field:40 jwt_secret:255 "
    "jwt_certificate:8000",
    "oauth_entity",
    label="Application registry",
    display="name",
)
_define("level:choice source:255 message:4000", "syslog", label="System log", display="message")
_define(
    "tablename:80 documentkey:32 display_value:255 payload:65000",
    "sys_audit_delete",
    label="Deleted record",
    display="display_value",
)
_define(
    "name:100 number:40 sys_class_name:80", "cmdb_ci", label="Configuration item", display="name"
)
_define("name:100 city:100 country:100", "cmn_location", label="Location", display="name")
_define("name:100 stock_symbol:40", "core_company", label="Company", display="name")
for _name, (_label, _display, _spec) in PROCESS_TABLES.items():
    _define(_spec, _name, label=_label, display=_display)


def family(table: str) -> list[str]:
    """The table itself and those that extend it: a query of `task` finds incidents too."""
    return [table, *TABLES[table].children]
