"""Tables behind the processes: change models, approvals, attachments, imports, policies, rules.

Each is (label, field that names a record, columns), columns in the words of `schema`.
"""

from __future__ import annotations

Definition = tuple[str, str, str]

IMPORT_ROW = (
    "sys_import_set>sys_import_set sys_import_state:40 sys_import_state_comment:4000 "
    "sys_target_table:80 sys_target_sys_id:32 sys_transform_map>sys_transform_map "
    "sys_import_row:integer short_description:160 description:4000 impact:40 urgency:40 "
    "priority:40 category:40 state:40 assignment_group:80 assigned_to:100 caller:100 "
    "type:40 close_code:40 close_notes:4000 work_notes:4000 due_date:40 "
    "correlation_id:100 correlation_display:100"
)
POLICY_TABLES: dict[str, Definition] = {
    "sys_data_policy2": (
        "Data Policy",
        "short_description",
        (
            "short_description:160 model_table:80 active:boolean conditions:4000 "
            "inherit:boolean enforce_ui:boolean apply_import_set:boolean "
            "apply_soap:boolean description:4000 reverse_if_false:boolean"
        ),
    ),
    "sys_data_policy_rule": (
        "Data Policy Rule",
        "field",
        "sys_data_policy>sys_data_policy2 table:80 field:80 mandatory:40 disabled:40",
    ),
    "sys_script": (
        "Business Rule",
        "name",
        (
            "name:100 collection:80 active:boolean when:40 order:integer "
            "action_insert:boolean action_update:boolean action_delete:boolean "
            "filter_condition:4000 abort_action:boolean add_message:boolean message:4000 "
            "template:4000 script:8000 advanced:boolean description:4000 "
            "action_query:boolean condition:254"
        ),
    ),
}
CHANGE_TABLES: dict[str, Definition] = {
    "chg_model": (
        "Change Model",
        "name",
        (
            "name:200 sys_name:200 description:4000 active:boolean "
            "available_in_ui:boolean default_change_model:boolean color:40 "
            "record_preset:4000 state_field:80 table_name:80 sys_class_name:80 "
            "sys_domain>sys_user_group sys_domain_path"
        ),
    ),
    "sttrm_state_transition": (
        "State Transition",
        "name",
        (
            "name:200 sttrm_model>chg_model from_state:40 to_state:40 "
            "automatic_transition:boolean active:boolean"
        ),
    ),
    "sttrm_transition_condition": (
        "Transition Condition",
        "name",
        ("name:200 description:4000 sttrm_state_transition>sttrm_state_transition condition:4000"),
    ),
    "sysapproval_approver": (
        "Approval",
        "sys_id",
        (
            "approver>sys_user sysapproval>task document_id:32 source_table:80 "
            "state:choice comments:4000"
        ),
    ),
    "std_change_record_producer": (
        "Standard Change Template",
        "name",
        (
            "name:200 short_description:160 sys_name:200 active:boolean category:80 "
            "template:4000 current_version:32"
        ),
    ),
}
ATTACHMENT_TABLES: dict[str, Definition] = {
    "sys_attachment": (
        "Attachment",
        "file_name",
        (
            "file_name:255 content_type:255 size_bytes:integer size_compressed:integer "
            "compressed:boolean table_name:80 table_sys_id:32 hash:64 state:40 "
            "chunk_size_bytes:integer average_image_color:40 image_height:integer "
            "image_width:integer encryption_context:32"
        ),
    ),
    "sys_attachment_doc": (
        "Attachment Document",
        "sys_id",
        "sys_attachment>sys_attachment position:integer length:integer data:2000000",
    ),
}
IMPORT_TABLES: dict[str, Definition] = {
    "sys_import_set": (
        "Import Set",
        "number",
        "number:40 table_name:80 state:40 mode:40 short_description:160",
    ),
    "sys_transform_map": (
        "Table Transform Map",
        "name",
        (
            "name:100 source_table:80 target_table:80 active:boolean order:integer "
            "condition:4000 copy_empty_fields:boolean"
        ),
    ),
    "sys_transform_entry": (
        "Field Map",
        "source_field",
        "map>sys_transform_map source_field:80 target_field:80 coalesce:boolean",
    ),
    "u_scoredesk_incident_import": ("Scoredesk incident import", "sys_id", IMPORT_ROW),
    "u_scoredesk_change_import": ("Scoredesk change import", "sys_id", IMPORT_ROW),
}
RECORD_TABLES: dict[str, Definition] = {
    "dl_u_priority": (
        "Priority Data Lookup",
        "sys_id",
        "impact:40 urgency:40 priority:40 active:boolean order:integer",
    ),
    "sys_tiny_url": (
        "Tiny URL",
        "tiny_url",
        "tiny_url:40 url:65000",
    ),
    "sys_trigger": (
        "Schedule Item",
        "name",
        ("name:100 next_action:glide_date_time document:80 document_key:32 script:4000 state:40"),
    ),
}
PROCESS_TABLES: dict[str, Definition] = {
    **POLICY_TABLES,
    **CHANGE_TABLES,
    **ATTACHMENT_TABLES,
    **IMPORT_TABLES,
    **RECORD_TABLES,
}
