"""What a task has unless somebody says otherwise (servicenow-api 6.2, 7.4).

New records get these values, and rows leave them out of what they store.
"""

from __future__ import annotations

USUAL: dict[str, dict[str, str]] = {
    "task": {
        "active": "true",
        "approval": "not requested",
        "escalation": "0",
        "knowledge": "false",
        "made_sla": "true",
        "reassignment_count": "0",
        "sys_domain": "global",
        "sys_domain_path": "/",
        "upon_approval": "proceed",
        "upon_reject": "cancel",
        "impact": "3",
        "urgency": "3",
    },
    "incident": {
        "category": "inquiry",
        "severity": "3",
        "notify": "1",
        "child_incidents": "0",
        "reopen_count": "0",
    },
    "change_request": {
        "type": "normal",
        "risk": "3",
        "category": "Other",
        "phase": "requested",
        "phase_state": "open",
        "on_hold": "false",
        "cab_required": "false",
        "unauthorized": "false",
        "production_system": "false",
        "outside_maintenance_schedule": "false",
        "conflict_status": "Not Run",
        "scope": "3",
    },
}
