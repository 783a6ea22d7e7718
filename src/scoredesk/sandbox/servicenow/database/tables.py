"""The tables besides tasks: name to (label, field that names a record, columns).

Columns are in the words of `schema`. Sources: servicenow-api 1.10 (users), 1.2 (oauth_entity), 8
(choices), 9 (deletions), 10 (rate rules), 12 (dictionary).
"""

from __future__ import annotations

Definition = tuple[str, str, str]

OTHER_TABLES: dict[str, Definition] = {
    "sys_user": (
        "User",
        "name",
        (
            "user_name:40 name:151 first_name:50 last_name:50 email:100 title:60 "
            "active:boolean locked_out:boolean web_service_access_only:boolean "
            "internal_integration_user:boolean identity_type:choice "
            "password_needs_reset:boolean preferred_language:choice time_zone:40 "
            "date_format:40 time_format:40 department:100 phone:40 mobile_phone:40 "
            "manager>sys_user company>core_company location>cmn_location "
            "last_login_time:glide_date_time failed_attempts:integer user_password:255 source:255 "
            "sys_domain>sys_user_group sys_class_name:80"
        ),
    ),
    "sys_user_group": (
        "Group",
        "name",
        (
            "name:80 description:1000 active:boolean manager>sys_user email:100 type:1024 "
            "parent>sys_user_group"
        ),
    ),
    "sys_user_grmember": ("Group member", "sys_id", "user>sys_user group>sys_user_group"),
    "sys_user_role": (
        "Role",
        "name",
        "name:100 description:4000 suffix:100 elevated_privilege:boolean",
    ),
    "sys_user_has_role": (
        "User role",
        "sys_id",
        ("user>sys_user role>sys_user_role granted_by>sys_user_group inherited:boolean state:40"),
    ),
    "sys_group_has_role": (
        "Group role",
        "sys_id",
        "group>sys_user_group role>sys_user_role inherits:boolean",
    ),
    "sys_choice": (
        "Choice",
        "label",
        (
            "name:80 element:80 label:100 value:40 language:10 sequence:integer "
            "inactive:boolean dependent_value:60 hint:255"
        ),
    ),
    "sys_journal_field": ("Journal entry", "sys_id", "name:80 element:80 element_id:32 value:4000"),
    "sys_properties": (
        "System property",
        "name",
        "name:100 value:4000 description:512 type:40 is_private:boolean suffix:100",
    ),
    "oauth_entity": (
        "Application registry",
        "name",
        (
            "name:100 client_id:40 client_secret:255 redirect_url:4000 type:40 "
            "active:boolean access_token_lifespan:integer refresh_token_lifespan:integer "
            "public_client:boolean user>sys_user logo_url:255 comments:1000 default_grant_type:40 "
            "client_type:choice scope_restriction:choice auth_scopes:1000 token_format:choice "
            "user_field:40 jwt_secret:255 jwt_certificate:8000"
        ),
    ),
    "syslog": ("System log", "message", "level:choice source:255 message:4000"),
    "sys_audit_delete": (
        "Deleted record",
        "display_value",
        "tablename:80 documentkey:32 display_value:255 payload:65000",
    ),
    "sys_audit": (
        "Audit entry",
        "sys_id",
        (
            "tablename:80 documentkey:32 fieldname:80 oldvalue:4000 newvalue:4000 user:40 "
            "reason:255 record_checkpoint:integer"
        ),
    ),
    "sys_dictionary": (
        "Dictionary entry",
        "element",
        (
            "name:80 element:80 column_label:80 internal_type>sys_glide_object "
            "max_length:integer reference>sys_db_object mandatory:boolean read_only:boolean "
            "active:boolean display:boolean unique:boolean choice:integer "
            "default_value:4000 dependent:80 attributes:1000 sys_name:255"
        ),
    ),
    "sys_db_object": (
        "Table",
        "label",
        (
            "name:80 label:80 super_class>sys_db_object sys_name:255 number_ref:32 "
            "is_extendable:boolean ws_access:boolean read_access:boolean "
            "create_access:boolean update_access:boolean delete_access:boolean access:40 "
            "sys_scope:32"
        ),
    ),
    "sys_glide_object": ("Field class", "name", "name:80 label:80 scalar_type:40"),
    "sys_rate_limit_rules": (
        "Rate limit rule",
        "name",
        (
            "name:100 active:boolean api:255 resource:255 method:40 table:80 "
            "request_limit_per_hour:integer type:40 user>sys_user roles:1000"
        ),
    ),
    "cmdb_ci": (
        "Configuration item",
        "name",
        (
            "name:255 number:40 sys_class_name:80 asset_tag:40 serial_number:255 "
            "operational_status:choice install_status:choice short_description:1000 "
            "assigned_to>sys_user support_group>sys_user_group company>core_company "
            "location>cmn_location"
        ),
    ),
    "cmn_location": ("Location", "name", "name:100 city:100 country:100 parent>cmn_location"),
    "core_company": ("Company", "name", "name:100 stock_symbol:40 parent>core_company"),
}
