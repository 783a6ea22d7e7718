"""Tables and fields of the simulated instance, after servicenow-api 6.3, 7.4, 8 and 1.10."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from scoredesk.sandbox.servicenow.database.process_tables import PROCESS_TABLES
from scoredesk.sandbox.servicenow.database.tables import OTHER_TABLES

STRING, INTEGER, BOOLEAN, CHOICE = "string", "integer", "boolean", "choice"
DATETIME, DATE, JOURNAL, DURATION, REFERENCE = (
    "glide_date_time",
    "glide_date",
    "journal_input",
    "glide_duration",
    "reference",
)

KINDS = {STRING, INTEGER, BOOLEAN, CHOICE, DATETIME, DATE, JOURNAL, DURATION, REFERENCE}
# References to these hold a name, not a sys_id: `"reference": "sys_user"` in sys_dictionary.
BY_NAME = {"sys_db_object", "sys_glide_object"}


@dataclass(frozen=True)
class Field:
    """A column: its label is what data policies and forms call it; `target`: whom it refers to."""

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
    "sla_due": "SLA due",
    "made_sla": "Made SLA",
    "rfc": "Change Request",
    "caused_by": "Caused by Change",
    "cab_date": "CAB date",
    "cab_delegate": "CAB delegate",
    "cab_recommendation": "CAB recommendation",
    "cab_required": "CAB required",
    "origin_id": "Origin ID",
}
# How many references a field's path may follow; SQLite cannot nest without end.
DEEPEST_WALK = 8
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
    "contract correlation_display:100 correlation_id:100 delivery_plan delivery_task "
    "description:4000 due_date:glide_date_time escalation:choice expected_start:glide_date_time "
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
    "business_impact:4000 "
    "business_stc:integer calendar_stc:integer caller_id>sys_user category:choice caused_by>task "
    "child_incidents:integer close_code:choice hold_reason:choice incident_state:choice "
    "notify:choice parent_incident>incident problem_id>problem reopen_count:integer "
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
PROBLEM = (
    "category:choice cause_notes:4000 close_code:choice confirmed_at:glide_date_time "
    "confirmed_by>sys_user duplicate_of>problem first_reported_by_task>task fix_notes:4000 "
    "fix_at:glide_date_time fix_by>sys_user known_error:boolean major_problem:boolean "
    "problem_state:choice related_incidents:integer resolution_code:choice "
    "resolved_at:glide_date_time resolved_by>sys_user rfc>change_request subcategory:choice "
    "workaround:4000 workaround_communicated_at:glide_date_time"
)
CHANGE_TASK = (
    "change_request>change_request change_task_type:choice close_code:choice on_hold:boolean "
    "on_hold_reason:4000 planned_start_date:glide_date_time planned_end_date:glide_date_time"
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


def _define(spec: str, name: str, *, label: str, display: str, prefix: str = "") -> Table:
    fields = _parse(f"{BASE} {spec}", {})
    TABLES[name] = Table(name, label, display, fields, prefix=prefix)
    return TABLES[name]


def _extend_task(spec: str, name: str, *, label: str, prefix: str) -> None:
    labels = CHANGE_LABELS if name == "change_request" else {}
    fields = _parse(f"{BASE} {TASK} {spec}", labels)
    TABLES[name] = Table(name, label, "number", fields, parent="task", prefix=prefix)
    TABLES["task"].children.append(name)


_define(TASK, "task", label="Task", display="number", prefix="TASK")
_extend_task(INCIDENT, "incident", label="Incident", prefix="INC")
_extend_task(CHANGE, "change_request", label="Change request", prefix="CHG")
_extend_task(CHANGE_TASK, "change_task", label="Change task", prefix="CTASK")
_extend_task(PROBLEM, "problem", label="Problem", prefix="PRB")
for _name, (_label, _display, _spec) in {**OTHER_TABLES, **PROCESS_TABLES}.items():
    _define(_spec, _name, label=_label, display=_display)


def family(table: str) -> list[str]:
    """The table itself and those that extend it: a query of `task` finds incidents too."""
    return [table, *TABLES[table].children]


class Schema:
    """The tables of one instance: the stock ones, and the columns that its administrator added."""

    def __init__(self) -> None:
        self.tables: dict[str, Table] = {}
        self.restore()

    def restore(self) -> None:
        """Back to the stock columns."""
        self.tables = {
            name: replace(table, fields=dict(table.fields)) for name, table in TABLES.items()
        }

    def add(self, table: str, column: Field) -> None:
        """A new column, on every table that extends this one too; a known name stays as it is."""
        for name in family(table) if table in TABLES else ():
            self.tables[name].fields.setdefault(column.name, column)

    def find(self, table: str, path: str) -> Field | None:
        """The field that a (dot-walked) path ends at; None if any part does not exist."""
        found: Field | None = None
        parts = path.split(".")
        if len(parts) > DEEPEST_WALK:
            return None
        for part in parts:
            if table not in self.tables:
                return None
            found = self.tables[table].fields.get(part)
            if found is None:
                return None
            table = found.target
        return found
