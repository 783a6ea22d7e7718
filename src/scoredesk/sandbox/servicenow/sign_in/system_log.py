"""The system log: the only place that says why a sign-in failed (servicenow-api 1.6, 1.8)."""

from __future__ import annotations

from scoredesk.sandbox.servicenow.instance import Instance
from scoredesk.sandbox.servicenow.state import new_sys_id, stamped

INFORMATION, WARNING, ERROR = "0", "1", "2"
LEVELS = {INFORMATION: "information", WARNING: "warning", ERROR: "error"}


def note(instance: Instance, message: str, *, source: str, level: str = WARNING) -> None:
    """Append a line, readable for administrators as table `syslog`."""
    instance.store.insert(
        "syslog",
        {
            "sys_id": new_sys_id(),
            "level": level,
            "source": source,
            "message": message,
            **stamped(instance.stamp(), "system"),
        },
    )


def lines(instance: Instance) -> list[dict[str, str]]:
    """Every line, oldest first, as the control room tells them."""
    return [
        {
            "when": row["sys_created_on"],
            "level": LEVELS.get(row.get("level", ""), ""),
            "source": row.get("source", ""),
            "message": row.get("message", ""),
        }
        for row in instance.store.find_all("syslog")
    ]
