"""What a fresh instance holds: accounts, groups, choices, properties; and records on demand."""

from __future__ import annotations

from scoredesk.sandbox.servicenow.instance import Instance, hashed
from scoredesk.sandbox.servicenow.seeds.choices import CHOICES, INACTIVE, Labels
from scoredesk.sandbox.servicenow.seeds.dictionary import dictionary_rows
from scoredesk.sandbox.servicenow.seeds.more_choices import DEPENDENT, MORE_CHOICES
from scoredesk.sandbox.servicenow.seeds.policies import policy_rows
from scoredesk.sandbox.servicenow.seeds.processes import process_rows
from scoredesk.sandbox.servicenow.seeds.tasks import fixed_id
from scoredesk.sandbox.servicenow.seeds.things import thing_rows
from scoredesk.sandbox.servicenow.state import Record, stamped

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
    "sn_problem_read",
    "sn_problem_write",
    "personalize_dictionary",
    "snc_read_only",
    "rate_limit_admin",
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
    "glide.ui.autoclose.time": "7",
    "com.snc.incident.autoclose.basedon.resolved_at": "true",
    "com.snc.change_management.change_model.type_compatibility": "false",
}


def fill(instance: Instance) -> None:
    """Everything of a fresh instance; what an older one has already stays as it is."""
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
    for rows in (process_rows, policy_rows, thing_rows, dictionary_rows):
        for table, records in rows(fixed_id):
            _add(instance, table, records=records)


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
    for (table, element), labels in {**CHOICES, **MORE_CHOICES}.items():
        rows += _choice_rows(table, element, labels=labels, inactive="false")
    for (table, element), lists in DEPENDENT.items():
        for owner, labels in lists.items():
            for row in _choice_rows(table, element, labels=labels, inactive="false"):
                row["sys_id"] = fixed_id("choice", row["sys_id"], owner)
                rows.append({**row, "dependent_value": owner})
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
            {"sys_id": fixed_id(table, str(place)), **stamped(stamp, "admin"), **record}
            for place, record in enumerate(records)
        ),
        missing_only=True,
    )
