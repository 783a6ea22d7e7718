"""What a fresh instance holds: accounts, groups, choices, properties; and records on demand."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import timedelta

from scoredesk.sandbox.servicenow.database.schema import TABLES
from scoredesk.sandbox.servicenow.instance import TIME_FORMAT, Instance, hashed
from scoredesk.sandbox.servicenow.rules.changes import CHANGE_DEFAULTS
from scoredesk.sandbox.servicenow.rules.incidents import INCIDENT_DEFAULTS
from scoredesk.sandbox.servicenow.rules.tasks import TASK_DEFAULTS, priority_of
from scoredesk.sandbox.servicenow.seeds.choices import CHOICES, INACTIVE, Labels
from scoredesk.sandbox.servicenow.seeds.processes import process_rows
from scoredesk.sandbox.servicenow.state import Record

CLIENT_ID = "5c0ded3500000000000000000000c1d0"
CLIENT_SECRET = "sandbox-secret"  # noqa: S105 # public by purpose: the sandbox's own
REDIRECT = "http://127.0.0.1:8000/connections/callback"
ROLES = (
    "admin",
    "itil",
    "itil_admin",
    "sn_incident_read",
    "sn_incident_write",
    "sn_change_read",
    "sn_change_write",
    "rest_service",
    "personalize_choices",
    "snc_basic_auth_api_access",
    "mid_server",
    "oauth_admin",
    "user_admin",
)
# (user name, name, password, roles, what else differs)
USERS: tuple[tuple[str, str, str, tuple[str, ...], Record], ...] = (
    ("admin", "System Administrator", "admin", ("admin",), {}),
    (
        "scoredesk.integration",
        "Scoredesk Integration",
        "integration",
        ("itil",),
        {"identity_type": "Machine"},
    ),
    ("change.owner", "Chen Owen", "change.owner", ("itil",), {}),
    ("incident.owner", "Ines Ortega", "incident.owner", ("itil",), {}),
    ("itil.admin", "Ida Adler", "itil.admin", ("itil", "itil_admin"), {}),
    (
        "zh.owner",
        "王芳",
        "zh.owner",
        ("itil",),
        {"preferred_language": "zh", "time_zone": "Asia/Shanghai"},
    ),
    ("no.roles", "Nora Roth", "no.roles", (), {}),
    ("inactive.user", "Ian Active", "inactive.user", ("itil",), {"active": "false"}),
    ("locked.user", "Lou Key", "locked.user", ("itil",), {"locked_out": "true"}),
    (
        "web.service",
        "Web Service Only",
        "web.service",
        ("itil",),
        {"web_service_access_only": "true", "identity_type": "Machine"},
    ),
)
GROUPS = {
    "Identity Operations": ("change.owner",),
    "Security Operations": ("change.owner", "incident.owner"),
    "Service Desk": ("incident.owner",),
}
PROPERTIES = {
    "glide.war": "glide-yokohama-12-18-2024__patch4-05-08-2025_05-15-2025_1023.zip",
    "glide.buildtag.last": "glide-yokohama-12-18-2024__patch4-05-08-2025",
    "instance_name": "sandbox",
    "glide.sys.default.tz": "UTC",
    "com.snc.platform.security.oauth.is.active": "true",
}
SUBJECTS = (
    "Mailbox does not open",
    "Laptop asks for a password again",
    "Renew the certificate of the intranet",
    "Move the print server",
    "Access to the finance share",
    "Raise the disk of the build server",
)


def fixed_id(*parts: str) -> str:
    """The same sys_id for the same record in every sandbox, so that scripts may rely on it."""
    return hashlib.blake2b(":".join(parts).encode(), digest_size=16).hexdigest()


def fill(instance: Instance) -> None:
    """Everything of a fresh instance."""
    _add(
        instance,
        "sys_user_role",
        records=[{"sys_id": fixed_id("role", n), "name": n} for n in ROLES],
    )
    _users(instance)
    _groups(instance)
    _choices(instance)
    _add(
        instance,
        "sys_properties",
        records=[
            {"name": name, "value": value, "type": "string"} for name, value in PROPERTIES.items()
        ],
    )
    client = {
        "sys_id": fixed_id("oauth", CLIENT_ID),
        "name": "Scoredesk",
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "redirect_url": REDIRECT,
        "type": "client",
        "active": "true",
        "access_token_lifespan": "1800",
        "refresh_token_lifespan": "8640000",
        "public_client": "false",
        "client_type": "user",
        "scope_restriction": "broad",
        "user": fixed_id("user", "scoredesk.integration"),
    }
    _add(instance, "oauth_entity", records=[client])
    for table, records in process_rows(fixed_id):
        _add(instance, table, records=records)


def seed_tasks(instance: Instance, table: str, *, count: int, over_days: int) -> int:
    """Make `count` incidents or change requests, opened evenly over the last days."""
    instance.store.insert_many(table, _tasks(instance, table, count=count, over_days=over_days))
    return count


def _tasks(instance: Instance, table: str, *, count: int, over_days: int) -> Iterator[Record]:
    owner, opener = fixed_id("user", "change.owner"), fixed_id("user", "admin")
    affected, group = fixed_id("user", "no.roles"), fixed_id("group", "Service Desk")
    defaults = INCIDENT_DEFAULTS if table == "incident" else CHANGE_DEFAULTS
    states = ("1", "2", "3") if table == "incident" else ("-5", "-4", "-1")
    first = instance.now() - timedelta(days=over_days)
    step = timedelta(days=over_days) / max(1, count)
    for index, number in enumerate(instance.store.next_numbers(TABLES[table].prefix, count)):
        stamp = (first + step * (index + 1)).strftime(TIME_FORMAT)
        urgency = str(index % 3 + 1)
        record = {
            **TASK_DEFAULTS,
            **defaults,
            "sys_id": fixed_id(table, number),
            "number": number,
            "task_effective_number": number,
            "sys_class_name": table,
            "short_description": SUBJECTS[index % len(SUBJECTS)],
            "description": f"{SUBJECTS[index % len(SUBJECTS)]}: seen {index % 4 + 1} times.",
            "state": states[index % 3],
            "urgency": urgency,
            "assigned_to": owner if index % 2 else "",
            "assignment_group": group,
            "opened_at": stamp,
            "opened_by": opener,
            **_stamped(stamp),
        }
        if table == "incident":
            record["incident_state"] = record["state"]
            record["priority"] = priority_of("3", urgency)
            record["caller_id"] = affected
        else:
            record["requested_by"] = opener
            record["type"] = "normal"
            record["chg_model"] = fixed_id("chg_model", "normal")
        yield record


def _users(instance: Instance) -> None:
    users, grants = [], []
    for user_name, name, password, roles, other in USERS:
        first, _, last = name.partition(" ")
        user_id = fixed_id("user", user_name)
        users.append(
            {
                "sys_id": user_id,
                "user_name": user_name,
                "name": name,
                "first_name": first,
                "last_name": last,
                "email": f"{user_name}@sandbox.example",
                "user_password": hashed(password),
                "active": "true",
                "locked_out": "false",
                "web_service_access_only": "false",
                "internal_integration_user": "false",
                "identity_type": "Human",
                "password_needs_reset": "false",
                "preferred_language": "en",
                "time_zone": "UTC",
                "sys_domain": "global",
                "sys_class_name": "sys_user",
                **other,
            }
        )
        grants += [
            {
                "user": user_id,
                "role": fixed_id("role", role),
                "state": "active",
                "inherited": "false",
            }
            for role in roles
        ]
    _add(instance, "sys_user", records=users)
    _add(instance, "sys_user_has_role", records=grants)


def _groups(instance: Instance) -> None:
    groups, members = [], []
    for name, users in GROUPS.items():
        group_id = fixed_id("group", name)
        groups.append({"sys_id": group_id, "name": name, "active": "true"})
        members += [{"group": group_id, "user": fixed_id("user", user)} for user in users]
    _add(instance, "sys_user_group", records=groups)
    _add(instance, "sys_user_grmember", records=members)


def _choices(instance: Instance) -> None:
    rows: list[Record] = []
    for (table, element), labels in CHOICES.items():
        rows += _choice_rows(table, element, labels=labels, inactive="false")
    for (table, element), labels in INACTIVE.items():
        rows += _choice_rows(table, element, labels=labels, inactive="true")
    _add(instance, "sys_choice", records=rows)


def _choice_rows(table: str, element: str, *, labels: Labels, inactive: str) -> list[Record]:
    rows = []
    for place, (value, english, chinese) in enumerate(labels):
        for language, label in (("en", english), ("zh", chinese)):
            rows.append(
                {
                    "sys_id": fixed_id("choice", table, element, value, language, inactive),
                    "name": table,
                    "element": element,
                    "value": value,
                    "label": label,
                    "language": language,
                    "sequence": str(place if inactive == "false" else 100 + place),
                    "inactive": inactive,
                }
            )
    return rows


def _add(instance: Instance, table: str, *, records: list[Record]) -> None:
    stamp = instance.stamp()
    instance.store.insert_many(
        table,
        (
            {"sys_id": fixed_id(table, str(place)), **_stamped(stamp), **record}
            for place, record in enumerate(records)
        ),
    )


def _stamped(stamp: str) -> Record:
    return {
        "sys_created_by": "admin",
        "sys_created_on": stamp,
        "sys_updated_by": "admin",
        "sys_updated_on": stamp,
        "sys_mod_count": "0",
    }
