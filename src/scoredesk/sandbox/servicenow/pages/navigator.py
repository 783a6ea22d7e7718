"""The application navigator at the left of every page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scoredesk.sandbox.addresses import Address
from scoredesk.sandbox.servicenow.database.schema import TABLES
from scoredesk.sandbox.servicenow.instance import Caller

Places = tuple[tuple[str, str], ...]
# (application, roles of which one opens it (none: everybody), its modules as (title, address)).
APPLICATIONS: tuple[tuple[str, tuple[str, ...], Places], ...] = (
    (
        "Incident",
        (),
        (
            ("Create incident", "/incident.do?sys_id=-1"),
            ("Assigned to me", "/incident_list.do?sysparm_query=assigned_to=javascript:me"),
            ("Incidents", "/incident_list.do"),
        ),
    ),
    (
        "Change",
        (),
        (
            ("Create change request", "/change_request.do?sys_id=-1"),
            ("Change requests", "/change_request_list.do"),
        ),
    ),
    ("Problem", (), (("Problems", "/problem_list.do"),)),
    ("Task", (), (("All tasks", "/task_list.do"),)),
    ("Configuration", (), (("Configuration items", "/cmdb_ci_list.do"),)),
    (
        "User administration",
        (),
        (
            ("Users", "/sys_user_list.do"),
            ("Groups", "/sys_user_group_list.do"),
            ("Roles", "/sys_user_role_list.do"),
        ),
    ),
    (
        "System OAuth",
        ("oauth_admin",),
        (
            ("Application Registry", "/oauth_entity_list.do"),
            ("Manage Tokens", "/oauth_credential_list.do"),
        ),
    ),
    ("System Definition", (), (("Choice lists", "/sys_choice_list.do"),)),
    (
        "System Policy",
        ("admin",),
        (
            ("Data policies", "/sys_data_policy2_list.do"),
            ("Business rules", "/sys_script_list.do"),
            ("Dictionary", "/sys_dictionary_list.do"),
        ),
    ),
    ("System Properties", ("admin",), (("All properties", "/sys_properties_list.do"),)),
    (
        "System Logs",
        ("admin",),
        (
            ("System log", "/syslog_list.do"),
            ("Deleted records", "/sys_audit_delete_list.do"),
        ),
    ),
)


@dataclass(frozen=True)
class Module:
    """An entry: `here` when it leads to the page that is shown."""

    title: str
    url: str
    here: bool


@dataclass(frozen=True)
class Application:
    """A heading with its entries."""

    title: str
    modules: list[Module]


def applications(caller: Caller, here: str, *, added: Sequence[Address] = ()) -> list[Application]:
    """What this person may open; `added` are pages for administrators."""
    groups: list[tuple[str, Places]] = [
        (title, places) for title, roles, places in APPLICATIONS if not roles or caller.has(*roles)
    ]
    if added and caller.has("admin"):
        groups.append(("Applications", tuple((each.about, each.path) for each in added)))
    every = {url for _, places in groups for _, url in places}
    # A list with a filter of its own lights its own entry, any other one that of the whole list.
    lit = here if here in every else here.split("?", 1)[0]
    made = []
    for title, places in groups:
        named = [(name, url.replace("javascript:me", caller.sys_id)) for name, url in places]
        modules = [Module(name, url, url == lit) for name, url in named if _exists(url)]
        if modules:
            made.append(Application(title, modules))
    return made


def _exists(url: str) -> bool:
    """A module of a table that this instance does not have is left out."""
    path, _, _ = url.partition("?")
    if path.startswith("/x_"):
        return True
    table = path.removeprefix("/").removesuffix(".do").removesuffix("_list")
    return table in TABLES or table == "oauth_credential" or not path.endswith(".do")
