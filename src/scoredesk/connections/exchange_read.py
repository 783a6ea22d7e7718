"""What is asked of an instance: every address that is called, every table with its fields.

A test walks through a connection's whole story and compares each request with this list.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from scoredesk.connections.evidence.app import OLDER_PATH, STATUS_PATH
from scoredesk.servicenow.vocabulary import TRACKED_FIELDS, USER_FIELDS, Table

EVERY_FIELD: Final = "*"
_NAMES = ("sys_id", "name", "active")
_CHOICE_FIELDS = (
    *("name", "element", "label", "value", "language", "inactive", "sequence"),
    *("dependent_value", "sys_id"),
)


@dataclass(frozen=True)
class Reading:
    """A table, the fields that are read of it, and what for. `sys_id` may stand with any of them:
    pages are turned by it."""

    table: str
    fields: tuple[str, ...]
    why: str | Promise


READ: Final = (
    Reading(
        Table.CHANGE_REQUEST,
        TRACKED_FIELDS,
        _("Of the tickets that were shared from here: to follow them"),
    ),
    Reading(Table.INCIDENT, TRACKED_FIELDS, _("The same of incidents")),
    Reading(
        Table.CHANGE_REQUEST,
        (EVERY_FIELD,),
        _(
            "Of a record that was just created, and of one record where the dictionary is hidden: "
            "to compare what was stored, and to learn which fields there are"
        ),
    ),
    Reading(Table.INCIDENT, (EVERY_FIELD,), _("The same of incidents")),
    Reading(
        Table.USER,
        USER_FIELDS,
        _("Of the integration user: whose token it is, and whether that user may sign in"),
    ),
    Reading(
        Table.USER,
        (*_NAMES, "user_name", "email"),
        _("People whom an administrator searches for, to assign tickets to"),
    ),
    Reading(
        "sys_user_group",
        (*_NAMES, "description"),
        _("Groups that an administrator searches for, to assign tickets to"),
    ),
    Reading(
        "…",
        (*_NAMES, "description"),
        _("Another table that a mapped field refers to, when an administrator searches in it"),
    ),
    Reading(
        Table.CHOICE,
        _CHOICE_FIELDS,
        _("Names of the states, priorities, categories and other choices, in each language"),
    ),
    Reading(
        Table.DICTIONARY,
        (
            *("name", "element", "column_label", "internal_type", "reference", "max_length"),
            "mandatory",
        ),
        _("Which fields change requests and incidents have"),
    ),
    Reading(
        "sys_documentation",
        ("name", "element", "label", "language"),
        _("How these fields are called"),
    ),
    Reading(
        "sys_data_policy2",
        ("sys_id", "model_table", "conditions", "active"),
        _("Which fields are mandatory"),
    ),
    Reading(
        "sys_data_policy_rule",
        (
            *("table", "field", "mandatory", "sys_data_policy"),
            *("sys_data_policy.active", "sys_data_policy.conditions"),
        ),
        _("The same, field by field"),
    ),
    Reading(
        "sys_user_has_role",
        ("role", "role.name", "sys_created_on", "state"),
        _("Roles of the integration user, to warn of rights that it does not need"),
    ),
    Reading("oauth_entity", ("sys_id",), _("Whether the integration user sees too much")),
    Reading(Table.PROPERTIES, ("name", "value"), _("The release of the instance")),
)

# Addresses that are called besides `/api/now/table/<table>` and `/api/now/stats/<table>`.
CALLED: Final = (
    (
        "/api/now/table/sys_user?sysparm_limit=1",
        _("Without a token: only to see whether a ServiceNow instance answers"),
    ),
    ("/oauth_auth.do", _("Sign-in and Allow page, in the administrator's browser and to test it")),
    ("/login.do", _("Where the Allow page leads whoever is not signed in")),
    ("/oauth_token.do", _("Tokens, new and renewed")),
    ("/oauth_revoke_token.do", _("Tokens are made useless when a connection is removed")),
    (STATUS_PATH, _("Whether the connector app is installed")),
    (OLDER_PATH, _("Whether the connector app is installed")),
    ("/api/sn_chg_rest/v1/change/model", _("Whether the release is recent enough")),
)
