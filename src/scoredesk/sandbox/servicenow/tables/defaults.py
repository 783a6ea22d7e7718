"""What the instance fills in itself when a record besides tasks is created or changed."""

from __future__ import annotations

import re
import secrets

from scoredesk.sandbox.servicenow import errors
from scoredesk.sandbox.servicenow.instance import Instance
from scoredesk.sandbox.servicenow.state import Record

DEFAULTS: dict[str, Record] = {
    "sys_user": {
        "active": "true",
        "locked_out": "false",
        "web_service_access_only": "false",
        "internal_integration_user": "false",
        "password_needs_reset": "false",
        "identity_type": "Human",
        "preferred_language": "en",
        "sys_domain": "global",
        "sys_class_name": "sys_user",
    },
    "sys_user_group": {"active": "true"},
    "sys_user_role": {"elevated_privilege": "false"},
    "sys_user_has_role": {"state": "active", "inherited": "false"},
    "sys_choice": {"language": "en", "inactive": "false"},
    "sys_properties": {"type": "string", "is_private": "false"},
    "sys_data_policy2": {"active": "true", "enforce_ui": "true"},
    "sys_data_policy_rule": {"mandatory": "ignore", "disabled": "ignore"},
    "sys_script": {"active": "true", "when": "before", "order": "100"},
    "sys_rate_limit_rules": {"active": "true"},
    "oauth_entity": {
        "type": "client",
        "active": "true",
        "access_token_lifespan": "1800",
        "refresh_token_lifespan": "8640000",
        "public_client": "false",
    },
    "sys_dictionary": {
        "internal_type": "string",
        "max_length": "40",
        "active": "true",
        "mandatory": "false",
        "read_only": "false",
        "display": "false",
        "unique": "false",
    },
}
# A machine never logs in through a page (servicenow-api 1.10).
MACHINE = "Machine"


def complete(instance: Instance, table: str, *, record: Record) -> None:
    """Fill in what a new record lacks; a column for a table that is none is refused."""
    if table == "sys_user" and record.get("identity_type") == MACHINE:
        record.setdefault("web_service_access_only", "true")
    for name, value in DEFAULTS.get(table, {}).items():
        if not record.get(name):
            record[name] = value
    if table == "sys_user" and not record.get("name"):
        names = (record.get("first_name", ""), record.get("last_name", ""))
        record["name"] = " ".join(name for name in names if name)
    if table == "oauth_entity":
        # Both are generated when left blank (servicenow-api 1.3).
        record["client_id"] = record.get("client_id") or secrets.token_hex(16)
        record["client_secret"] = record.get("client_secret") or secrets.token_urlsafe(24)
    if table == "sys_dictionary":
        _complete_column(instance, record)


def _complete_column(instance: Instance, record: Record) -> None:
    """Columns that an administrator adds begin with u_; their name follows from the label."""
    if record.get("name") not in instance.schema.tables:
        raise errors.acl("Insert")
    element = record.get("element") or record.get("column_label", "")
    element = re.sub(r"[^a-z0-9]+", "_", element.lower()).strip("_")
    if not element:
        raise errors.acl("Insert")
    record["element"] = element if element.startswith(("u_", "x_")) else f"u_{element}"
    record["column_label"] = record.get("column_label") or element.replace("_", " ").capitalize()
    record["sys_name"] = record["column_label"]
