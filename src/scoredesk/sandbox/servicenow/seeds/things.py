"""Configuration items, places and companies of a fresh instance."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from scoredesk.sandbox.servicenow.state import Record

FixedId = Callable[..., str]

COMPANIES = {"Demo Example Ltd": "", "Demo Example Services": "Demo Example Ltd"}
LOCATIONS = {
    "Berlin office": ("Berlin", "Germany"),
    "Shanghai office": ("Shanghai", "China"),
    "Data centre Frankfurt": ("Frankfurt", "Germany"),
}
# name: (class, what it is)
ITEMS = {
    "Exchange Online": ("cmdb_ci_service", "Mail and calendars"),
    "Microsoft Entra ID": ("cmdb_ci_service", "Sign-in of all employees"),
    "SharePoint Online": ("cmdb_ci_service", "Files and sites"),
    "Microsoft Teams": ("cmdb_ci_service", "Meetings and chat"),
    "Intranet": ("cmdb_ci_service", "Pages for employees"),
    "print-server-01": ("cmdb_ci_server", "Print server in Berlin"),
    "build-server-01": ("cmdb_ci_server", "Builds software"),
}


def thing_rows(fixed_id: FixedId) -> Iterator[tuple[str, list[Record]]]:
    """Tables with their first rows; `fixed_id` makes the same sys_ids in every sandbox."""
    yield (
        "core_company",
        [
            {
                "sys_id": fixed_id("core_company", name),
                "name": name,
                "parent": fixed_id("core_company", parent) if parent else "",
            }
            for name, parent in COMPANIES.items()
        ],
    )
    yield (
        "cmn_location",
        [
            {
                "sys_id": fixed_id("cmn_location", name),
                "name": name,
                "city": city,
                "country": country,
            }
            for name, (city, country) in LOCATIONS.items()
        ],
    )
    yield (
        "cmdb_ci",
        [
            {
                "sys_id": fixed_id("cmdb_ci", name),
                "name": name,
                "sys_class_name": kind,
                "short_description": text,
                "operational_status": "1",
                "install_status": "1",
                "company": fixed_id("core_company", "Demo Example Ltd"),
            }
            for name, (kind, text) in ITEMS.items()
        ],
    )
